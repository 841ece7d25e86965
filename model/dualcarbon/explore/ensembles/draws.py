"""Draws of the uncertain levers: from uniform numbers to lever paths and the inputs of a batch.

Everything is elementwise and year by year, in Fortran order (member, year), so that a draw has the same bits
in any block and a block of a few thousand members stays in a core's cache.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from dualcarbon.axes import Floats, Years, at
from dualcarbon.build import Built
from dualcarbon.core.drivers import compound
from dualcarbon.explore.ensembles.prior import Marginal, Prior
from dualcarbon.inputs import Inputs
from dualcarbon.tables.levers import SHARES

Normals = Callable[[str], Floats]
"""Name of a lever or noise -> standard normals (member, projected year) of the members at hand."""

FOSSIL = ("coal_share", "oil_share", "gas_share")
MIX = "non_fossil_share"


def lever_paths(
    built: Built,
    prior: Prior,
    uniform: Floats,
    normals: Normals,
    clipped: MutableMapping[str, int] | None = None,
) -> dict[str, Floats]:
    """Paths of the uncertain levers.

    Parameters
    ----------
    built : the scenario around whose paths levers are drawn
    uniform : (lever, member) independent uniform numbers
    normals : standard normals of the levers with autoregression
    clipped : members whose path is cut to the lever's bounds in some year are added to it, by lever

    Returns
    -------
    (member, projected year) by lever, inside units and bounds, in Fortran order. If any share is uncertain,
    all four are given: the non-fossil share as drawn, the fossil ones in drawn proportions filling the rest.
    """
    inputs = built.inputs
    future = inputs.years > inputs.base_year
    years = inputs.years[future]
    drawn = prior.correlated(uniform)
    shocks = _Shocks(prior, normals)
    paths: dict[str, Floats] = {}
    for row, marginal in enumerate(prior.marginals):
        course: _Course
        if marginal.autoregression is None:
            course = _Lines(marginal, marginal.deviations(drawn[row]), inputs.base_year, years)
        else:
            course = _Wandering(marginal, marginal.autoregression, shocks.of(row))
        path = np.empty((uniform.shape[1], years.size), order="F")
        cut = _around(path, built.levers[marginal.lever][future], course, marginal, clipped is not None)
        paths[marginal.lever] = path
        if clipped is not None:
            clipped[marginal.lever] = clipped.get(marginal.lever, 0) + cut
    if any(name in paths for name in SHARES):
        _close(paths, {name: built.levers[name][future] for name in SHARES})
    return paths


class _Course(Protocol):
    """Deviations over the years, asked for from the first year to the last."""

    def write(self, column: int, out: Floats) -> None:
        """Write the deviation (member) of one year."""
        ...


def _around(path: Floats, central: Floats, course: _Course, marginal: Marginal, count: bool) -> int:
    """Write a lever's path (member, year): deviations around the central path, cut to the bounds.

    Returns
    -------
    members that were cut in some year, if they are to be counted
    """
    combine = np.multiply if marginal.multiplicative else np.add
    outside = np.zeros(path.shape[0] if count else 0, dtype=bool)
    for column, value in enumerate(central):
        out = path[:, column]
        course.write(column, out)
        combine(out, value, out=out)
        if count:
            outside |= (out < marginal.lower) | (out > marginal.upper)
        np.maximum(out, marginal.lower, out=out)
        np.minimum(out, marginal.upper, out=out)
    return int(outside.sum())


class _Lines:
    """Straight lines from the base year to the first anchor and on, held after the last."""

    def __init__(self, marginal: Marginal, drawn: Floats, base_year: int, years: Years) -> None:
        self._known = [base_year, *map(int, marginal.years)]
        self._years = years
        none = 1.0 if marginal.multiplicative else 0.0
        self._values: list[Floats | float] = [none, *drawn]
        self._steps = [drawn[0] - none, *(later - before for before, later in pairwise(drawn))]

    def write(self, column: int, out: Floats) -> None:
        """Write the deviation (member) of one year."""
        year = int(self._years[column])
        right = bisect_left(self._known, year)
        if right == len(self._known) or self._known[right] == year:
            out[...] = self._values[min(right, len(self._known) - 1)]
            return
        before, after = self._known[right - 1], self._known[right]
        np.multiply(self._steps[right - 1], (year - before) / (after - before), out=out)
        np.add(out, self._values[right - 1], out=out)


class _Wandering:
    """A first-order autoregression of the score that starts at the path in the base year.

    Its variance tends to one, so that the stated distribution holds once the start is forgotten.
    """

    def __init__(self, marginal: Marginal, coefficient: float, shocks: Floats) -> None:
        self._marginal, self._shocks = marginal, shocks
        self._coefficient = coefficient
        self._size = (1.0 - coefficient * coefficient) ** 0.5
        self._score = np.zeros(shocks.shape[0])

    def write(self, column: int, out: Floats) -> None:
        """Write the deviation (member) of one year."""
        self._score = self._coefficient * self._score + self._size * self._shocks[:, column]
        out[...] = self._marginal.deviation_at_score(self._score)


class _Shocks:
    """Yearly normal shocks (member, year) of the levers with autoregression, correlated as the prior asks."""

    def __init__(self, prior: Prior, normals: Normals) -> None:
        self._prior = prior
        self._own: dict[int, Floats] = {
            row: normals(marginal.lever)
            for row, marginal in enumerate(prior.marginals)
            if marginal.autoregression is not None
        }

    def of(self, row: int) -> Floats:
        """Shocks of one lever."""
        factor = self._prior.factor[row]
        shock: Floats = factor[row] * self._own[row]
        for other in range(row):
            if factor[other] != 0.0:
                shock += factor[other] * self._own[other]
        return shock


def _close(paths: dict[str, Floats], central: Mapping[str, Floats]) -> None:
    """Close the four shares to one: non-fossil as drawn, fossil in drawn proportions.

    The fossil shares are scaled by what non-fossil leaves, compared with the central path, and by their sum,
    compared with the central one. Both are exactly one where nothing deviates.
    """
    shape = next(paths[name] for name in SHARES if name in paths).shape
    proportions_drawn = any(name in paths for name in FOSSIL)
    for name in SHARES:
        if name not in paths:
            paths[name] = np.empty(shape, order="F")
            paths[name][...] = central[name]
    for column in range(shape[1]):
        fuels = [paths[name][:, column] for name in FOSSIL]
        middle = [float(central[name][column]) for name in FOSSIL]
        non_fossil = paths[MIX][:, column]
        total, left = middle[0] + middle[1] + middle[2], 1.0 - float(central[MIX][column])
        if total <= 0.0 or left <= 0.0:
            for fuel in fuels:
                np.divide(1.0 - non_fossil, 3.0, out=fuel)
            continue
        scale = 1.0 - non_fossil
        np.divide(scale, left, out=scale)
        if proportions_drawn:
            scale *= total / _sum_of_fuels(fuels, middle)
        for fuel in fuels:
            np.multiply(fuel, scale, out=fuel)


def _sum_of_fuels(fuels: Sequence[Floats], central: Sequence[float]) -> Floats:
    """Sum (member) of the fossil shares; where all are zero they become the central ones first."""
    total = fuels[0] + fuels[1]
    total += fuels[2]
    none = total <= 0.0
    if none.any():
        for fuel, value in zip(fuels, central, strict=True):
            fuel[none] = value
        total[none] = central[0] + central[1] + central[2]
    return total


def draw_inputs(built: Built, paths: Mapping[str, Floats]) -> Inputs:
    """Inputs of a batch from the base year on.

    Parameters
    ----------
    built : the scenario that the paths belong to
    paths : (…, projected year) of the levers that differ, inside units, shares closed

    Returns
    -------
    `Inputs` from the base year to the end, whose pathway has the bits of the full run in these years
    """
    inputs = built.inputs
    first = at(inputs.years, inputs.base_year)
    scalars = ("gdp_first", "energy_first")
    arrays: dict[str, Any] = {
        name: array[..., first:] for name, array in inputs.arrays().items() if name not in scalars
    }
    for name, path in paths.items():
        whole = np.empty((*path.shape[:-1], path.shape[-1] + 1), order="F")
        whole[..., 0] = built.levers[name][first]
        whole[..., 1:] = path
        arrays[name] = whole
    gdp, energy = _levels(built, first)
    return replace(inputs, years=inputs.years[first:], gdp_first=gdp, energy_first=energy, **arrays)


def _levels(built: Built, year: int) -> tuple[Floats, Floats]:
    """GDP and energy in a year, such that a run that starts there has the bits of one that goes on to it."""
    inputs, upto = built.inputs, slice(0, year + 1)
    gdp = compound(inputs.gdp_first, inputs.gdp_growth[upto])[..., -1]
    first = inputs.energy_first / inputs.gdp_first
    intensity = compound(first, inputs.energy_intensity_change[upto])[..., -1]
    energy = gdp * intensity
    # A run divides energy by GDP again; a neighbour may give back the intensity where this does not.
    for near in (np.nextafter(energy, 0.0), np.nextafter(energy, np.inf)):
        better = (energy / gdp != intensity) & (near / gdp == intensity)
        energy = np.where(better, near, energy)
    return gdp, energy
