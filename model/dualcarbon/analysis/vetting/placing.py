"""Where a pathway stands among published studies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dualcarbon.analysis import indicators
from dualcarbon.analysis.vetting.deriving import Derived
from dualcarbon.analysis.vetting.reported import YEARS, held
from dualcarbon.axes import Floats, at

if TYPE_CHECKING:
    from dualcarbon.tables.studies import StudyValue

_MAY_BE_ABSENT = ("beccs", "dac")
"""Parts of a sum that a file without them has none of."""


@dataclass(frozen=True)
class Placement:
    """One variable of a pathway among studies.

    Parameters
    ----------
    variable : as in the table of studies: a key, a sum of keys, or an indicator
    year : the year compared; None for an indicator
    value : the pathway's, in inside units
    low, high : range of the studies
    studies : which they are
    place : ``below``, ``within`` or ``above`` the range; with one study, ``below``, ``at`` or ``above`` it
    remark : how the value was worked out
    """

    variable: str
    year: int | None
    value: float
    low: float
    high: float
    studies: tuple[str, ...]
    place: str
    remark: str = ""


def place_among_studies(derived: Derived, studies: Iterable[StudyValue]) -> list[list[Placement]]:
    """Placements of every scenario, by variable in the order of the studies, and year."""
    groups: dict[tuple[str, int | None], list[StudyValue]] = {}
    for study in studies:
        groups.setdefault((study.variable, study.year), []).append(study)
    order = list(dict.fromkeys(variable for variable, _ in groups))
    placements: list[list[Placement]] = [[] for _ in range(derived.count)]
    for (variable, year), group in sorted(groups.items(), key=lambda g: (order.index(g[0][0]), g[0][1] or 0)):
        keys, values = _values(derived, variable, year)
        absent = {key: ~derived.has(key) for key in keys if key in _MAY_BE_ABSENT}
        low, high = min(one.low for one in group), max(one.high for one in group)
        names = tuple(dict.fromkeys(one.study for one in group))
        for number in np.flatnonzero(~np.isnan(values)):
            remarks = [f"approximate: {text}" for text in derived.remarks(keys, int(number))]
            without = [key for key, mask in absent.items() if mask[number]]
            if without:
                remarks.append(f"no {' and no '.join(without)} reported, taken as none")
            value = float(values[number])
            placements[number].append(
                Placement(
                    variable, year, value, low, high, names, _place(value, low, high), "; ".join(remarks)
                )
            )
    return placements


def _values(derived: Derived, variable: str, year: int | None) -> tuple[list[str], Floats]:
    """The keys that a variable stands for, and its values (scenario); NaN where they are not reported."""
    if year is None:
        key = variable.removesuffix("_peak_year").removesuffix("_neutral_year")
        return [key], _indicator(derived[key], variable)
    keys = variable.split("+")
    total = np.zeros(derived.count)
    for key in keys:
        values = derived[key][:, at(YEARS, year)]
        if key in _MAY_BE_ABSENT and len(keys) > 1:
            values = np.where(derived.has(key), values, 0.0)
        total = total + values
    return keys, total


def _indicator(reported: Floats, name: str) -> Floats:
    """Peak or neutral year (scenario) among reported years; a peak in the first of them is none."""
    series = held(reported)
    if name.endswith("_neutral_year"):
        return indicators.neutral_year(series, YEARS)
    known = ~np.isnan(reported)
    peak = indicators.peak(series, YEARS, 0).year
    first = YEARS[np.argmax(known, axis=-1)]
    return np.where(known.any(axis=-1) & (peak > first), peak.astype(np.float64), np.nan)


def _place(value: float, low: float, high: float) -> str:
    if value < low:
        return "below"
    if value > high:
        return "above"
    return "within" if low < high else "at"
