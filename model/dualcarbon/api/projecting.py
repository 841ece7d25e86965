"""Project a scenario and judge it: summaries, and a score for every official target."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dualcarbon.analysis.summary import summarise
from dualcarbon.analysis.targets import score
from dualcarbon.api.opening import open_library, scenario_of
from dualcarbon.api.records import metadata
from dualcarbon.api.runs import Run
from dualcarbon.build import build
from dualcarbon.explore.official import official_targets
from dualcarbon.project import pathway
from dualcarbon.results import Results
from dualcarbon.scenario import Scenario
from dualcarbon.tables import Library
from dualcarbon.tables.official import latest_statistics

if TYPE_CHECKING:
    from dualcarbon.explore.fitting import Fit


def run(
    scenario: str | Path | Scenario,
    *,
    change: Iterable[str] = (),
    base_year: int | None = None,
    end_year: int | None = None,
    data: str | Path | Library | None = None,
) -> Run:
    """Project a scenario and judge it; one with a ``fit`` block is fitted first.

    Parameters
    ----------
    scenario : a file, the name of a bundled scenario, or one already loaded
    change : texts ``lever=value`` as for ``--set`` on the command line
    base_year, end_year : instead of the scenario's own
    data : a data folder, or an opened one, instead of the shipped one

    Raises
    ------
    InputError
        With every fault found.
    """
    library = open_library(data)
    read = scenario_of(scenario, change, library)
    if base_year is not None:
        read = replace(read, base_year=base_year)
    if end_year is not None:
        read = replace(read, end_year=end_year)
    if read.fit is not None:
        from dualcarbon.api.fits import fit  # most runs need not wait for it

        return fitted_run(fit(read, data=library), library, name=read.name)
    return project(read, library)


def fitted_run(fit: Fit, library: Library, name: str | None = None) -> Run:
    """The fitted scenario as a run, under its own name or another."""
    scenario = fit.scenario if name is None else replace(fit.scenario, name=name)
    return replace(project(scenario, library), fit=fit)


def project(scenario: Scenario, library: Library) -> Run:
    """One scenario as it stands, projected and judged."""
    built = build(scenario, library)
    arrays = pathway(built.inputs)
    results = Results(arrays.years, arrays.base_year, arrays.arrays, metadata(scenario, built, library))
    statistics = latest_statistics(library)
    return Run(
        scenario=scenario,
        results=results,
        indicators=tuple(summarise(results, modelled_sinks(library))),
        scores=tuple(score(t, results, statistics.get(t.indicator, "")) for t in official_targets(library)),
        built=built,
        library=library,
    )


def modelled_sinks(library: Library) -> dict[str, float]:
    """Parts of the land sink that are modelled, Mt, by reading."""
    return {row["reading"]: float(row["value"]) for row in library["modelled_sink"].rows}
