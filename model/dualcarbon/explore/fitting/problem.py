"""The fit as numbers: variables, constraints and objective, with a Jacobian that is one batch of pathways.

A run is a function from lever paths to results; nothing here knows which resolution computes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dualcarbon.analysis import indicators
from dualcarbon.analysis.requirements import Requirement
from dualcarbon.axes import Floats
from dualcarbon.explore.fitting.space import Space
from dualcarbon.results import Results

Project = Callable[[Mapping[str, Floats], Sequence[str]], Results]
"""Lever paths (…, future year) and wanted variables to results."""

_STEP = 1e-6
"""Step of the differences, in departures: for these nearly linear functions both errors stay near 1e-7."""

_SMOOTHNESS = 0.3
"""Weight of bends beside departures in the default objective."""

_TIE = 1e-3
"""Weight of departures in objectives that would leave some levers undetermined."""

_AT_PACE = 1e-3
"""How near to its limit, in parts of a lever's largest yearly step, a yearly change is at it."""

_CO2_STEP = 1e5
"""Cumulative Mt CO2 that count as one in the objective."""


@dataclass(frozen=True)
class Point:
    """Everything known at one place.

    Parameters
    ----------
    objective, gradient : value, and (variable)
    rooms, jacobian : (condition) in steps that matter, at or above zero where met; (condition, variable)
    """

    objective: float
    gradient: Floats
    rooms: Floats
    jacobian: Floats


class Problem:
    """Objective and constraints over scaled variables: departures in standard deviations.

    Parameters
    ----------
    space : the free levers
    project : the model
    requirements : the targets
    objective : one of `OBJECTIVES`
    margins : how far inside each requirement to aim, in its unit; a number, or one for each condition
    loosened : part of a lever's largest yearly step by which the limits on steps give way
    """

    def __init__(
        self,
        space: Space,
        project: Project,
        requirements: Sequence[Requirement],
        objective: str,
        margins: Mapping[str, float | Floats],
        loosened: float = 0.0,
    ) -> None:
        self.space, self.requirements, self.objective = space, tuple(requirements), objective
        self.scale = space.deviations
        self.lower, self.upper = space.lower / self.scale, space.upper / self.scale
        self.evaluations = 0
        self._project, self._margins = project, margins
        needs = {name for one in requirements for name in one.needs}
        self._outputs = tuple(sorted(needs | {"eip_co2"}))
        self._steps, step_room, self._step_places = _yearly_steps(space)
        self._step_room = step_room + loosened
        self.hard = step_room.size
        self._bends = _bends(space)
        self._cache: tuple[bytes, Point] | None = None

    @property
    def size(self) -> int:
        """Number of variables."""
        return self.scale.size

    def results(self, z: Floats) -> Results:
        """Results (…, year) at scaled variables (…, variable)."""
        return self._project(self.space.paths(z * self.scale), self._outputs)

    def rooms(self, results: Results, *, margin: bool = True) -> list[Floats]:
        """Room (…, condition) of each requirement, in steps that matter, less its margin."""
        return [
            (one.room(results) - (self._margins.get(one.target.id, 0.0) if margin else 0.0)) / one.scale
            for one in self.requirements
        ]

    def at_pace(self, z: Floats) -> set[tuple[int, int]]:
        """Lever and anchor of every yearly change that is at its limit."""
        used = self._step_rooms(z) < _AT_PACE
        return {place for place, full in zip(self._step_places, used, strict=True) if full}

    def _step_rooms(self, z: Floats) -> Floats:
        return np.asarray(self._step_room + self._steps @ (z * self.scale))

    def at(self, z: Floats) -> Point:
        """Values and derivatives at one place: one batch, no loop over variables."""
        key = z.tobytes()
        if self._cache is not None and self._cache[0] == key:
            return self._cache[1]
        step = _STEP / self.scale
        moves = np.concatenate([np.zeros((1, z.size)), np.diag(step)])
        results = self.results(z + moves)
        self.evaluations += moves.shape[0]
        rooms = np.concatenate([*self.rooms(results), np.empty((moves.shape[0], 0))], axis=-1)
        cumulative = self._cumulative(results)
        jacobian = ((rooms[1:] - rooms[0]) / step[:, None]).T
        slope = (cumulative[1:] - cumulative[0]) / step
        value, gradient = self._objective(z, float(cumulative[0]), slope)
        point = Point(
            value,
            gradient,
            np.concatenate([rooms[0], self._step_rooms(z)]),
            np.concatenate([jacobian, self._steps * self.scale]),
        )
        self._cache = (key, point)
        return point

    def _cumulative(self, results: Results) -> Floats:
        first, last = results.base_year + 1, int(results.years[-1])
        return indicators.cumulative(results["eip_co2"], results.years, first, last) / _CO2_STEP

    def _objective(self, z: Floats, cumulative: float, slope: Floats) -> tuple[float, Floats]:
        """Value and gradient: mean squares of departures and bends, or cumulative CO2."""
        bend = self._bends @ z
        count, bends = max(z.size, 1), max(bend.size, 1)
        departure, bending = float(z @ z) / count, float(bend @ bend) / bends
        to_departure, to_bending = 2.0 * z / count, 2.0 * (self._bends.T @ bend) / bends
        if self.objective == "least-change":
            return departure, to_departure
        if self.objective == "smoothest":
            return bending + _TIE * departure, to_bending + _TIE * to_departure
        if self.objective == "lowest-cumulative-co2":
            return cumulative + _TIE * departure, slope + _TIE * to_departure
        return departure + _SMOOTHNESS * bending, to_departure + _SMOOTHNESS * to_bending


