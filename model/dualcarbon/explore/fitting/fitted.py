"""From a scenario and targets to a fitted scenario: solve, round, write, run again, judge."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dualcarbon.analysis.requirements import Requirement, requirement
from dualcarbon.analysis.targets import Score, Target, score
from dualcarbon.axes import Floats
from dualcarbon.build import Built, build, vary
from dualcarbon.explore.fitting.explain import (
    Block,
    Gap,
    Held,
    Weight,
    blocks,
    contradictions,
    gaps,
    held_back,
    resting,
    untouched,
    weights,
)
from dualcarbon.explore.fitting.problem import Problem
from dualcarbon.explore.fitting.solve import Solution, solve
from dualcarbon.explore.fitting.space import FOSSIL, FreeLever, Space, make_space
from dualcarbon.explore.fitting.writing import fitted_text
from dualcarbon.project import pathway
from dualcarbon.results import Results
from dualcarbon.scenario import DEFAULT_PLATEAU, OBJECTIVES, Scenario, read_scenario_text
from dualcarbon.tables import Library
from dualcarbon.tables.levers import Lever

MARGINS = {"%": 0.02, "Mt CO2": 2.0, "Mt CO2e": 2.0, "Mtce": 2.0, "Gtce": 0.002}
"""How far inside a target the solver aims, by unit: more than rounding the written file can take away."""

_WIDER = 4.0
_ROUNDS = 4
"""If the written file misses a target by its rounding, the margin is widened so much, so often."""


@dataclass(frozen=True)
class Options:
    """What a fit may do.

    Parameters
    ----------
    free : levers that may move
    objective : one of `OBJECTIVES`
    extend : how far beyond the ambitious pathway, in ways from reference to ambitious
    slow : how far beyond the reference on the slow side
    plateau : years after the peak year within which the plateau must end
    """

    free: tuple[str, ...]
    objective: str = OBJECTIVES[0]
    extend: float = 0.0
    slow: float = 0.0
    plateau: int = DEFAULT_PLATEAU


@dataclass(frozen=True)
class LeverValue:
    """One anchor of a free lever, inside units; ``rests`` is the bound that it rests on
    (``lower``, ``upper``, or ``pace`` for the limit on yearly change), or empty."""

    lever: str
    year: int
    reference: float
    before: float
    fitted: float
    ambitious: float
    rests: str


@dataclass(frozen=True)
class Fit:
    """A fitted scenario and what it means.

    Parameters
    ----------
    scenario, text : the fitted scenario, as read back from the text that is written
    feasible : whether the pathway of the written scenario meets every target, by the strict definitions
    before, results : the scenario as it was, and fitted (year)
    scores_before, scores : of the targets
    gaps : targets that are missed, and by how much
    binding : what a step of each binding target costs
    levers : values of the free levers
    blocks : bounds in the way of missed targets, nearest first
    held : levers that were not free and would help a missed target
    contradictions : pairs of targets that can be met alone but not together
    objective : value at the end
    spread : largest difference, in departures, between the answers from several starts; NaN with one start
    iterations, evaluations, seconds : of the solver
    left_out : members of named groups that cannot be constraints (past, qualitative, not computable)
    """

    scenario: Scenario
    text: str
    feasible: bool
    before: Results
    results: Results
    scores_before: tuple[Score, ...]
    scores: tuple[Score, ...]
    gaps: tuple[Gap, ...]
    binding: tuple[Weight, ...]
    levers: tuple[LeverValue, ...]
    blocks: tuple[Block, ...]
    held: tuple[Held, ...]
    contradictions: tuple[tuple[str, str], ...]
    objective: float
    spread: float
    iterations: int
    evaluations: int
    seconds: float
    left_out: tuple[str, ...] = ()


class HopelessError(ValueError):
    """There is no point in solving: ``targets`` that no solver can help with, and ``why``."""

    def __init__(self, targets: Sequence[Requirement], why: str) -> None:
        self.targets, self.why = tuple(one.target for one in targets), why
        super().__init__(f"{', '.join(target.id for target in self.targets)} {why}")


def fit_scenario(
    scenario: Scenario,
    library: Library,
    levers: Mapping[str, Lever],
    targets: Sequence[Target],
    options: Options,
    *,
    starts: int = 3,
    explain: bool = True,
) -> Fit:
    """Fit a scenario to targets.

    Parameters
    ----------
    scenario : to depart from
    targets : computable ones
    starts : number of starting points whose answers are compared
    explain : whether to work out weights, blocks and contradictions

    Raises
    ------
    HopelessError
        If a target is not met and no free lever can influence it, or if it has no value.
    """
    began = time.perf_counter()
    built = build(scenario, library)
    before = pathway(built.inputs)
    required = [requirement(target, options.plateau) for target in targets]
    turns = [int(t.value) for t in targets if t.indicator == "co2_peak_year" and t.value is not None]
    space = make_space(built, levers, options.free, extend=options.extend, slow=options.slow, turns=turns)

    def make(
        some: Sequence[Requirement] = required,
        relaxed: Mapping[str, float | Floats] | None = None,
        widen: float = 1.0,
        loosened: float = 0.0,
    ) -> Problem:
        aims: dict[str, float | Floats]
        aims = {one.target.id: MARGINS.get(one.unit, 0.001 * one.scale) * widen for one in some}
        for target, room in (relaxed or {}).items():
            aims[target] = aims[target] - room
        return Problem(space, projector(built), some, options.objective, aims, loosened)

    unknown = [one for one in required if not np.isfinite(one.room(before)).all()]
    if unknown:
        raise HopelessError(unknown, "has no value: statistics of a year that it needs are missing or zero")
    missed = [one for one in required if one.room(before).min() < 0.0]
    if not missed:
        return _unchanged(scenario, built, before, targets, space, time.perf_counter() - began)
    problem = make()
    stuck = untouched(problem, np.zeros(problem.size)) if problem.size else missed
    if stuck:
        names = ", ".join(options.free)
        raise HopelessError(stuck, f"is missed, and no free lever can influence it; free: {names}")

    answer, spread = _solve_from(make, problem, starts)

    def write(z: Floats) -> tuple[str, Scenario, Built, Results, bool]:
        """The written scenario, read back and run, and whether it meets every target."""
        departures = z * problem.scale
        text = fitted_text(scenario, built, space, departures, levers, targets, options.objective)
        fitted = read_scenario_text(text, f"{scenario.name}-fitted")
        written = build(fitted, library)
        after = pathway(written.inputs)
        return text, fitted, written, after, all(one.room(after).min() >= 0.0 for one in required)

    text, fitted, written, after, met = write(answer.z)
    for widening in range(1, _ROUNDS):
        if met or not answer.feasible:
            break
        problem = make(widen=_WIDER**widening)
        answer = solve(problem, answer.z)
        text, fitted, written, after, met = write(answer.z)
    short = tuple(g for g in gaps(problem, answer.z, after) if g.short > 0.0)
    seconds = time.perf_counter() - began
    physical = {name: (lever.lower, lever.upper) for name, lever in levers.items()}
    pairs: list[tuple[str, str]] = []
    if explain and not met:
        pairs = contradictions(make, problem, [g.target for g in short])
    return Fit(
        scenario=fitted,
        text=text,
        feasible=met,
        before=before,
        results=after,
        scores_before=tuple(score(t, before) for t in targets),
        scores=tuple(score(t, after) for t in targets),
        gaps=short,
        binding=tuple(weights(lambda r: make(relaxed=r), problem, answer.z)) if explain and met else (),
        levers=_lever_values(problem, answer.z, written),
        blocks=tuple(blocks(problem, answer.z, physical)) if explain and not met else (),
        held=_held(written, levers, required, short, options) if explain and not met else (),
        contradictions=tuple(pairs),
        objective=answer.objective,
        spread=spread,
        iterations=answer.iterations,
        evaluations=problem.evaluations,
        seconds=seconds,
    )


def _least_moved(make: Callable[..., Problem], problem: Problem, near: Solution) -> Solution:
    """Of the pathways as near to the targets as that one, the one of the best objective."""
    point, results, first = problem.at(near.z), problem.results(near.z), 0
    give: dict[str, float | Floats] = {}
    for one in problem.requirements:
        count = one.years(results).size
        short = np.minimum(point.rooms[first : first + count], 0.0)
        first += count
        if short.min() < 0.0:
            give[one.target.id] = (_SLACK - short) * one.scale
    steps = max(0.0, -float(point.rooms[first:].min(initial=0.0)))
    best = solve(make(relaxed=give, loosened=steps), near.z)
    z = best.z if best.feasible else near.z
    return replace(near, z=z, objective=problem.at(z).objective)


_SLACK = 1e-4
"""How much further from a missed target in any year, in steps that matter, the least moved pathway may be."""


def projector(built: Built) -> Callable[[Mapping[str, Floats], Sequence[str]], Results]:
    """The model as a function of lever paths."""

    def project(paths: Mapping[str, Floats], outputs: Sequence[str]) -> Results:
        return pathway(vary(built, paths), outputs)

    return project


def _solve_from(make: Callable[..., Problem], problem: Problem, starts: int) -> tuple[Solution, float]:
    """The best answer of several starts, and how far apart their answers are."""
    zero = np.zeros(problem.size)
    places = [zero, problem.upper, (problem.lower + problem.upper) / 2.0]
    found = [solve(problem, place) for place in places[: max(1, starts)]]
    missed = [0.0 if one.feasible else float(f"{one.objective:.4g}") for one in found]
    answers = [one if one.feasible else _least_moved(make, problem, one) for one in found]
    order = [(miss, round(one.objective, 6)) for miss, one in zip(missed, answers, strict=True)]
    best = answers[min(range(len(answers)), key=lambda k: order[k])]
    if len(answers) == 1:
        return best, float("nan")
    far = max(float(np.abs((one.z - best.z) * problem.scale).max(initial=0.0)) for one in answers)
    return best, far


def _held(
    built: Built,
    levers: Mapping[str, Lever],
    required: Sequence[Requirement],
    missed: Sequence[Gap],
    options: Options,
) -> tuple[Held, ...]:
    """What the levers that were not free could bring to the missed targets."""
    future = built.inputs.years > built.inputs.base_year
    names = [n for n, one in levers.items() if one.mitigating != "none" and n not in (*options.free, *FOSSIL)]
    paths = {name: built.ambitious[name][future] for name in names}
    targets = {one.target.id: one for one in required if one.target.id in {g.target for g in missed}}
    needed = tuple(sorted({name for one in targets.values() for name in one.needs}))
    return tuple(held_back(targets, paths, projector(built), needed))


def _lever_values(problem: Problem, z: Floats, written: Built | None) -> tuple[LeverValue, ...]:
    """Anchors of the free levers; the fitted ones as they are written, if anything was."""
    space = problem.space
    rests = {(name, year): side for name, year, side in resting(problem, z)}

    def fitted(lever: FreeLever, a: int) -> float:
        if written is None:
            return float(lever.value[a])
        return float(written.levers[lever.name][int(space.anchors[a]) - int(written.inputs.years[0])])

    return tuple(
        LeverValue(
            lever=lever.name,
            year=int(year),
            reference=float(lever.reference[a]),
            before=float(lever.value[a]),
            fitted=fitted(lever, a),
            ambitious=float(lever.ambitious[a]),
            rests=rests.get((lever.name, int(year)), ""),
        )
        for lever in space.levers
        for a, year in enumerate(space.anchors)
    )


def _unchanged(
    scenario: Scenario, built: Built, before: Results, targets: Sequence[Target], space: Space, seconds: float
) -> Fit:
    """The scenario meets every target as it is."""
    zero = np.zeros(len(space.index))
    scores = tuple(score(t, before) for t in targets)
    problem = Problem(space, projector(built), [], OBJECTIVES[0], {})
    text = fitted_text(scenario, built, space, None, {}, targets, OBJECTIVES[0])
    return Fit(
        scenario=read_scenario_text(text, f"{scenario.name}-fitted"),
        text=text,
        feasible=True,
        before=before,
        results=before,
        scores_before=scores,
        scores=scores,
        gaps=(),
        binding=(),
        levers=_lever_values(problem, zero, None),
        blocks=(),
        held=(),
        contradictions=(),
        objective=0.0,
        spread=float("nan"),
        iterations=0,
        evaluations=0,
        seconds=seconds,
    )
