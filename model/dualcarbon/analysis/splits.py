"""The difference between two pathways in parts that add up: by any groups, and by the factors of Kaya."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dualcarbon.analysis.kaya import NAMES, NEEDED, Products, method_of, split
from dualcarbon.axes import Floats, Years, at
from dualcarbon.results import Results


@dataclass(frozen=True)
class Split:
    """The difference in one variable between two pathways, split over groups: levers or Kaya factors.

    Parameters
    ----------
    years : (year)
    groups : names, in the order of the rows of ``parts``
    before, after : (year) the first and the second pathway, Mt
    parts : (group, year) Mt; positive where the second pathway's makes for more
    """

    years: Years
    groups: tuple[str, ...]
    before: Floats
    after: Floats
    parts: Floats

    @property
    def difference(self) -> Floats:
        """The second pathway less the first (year), Mt."""
        return self.after - self.before

    @property
    def residual(self) -> Floats:
        """What the parts do not explain (year), Mt: rounding."""
        left = self.difference
        for part in self.parts:
            left = left - part
        return left

    def in_year(self, year: int) -> dict[str, float]:
        """The part of each group in one year, Mt."""
        if year not in self.years:
            raise KeyError(f"{year} was not asked for")
        place = int(np.argmax(self.years == year))
        return {name: float(row[place]) for name, row in zip(self.groups, self.parts, strict=True)}


@dataclass(frozen=True)
class KayaSplit:
    """The difference in net CO2 between two pathways, split over the factors and own terms of Kaya.

    Parameters
    ----------
    annual : split in each year that was asked for
    cumulative : the same, summed from the year after the base year to each year, both in
    method : which forms were used, and in which years where they differ
    """

    annual: Split
    cumulative: Split
    method: str


def kaya_split(a: Results, b: Results, years: Sequence[int]) -> KayaSplit:
    """Split the difference in net CO2 between two pathways over the Kaya factors, year by year, exactly.

    In each year the first pathway is the start and the second the end of an additive LMDI-I decomposition
    (Ang, Xu and Su, Energy Economics 47, 2015: the same formula for comparisons as for changes over time).
    Cumulative parts are sums of the annual ones.

    Parameters
    ----------
    a, b : the first and the second pathway (year), over the same years
    years : projected years to split

    Raises
    ------
    KeyError
        If a year is outside the pathways, or a variable is not among the results.
    ValueError
        If the two have other years or base years, or a year is not a projected one.
    """
    if a.base_year != b.base_year or not np.array_equal(a.years, b.years):
        raise ValueError("pathways of other years or base years cannot be compared year by year")
    if not years or min(years) <= a.base_year:
        raise ValueError(f"only years after {a.base_year} can be split")
    future = slice(at(a.years, a.base_year) + 1, at(a.years, max(years)) + 1)
    start, end = ({key: one[key][future] for key in NEEDED} for one in (a, b))
    additive, _, products = split(start, end)
    parts = np.stack([additive[name] for name in NAMES])
    place = np.array([year - a.base_year - 1 for year in years], dtype=np.int64)

    def chosen(parts: Floats, before: Floats, after: Floats) -> Split:
        asked = np.array(years, dtype=np.int64)
        return Split(asked, NAMES, before[place], after[place], parts[:, place])

    levels = parts, start["net_co2"], end["net_co2"]
    return KayaSplit(
        annual=chosen(*levels),
        cumulative=chosen(*(np.add.accumulate(level, axis=-1) for level in levels)),
        method=_method(products, a.years[future]),
    )


def _method(products: Products, years: Years) -> str:
    """The forms used, with the years where they are not one and the same."""
    spans: list[tuple[str, int, int]] = []
    for p, year in enumerate(map(int, years)):
        method = method_of(products, p)
        if spans and spans[-1][0] == method:
            spans[-1] = method, spans[-1][1], year
        else:
            spans.append((method, year, year))
    if len(spans) == 1:
        return spans[0][0]
    return "; ".join(f"{a if a == b else f'{a}-{b}'}: {method}" for method, a, b in spans)
