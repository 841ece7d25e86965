"""Targets as constraints: how much room a pathway leaves to each, in numbers that a solver can follow.

`dualcarbon.analysis.targets` gives the strict verdict; here the same targets become smooth functions that are
positive where the target is met. Peak and neutrality years, which jump, become conditions on every year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from dualcarbon.analysis.indicators import PLATEAU
from dualcarbon.analysis.targets import CHANGE, Target, measure_of
from dualcarbon.axes import Floats, Years, at, year_range
from dualcarbon.results import Results

_NATURAL = {"%": 1.0, "Mt CO2": 100.0, "Mt CO2e": 100.0, "Gtce": 0.1, "Mtce": 100.0}
"""A step that matters, by unit: what a solver counts as one."""


@dataclass(frozen=True)
class Requirement:
    """One target as a constraint.

    Parameters
    ----------
    target : the pledge, or a user's own
    unit : unit of the room
    scale : a step of the room that matters
    room : results to room (``…, condition``); at or above zero where met
    years : results to the year of each condition
    needs : variables that it looks at
    """

    target: Target
    unit: str
    scale: float
    room: Callable[[Results], Floats]
    years: Callable[[Results], Years]
    needs: tuple[str, ...]


def requirement(target: Target, plateau: int) -> Requirement:
    """The constraint that stands for a target that can be computed.

    Parameters
    ----------
    plateau : years after a peak year within which the series must leave its plateau (1 % below the peak)
    """
    unit = target.unit
    needs: tuple[str, ...] = (target.indicator.removesuffix(CHANGE),)
    room: Callable[[Results], Floats] = partial(_value_room, target)
    years: Callable[[Results], Years] = lambda r: np.array([target.year])  # noqa: E731
    if target.indicator in _PEAKING:
        key = _PEAKING[target.indicator]
        unit, needs = "Mtce" if key == "coal_energy" else "Mt CO2", (key,)
        room, years = partial(_peak_room, key, target, plateau), partial(_other_years, target)
    elif target.indicator == "neutral_year":
        key = "net_ghg" if target.scope == "ghg" else "net_co2"
        unit, needs = "Mt CO2e" if target.scope == "ghg" else "Mt CO2", (key,)
        room, years = partial(_neutral_room, key, target), partial(_years_from, target)
    elif target.indicator == "energy_total" and target.year_from is not None:
        first = target.year_from
        room, years = partial(_cap_room, target), lambda r: year_range(first, target.year)
    elif (target.indicator, target.scope) in _NEEDS:
        needs = _NEEDS[target.indicator, target.scope]
    scale = _NATURAL.get(unit, max(abs(target.value or 0.0) * 0.01, 1e-6))
    return Requirement(target, unit, scale, room, years, needs)


_NEEDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("carbon_intensity_reduction", "energy"): ("carbon_intensity_energy",),
    ("carbon_intensity_reduction", "combustion-process"): ("carbon_intensity_combustion_process",),
    ("energy_intensity_reduction", "total"): ("energy_intensity",),
    ("energy_intensity_reduction", "without-feedstock-and-non-fossil"): ("energy_intensity_fossil",),
    ("net_ghg_reduction", "ghg"): ("net_ghg",),
    ("cumulative", "co2"): ("net_co2",),
    ("cumulative", "energy-and-process"): ("eip_co2",),
}
"""Variables behind the measures whose name is not a variable's."""

_PEAKING = {"co2_peak_year": "eip_co2", "coal_peak_year": "coal_energy"}


def _year(target: Target) -> int:
    assert target.value is not None
    return int(target.value)


def _other_years(target: Target, results: Results) -> Years:
    """Years that may not be above the peak: later ones, and for an exact year all projected ones.

    The end of the run as latest peak year leaves none; then it stands for itself.
    """
    years = results.years
    first = results.base_year if target.comparison == "equals" else _year(target) + 1
    others = years[(years >= first) & (years != _year(target))]
    return np.asarray(others if others.size else years[-1:])


def _peak_room(key: str, target: Target, plateau: int, results: Results) -> Floats:
    """Room below the highest level up to the peak year, and below its plateau later on.

    For ``equals`` the level of the year itself must be the highest: room of every other year below it. Where
    no year is left that could be higher, the room is the whole level.
    """
    series, years, year = results[key], results.years, _year(target)
    known = np.where(np.isnan(series), -np.inf, series)
    index = at(years, year)
    exact = target.comparison == "equals"
    top = known[..., index] if exact else known[..., : index + 1].max(axis=-1)
    others = _other_years(target, results)
    if others[0] == year:
        return np.asarray(top[..., None])
    allowed = np.where(others > year + plateau, 1.0 - PLATEAU, 1.0)
    return np.asarray(top[..., None] * allowed - known[..., others - years[0]])


def _years_from(target: Target, results: Results) -> Years:
    return results.years[results.years >= _year(target)]


def _neutral_room(key: str, target: Target, results: Results) -> Floats:
    """Room below zero in every year from the target's on."""
    return -results[key][..., at(results.years, _year(target)) :]


def _cap_room(target: Target, results: Results) -> Floats:
    """Room below an energy cap in each year of its period."""
    assert target.value is not None
    assert target.year_from is not None
    first, last = at(results.years, target.year_from), at(results.years, target.year)
    room = target.value - results["energy_total"][..., first : last + 1] / 1e3
    return np.asarray(room if target.comparison == "at_most" else -room)


def _value_room(target: Target, results: Results) -> Floats:
    """Room of one value to its limit."""
    assert target.value is not None
    value = measure_of(target)(results, target)
    room = value - target.value if target.comparison == "at_least" else target.value - value
    return np.asarray(room)[..., None]
