"""The one block function: some draws of an ensemble, from their random numbers to a summary.

A `Task` says everything that it needs and can be sent anywhere; it is the same in this process, in another
one, and on a cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field

import numpy as np

from dualcarbon.axes import Floats
from dualcarbon.build import Built
from dualcarbon.explore.ensembles.draws import Memory, Normals, draw_inputs, lever_paths
from dualcarbon.explore.ensembles.history import Past, TrendBelief
from dualcarbon.explore.ensembles.noise import BASE_COLUMNS, BASE_YEAR, noisy_inputs
from dualcarbon.explore.ensembles.outcomes import PEAKS, Answers, Asked, Classes, quantities
from dualcarbon.explore.ensembles.prior import Prior
from dualcarbon.explore.ensembles.sampling import CHUNK, Sampler
from dualcarbon.explore.ensembles.summaries import UNIT_WEIGHT, Grid, Tally, Whole, whole_weights
from dualcarbon.explore.ensembles.weighting import WANTED, effective_size, relative_weights, widening
from dualcarbon.project import pathway
from dualcarbon.results import Results

WITHOUT_NOISE = "eip_co2_peak_year_without_noise"
"""Peak years of the same draws before year-to-year noise."""

WEIGHT = "weight"
"""Name of the kept weights; about one for the pilot's heaviest draw."""


@dataclass(frozen=True)
class Task:
    """What the draws of one scenario are made from, and what is asked of them.

    Parameters
    ----------
    built : the scenario
    prior : what is uncertain
    sampler : the random numbers
    past : what history says of the draws; None if they are not held to it
    asked : the questions
    keep : variables whose draws are kept
    """

    built: Built
    prior: Prior
    sampler: Sampler
    past: Past | None
    asked: Asked
    keep: tuple[str, ...] = ()

    @property
    def classes(self) -> dict[str, int]:
        """How many classes draws are counted in, by what is counted."""
        more = {} if self.past is None else {WITHOUT_NOISE: self.asked.years.size}
        return self.asked.classes | more


@dataclass(frozen=True)
class Drawn:
    """Some draws.

    Parameters
    ----------
    results : (member, year) from the base year on
    calm : the same without year-to-year noise, CO2 from energy and processes only; None without history
    log_weights : (member) by how well they explain history, not widened
    trends : (judged, member) that history judges
    """

    results: Results
    calm: Results | None = None
    log_weights: Floats | None = None
    trends: Floats | None = None


def draw(
    task: Task,
    first: int,
    count: int,
    memory: Memory | None = None,
    clipped: MutableMapping[str, int] | None = None,
) -> Drawn:
    """Draw and project draws ``first`` to ``first + count - 1``.

    Parameters
    ----------
    memory : for the lever paths, used again from call to call
    clipped : draws whose path is cut to the lever's bounds in some year are added to it, by lever
    """
    normals = _normals(task, first, count)
    paths = _paths(task, first, count, memory, clipped)
    outputs = tuple(dict.fromkeys((*task.asked.outputs, *task.keep)))
    if task.past is None:
        return Drawn(pathway(draw_inputs(task.built, paths, memory), outputs))
    trends = task.past.trends(paths)
    calm = pathway(draw_inputs(task.built, paths, memory), PEAKS[:1])
    noisy = noisy_inputs(task.built, paths, task.past.noise, normals, memory)
    return Drawn(
        results=pathway(noisy, outputs),
        calm=calm,
        log_weights=task.past.log_likelihood(trends),
        trends=trends,
    )


def _paths(
    task: Task,
    first: int,
    count: int,
    memory: Memory | None,
    clipped: MutableMapping[str, int] | None = None,
) -> dict[str, Floats]:
    """Lever paths (member, projected year) of some draws, without noise."""
    places = [task.sampler.dimensions.index(name) for name in task.prior.levers]
    uniform = task.sampler.uniform(first, count)[places]
    return lever_paths(task.built, task.prior, uniform, _normals(task, first, count), clipped, memory)


def _normals(task: Task, first: int, count: int) -> Normals:
    def normals(name: str) -> Floats:
        # the rest of the base year's stream would be drawn for nothing
        return task.sampler.normals(name, first, count, BASE_COLUMNS if name == BASE_YEAR else None)

    return normals


@dataclass(frozen=True)
class Pilot:
    """What the first draws settle for all: where bins lie, and how weights are scaled.

    Parameters
    ----------
    plain, weighted : bins of the draws as they are, and of the weighted ones
    clipped : part of its draws, not weighted, whose path is cut to the lever's bounds in some year, by lever
    widening : factor on the errors of history
    effective : effective number among all draws that the weights would leave without widening
    reference : the largest log weight, widened
    beliefs : prior, window and posterior of the trends that history judges
    """

    plain: Grid
    clipped: Mapping[str, float]
    weighted: Grid | None = None
    widening: float = 1.0
    effective: float = 0.0
    reference: float = 0.0
    beliefs: tuple[TrendBelief, ...] = ()


