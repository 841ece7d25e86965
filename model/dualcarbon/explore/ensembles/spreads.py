"""A scenario's words on one lever's uncertainty, made numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dualcarbon.axes import FIRST_YEAR, LATEST_END_YEAR, Floats, year_range
from dualcarbon.explore.ensembles.marginals import Marginal
from dualcarbon.explore.ensembles.shapes import (
    Z95,
    Discrete,
    Normal,
    Pert,
    Shape,
    Triangular,
    Truncated,
    Uniform,
)
from dualcarbon.scenario import Spread
from dualcarbon.tables import Library
from dualcarbon.tables.levers import Lever, last_complete_year, lever_history
from dualcarbon.units import parse_quantity

LARGEST_RELATIVE = 10.0
"""Largest relative deviation, 1000 %: far beyond any use, close enough to catch a slip."""

LEAST_KEPT = 1e-6
"""Least part of a distribution that truncation may keep."""

FEWEST_YEARS = 8
"""Fewest past years whose residuals are taken for a distribution."""

USUAL_WINDOW = 20
"""Years of the past that residuals are taken from unless a window is given."""

Faults = list[tuple[tuple[object, ...], str]]


class Rejected(Exception):
    """Uncertainty that cannot be used; ``faults`` holds key paths below the lever and sentences."""

    def __init__(self, faults: Faults) -> None:
        super().__init__("; ".join(what for _, what in faults))
        self.faults = faults


def from_spread(spread: Spread, lever: Lever, base_year: int, end_year: int, library: Library) -> Marginal:
    """The distribution that a scenario gives a lever.

    Parameters
    ----------
    spread : as written
    base_year : last year of history
    end_year : last year that the scenario speaks of
    library : for the lever's past

    Raises
    ------
    Rejected
        With everything that is wrong.
    """
    numbers = _Numbers(spread, lever)
    below = above = 1.0
    shape: Shape
    logarithmic = spread.shape == "lognormal"
    multiplicative = spread.relative
    if spread.shape in ("normal", "lognormal"):
        shape = Normal()
        below, above = numbers.normal(logarithmic)
    elif spread.shape == "history":
        multiplicative = logarithmic = lever.multiplicative
        shape = Discrete.of(_residuals(spread, lever, base_year, library))
    elif spread.shape == "choice":
        shape = numbers.choice()
    else:
        shape = numbers.bounded()
    year = _full_year(spread, base_year, end_year, numbers)
    low, high = numbers.truncation(multiplicative)
    if numbers.faults:
        raise Rejected(numbers.faults)
    if spread.truncate:
        shape = _truncated(shape, (low, high), (below, above), logarithmic)
    return Marginal(
        lever=lever.name,
        multiplicative=multiplicative,
        years=np.array([year], dtype=np.int64),
        autoregression=spread.ar1,
        rests_on="scenario",
        shape=shape,
        below=np.array([below]),
        above=np.array([above]),
        logarithmic=logarithmic,
        lower=lever.lower,
        upper=lever.upper,
    )


class _Numbers:
    """The quantities of one lever's uncertainty; what is wrong with them is gathered."""

    def __init__(self, spread: Spread, lever: Lever) -> None:
        self._spread, self._lever = spread, lever
        self.faults: Faults = []

    def normal(self, logarithmic: bool) -> tuple[float, float]:
        """Sizes at the 5 and 95 % points, both positive; of the logarithm if asked."""
        written = self._spread.numbers
        place = str(self._spread.shape)
        if "sd" in written:
            size = self._deviation(written["sd"], place, "sd")
            if size is None:
                return 1.0, 1.0
            if size <= 0.0:
                self.faults.append(((place, "sd"), "must be above zero; write fixed for no uncertainty"))
            return size * Z95, size * Z95
        low, high = self._all(place, {key: written[key] for key in ("low", "high")})
        if low is None or high is None:
            return 1.0, 1.0
        if not low < 0.0 < high:
            self.faults.append(((place,), "low must be below zero and high above it: the path is the median"))
            return 1.0, 1.0
        if logarithmic and low <= -1.0:
            self.faults.append(((place, "low"), "must be above -100 %"))
            return 1.0, 1.0
        return (-float(np.log1p(low)), float(np.log1p(high))) if logarithmic else (-low, high)

    def bounded(self) -> Shape:
        """Uniform, triangular or PERT."""
        place = str(self._spread.shape)
        found = self._all(place, self._spread.numbers)
        if any(value is None for value in found):
            return Normal()
        values = [value for value in found if value is not None]
        if sorted(values) != values or values[0] == values[-1]:
            order = "low must be below high"
            if len(values) == 3:
                order += ", and mode between them"
            self.faults.append(((place,), order))
            return Normal()
        if place == "uniform":
            return Uniform(*values)
        return Triangular(*values) if place == "triangular" else Pert(*values)

    def choice(self) -> Shape:
        """Several deviations with their weights."""
        written = self._spread.numbers
        found = [self._deviation(value, "choice", "values", k) for k, value in enumerate(written["values"])]
        values = [value for value in found if value is not None]
        if len(values) < len(found):
            return Normal()
        return Discrete.of(np.array(values), written.get("weights"))

    def truncation(self, relative: bool) -> tuple[float, float]:
        """Least and greatest deviation."""
        ends = {"low": -np.inf, "high": np.inf}
        for key, text in self._spread.truncate.items():
            value = self._deviation(text, "truncate", key, relative=relative)
            ends[key] = ends[key] if value is None else value
        if ends["low"] >= ends["high"]:
            self.faults.append((("truncate",), "low must be below high"))
        return ends["low"], ends["high"]

    def _all(self, place: str, written: Mapping[str, object]) -> list[float | None]:
        order = [key for key in ("low", "mode", "high") if key in written]
        return [self._deviation(written[key], place, key) for key in order]

    def _deviation(self, text: object, *path: object, relative: bool | None = None) -> float | None:
        """A deviation in the inside unit, or a fraction of the path; None if it cannot be read."""
        lever = self._lever
        relative = self._spread.relative if relative is None else relative
        own = "points" if lever.dimension in ("share", "rate") else lever.dimension
        try:
            value = parse_quantity(text, "part" if relative else own)
        except ValueError as error:
            percent = isinstance(text, str) and text.strip().endswith(("%", "％"))
            hint = "; for percent of the path add relative: true" if percent and not relative else ""
            self.faults.append((path, f"{error}{hint}"))
            return None
        span = lever.upper - lever.lower
        if relative and not -1.0 <= value <= LARGEST_RELATIVE:
            self.faults.append((path, f"{value * 100:g} % is outside -100 to {LARGEST_RELATIVE * 100:g} %"))
            return None
        if not relative and abs(value) > span:
            unit = "pp" if own == "points" else lever.unit
            what = f"{text} is more than the lever can move, {span / lever.factor:g} {unit} in all"
            self.faults.append((path, what))
            return None
        return value


