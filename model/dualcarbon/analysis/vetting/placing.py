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
    """Placements of every scenario, by variable and year in the order of the studies."""
    groups: dict[tuple[str, int | None], list[StudyValue]] = {}
    for study in studies:
        groups.setdefault((study.variable, study.year), []).append(study)
    placements: list[list[Placement]] = [[] for _ in range(derived.count)]
    for (variable, year), group in groups.items():
        keys, values = _values(derived, variable, year)
        low, high = min(one.low for one in group), max(one.high for one in group)
        names = tuple(dict.fromkeys(one.study for one in group))
        for number in np.flatnonzero(~np.isnan(values)):
            remark = "; ".join(f"approximate: {text}" for text in derived.remarks(keys, int(number)))
            value = float(values[number])
            placements[number].append(
                Placement(variable, year, value, low, high, names, _place(value, low, high), remark)
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
        total = total + derived[key][:, at(YEARS, year)]
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
