"""Draws of the uncertain levers: from uniform numbers to lever paths and the inputs of a batch.

Everything is elementwise and year by year, in Fortran order (member, year), so that a draw has the same bits
in any block and a block of a few thousand members stays in a core's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dualcarbon.axes import Floats, at
from dualcarbon.build import Built
from dualcarbon.core.drivers import compound
from dualcarbon.explore.ensembles.courses import Course, Lines, Wandering
from dualcarbon.explore.ensembles.prior import Marginal, Prior
from dualcarbon.inputs import Inputs
from dualcarbon.tables.levers import SHARES

Normals = Callable[[str], Floats]
"""Name of a lever or noise -> standard normals (member, projected year) of the members at hand."""

TILE = 32_000
"""Values of a lever worked on at a time: few enough for a core's cache, enough to hide the calls."""

FOSSIL = ("coal_share", "oil_share", "gas_share")
MIX = "non_fossil_share"


class Memory:
    """Arrays of one block's lever paths, used again for the next block, because fresh memory costs time.

    What `lever_paths` and `draw_inputs` gave with it is overwritten by their next call with it.
    """

    def __init__(self) -> None:
        self._whole: dict[str, Floats] = {}

    def whole(self, name: str, members: int, years: int) -> Floats:
        """Array (member, year) of one lever from the base year on."""
        kept = self._whole.get(name)
        if kept is None or kept.shape != (members, years):
            kept = self._whole[name] = np.empty((members, years), order="F")
        return kept


def lever_paths(
    built: Built,
    prior: Prior,
    uniform: Floats,
    normals: Normals,
    clipped: MutableMapping[str, int] | None = None,
    memory: Memory | None = None,
) -> dict[str, Floats]:
    """Paths of the uncertain levers.

    Parameters
    ----------
    built : the scenario around whose paths levers are drawn
    uniform : (lever, member) independent uniform numbers
    normals : standard normals of the levers with autoregression
    clipped : members whose path is cut to the lever's bounds in some year are added to it, by lever
    memory : where the paths are written; without it in fresh arrays

    Returns
    -------
    (member, projected year) by lever, inside units and bounds, in Fortran order. If any share is uncertain,
    all four are given: the non-fossil share as drawn, the fossil ones in drawn proportions filling the rest.
    """
    inputs = built.inputs
    future = inputs.years > inputs.base_year
    years = inputs.years[future]
    drawn = prior.correlated(uniform)
    shocks = {
        row: normals(marginal.lever)
        for row, marginal in enumerate(prior.marginals)
        if marginal.autoregression is not None
    }
    memory = memory or Memory()
    shape = (uniform.shape[1], years.size + 1)
    paths: dict[str, Floats] = {}
    for row, marginal in enumerate(prior.marginals):
        course: Course
        if marginal.autoregression is None:
            course = Lines(marginal, marginal.deviations(drawn[row]), inputs.base_year, years)
        else:
            course = Wandering(marginal, marginal.autoregression, prior.mix(row, shocks))
        path = memory.whole(marginal.lever, *shape)[:, 1:]
        cut = _around(path, built.levers[marginal.lever][future], course, marginal, clipped is not None)
        paths[marginal.lever] = path
        if clipped is not None:
            clipped[marginal.lever] = clipped.get(marginal.lever, 0) + cut
    if any(name in paths for name in SHARES):
        central = {name: built.levers[name][future] for name in SHARES}
        proportions_drawn = any(name in paths for name in FOSSIL)
        for name in SHARES:
            if name not in paths:
                paths[name] = memory.whole(name, *shape)[:, 1:]
                paths[name][...] = central[name]
        _close(paths, central, proportions_drawn)
    return paths


def _around(path: Floats, central: Floats, course: Course, marginal: Marginal, count: bool) -> int:
    """Write a lever's path (member, year): deviations around the central path, cut to the bounds.

    Returns
    -------
    members that were cut in some year, if they are to be counted
    """
    combine = np.multiply if marginal.multiplicative else np.add
    outside = np.zeros(path.shape[0] if count else 0, dtype=bool)
    for years in _tiles(*path.shape):
        out = path[:, years]
        course.write(years.start, out)
        combine(out, central[years], out=out)
        if count:
            outside |= ((out < marginal.lower) | (out > marginal.upper)).any(axis=1)
        np.maximum(out, marginal.lower, out=out)
        np.minimum(out, marginal.upper, out=out)
    return int(outside.sum())


def _tiles(members: int, years: int) -> list[slice]:
    """Years to work on together, so that their values fit a core's cache."""
    step = max(1, TILE // max(1, members))
    return [slice(first, min(first + step, years)) for first in range(0, years, step)]


def _close(paths: Mapping[str, Floats], central: Mapping[str, Floats], proportions_drawn: bool) -> None:
    """Close the four shares (member, year) to one: non-fossil as drawn, fossil in drawn proportions.

    The fossil shares are scaled by what non-fossil leaves, compared with the central path, and by their sum,
    compared with the central one. Both are exactly one where nothing deviates.
    """
    middle = [central[name] for name in FOSSIL]
    total, left = middle[0] + middle[1] + middle[2], 1.0 - central[MIX]
    empty = (total <= 0.0) | (left <= 0.0)
    for years in _tiles(*paths[MIX].shape):
        fuels = [paths[name][:, years] for name in FOSSIL]
        scale = 1.0 - paths[MIX][:, years]
        scale /= np.where(empty[years], 1.0, left[years])
        if proportions_drawn:
            scale *= total[years] / _sum_of_fuels(fuels, [fuel[years] for fuel in middle])
        for fuel in fuels:
            np.multiply(fuel, scale, out=fuel)
    for column in np.flatnonzero(empty):
        for name in FOSSIL:
            paths[name][:, column] = (1.0 - paths[MIX][:, column]) / 3.0


def _sum_of_fuels(fuels: Sequence[Floats], central: Sequence[Floats]) -> Floats:
    """Sum (member, year) of the fossil shares; where all are zero they become the central ones (year)."""
    total = fuels[0] + fuels[1]
    total += fuels[2]
    none = total <= 0.0
    if none.any():
        for fuel, values in zip(fuels, central, strict=True):
            np.copyto(fuel, values, where=none)
        instead = central[0] + central[1] + central[2]
        np.copyto(total, np.where(instead > 0.0, instead, 1.0), where=none)
    return total


def draw_inputs(built: Built, paths: Mapping[str, Floats], memory: Memory | None = None) -> Inputs:
    """Inputs of a batch from the base year on.

    Parameters
    ----------
    built : the scenario that the paths belong to
    paths : (…, projected year) of the levers that differ, inside units, shares closed
    memory : that of `lever_paths`, which spares the copy of paths that stand there

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
        shape = (*path.shape[:-1], path.shape[-1] + 1)
        if memory is not None and len(shape) == 2:
            whole = memory.whole(name, *shape)
        else:
            whole = np.empty(shape, order="F")
        whole[..., 0] = built.levers[name][first]
        if not _is_same(whole[..., 1:], path):
            whole[..., 1:] = path
        arrays[name] = whole
    gdp, energy = _levels(built, first)
    return replace(inputs, years=inputs.years[first:], gdp_first=gdp, energy_first=energy, **arrays)


def _is_same(one: Floats, other: Floats) -> bool:
    """Whether two arrays of the same shape are the same numbers in memory."""
    return bool(
        one.__array_interface__["data"] == other.__array_interface__["data"] and one.strides == other.strides
    )


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
