"""Files that every exchange test reads: all bundled scenarios, exported once in each form."""

from __future__ import annotations

from pathlib import Path

import pyam
import pytest

import dualcarbon as dc


@pytest.fixture(scope="session")
def runs() -> list[dc.Run]:
    return [dc.run(scenario) for scenario in dc.scenarios()]


@pytest.fixture(scope="session")
def folder(runs: list[dc.Run], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports: wide.xlsx, wide.csv, long.xlsx, long.csv, ar6.csv."""
    parent = tmp_path_factory.mktemp("exchange")
    for layout in ("wide", "long"):
        for ending in ("xlsx", "csv"):
            dc.export(runs, parent / f"{layout}.{ending}", layout=layout)
    dc.export(runs, parent / "ar6.csv", vocabulary="ar6")
    return parent


@pytest.fixture(scope="session")
def loaded(folder: Path) -> pyam.IamDataFrame:
    """The wide workbook in pyam, with its meta sheet."""
    return pyam.IamDataFrame(folder / "wide.xlsx")
