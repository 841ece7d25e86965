"""How far a pathway is off China's history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dualcarbon.analysis.vetting.deriving import Derived
from dualcarbon.analysis.vetting.reported import YEARS, interpolated
from dualcarbon.axes import Floats, at

LEVELS = ("ok", "warn", "fail")
"""From near history to far from it."""

Flags = NDArray[np.bool_]

BETWEEN = "between reported years"
"""Remark of a value that stands on a straight line between two reported ones."""

INDEX = "index"
"""The kind of criterion that compares a variable relative to the first year compared."""


@dataclass(frozen=True)
class Criterion:
    """How far one variable may be off history.

    Parameters
    ----------
    variable, label : key, and as printed
    kind : ``level``, or ``index`` where currencies differ
    years : years compared
    warn, fail : largest difference to history without a warning, and without failing, as fractions of it
    reasons : why these, in that order
    """

    variable: str
    label: str
    kind: str
    years: tuple[int, ...]
    warn: float
    fail: float
    reasons: tuple[str, str] = ("", "")

    def level(self, difference: float) -> str:
        """``ok``, ``warn`` or ``fail``."""
        size = abs(difference)
        return "fail" if size > self.fail else "warn" if size > self.warn else "ok"


@dataclass(frozen=True)
class HistoryCheck:
    """One variable of a pathway beside history in one year.

    Parameters
    ----------
    criterion : what was asked
    year : the year compared
    value, reference : the pathway's and history's, in inside units; 1 in the first year for an index
    difference : against history, as a fraction of it
    level : ``ok``, ``warn`` or ``fail``
    remark : whether the value lies between reported years, and what an index is relative to
    """

    criterion: Criterion
    year: int
    value: float
    reference: float
    difference: float
    level: str
    remark: str = ""


def check_history(
    derived: Derived, history: Mapping[str, Floats], criteria: Iterable[Criterion]
) -> list[list[HistoryCheck]]:
    """Checks of every scenario, in the order of the criteria.

    Variables worked out as approximations are left out: being off could be the approximation's fault.

    Parameters
    ----------
    derived : the pathways
    history : (year) on `YEARS` by key; NaN where there are no statistics
    """
    checks: list[list[HistoryCheck]] = [[] for _ in range(derived.count)]
    for criterion in criteria:
        if criterion.variable not in history or not derived.has(criterion.variable).any():
            continue
        reported = derived[criterion.variable]
        places = np.array([at(YEARS, year) for year in criterion.years])
        filled = interpolated(reported)[:, places]
        between = np.isnan(reported[:, places])
        past = history[criterion.variable][places]
        for number, values in enumerate(filled):
            if not derived.remarks([criterion.variable], number):
                checks[number] += _compare(criterion, values, past, between[number])
    return checks


def _compare(criterion: Criterion, values: Floats, past: Floats, between: Flags) -> list[HistoryCheck]:
    """One variable of one scenario in every year that both have."""
    both = np.flatnonzero(~np.isnan(values) & ~np.isnan(past) & (past != 0.0))
    relative = ""
    if criterion.kind == INDEX:
        if both.size < 2 or not values[both[0]]:
            return []
        values, past = values / values[both[0]], past / past[both[0]]
        relative = f"relative to {criterion.years[both[0]]}"
        both = both[1:]
    found = []
    for k in both:
        difference = float(values[k] / past[k] - 1.0)
        remark = "; ".join(filter(None, (BETWEEN if between[k] else "", relative)))
        level = criterion.level(difference)
        value, reference = float(values[k]), float(past[k])
        found.append(HistoryCheck(criterion, criterion.years[k], value, reference, difference, level, remark))
    return found
