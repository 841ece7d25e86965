"""The table beside an exchange file: one row a scenario, the same from a run and from its folder."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import dualcarbon as dc
from dualcarbon import files


@pytest.fixture(scope="module")
def runs() -> list[dc.Run]:
    return [dc.run("current-policies"), dc.run("peak-2030-neutral-2060")]


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_meta_says_what_the_scoreboard_and_the_table_say(runs: list[dc.Run], tmp_path: Path) -> None:
    dc.export(runs, tmp_path / "a.csv")
    for run, row in zip(runs, rows(tmp_path / "a-meta.csv"), strict=True):
        at = {(i.name, i.year): i.value for i in run.indicators}
        co2 = run["eip_co2"]
        assert row["scenario"] == run.name
        assert int(row["co2_peak_year"]) == int(run.years[co2.argmax()])
        assert float(row["co2_peak_level_mt"]) == pytest.approx(co2.max(), rel=1e-9)
        cumulative = sum(co2[run.years >= 2020].tolist())
        assert float(row["cumulative_co2_from_2020_mt"]) == pytest.approx(cumulative, rel=1e-9)
        assert row["base_year"] == "2025"
        assert row["end_year"] == "2060"
        neutral = at["net_ghg_neutral_year", None]
        assert row["ghg_neutral_year"] == ("" if neutral != neutral else f"{neutral:.0f}")
        missed = [s.target.id for s in run.official() if s.verdict != "met"]
        assert row["official_targets_missed"] == "; ".join(missed)
        assert int(row["official_targets_met"]) == len(run.official()) - len(missed)
        assert row["gwp"] == "GWP100, IPCC Fifth Assessment Report"
        assert "inventory" in row["accounting_land_sink"]
        assert len(row["data_sha256"]) == len(row["run_sha256"]) == 64
        assert "Primary Energy|Non-Fossil" in row["custom_variables"].split("; ")
        assert "Primary Energy" not in row["custom_variables"].split("; ")
        assert "energy_balance: 2000-2023: China Statistical Yearbook" in row["data_vintage"]


def test_neutral_year_is_there_where_it_is_reached(runs: list[dc.Run], tmp_path: Path) -> None:
    dc.export(runs, tmp_path / "a.csv")
    years = [row["ghg_neutral_year"] for row in rows(tmp_path / "a-meta.csv")]
    assert years[0] == ""
    assert 2050 < int(years[1]) <= 2060


def test_a_folder_gives_the_same_files_as_its_run(runs: list[dc.Run], tmp_path: Path) -> None:
    files.write_runs(runs, tmp_path / "out")
    dc.export(runs, tmp_path / "run.csv")
    dc.export([tmp_path / "out" / run.name for run in runs], tmp_path / "folder.csv")
    assert (tmp_path / "run.csv").read_bytes() == (tmp_path / "folder.csv").read_bytes()
    one, other = rows(tmp_path / "run-meta.csv"), rows(tmp_path / "folder-meta.csv")
    for left, right in zip(one, other, strict=True):
        assert {k for k in left if left[k] != right[k]} == set()


def test_tables_of_another_version_are_said(runs: list[dc.Run], tmp_path: Path) -> None:
    files.write_runs(runs[:1], tmp_path / "out")
    record = tmp_path / "out" / "current-policies" / "run.json"
    text = record.read_text(encoding="utf-8")
    before = next(iter(runs[0].library.hashes.values()))
    record.write_text(text.replace(before, "0" * 64), encoding="utf-8")
    dc.export(tmp_path / "out" / "current-policies", tmp_path / "a.csv")
    (row,) = rows(tmp_path / "a-meta.csv")
    assert row["data_vintage"] == "other tables than those of this version"
