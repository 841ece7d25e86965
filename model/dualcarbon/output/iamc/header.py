"""The header of an IAMC file: which column is which, and which hold years."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from dualcarbon.analysis.vetting.reported import YEARS
from dualcarbon.errors import did_you_mean
from dualcarbon.output.iamc.sheets import MAX_COLUMNS

INDEX = ("model", "scenario", "region", "variable", "unit")
"""Columns that every IAMC file has."""

YEAR = re.compile(r"(\d{4})(?:\.0*)?")
"""A whole year, as text or as Excel hands it over."""

_LONG = ("year", "value")
_LIKE_A_YEAR = re.compile(r"[\d.,/-]*\d{4}[\d.,/-]*")

NoteFault = Callable[[int, str, str], None]
"""Called with line, column and what is wrong."""


@dataclass(frozen=True)
class Header:
    """Where the columns are.

    Parameters
    ----------
    width : number of columns
    index : position by name of `INDEX`, and of year and value in a long file
    years, positions, labels : years of a wide file, where they stand and how they are written
    """

    width: int
    index: Mapping[str, int]
    years: tuple[int, ...]
    positions: tuple[int, ...]
    labels: tuple[str, ...]

    @cached_property
    def inside(self) -> list[int]:
        """Which of ``years`` are on the axis of what is reported."""
        return [k for k, year in enumerate(self.years) if YEARS[0] <= year <= YEARS[-1]]

    @cached_property
    def slots(self) -> list[int]:
        """Where those years stand on that axis."""
        return [self.years[k] - int(YEARS[0]) for k in self.inside]

    @cached_property
    def index_cells(self) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
        """Takes model, scenario, region, variable and unit out of a row."""
        return itemgetter(*(self.index[column] for column in INDEX))

    @cached_property
    def year_cells(self) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
        """Takes the numbers out of a row of a wide file."""
        return itemgetter(*self.positions) if len(self.positions) > 1 else self._only_year

    def _only_year(self, row: Sequence[Any]) -> tuple[Any, ...]:
        return (row[self.positions[0]],)

    @property
    def long(self) -> bool:
        """Whether each row holds one number, with its year."""
        return not self.years


def read_header(line: int, row: Sequence[Any], fault: NoteFault) -> Header | None:
    """The columns of a header row; None where nothing can be read by them."""
    labels = [str(cell).strip() for cell in row]
    while labels and not labels[-1]:
        labels.pop()
    if len(labels) > MAX_COLUMNS:
        fault(line, "", f"{len(labels):,} columns; at most {MAX_COLUMNS:,} are read")
        return None
    if len(labels) == 1 and re.search(r"[;\t|]", labels[0]):
        fault(line, "", "columns are not separated by commas; save the file as comma-separated CSV")
        return None
    index, years = _places(line, labels, fault)
    wanted = INDEX if years or not set(_LONG) & set(index) else (*INDEX, *_LONG)
    for name in wanted:
        if name not in index:
            fault(line, name, f"there is no such column{_hint(name, labels)}")
    if not years and not set(_LONG) & set(index):
        fault(line, "", "there are no columns of years (2020, 2030 …), and no year and value either")
    positions = tuple(years.values())
    return Header(len(labels), index, tuple(years), positions, tuple(labels[place] for place in positions))


def _hint(name: str, labels: Sequence[str]) -> str:
    """The column that may have been meant, as it is written."""
    written = {label.lower(): label for label in labels}
    near = did_you_mean(name, list(written))
    return next(
        (f"; did you mean {label}?" for low, label in written.items() if near.endswith(f" {low}?")), ""
    )


def _places(line: int, labels: Sequence[str], fault: NoteFault) -> tuple[dict[str, int], dict[int, int]]:
    """Positions of named columns and of years; other columns are passed over."""
    index: dict[str, int] = {}
    years: dict[int, int] = {}
    for place, label in enumerate(labels):
        name, year = label.lower(), YEAR.fullmatch(label)
        before: int | None = None
        if year:
            before = years.setdefault(int(year[1]), place)
        elif name in (*INDEX, *_LONG):
            before = index.setdefault(name, place)
        elif _LIKE_A_YEAR.fullmatch(label):
            fault(line, label, "is not a whole year; write 2030 (2030.0 is read as well)")
        if before is not None and before != place:
            fault(line, label, f"stands twice, in columns {before + 1} and {place + 1}")
    return index, years
