"""Exchange files: the same digits in every layout, quoted where needed, never half a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.errors import OutputError
from dualcarbon.output.folder import whole_files
from dualcarbon.output.iamc import writing
from dualcarbon.output.iamc.vocabulary import read_vocabulary
from dualcarbon.output.tabular import as_text, pathway_rows
from dualcarbon.tables.variables import read_variables

VARIABLES = [("Primary Energy", "EJ/yr"), ("Share|Coal, nan", "%"), ("A|B", 'odd "unit"')]
YEARS = np.array([2020, 2021, 2022])


def series(blocks: Sequence[np.ndarray], scenarios: Sequence[str] = ("one", "two, too")) -> writing.Series:
    names = list(scenarios)[: len(blocks)]
    return writing.Series(["m 1"] * len(blocks), names, VARIABLES, YEARS, lambda k: blocks[k])


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


numbers = st.floats(allow_nan=True, allow_infinity=False)


@given(st.lists(numbers, min_size=18, max_size=18))
def test_both_layouts_hold_the_digits_of_as_text(
    tmp_path_factory: pytest.TempPathFactory, flat: list[float]
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    values = np.array(flat).reshape(2, 3, 3)
    table = series(list(values))
    expected = {
        (scenario, variable, unit, str(year)): as_text(float(values[k, v, y]))
        for k, scenario in enumerate(table.scenarios)
        for v, (variable, unit) in enumerate(VARIABLES)
        for y, year in enumerate(YEARS)
        if not np.isnan(values[k, v, y])
    }
    writing.write_csv(folder / "long.csv", table, "long")
    header, *rows = read(folder / "long.csv")
    assert header == ["model", "scenario", "region", "variable", "unit", "year", "value"]
    assert {(s, v, u, y): x for _, s, _, v, u, y, x in rows} == expected
    assert len(rows) == len(expected) == table.rows("long")

    writing.write_csv(folder / "wide.csv", table, "wide")
    header, *rows = read(folder / "wide.csv")
    assert header[5:] == ["2020", "2021", "2022"]
    cells = {(r[1], r[3], r[4], y): x for r in rows for y, x in zip(header[5:], r[5:], strict=True) if x}
    assert cells == expected
    assert len(rows) == table.rows("wide")


def test_a_run_is_written_as_pandas_would(tmp_path: Path) -> None:
    run = dc.run("rapid-decline")
    dc.export(run, tmp_path / "a.csv")
    frame = pd.read_csv(tmp_path / "a.csv")
    assert set(frame["region"]) == {"China"}
    assert set(frame["model"]) == {f"dualcarbon {dc.__version__}"}
    header, rows = pathway_rows(run.results, read_variables(run.library), run.name, frame["model"][0])
    whole = pd.DataFrame(rows, columns=header).set_index("variable")
    found = frame.set_index("variable").loc[whole.index]
    years = [str(year) for year in run.years]
    np.testing.assert_allclose(found[years], whole[years].astype(float), rtol=5e-10)
    assert list(found["unit"]) == list(whole["unit"])


def test_excel_has_the_numbers_and_the_meta_table(tmp_path: Path) -> None:
    runs = [dc.run("current-policies"), dc.run("rapid-decline")]
    dc.export(runs, tmp_path / "a.xlsx")
    dc.export(runs, tmp_path / "a.csv")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True)
    assert book.sheetnames == ["data", "meta"]
    for sheet, name in (("data", "a.csv"), ("meta", "a-meta.csv")):
        there = pd.read_excel(tmp_path / "a.xlsx", sheet_name=sheet)
        there.columns = there.columns.map(str)
        beside = pd.read_csv(tmp_path / name)
        pd.testing.assert_frame_equal(there, beside, check_dtype=False, rtol=5e-10)


def test_long_and_wide_excel_hold_the_same(tmp_path: Path) -> None:
    run = dc.run("rapid-decline")
    dc.export(run, tmp_path / "wide.xlsx")
    dc.export(run, tmp_path / "long.xlsx", layout="long")
    wide = pd.read_excel(tmp_path / "wide.xlsx").melt(
        id_vars=["model", "scenario", "region", "variable", "unit"], var_name="year"
    )
    long = pd.read_excel(tmp_path / "long.xlsx")
    keys = ["variable", "year"]
    wide = wide.dropna().sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(
        wide[long.columns], long.sort_values(keys, ignore_index=True), check_dtype=False
    )


def test_runs_of_other_years_stand_in_one_table(tmp_path: Path) -> None:
    short = dc.run("current-policies", end_year=2040)
    dc.export([short, dc.run("rapid-decline")], tmp_path / "a.csv")
    frame = pd.read_csv(tmp_path / "a.csv").set_index(["scenario", "variable"])
    assert frame.columns[-1] == "2060"
    energy = frame.loc[("current-policies", "Primary Energy")]
    assert np.isnan(energy["2041"])
    assert energy["2040"] == pytest.approx(short["energy_total_direct"][-1] * 0.0293076, rel=1e-9)


@pytest.mark.parametrize(("rows", "columns"), [(1_048_577, 10), (10, 16_385)])
def test_what_excel_cannot_hold_is_refused(rows: int, columns: int) -> None:
    writing.check_size(1_048_576, 16_384, "a.xlsx")
    with pytest.raises(OutputError, match="more than an Excel sheet holds"):
        writing.check_size(rows, columns, "a.xlsx")


def test_a_sheet_that_is_too_large_is_refused_before_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "EXCEL_ROWS", 100)
    with pytest.raises(OutputError, match=r"a\.xlsx: 2,9\d\d rows and 7 columns are more than"):
        dc.export("current-policies", tmp_path / "new" / "a.xlsx", layout="long")
    assert not list(tmp_path.iterdir())


def test_files_that_belong_together_come_together(tmp_path: Path) -> None:
    one, two = tmp_path / "a.csv", tmp_path / "a-meta.csv"
    one.write_text("old")

    def fail() -> None:
        with whole_files([one, two], force=True) as drafts:
            drafts[0].write_text("new")  # and the second one is never written

    with pytest.raises(OutputError, match="cannot be written"):
        fail()
    assert one.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_every_scenario_is_told_as_it_is_written(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    dc.export(["current-policies", "rapid-decline"], tmp_path / "a.csv", progress=lambda *s: told.append(s))
    assert told == [(0, 2, "current-policies"), (1, 2, "rapid-decline"), (2, 2, "done")]


def test_names_have_no_mark_that_breaks_a_line() -> None:
    vocabulary = read_vocabulary(api.open_library())
    assert not [name for name in vocabulary.names if "\n" in name.iamc + name.unit]
