"""The one block function: some draws of an ensemble, from their random numbers to a summary.

A `Task` says everything that it needs and can be sent anywhere; it is the same in this process, in another
one, and on a cluster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from dualcarbon.axes import Floats
from dualcarbon.build import Built
from dualcarbon.explore.ensembles.draws import draw_inputs, lever_paths
from dualcarbon.explore.ensembles.outcomes import Answers, Asked, rows
from dualcarbon.explore.ensembles.prior import Prior
from dualcarbon.explore.ensembles.sampling import CHUNK, Sampler
from dualcarbon.explore.ensembles.summaries import Grid, Tally
from dualcarbon.project import pathway
from dualcarbon.results import Results


@dataclass(frozen=True)
class Task:
    """What the draws of one scenario are made from, and what is asked of them.

    Parameters
    ----------
    built : the scenario
    prior : what is uncertain
    sampler : the random numbers
    asked : the questions
    keep : variables whose draws are kept
    """

    built: Built
    prior: Prior
    sampler: Sampler
    asked: Asked
    keep: tuple[str, ...] = ()

    def paths(self, first: int, count: int) -> dict[str, Floats]:
        """Lever paths (member, projected year) of some draws."""
        places = [self.sampler.dimensions.index(name) for name in self.prior.levers]
        uniform = self.sampler.uniform(first, count)[places]
        return lever_paths(
            self.built, self.prior, uniform, lambda name: self.sampler.normals(name, first, count)
        )

    def project(self, first: int, count: int) -> Results:
        """Results (member, year) of some draws from the base year on."""
        outputs = tuple(dict.fromkeys((*self.asked.outputs, *self.keep)))
        return pathway(draw_inputs(self.built, self.paths(first, count)), outputs)


@dataclass(frozen=True)
class Part:
    """What came of some draws.

    Parameters
    ----------
    first, count : which draws
    tally : their summary
    kept : (member, year) of the variables to keep, inside units
    """

    first: int
    count: int
    tally: Tally
    kept: Mapping[str, Floats] = field(default_factory=dict)


def run_part(task: Task, grid: Grid, first: int, count: int) -> Part:
    """Run draws ``first`` to ``first + count - 1``, chunk by chunk, and summarise them."""
    tally = Tally(task.asked.quantities, task.asked.classes)
    answers = Answers(task.asked)
    years = task.asked.ahead.size
    kept = {name: np.empty((count, years)) for name in task.keep}
    for start in range(first, first + count, CHUNK):
        members = min(CHUNK, first + count - start)
        results = task.project(start, members)
        single, classes = answers.single(answers.full(results))
        tally.add(list(rows(results, single)), grid, classes)
        for name, array in kept.items():
            array[start - first : start - first + members] = results[name]
    return Part(first, count, tally, kept)


PILOT = 4 * CHUNK
"""First draws that are run before all others: their spread places the bins."""


def run_pilot(task: Task) -> Grid:
    """Bins for the draws of a task."""
    answers = Answers(task.asked)
    columns = []
    for start in range(0, min(PILOT, task.sampler.n), CHUNK):
        results = task.project(start, min(CHUNK, task.sampler.n - start))
        single, _ = answers.single(answers.full(results))
        columns.append(np.array(list(rows(results, single))))
    return Grid.around(np.concatenate(columns, axis=1))
