"""Adding a year of statistics is one row in each series that the page in data/ names, and nothing else."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

import dualcarbon as dc
from dualcarbon.paths import data_folder
from dualcarbon.tables import Library
from dualcarbon.tables.levers import HISTORY, last_complete_year

NEEDED = sorted({*HISTORY.values(), ("energy_balance", "energy_total")})
LAST = last_complete_year(Library(data_folder()))
NEW = LAST + 1


def new_value(series: str, last: float) -> float:
    """Something else than the year before; the four shares still add up to 100."""
    moved = {"coal_share": -1.0, "non_fossil_share": 1.0, "oil_share": 0.0, "gas_share": 0.0}
    return last + moved[series] if series in moved else last * 1.01


def add_year(folder: Path, needed: list[tuple[str, str]]) -> Path:
    """A copy of the shipped data with one more row in each of some series."""
    shutil.copytree(data_folder(), folder)
    for name, series in needed:
        (path,) = folder.glob(f"*/{name}.csv")
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        last = next(row for row in rows if row["series"] == series and row["year"] == str(LAST))
        new = last | {"year": str(NEW), "value": repr(new_value(series, float(last["value"])))}
        rows.insert(rows.index(last) + 1, new)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(new))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def test_a_new_year_moves_the_base_year_and_leaves_the_past(tmp_path: Path) -> None:
    data = add_year(tmp_path / "data", NEEDED)
    before, after = dc.run("current-policies"), dc.run("current-policies", data=data)
    assert (before.results.base_year, after.results.base_year) == (LAST, NEW)
    past = before.years <= LAST
    for name in before.results:
        np.testing.assert_array_equal(after[name][past], before[name][past], err_msg=name)

    added = Library(data)
    for lever, (table, series) in HISTORY.items():
        new = added[table].series(series)[1][-1]
        factor = 0.01 if lever.endswith("_share") or lever == "gdp_growth" else 1.0
        assert after.levers[lever][NEW - 2000] == pytest.approx(new * factor, rel=1e-14), lever
    assert after["energy_total"][NEW - 2000] == pytest.approx(before["energy_total"][LAST - 2000] * 1.01)


def test_the_projection_starts_in_the_year_after(tmp_path: Path) -> None:
    run = dc.run("current-policies", data=add_year(tmp_path / "data", NEEDED))
    projected = run.results.meta["levers"]["gdp_growth"]["values"]
    assert next(iter(projected)) == str(NEW + 1)
    assert run.results.in_year("gdp_growth", NEW) != run.results.in_year("gdp_growth", NEW + 1)


@pytest.mark.parametrize("lacking", NEEDED, ids=lambda one: one[1])
def test_the_base_year_waits_for_every_series(lacking: tuple[str, str], tmp_path: Path) -> None:
    data = add_year(tmp_path / "data", [one for one in NEEDED if one != lacking])
    assert last_complete_year(Library(data)) == LAST


def test_an_incomplete_year_changes_nothing(tmp_path: Path) -> None:
    data = add_year(tmp_path / "data", NEEDED[:-1])
    before, after = dc.run("current-policies"), dc.run("current-policies", data=data)
    assert after.results.base_year == LAST
    for name in before.results:
        np.testing.assert_array_equal(after[name], before[name], err_msg=name)


def test_the_page_names_exactly_these_series() -> None:
    text = (data_folder() / "README.md").read_text(encoding="utf-8")
    named = {
        (table, series)
        for table, cell in re.findall(r"^\| `\w+/(\w+)` \| (.+) \|$", text, flags=re.MULTILINE)
        for series in re.findall(r"`(\w+)`", cell)
    }
    assert named == set(NEEDED)
    for place in re.findall(r"`(\w+/\w+)`", text):
        assert (data_folder() / f"{place}.csv").is_file(), place
