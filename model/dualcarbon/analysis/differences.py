"""What moved between two results: which variables, in which year most, and by how much."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dualcarbon.axes import Floats, Years
from dualcarbon.results import Results

YEARS = "years"
"""Stands for a variable where the results do not cover the same years."""


_AS_LARGE = 1.0 - 1e-9
"""Relative differences this near to the largest are as large: a scaled path differs alike in every year."""


@dataclass(frozen=True)
class Move:
    """One variable that differs.

    Parameters
    ----------
    variable : key, or `YEARS`
    year : of the largest relative difference, the first where several are as large; the first year where only
        one side has the variable or the years
    before, after : values in that year, inside units; NaN where there is none
    relative : difference over the larger of the two absolute values, between 0 and 2; infinite where one side
        has no value
    count : number of years that differ, or that only one side has
    only_in : ``before`` or ``after`` where the other side does not have the variable or the years at all
    """

    variable: str
    year: int
    before: float
    after: float
    relative: float
    count: int
    only_in: str = ""


def moved(
    before: Results,
    after: Results,
    rtol: float,
    atol: float = 0.0,
    variables: Iterable[str] | None = None,
) -> list[Move]:
    """Variables that differ by more than a tolerance, in the order of ``before``; lone years come first.

    Two values are the same if they are at most ``atol`` apart, or at most ``rtol`` times the larger absolute
    value, so that the order of the two results does not matter. A missing value (NaN) is the same as another.

    Parameters
    ----------
    before, after : one pathway each (year), or batches (…, year) of the same shape: their worst member counts
    rtol : relative tolerance
    atol : absolute tolerance, inside units
    variables : keys to compare; default all that either has

    Raises
    ------
    KeyError
        If neither has a variable.
    ValueError
        If a tolerance is negative or not a finite number.
    """
    if not (0.0 <= rtol < math.inf and 0.0 <= atol < math.inf):
        raise ValueError(f"tolerances are finite and at least 0; found rtol {rtol} and atol {atol}")
    names = list(dict.fromkeys([*before, *after] if variables is None else variables))
    for name in names:
        if name not in before and name not in after:
            raise KeyError(name)
    found = _lone_years(before.years, after.years)
    for name in names:
        if name not in after:
            found.append(_only(name, before, "before"))
        elif name not in before:
            found.append(_only(name, after, "after"))
        else:
            found += _compare(name, before, after, rtol, atol)
    return found


def _lone_years(before: Years, after: Years) -> list[Move]:
    """A move for each side that has years which the other has not."""
    found = []
    for side, lone in (("before", np.setdiff1d(before, after)), ("after", np.setdiff1d(after, before))):
        if lone.size:
            found.append(Move(YEARS, int(lone[0]), math.nan, math.nan, math.inf, lone.size, side))
    return found


def _only(name: str, results: Results, side: str) -> Move:
    """A variable that one side alone has."""
    value = float(results[name][..., 0].flat[0])
    before, after = (value, math.nan) if side == "before" else (math.nan, value)
    return Move(name, int(results.years[0]), before, after, math.inf, results.years.size, side)


def _compare(name: str, before: Results, after: Results, rtol: float, atol: float) -> list[Move]:
    """The move of one variable over the years that both have; empty if it did not move."""
    years, here, there = np.intersect1d(before.years, after.years, return_indices=True)
    old, new = before[name][..., here], after[name][..., there]
    if old.shape != new.shape:
        raise ValueError(f"{name} has the shape {old.shape} before and {new.shape} after")
    relative, differs = _differences(old, new, rtol, atol)
    if not differs.any():
        return []
    in_year = differs.reshape(-1, years.size)
    worst = np.where(differs, relative, -1.0).reshape(-1, years.size)
    by_year = worst.max(axis=0)
    place = int(np.argmax(by_year >= by_year.max() * _AS_LARGE))
    member = int(np.argmax(worst[:, place]))
    was, now = (float(array.reshape(-1, years.size)[member, place]) for array in (old, new))
    count = int(in_year.any(axis=0).sum())
    return [Move(name, int(years[place]), was, now, float(worst[member, place]), count)]


def _differences(old: Floats, new: Floats, rtol: float, atol: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Difference over the larger absolute value, infinite where one of the two is no number; which differ."""
    same = (old == new) | (np.isnan(old) & np.isnan(new))
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.abs(new - old)
        larger = np.maximum(np.abs(old), np.abs(new))
        relative = np.where(same, 0.0, apart / np.where(same, 1.0, larger))
        near = np.isfinite(relative) & ((apart <= rtol * larger) | (apart <= atol))
    return np.where(np.isfinite(relative), relative, np.inf), ~(same | near)