def _yearly_steps(space: Space) -> tuple[Floats, Floats, list[tuple[int, int]]]:
    """Rows and constants: rows . departures + constant at or above zero where yearly steps are in bounds.

    With them the lever and the anchor of each row.
    """
    rows, room, places = [], [], []
    variable = {place: v for v, place in enumerate(space.index)}
    for k, lever in enumerate(space.levers):
        if np.isinf(lever.step).any():
            continue
        way = lever.ambitious - lever.reference
        base = lever.before[0] if len(lever.series) == 1 else 1.0 - float(lever.before.sum())
        size = max(float(np.abs(lever.step).max()), 1e-12)
        before, last = base, None
        for a in range(space.anchors.size):
            years = int(space.anchors[a]) - (int(space.anchors[a - 1]) if a else space.base_year)
            for sign in (1.0, -1.0):
                row = np.zeros(len(space.index))
                if (k, a) in variable:
                    row[variable[k, a]] = -sign * way[a]
                if last is not None and (k, last) in variable:
                    row[variable[k, last]] = sign * way[last]
                allowed = lever.step[a] * years * 1.0000001
                rows.append(row / (size * years))
                places.append((k, a))
                room.append((allowed - sign * (lever.value[a] - before)) / (size * years))
            before, last = lever.value[a], a
    if not rows:
        return np.zeros((0, len(space.index))), np.zeros(0), []
    return np.array(rows), np.array(room), places


def _bends(space: Space) -> Floats:
    """(bend, variable) second differences of each lever's departures in standard deviations, from zero on."""
    rows = []
    variable = {place: v for v, place in enumerate(space.index)}
    years = np.concatenate([[space.base_year], space.anchors]).astype(np.float64)
    for k in range(len(space.levers)):
        for a in range(space.anchors.size - 1):
            row = np.zeros(len(space.index))
            before, after = years[a + 1] - years[a], years[a + 2] - years[a + 1]
            for place, weight in (
                (a - 1, 1.0 / before),
                (a, -1.0 / before - 1.0 / after),
                (a + 1, 1.0 / after),
            ):
                if (k, place) in variable:
                    row[variable[k, place]] = weight
            rows.append(row * (before + after) / 2.0)
    return np.array(rows) if rows else np.zeros((0, len(space.index)))