def _full_year(spread: Spread, base_year: int, end_year: int, numbers: _Numbers) -> int:
    """Year from which the deviation has its stated size."""
    if spread.over_time != "growing":
        return base_year + 1
    if spread.full is None:
        return max(end_year, base_year + 1)
    year = spread.full
    if not base_year < year <= LATEST_END_YEAR:
        numbers.faults.append((("full",), f"{year} is outside {base_year + 1}-{LATEST_END_YEAR}"))
    return year


def _truncated(
    shape: Shape, ends: tuple[float, float], sizes: tuple[float, float], logarithmic: bool
) -> Shape:
    """The shape between two deviations."""
    first, last = (_standard(end, sizes, logarithmic) for end in ends)
    if isinstance(shape, Discrete):
        kept = shape.between(first, last)
        if kept is None:
            raise Rejected([(("truncate",), "leaves none of the values")])
        return kept
    low, high = (float(shape.cumulative(np.array([end]))[0]) for end in (first, last))
    if high - low < LEAST_KEPT:
        raise Rejected([(("truncate",), "leaves less than a millionth of the distribution")])
    return Truncated(shape, low, high)


def _standard(end: float, sizes: tuple[float, float], logarithmic: bool) -> float:
    """The standard value of a deviation."""
    if logarithmic:
        end = float(np.log1p(end)) if end > -1.0 else -np.inf
    return end / (sizes[0] if end < 0.0 else sizes[1])


def _residuals(spread: Spread, lever: Lever, base_year: int, library: Library) -> Floats:
    """How far past years lay from the straight trend of the lever, or of its logarithm if it is relative."""
    last_known = min(base_year, last_complete_year(library))
    first, last = spread.numbers.get("window", (last_known - USUAL_WINDOW + 1, last_known))
    path = ("history", "window") if "window" in spread.numbers else ("history",)
    if not FIRST_YEAR <= first < last <= last_known:
        raise Rejected([(path, f"{first}-{last} is outside the past, {FIRST_YEAR}-{last_known}")])
    years = year_range(FIRST_YEAR, last_known)
    values = lever_history(library, lever.name, years)
    known = ~np.isnan(values) & (years >= first) & (years <= last)
    values = values[known]
    if values.size < FEWEST_YEARS:
        what = f"{values.size} years with statistics of {lever.name}; at least {FEWEST_YEARS} are needed"
        raise Rejected([(path, what)])
    if not values.any() or (lever.multiplicative and values.min() <= 0.0):
        raise Rejected(
            [(("history",), f"{lever.name} was zero or below in the past, no ground for its future")]
        )
    if lever.multiplicative:
        values = np.log(values)
    since = years[known] - years[known].mean()
    slope = (since * values).sum() / (since * since).sum()
    residuals: Floats = values - values.mean() - slope * since
    return residuals
