"""A scenario's sensitivity: Sobol indices over the prior, and one lever at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from dualcarbon.axes import Floats
from dualcarbon.build import Built
from dualcarbon.errors import fault
from dualcarbon.explore.ensembles.prior import Prior
from dualcarbon.explore.sensitivity.factors import (
    Factor,
    Sample,
    independent_factors,
    noisy_levers,
    projected_years,
    values,
)
from dualcarbon.explore.sensitivity.indices import LEVEL, RESAMPLES, Estimator, Indices, sobol_indices
from dualcarbon.explore.sensitivity.outputs import PEAK_YEAR, Output
from dualcarbon.explore.sensitivity.request import Request
from dualcarbon.explore.sensitivity.sampling import two_samples
from dualcarbon.explore.sensitivity.tornado import Ranges, Steps, lever_ranges, scenario_steps
from dualcarbon.results import Results

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = (0.05, 0.5, 0.95)

FEWEST_CASES = 100
"""Draws that differ from the most frequent value; with fewer a result carries a warning."""


@dataclass(frozen=True)
class Sensitivity:
    """What drives the spread of some outputs of a scenario.

    Parameters
    ----------
    outputs : what was asked for
    factors : what was varied
    points, seed, estimator : of the indices; ``evaluations`` pathways were projected for them
    indices : Sobol indices of each output for each factor
    central : (output) on the scenario's own pathway
    quantiles : (output, 3) 5, 50 and 95 % over the draws
    ranges, steps : one lever at a time
    notes : by output name, what a reader should know; under an empty name what holds for all of them
    meta : what is needed to repeat it
    """

    outputs: tuple[Output, ...]
    factors: tuple[Factor, ...]
    points: int
    seed: int
    estimator: Estimator
    indices: Indices
    central: Floats
    quantiles: Floats
    ranges: Ranges
    steps: Steps
    notes: Mapping[str, tuple[str, ...]]
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def evaluations(self) -> int:
        """Pathways that the indices rest on."""
        return self.points * (len(self.factors) + 2)

    @property
    def intervals(self) -> str:
        """How the intervals came about, in words."""
        return f"{LEVEL * 100:g} % percentile intervals of {RESAMPLES} bootstrap resamples"

    def to_pandas(self) -> pd.DataFrame:
        """The indices as a table, one row an output and factor."""
        import pandas as pd  # not needed for anything else here

        from dualcarbon.explore.sensitivity.rows import index_rows

        header, rows = index_rows(self)
        return pd.DataFrame(rows, columns=header)


def analyse(
    built: Built,
    prior: Prior,
    outputs: Sequence[Output],
    past: Results,
    columns: Sequence[int],
    dimensions: int,
    request: Request,
) -> Sensitivity:
    """Sobol indices and one-at-a-time changes of a scenario.

    Parameters
    ----------
    built : the scenario
    prior : what is uncertain in it
    past : its own run
    columns : the dimension of the sample that each uncertain lever takes, so that a lever has the same
        numbers in every scenario
    dimensions : of the sample
    request : how many points, from which seed, by which estimator

    Raises
    ------
    InputError
        If nothing is uncertain.
    """
    if not prior.marginals:
        raise fault(
            "no lever is uncertain, so nothing can be said of what drives the spread", where="uncertainty"
        )
    factors = independent_factors(prior)
    for_points, for_noise, for_resamples = np.random.SeedSequence(request.seed).spawn(3)
    a, b = (
        Sample(sample[list(columns)], noise)
        for sample, noise in zip(
            two_samples(dimensions, request.points, np.random.default_rng(for_points)),
            _noise(built, prior, request.points, np.random.default_rng(for_noise)),
            strict=True,
        )
    )
    at_a, at_b = (values(sample, built, prior, outputs, past) for sample in (a, b))
    at_ab = np.empty((len(factors), *at_a.shape))
    for k, factor in enumerate(factors):
        at_ab[k] = values(a.with_levers_of(b, factor.rows, prior), built, prior, outputs, past)
    drawn = np.concatenate([at_a, at_b], axis=1)
    indices = sobol_indices(at_a, at_b, at_ab, np.random.default_rng(for_resamples), first=request.estimator)
    notes = {"": _notes_on_factors(factors, prior)}
    for output, row, varies in zip(outputs, drawn, indices.varies, strict=True):
        notes[output.name] = _notes_on_output(output, row, bool(varies), past)
    return Sensitivity(
        outputs=tuple(outputs),
        factors=factors,
        points=request.points,
        seed=request.seed,
        estimator=request.estimator,
        indices=indices,
        central=np.array([float(output.of(past, past)) for output in outputs]),
        quantiles=np.quantile(drawn, QUANTILES, axis=1).T,
        ranges=lever_ranges(built, prior, outputs, past),
        steps=scenario_steps(built, outputs, past),
        notes={name: said for name, said in notes.items() if said},
    )


def _noise(
    built: Built, prior: Prior, points: int, rng: np.random.Generator
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Standard normals (point, projected year) of both samples, by lever with year-to-year noise."""
    years = projected_years(built).size
    first, second = (
        {name: rng.standard_normal((points, years)) for name in noisy_levers(prior)} for _ in range(2)
    )
    return first, second


def _notes_on_factors(factors: Sequence[Factor], prior: Prior) -> tuple[str, ...]:
    """Which levers are taken together, and why."""
    together = [
        f"{', '.join(one.levers)}: correlated in the scenario, so they are one factor: what each "
        "does by itself cannot be told apart"
        for one in factors
        if len(one.levers) > 1
    ]
    noisy = [
        f"{name}: wanders from year to year; its whole path is one factor" for name in noisy_levers(prior)
    ]
    return (*together, *noisy)


def _notes_on_output(output: Output, drawn: Floats, varies: bool, past: Results) -> tuple[str, ...]:
    """What a reader should know of one output's values (draw)."""
    notes = []
    end = int(past.years[-1])
    never, now = int((drawn > end).sum()), int((drawn == past.base_year).sum())
    if output.may_be_missing and never:
        notes.append(f"{never} of {drawn.size} draws are not neutral by {end} and count as {end + 1}")
    if output.kind == PEAK_YEAR:
        notes.append(
            "draws have no noise of history from year to year: their paths bend in the anchor years of the "
            "scenario and the lever table, so that peaks pile up there; noise would spread them around"
        )
    if output.kind == PEAK_YEAR and now:
        notes.append(f"{now} of {drawn.size} draws peak in {past.base_year}, the last observed year")
    most_frequent = int(np.unique(drawn, return_counts=True)[1].max())
    if not varies:
        notes.append("does not vary over the draws, so it has no indices")
    elif drawn.size - most_frequent < FEWEST_CASES:
        notes.append(
            f"only {drawn.size - most_frequent} of {drawn.size} draws differ from the others: too few for "
            "indices to mean much"
        )
    return tuple(notes)
