"""Draws of the uncertain levers: from uniform numbers to lever paths and the inputs of a batch.

Everything is elementwise and year by year, in Fortran order (member, year), so that a draw has the same bits
in any block and a block of a few thousand members stays in a core's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

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
        central = built.levers[marginal.lever][future]
        path = np.empty((uniform.shape[1], years.size), order="F")
        if marginal.autoregression is None:
            _follow_lines(path, marginal, marginal.deviations(drawn[row]), inputs.base_year, years)
        else:
            _wander(path, marginal, marginal.autoregression, shocks.of(row))
        _apply(path, central, marginal)
        if clipped is not None:
            outside = ((path < marginal.lower) | (path > marginal.upper)).any(axis=1)
            clipped[marginal.lever] = clipped.get(marginal.lever, 0) + int(outside.sum())
        _cut(path, marginal)
        paths[marginal.lever] = path
    if any(name in paths for name in SHARES):
        _close(paths, {name: built.levers[name][future] for name in SHARES})
    return paths


def _follow_lines(path: Floats, marginal: Marginal, drawn: Floats, base_year: int, years: Years) -> None:
    """Write the deviation (member, year) that runs straight from anchor to anchor (anchor, member)."""
    known = [base_year, *map(int, marginal.years)]
    none = 1.0 if marginal.multiplicative else 0.0
    steps = [drawn[0] - none, *(later - before for before, later in pairwise(drawn))]
    for column, year in enumerate(map(int, years)):
        out = path[:, column]
        right = int(np.searchsorted(known, year))
        if right == len(known) or known[right] == year:
            out[...] = drawn[min(right, len(known) - 1) - 1]
            continue
        part = (year - known[right - 1]) / (known[right] - known[right - 1])
        np.multiply(steps[right - 1], part, out=out)
        np.add(out, none if right == 1 else drawn[right - 2], out=out)


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


def _wander(path: Floats, marginal: Marginal, coefficient: float, shocks: Floats) -> None:
    """Write the deviation (member, year) of an autoregression that starts at the path in the base year."""
    size = np.sqrt(1.0 - coefficient * coefficient)
    score = np.zeros(path.shape[0])
    for column in range(path.shape[1]):
        score = coefficient * score + size * shocks[:, column]
        path[:, column] = marginal.deviation_at_score(score)


def _apply(path: Floats, central: Floats, marginal: Marginal) -> None:
    """Make deviations (member, year) values, in place."""
    combine = np.multiply if marginal.multiplicative else np.add
    for column, value in enumerate(central):
        combine(path[:, column], value, out=path[:, column])


def _cut(path: Floats, marginal: Marginal) -> None:
    """Cut values (member, year) to the lever's bounds, in place."""
    for column in range(path.shape[1]):
        np.clip(path[:, column], marginal.lower, marginal.upper, out=path[:, column])


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
