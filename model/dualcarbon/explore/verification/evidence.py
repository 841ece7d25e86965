"""What a check rests on: values read from tables and from a run, and the rows that they come from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dualcarbon.results import Results
from dualcarbon.tables import Library, Row

_GDP = (("gdp", "gdp_growth"),)
_ENERGY = (("energy_balance", "energy_total"),)
_FOSSIL = tuple(("energy_balance", f"{fuel}_share") for fuel in ("coal", "oil", "gas"))
_FACTORS = tuple(("factors", name) for name in ("coal_ef", "oil_ef_official", "gas_ef"))

STANDS_ON: Mapping[str, tuple[tuple[str, str], ...]] = {
    "gdp": _GDP,
    "energy_total": _ENERGY,
    "energy_intensity": _ENERGY + _GDP,
    "energy_co2_official": _ENERGY + _FOSSIL + _FACTORS,
    "carbon_intensity_energy": _ENERGY + _FOSSIL + _FACTORS + _GDP,
}
"""Tables and series behind the past of the variables that checks read."""

_SHORT_TITLE = 30
"""Titles with fewer letters are the same only when equal, longer ones also when one holds the other."""


@dataclass(frozen=True)
class Span:
    """A number (``low`` equals ``high``) or a range."""

    low: float
    high: float

    @classmethod
    def of(cls, value: float) -> Span:
        """A single number."""
        return cls(value, value)

    @property
    def known(self) -> bool:
        """Whether both ends are numbers."""
        return not (math.isnan(self.low) or math.isnan(self.high))

    def beyond(self, other: Span) -> float:
        """How far this lies above (positive) or below (negative) another span; 0 where they overlap."""
        if self.low > other.high:
            return self.low - other.high
        return self.high - other.low if self.high < other.low else 0.0


class Evidence:
    """Reads the values of one check and remembers the rows behind them.

    Parameters
    ----------
    library : the tables
    results : one run without leading axes; only its history (to the base year) is evidence
    """

    def __init__(self, library: Library, results: Results) -> None:
        self._library, self._results = library, results
        self._used: dict[tuple[str, int], Row] = {}
        self._gdp_years: set[int] = set()

    def past(self, variable: str, year: int) -> float:
        """A variable of the run in a year of its history; NaN in other years."""
        for table, series in STANDS_ON[variable]:
            if table == "gdp":
                self._gdp_years.add(year)
            else:
                self._remember(table, series, None if table == "factors" else year)
        return past(self._results, variable, year)

    def table(self, table: str, series: str, year: int) -> float:
        """A number of a table; NaN where the series has no such year."""
        self._remember(table, series, year)
        years, values = self._library[table].series(series)
        found = values[years == year]
        return float(found[0]) if found.size else math.nan

    def latest(self, table: str, series: str, year: int) -> float:
        """The last number of a series up to a year; NaN where it starts later."""
        years, _ = self._library[table].series(series)
        earlier = years[years <= year]
        return self.table(table, series, int(earlier[-1])) if earlier.size else math.nan

    def record(self, table: str, key: str) -> float:
        """The value of the record with this id in a table of records; NaN where there is none."""
        for line, row in self._library[table].numbered_rows():
            if row["id"] == key:
                self._used[table, line] = row
                return float(row["value"]) if row["value"] else math.nan
        return math.nan

    def _remember(self, table: str, series: str, year: int | None) -> None:
        for line, row in self._library[table].numbered_rows():
            if row["series"] == series and (year is None or int(row["year"]) == year):
                self._used[table, line] = row

    def _origins(self) -> Iterator[tuple[Mapping[str, object], Row]]:
        if self._gdp_years:
            # The ratio of GDP in two years rests on the growth of every year between them.
            for year in range(min(self._gdp_years) + 1, max(self._gdp_years) + 1):
                self._remember("gdp", "gdp_growth", year)
        for (table, _), row in self._used.items():
            yield self._library[table].sidecar["sources"][row["source"]], row

    @property
    def sources(self) -> tuple[str, ...]:
        """Publisher and title behind every row that was read, each once."""
        return tuple(
            dict.fromkeys(f"{source['publisher']}: {source['title']}" for source, _ in self._origins())
        )

    @property
    def statuses(self) -> tuple[str, ...]:
        """Statuses of the rows that were read, each once, sorted."""
        return tuple(sorted({row["status"] for _, row in self._origins()}))

    def comes_from(self, document: Mapping[str, object]) -> bool:
        """Whether any row that was read comes from this document."""
        return any(same_document(source, document) for source, _ in self._origins())


def past(results: Results, variable: str, year: int) -> float:
    """A variable of a run in a year of its history; NaN before it and after the base year."""
    if not int(results.years[0]) <= year <= results.base_year:
        return math.nan
    return float(results.in_year(variable, year))


def change(first: float, last: float) -> float:
    """Change between two values in percent."""
    return (last / first - 1.0) * 100.0


def same_document(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two sources are one document: the same address, or the same title however it is set.

    Publishers do not count: a ministry's statistics and its minister's article are two documents.
    """
    if one.get("url") and one.get("url") == other.get("url"):
        return True
    short, long = sorted((_letters(one["title"]), _letters(other["title"])), key=len)
    return short == long or (len(short) >= _SHORT_TITLE and short in long)


def _letters(title: object) -> str:
    return "".join(letter for letter in str(title).lower() if letter.isalnum())
