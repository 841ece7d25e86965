"""What a fit means: gaps, weights of constraints, bounds in the way, targets that contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from dualcarbon.analysis.requirements import Requirement
from dualcarbon.axes import Floats
from dualcarbon.explore.fitting.problem import Problem, Project
from dualcarbon.explore.fitting.solve import TOLERANCE, nearest, solve
from dualcarbon.results import Results

_AT_BOUND = 1e-2
"""How near to its bound, in standard deviations, a variable rests on it: nearest pathways end inside."""

_RELAXED = 0.05
"""Part of a step that matters by which a constraint is relaxed to find its weight."""

_FIXED = 1e-9
"""A condition that no variable changes by more than this, in steps for a standard deviation, is fixed."""


@dataclass(frozen=True)
class Gap:
    """How far a pathway is from a target.

    Parameters
    ----------
    target : id of the target
    short : what is missing in ``unit``; zero where it is met
    unit : of the room to the target
    year : of the condition that is missed most, or that is nearest to being missed
    fixed : whether a condition is missed that no free lever changes
    past : years of statistics that break the target already
    """

    target: str
    short: float
    unit: str
    year: int
    fixed: bool
    past: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.target} is short by {difference(self.short, self.unit)} in {self.year}"


def difference(size: float, unit: str) -> str:
    """A difference in words; shares differ by points."""
    number = f"{size:.0f}" if abs(size) >= 1e3 else f"{size:.4g}"
    points = "point" if number == "1" else "points"
    return f"{number} {points if unit.startswith('%') else unit}"


@dataclass(frozen=True)
class Weight:
    """What one step of a binding target costs.

    Parameters
    ----------
    target : id of the target
    step, unit : one step, in the unit of the room to the target
    objective : change of the objective when the target is relaxed by a step (negative: a saving)
    co2 : change of 2060 CO2 from energy and processes, Mt
    """

    target: str
    step: float
    unit: str
    objective: float
    co2: float


@dataclass(frozen=True)
class Block:
    """A bound in the way of a target.

    Parameters
    ----------
    target : id of the target
    lever, year : whose bound
    bound : value that the lever rests on, inside unit
    needed : value that would meet the target if this bound alone moved; NaN where none would
    """

    target: str
    lever: str
    year: int
    bound: float
    needed: float


@dataclass(frozen=True)
class Held:
    """A lever that was not free and would help.

    Parameters
    ----------
    target : id of a missed target
    lever : its name
    gain : room that its ambitious pathway alone would add, in the unit of the room to the target
    """

    target: str
    lever: str
    gain: float


def held_back(
    missed: Mapping[str, Requirement], levers: Mapping[str, Floats], project: Project, needed: Sequence[str]
) -> list[Held]:
    """Levers that were not free, by how much their ambitious pathway would help each missed target.

    Parameters
    ----------
    missed : requirements that the nearest pathway misses, by target
    levers : (future year) ambitious path of each lever that was not free
    project : the model, departing from the nearest pathway
    needed : variables that the requirements look at
    """
    before = project({}, needed)
    found = []
    for name, path in levers.items():
        after = project({name: path}, needed)
        for target, one in missed.items():
            gain = float(one.room(after).min() - one.room(before).min())
            if gain > _FIXED * one.scale:
                found.append(Held(target, name, gain))
    return sorted(found, key=lambda held: -held.gain)


def gaps(problem: Problem, z: Floats, results: Results) -> list[Gap]:
    """The worst condition of each requirement, without margins.

    Parameters
    ----------
    z : scaled variables, for what the free levers change
    results : the pathway that is judged (year)
    """
    point = problem.at(z)
    found, first = [], 0
    for one in problem.requirements:
        room, years = one.room(results), one.years(results)
        slopes = np.abs(point.jacobian[first : first + room.size]).max(axis=1, initial=0.0)
        first += room.size
        worst = int(np.argmin(room))
        lost = (room < 0.0) & (slopes < _FIXED)
        past = tuple(int(y) for y in years[lost] if y <= results.base_year)
        short = max(0.0, -float(room[worst]))
        found.append(Gap(one.target.id, short, one.unit, int(years[worst]), bool(lost.any()), past))
    return found


def untouched(problem: Problem, z: Floats) -> list[Requirement]:
    """Requirements that are not met and that no free lever can influence in any condition."""
    point, first, found = problem.at(z), 0, []
    rooms = problem.rooms(problem.results(z[None]), margin=False)
    for one, room in zip(problem.requirements, rooms, strict=True):
        slopes = np.abs(point.jacobian[first : first + room.shape[-1]]).max(initial=0.0)
        if slopes < _FIXED and room.min() < 0.0:
            found.append(one)
        first += room.shape[-1]
    return found


def weights(make: Callable[[dict[str, float]], Problem], problem: Problem, z: Floats) -> list[Weight]:
    """Weights of the binding targets: the fit is solved again with each of them relaxed a little.

    Parameters
    ----------
    make : the problem again with some targets relaxed (by id, in the unit of the room)
    """
    found, first = [], 0
    point = problem.at(z)
    before = _final_co2(problem, z)
    for one, room in zip(problem.requirements, problem.rooms(problem.results(z[None])), strict=True):
        here = point.rooms[first : first + room.shape[-1]]
        first += room.shape[-1]
        if here.min() > 1e-3:
            continue
        relaxed = make({one.target.id: _RELAXED * one.scale})
        answer = solve(relaxed, z)
        if not answer.feasible:
            continue
        saved = (answer.objective - point.objective) / _RELAXED
        if abs(saved) < TOLERANCE:
            continue
        moved = (_final_co2(relaxed, answer.z) - before) / _RELAXED
        found.append(Weight(one.target.id, one.scale, one.unit, saved, moved))
    return found


def _final_co2(problem: Problem, z: Floats) -> float:
    return float(problem.results(z[None])["eip_co2"][0, -1])


def resting(problem: Problem, z: Floats) -> list[tuple[str, int, str]]:
    """Lever, year and side of every bound in use.

    ``lower`` and ``upper`` are in the direction of departures; ``pace`` is the limit on yearly change.
    """
    found = []
    at_pace = problem.at_pace(z)
    for v, (k, a) in enumerate(problem.space.index):
        lever, year = problem.space.levers[k].name, int(problem.space.anchors[a])
        if problem.upper[v] - z[v] < _AT_BOUND:
            found.append((lever, year, "upper"))
        elif z[v] - problem.lower[v] < _AT_BOUND and problem.lower[v] < -_AT_BOUND:
            found.append((lever, year, "lower"))
        elif (k, a) in at_pace and abs(z[v]) > _AT_BOUND:
            found.append((lever, year, "pace"))
    return found


def blocks(problem: Problem, z: Floats, physical: Mapping[str, tuple[float, float]]) -> list[Block]:
    """Bounds that stand in the way of the missed targets, nearest first.

    For each, the value that would meet the target if that bound alone moved, found on the model itself. Those
    that cannot do it alone come last, by how much a standard deviation of them brings.

    Parameters
    ----------
    physical : lowest and highest value of each lever, inside units; a value beyond them is none
    """
    point, space, found, first = problem.at(z), problem.space, [], 0
    rooms = problem.rooms(problem.results(z[None]), margin=False)
    for n, (one, room) in enumerate(zip(problem.requirements, rooms, strict=True)):
        worst = int(np.argmin(room[0]))
        row = point.jacobian[first + worst]
        first += room.shape[-1]
        if room[0, worst] >= -TOLERANCE:
            continue
        for v, (k, a) in enumerate(space.index):
            outward = float(np.sign(row[v]))
            beyond = problem.upper[v] - z[v] if outward > 0.0 else z[v] - problem.lower[v]
            if abs(row[v]) <= _FIXED or beyond > _AT_BOUND:
                continue
            lever, year = space.levers[k], int(space.anchors[a])
            move = _needed_move(problem, z, n, v, outward, -float(room[0, worst]) / abs(float(row[v])))
            way = lever.ambitious[a] - lever.reference[a]
            here = float(lever.value[a] + z[v] * problem.scale[v] * way)
            needed = float("nan") if move is None else float(here + move * problem.scale[v] * way)
            if move is not None and not _possible_values(problem, v, float(z[v] + move), physical):
                move, needed = None, float("nan")
            order = -abs(float(row[v])) if move is None else abs(move)
            found.append((move is None, order, Block(one.target.id, lever.name, year, here, needed)))
    return [block for _, _, block in sorted(found, key=lambda item: item[:2])]


def _possible_values(
    problem: Problem, v: int, there: float, physical: Mapping[str, tuple[float, float]]
) -> bool:
    """Whether everything that a variable moves stays within what is possible."""
    k, a = problem.space.index[v]
    lever = problem.space.levers[k]
    for s, name in enumerate(lever.series):
        value = lever.start[s, a] + there * problem.scale[v] * lever.span[s, a]
        if not physical[name][0] <= value <= physical[name][1]:
            return False
    return True


_TRIES = 40


def _needed_move(problem: Problem, z: Floats, n: int, v: int, outward: float, guess: float) -> float | None:
    """Move of one variable, beyond its bound, at which a requirement is met; None if none is."""

    def room(move: float) -> float:
        there = z.copy()
        there[v] += move
        return float(problem.rooms(problem.results(there[None]), margin=False)[n].min())

    low, high = 0.0, guess
    for _ in range(8):
        if room(outward * high) >= 0.0:
            break
        low, high = high, high * 2.0
    else:
        return None
    for _ in range(_TRIES):
        middle = (low + high) / 2.0
        low, high = (low, middle) if room(outward * middle) >= 0.0 else (middle, high)
    return outward * high


def contradictions(
    make: Callable[[Sequence[Requirement]], Problem], problem: Problem, missed: Sequence[str]
) -> list[tuple[str, str]]:
    """Pairs of targets that can each be met alone but not together, with at least one that is missed."""
    alone = {one.target.id: _possible(make([one])) for one in problem.requirements}
    pairs = []
    for one, other in combinations(problem.requirements, 2):
        ids = one.target.id, other.target.id
        if not (alone[ids[0]] and alone[ids[1]]) or not set(ids) & set(missed):
            continue
        if not _possible(make([one, other])):
            pairs.append(ids)
    return pairs


def _possible(problem: Problem) -> bool:
    return nearest(problem, np.zeros(problem.size)).feasible