PILOT = 4 * CHUNK
"""First draws that are run before all others."""

PLACING = 500
"""Effective draws that a pilot needs to place the bins of weighted ones; with fewer, bins cover all of it."""

WEIGHED = 32 * CHUNK
"""First draws whose weights, but not results, are worked out as well where few effective draws are left."""

SCARCE = 10 * WANTED
"""Effective draws in all below which so many are weighed."""


def run_pilot(task: Task) -> Pilot:
    """Run the first draws."""
    _keep_freed_memory()
    answers, n, memory = Answers(task.asked), task.sampler.n, Memory()
    values = np.empty((task.asked.quantities, min(PILOT, n)))
    trends, counts = [], dict[str, int]()
    for start in range(0, min(PILOT, n), CHUNK):
        drawn = draw(task, start, min(CHUNK, n - start), memory, counts)
        single, _ = answers.single(answers.full(drawn.results))
        np.concatenate(quantities(drawn.results, single), out=values[:, start : start + CHUNK])
        if drawn.trends is not None:
            trends.append(drawn.trends)
    plain = Grid.around(values)
    clipped = {lever: count / values.shape[1] for lever, count in counts.items() if count}
    if task.past is None:
        return Pilot(plain, clipped)
    some = task.past.log_likelihood(np.concatenate(trends, axis=1))
    if effective_size(some) * n / some.size < SCARCE:
        for start in range(PILOT, min(WEIGHED, n), CHUNK):
            paths = _paths(task, start, min(CHUNK, n - start), memory)
            trends.append(task.past.trends(paths))
    log_weights = task.past.log_likelihood(np.concatenate(trends, axis=1))
    factor = widening(log_weights, n)
    widened = log_weights / factor**2
    few = effective_size(some / factor**2) < PLACING
    return Pilot(
        plain=plain,
        clipped=clipped,
        weighted=Grid.around(values, relative_weights(some / factor**2), whole=few),
        widening=factor,
        effective=effective_size(log_weights) * n / log_weights.size,
        reference=float(widened.max()),
        beliefs=task.past.beliefs(np.concatenate(trends, axis=1), widened),
    )


@dataclass(frozen=True)
class Part:
    """What came of some draws.

    Parameters
    ----------
    first, count : which draws
    plain, weighted : their summaries, as they are and weighted by history
    kept : (member, year) of the variables to keep, inside units; (member) weights if there are any
    """

    first: int
    count: int
    plain: Tally
    weighted: Tally | None
    kept: Mapping[str, Floats] = field(default_factory=dict)


def run_part(task: Task, pilot: Pilot, first: int, count: int) -> Part:
    """Run draws ``first`` to ``first + count - 1``, chunk by chunk, and summarise them."""
    plain = Tally(task.asked.quantities, task.classes, few=True)
    weighted = None if pilot.weighted is None else Tally(task.asked.quantities, task.classes)
    kept = {name: np.empty((count, *shape)) for name, shape in kept_shapes(task).items()}
    for start, drawn, single, classes in _chunks(task, first, count):
        values = quantities(drawn.results, single)
        plain.add(values, pilot.plain, classes)
        place = slice(start - first, start - first + values[0].shape[1])
        if weighted is not None and pilot.weighted is not None:
            weights = _weights(drawn, pilot)
            weighted.add(values, pilot.weighted, classes, weights)
            if kept:
                kept[WEIGHT][place] = weights / UNIT_WEIGHT
        for name in task.keep:
            kept[name][place] = drawn.results[name]
    return Part(first, count, plain, weighted, kept)


def _chunks(task: Task, first: int, count: int) -> Iterator[tuple[int, Drawn, dict[str, Floats], Classes]]:
    """First draw, draws, single quantities and classes of every chunk."""
    _keep_freed_memory()
    answers, memory = Answers(task.asked), Memory()
    for start in range(first, first + count, CHUNK):
        drawn = draw(task, start, min(CHUNK, first + count - start), memory)
        single, classes = answers.single(answers.full(drawn.results))
        if drawn.calm is not None:
            classes[WITHOUT_NOISE] = answers.peak_place(drawn.calm)
        yield start, drawn, single, classes


def _keep_freed_memory() -> None:
    """Ask for 31 MB and give them back: from then on Linux' C library keeps freed arrays up to that size.

    Otherwise it returns each to the system, and every new array pays a page fault for each 4 kB: measured,
    the core takes twice as long.
    """
    np.empty(3_900_000)


def _weights(drawn: Drawn, pilot: Pilot) -> Whole:
    assert drawn.log_weights is not None
    return whole_weights(drawn.log_weights / pilot.widening**2, pilot.reference)


def kept_shapes(task: Task) -> dict[str, tuple[int, ...]]:
    """Shape of what is kept of one draw, by name: years of the variables, and the weight if there is one."""
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(task.keep, (task.asked.ahead.size,))
    if task.keep and task.past is not None:
        shapes[WEIGHT] = ()
    return shapes
