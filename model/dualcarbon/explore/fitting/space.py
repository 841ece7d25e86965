"""What a fit may move: the free levers' values at their anchor years, as departures from the scenario.

A departure of one is the whole way from the reference to the ambitious pathway at that anchor. The departures
of one lever at its anchors give its path by straight lines (growth levers: averages since the last anchor),
so a path is linear in them. The mix is one lever: it moves coal, oil and gas, and non-fossil follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dualcarbon.axes import Floats, Years
from dualcarbon.build import Built
from dualcarbon.tables.levers import Lever, standard_deviation

ANCHORS = (2030, 2035, 2040, 2050, 2060)
"""Years of the lever table's anchors; those after the base year are used, and an end year that is sooner."""

FOSSIL = ("coal_share", "oil_share", "gas_share")
MIX = "non_fossil_share"

_SMALLEST, _LARGEST = 0.1, 2.0
"""Bounds of a lever's standard deviation in departures, so that no lever is free of charge or frozen."""


@dataclass(frozen=True)
class FreeLever:
    """One lever that may move.

    Parameters
    ----------
    name : of the lever
    series : lever paths that it moves, in inside units (three fuels for the mix, itself otherwise)
    start, span : (series, anchor) value in the scenario, and the way from reference to ambitious
    reference, ambitious, value : (anchor) of the lever itself, for reports and bounds
    weights : (anchor, future year) path = constant + weights . anchor values
    constant : (series, future year)
    deviation : (anchor) its standard deviation, in departures
    step : (anchor) largest change a year up to each anchor, in the lever's inside unit; inf for growth levers
    before : (series) value in the base year
    """

    name: str
    series: tuple[str, ...]
    start: Floats
    span: Floats
    reference: Floats
    ambitious: Floats
    value: Floats
    weights: Floats
    constant: Floats
    deviation: Floats
    step: Floats
    before: Floats


@dataclass(frozen=True)
class Space:
    """All free levers and the variables of the fit.

    Parameters
    ----------
    base_year : last year of history
    anchors : (anchor) years
    levers : the free levers
    index : (variable, 2) lever and anchor of each variable; anchors without a way to go are left out
    lower, upper : (variable) bounds of the departures
    """

    base_year: int
    anchors: Years
    levers: tuple[FreeLever, ...]
    index: tuple[tuple[int, int], ...]
    lower: Floats
    upper: Floats

    @property
    def deviations(self) -> Floats:
        """Standard deviation (variable) of each variable."""
        return np.array([self.levers[k].deviation[a] for k, a in self.index])

    def grid(self, departures: Floats) -> list[Floats]:
        """Departures (…, anchor) of each lever; zero where it has no way to go."""
        grids = [np.zeros((*departures.shape[:-1], self.anchors.size)) for _ in self.levers]
        for v, (k, a) in enumerate(self.index):
            grids[k][..., a] = departures[..., v]
        return grids

    def values(self, departures: Floats) -> dict[str, Floats]:
        """Anchor values (…, anchor) of every series, inside units."""
        found = {}
        for lever, grid in zip(self.levers, self.grid(departures), strict=True):
            for s, name in enumerate(lever.series):
                found[name] = lever.start[s] + grid * lever.span[s]
        return found

    def paths(self, departures: Floats) -> dict[str, Floats]:
        """Paths (…, future year) of every series, inside units."""
        values = self.values(departures)
        return {
            name: lever.constant[s] + values[name] @ lever.weights
            for lever in self.levers
            for s, name in enumerate(lever.series)
        }


def make_space(
    built: Built,
    levers: Mapping[str, Lever],
    free: Sequence[str],
    *,
    extend: float,
    slow: float,
    turns: Sequence[int] = (),
) -> Space:
    """The space of a fit.

    Parameters
    ----------
    built : the scenario to depart from
    levers : the lever table
    free : names of the free levers
    extend : how far beyond the ambitious pathway a lever may go, in ways from reference to ambitious
    slow : how far it may go beyond the reference on the slow side
    turns : years in which levers may turn besides the table's anchors, such as the year of a peak
    """
    years, base = built.inputs.years, built.inputs.base_year
    last = min(int(years[-1]), ANCHORS[-1])
    inside = {y for y in (*ANCHORS, *turns, last) if base < y <= int(years[-1])}
    anchors = np.array(sorted(inside), dtype=np.int64)
    made = tuple(_free_lever(built, levers[name], anchors) for name in free)
    index, lower, upper = [], [], []
    for k, lever in enumerate(made):
        for a in range(anchors.size):
            way = lever.ambitious[a] - lever.reference[a]
            if way == 0.0:
                continue
            here = (lever.value[a] - lever.reference[a]) / way
            low, high = min(-slow, here) - here, max(1.0 + extend, here) - here
            low, high = _within_physics(lever, a, levers, low, high)
            index.append((k, a))
            lower.append(low)
            upper.append(high)
    return Space(base, anchors, made, tuple(index), np.array(lower), np.array(upper))


