"""``dualcarbon ensemble`` as a user types it."""

from __future__ import annotations

import csv
import errno
import json

import numpy as np
import pytest

from dualcarbon.cli import ensemble_commands
from dualcarbon.explore.ensembles import store
from dualcarbon.explore.ensembles.store import open_draws
from dualcarbon.output.text import WIDTH

FILES = {"ensemble.json", "fan.png", "peak_years.csv", "peak_years.png", "quantiles.csv", "targets.csv"}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_two_scenarios_with_kept_draws(typed, tmp_path):
    out = tmp_path / "out"
    words = ("ensemble", "current-policies", "deep-decarbonisation", "-n", "3000", "--seed", "7", "-o", out)
    result = typed(*words, "--keep", "net_co2,coal_share")
    assert result.code == 0
    assert result.err.startswith("deep-decarbonisation: warning: history leaves ")
    *page, written = result.out.splitlines()
    assert max(map(len, page)) <= WIDTH
    assert written.endswith(f"Written: 2 ensembles in {out}")
    for said in ("3,000 draws (sobol, seed 7)", "CO2 peak    median 20", "all 3 of ndc-2030"):
        assert said in result.out
    assert sorted(path.name for path in out.iterdir()) == [
        "current-policies-ensemble",
        "deep-decarbonisation-ensemble",
    ]
    folder = out / "current-policies-ensemble"
    assert {path.name for path in folder.iterdir()} == FILES | {"draws"}
    draws = open_draws(folder / "draws")
    assert draws["net_co2"].shape == draws["coal_share"].shape == (3000, 36)
    record = json.loads((folder / "ensemble.json").read_text(encoding="utf-8"))
    assert (record["n"], record["seed"], record["window"]) == (3000, 7, [2015, 2025])
    assert record["scenario"]["name"] == "current-policies"
    table = rows(folder / "quantiles.csv")
    median = {(row["draws"], row["indicator"], row["year"]): float(row["p50"]) for row in table}
    order, weight = np.argsort(draws["net_co2"][:, -1]), draws["weight"]
    middle = np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)
    expected = draws["net_co2"][order[middle], -1]
    assert median["posterior", "net_co2", "2060"] == pytest.approx(expected, rel=1e-3)
    expected = 100.0 * np.median(draws["coal_share"][:, -1])
    assert median["prior", "coal_share", "2060"] == pytest.approx(expected, rel=1e-3)
    years = [row for row in rows(folder / "peak_years.csv") if row["what"] == "net_ghg_neutral_year"]
    assert [row["year"] for row in years][-1] == ""
    assert sum(float(row["probability"]) for row in years) == pytest.approx(1.0)
    chances = {row["target"]: float(row["probability"]) for row in rows(folder / "targets.csv")}
    assert chances["ndc-2030"] <= min(chances["peak-2030"], chances["ndc2030-carbon-intensity"])

    words = ("ensemble", "current-policies", "-n", "100", "-o", out)
    again = typed(*words)
    assert again.code == 2
    assert "exists already; --force replaces it" in again.err
    assert typed(*words, "--force").code == 0
    assert {path.name for path in folder.iterdir()} == FILES


def test_without_output_and_history(typed):
    result = typed("ensemble", "rapid-decline", "-n", "500", "--no-history", "--method", "lhs")
    assert result.code == 0
    assert "not held to history" in result.out
    assert "Nothing written; add -o DIR" in result.out
    assert "seed " in result.out


def test_what_a_reader_of_bands_must_know(typed):
    result = typed("ensemble", "current-policies", "-n", "1200", "--seed", "1", "--no-history")
    page = " ".join(result.out.split())
    assert "in hindcasts bands like these held the truth less often than they say" in page
    assert "± is sampling error only" in page
    certain = next(line for line in result.out.splitlines() if line.startswith("Carbon neutrality"))
    assert certain.split()[-3:] == ["0.0", "%", "<0.3"]  # three in 1200


def test_a_warning_is_printed_when_few_draws_are_left(typed):
    result = typed("ensemble", "current-policies", "-n", "900", "--seed", "1")
    assert result.code == 0
    assert "effective draws; take more than 900" in result.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-n", "0"), "n: '0' is not a whole number from 1 up, such as 20000\n"),
        (("--seed", "1.5"), "seed: '1.5' is not a whole number that is not negative, such as 7\n"),
        (("--keep", "net_c02", "-o", "out"), "keep: there is no variable 'net_c02'; did you mean net_co2?\n"),
        (("--keep", "net_c02"), "keep: there is no variable 'net_c02'; did you mean net_co2?\n"),
        (("--keep", ","), "--keep: names no variable; write such as net_co2,coal_share\n"),
        (("--keep", "net_co2"), "--keep: kept draws need a folder to write to: add -o DIR\n"),
        (("--workers", "0"), "workers: '0' is not a whole number from 1 up, such as 2\n"),
        (("--window", "soon"), "window: 'soon' is not a window of years; write it as 2015-2025\n"),
        (("current-policies",), "current-policies: two scenarios have this name; give them different ones\n"),
        (("nowhere.yaml",), "nowhere.yaml: "),
    ],
)
def test_bad_input_writes_nothing(typed, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    result = typed("ensemble", "current-policies", *words)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(message)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing(typed, tmp_path, monkeypatch):
    def full(self, first, kept):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.Files, "put", full)
    result = typed("ensemble", "current-policies", "-n", "100", "-o", tmp_path / "out", "--keep", "net_co2")
    assert result.code == 2
    assert result.err == f"{tmp_path / 'out'}: nothing was written (No space left on device)\n"
    assert list(tmp_path.iterdir()) == []


def test_stopping_leaves_nothing(typed, tmp_path, monkeypatch):
    def stop(done, total, what):
        if done:
            raise KeyboardInterrupt

    monkeypatch.setattr(ensemble_commands, "_progress", stop)
    result = typed("ensemble", "current-policies", "-n", "100", "-o", tmp_path / "out", "--keep", "net_co2")
    assert (result.code, result.err) == (130, "stopped; nothing more was written\n")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_others_is_left_alone(typed, tmp_path):
    (tmp_path / "out" / "current-policies-ensemble" / "draws").mkdir(parents=True)
    result = typed("ensemble", "current-policies", "-n", "10", "-o", tmp_path / "out", "--force")
    assert result.code == 2
    assert "holds what dualcarbon did not write (draws)" in result.err