def _within_physics(
    lever: FreeLever, anchor: int, levers: Mapping[str, Lever], low: float, high: float
) -> tuple[float, float]:
    """Bounds narrowed so that no series leaves the bounds of the lever table."""
    for s, name in enumerate(lever.series):
        start, span = lever.start[s, anchor], lever.span[s, anchor]
        if span != 0.0:
            ends = sorted(((levers[name].lower - start) / span, (levers[name].upper - start) / span))
            low, high = max(low, min(ends[0], 0.0)), min(high, max(ends[1], 0.0))
    return low, high


def _free_lever(built: Built, lever: Lever, anchors: Years) -> FreeLever:
    years, base = built.inputs.years, built.inputs.base_year
    here = anchors - years[0]
    series = FOSSIL if lever.name == MIX else (lever.name,)
    reference, ambitious = built.reference[lever.name][here], built.ambitious[lever.name][here]
    if lever.kind == "growth":
        value = _averages(built.levers[lever.name], years, base, anchors)
        start, span = value[None, :], (ambitious - reference)[None, :]
        weights = _average_weights(years, base, anchors)
        before = np.zeros(1)
        constant = np.zeros((1, weights.shape[1]))
    else:
        value = built.levers[lever.name][here]
        start = np.array([built.levers[name][here] for name in series])
        span = np.array([(built.ambitious[name] - built.reference[name])[here] for name in series])
        weights, from_base = _linear_weights(years, base, anchors)
        before = np.array([built.levers[name][base - years[0]] for name in series])
        constant = before[:, None] * from_base
    way = np.where(ambitious == reference, 1.0, np.abs(ambitious - reference))
    halfway = (reference + ambitious) / 2.0
    deviation = np.clip(standard_deviation(lever, anchors, halfway) / way, _SMALLEST, _LARGEST)
    return FreeLever(
        name=lever.name,
        series=series,
        start=start,
        span=span,
        reference=reference,
        ambitious=ambitious,
        value=value,
        weights=weights,
        constant=constant,
        deviation=deviation,
        step=_largest_steps(built, lever, anchors),
        before=before,
    )


def _averages(path: Floats, years: Years, base: int, anchors: Years) -> Floats:
    """Average yearly rate (anchor) since the last anchor that leads to the same level as the path's rates."""
    result, last = [], base
    for anchor in anchors:
        rates = path[(years > last) & (years <= anchor)]
        result.append(float(np.prod(1.0 + rates)) ** (1.0 / rates.size) - 1.0)
        last = int(anchor)
    return np.array(result)


def _average_weights(years: Years, base: int, anchors: Years) -> Floats:
    """(anchor, future year): a year takes the value of the next anchor, the last one beyond it."""
    future = years[years > base]
    owner = np.minimum(np.searchsorted(anchors, future), anchors.size - 1)
    return np.asarray(np.arange(anchors.size)[:, None] == owner, dtype=np.float64)


def _linear_weights(years: Years, base: int, anchors: Years) -> tuple[Floats, Floats]:
    """(anchor, future year) hat functions, and (future year) the part that the base year's value keeps."""
    future = years[years > base].astype(np.float64)
    knots = np.concatenate([[base], anchors]).astype(np.float64)
    hats = np.array([np.interp(future, knots, np.eye(knots.size)[k]) for k in range(knots.size)])
    return hats[1:], hats[0]


_PAST = 10
"""Years of history that a yearly step is compared with."""


def _largest_steps(built: Built, lever: Lever, anchors: Years) -> Floats:
    """Largest yearly change seen in history, in the ambitious pathway or in the scenario; inf for growth."""
    if lever.kind == "growth":
        return np.full(anchors.size, np.inf)
    years, base = built.inputs.years, built.inputs.base_year
    past = (years > base - _PAST) & (years <= base)
    seen = np.abs(np.diff(built.levers[lever.name][past]))
    largest = [seen[~np.isnan(seen)].max(initial=0.0)]
    ends = np.concatenate([[base], anchors])
    for path in (built.ambitious[lever.name], built.levers[lever.name]):
        values = path[ends - years[0]]
        largest.append(np.abs(np.diff(values) / np.diff(ends)).max())
    return np.full(anchors.size, max(largest))
