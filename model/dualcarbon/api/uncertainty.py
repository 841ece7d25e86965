"""How uncertain a scenario is, and what that comes from: many draws, Sobol indices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dualcarbon.api.fits import fit
from dualcarbon.api.opening import open_library, scenario_of
from dualcarbon.api.records import metadata, scenario_record, versions
from dualcarbon.build import build
from dualcarbon.project import pathway
from dualcarbon.scenario import Scenario
from dualcarbon.tables.levers import read_levers
from dualcarbon.tables.variables import read_variables

if TYPE_CHECKING:
    from dualcarbon.api.runs import Progress
    from dualcarbon.axes import Floats
    from dualcarbon.explore.ensembles.result import Ensemble
    from dualcarbon.explore.sensitivity import Sensitivity
    from dualcarbon.tables import Library


def ensemble(
    scenario: str | Path | Scenario,
    *,
    n: int = 20_000,
    seed: int | None = None,
    method: str = "sobol",
    keep: str | Sequence[str] = (),
    history: bool = True,
    window: str | tuple[int, int] | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    block: int | None = None,
    change: Iterable[str] = (),
    folder: str | Path | None = None,
    data: str | Path | Library | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Draw a scenario's uncertain levers many times, and say how likely what comes of them is.

    Draw k is the same whatever the number of workers, the block size and the engine; two scenarios with the
    same seed meet the same luck.

    Parameters
    ----------
    scenario : a file, a bundled scenario's name, or one already loaded; one with a ``fit`` block is fitted
    n, seed : number of draws; seed of the random numbers, drawn (and recorded) when not given
    method : sobol (scrambled Sobol sequence), lhs (Latin hypercube) or random
    keep : variables (or one) whose draws are kept, in `Ensemble.kept` or in ``folder``, for `open_draws`
    history : whether draws are weighted by how well they explain the past, and get its year-to-year noise
    window : years of the past that count, such as ``2015-2025``
    workers : processes on this machine; all cores for large ensembles unless given
    scheduler : address of a Dask scheduler instead, such as ``tcp://host:8786``
    block : draws of one task, rounded up to whole chunks of 4096; fewer where a task would bring back more
        than 64 MB of kept draws
    change : texts ``lever=value`` as for ``--set`` on the command line
    folder : where kept draws are written; they are complete when this function returns
    progress : called with draws done, draws in all and the scenario's name

    Raises
    ------
    InputError
        With every fault found, and if the draws to keep cannot fit.
    OutputError
        If a worker or the cluster was lost, or the disk is full.
    """
    from dualcarbon.explore.ensembles.running import run_ensemble
    from dualcarbon.explore.ensembles.settings import read_settings

    library = open_library(data)
    settings = read_settings(
        n=n,
        seed=seed,
        method=method,
        keep=keep,
        history=history,
        window=window,
        workers=workers,
        scheduler=scheduler,
        block=block,
    )
    read = scenario_of(scenario, change, library)
    if read.fit is not None:
        fitted = fit(read, data=library).scenario
        read = replace(fitted, name=read.name, uncertainty=read.uncertainty)
    return run_ensemble(
        read,
        library,
        settings,
        folder=None if folder is None else Path(folder),
        progress=progress,
        about={"scenario": scenario_record(read), "versions": versions()},
    )


def open_draws(folder: str | Path) -> Mapping[str, Floats]:
    """Kept draws (draw, year) of a folder by variable, read when they are used; inside units.

    Parameters
    ----------
    folder : as given to `ensemble`, or ``draws`` in a folder that ``dualcarbon ensemble -o`` wrote

    Raises
    ------
    InputError
        If the folder holds no draws, or they were never completed.
    OutputError
        If they are Zarr and the packages that read it are missing.
    """
    from dualcarbon.explore.ensembles import store

    return store.open_draws(Path(folder))


def sensitivity(
    scenario: str | Path | Scenario,
    of: str | Sequence[str] | None = None,
    *,
    n: int = 1024,
    seed: int = 0,
    estimator: Literal["saltelli", "jansen"] = "saltelli",
    change: Iterable[str] = (),
    data: str | Path | Library | None = None,
) -> Sensitivity:
    """What drives the spread of a scenario: Sobol indices with intervals, and one lever at a time.

    Draws come from the uncertainty of the levers as the scenario or the lever table states it; they are not
    held to history.

    Parameters
    ----------
    scenario : a file, the name of a bundled scenario, or one already loaded; one with a ``fit`` block is
        fitted first
    of : such as ``["net_co2@2060", "peak_year"]``: any variable in any projected year, ``peak_year``,
        ``peak_level``, ``neutral_year``, ``co2_neutral_year``, ``cumulative_co2@year``,
        ``cumulative_net_co2@year``; default net greenhouse gases in the last year and the peak year
    n : points of each of the two samples; rounded up to a power of two. n times (factors + 2) pathways are
        projected
    seed : of the samples
    estimator : of the first-order index
    change : texts ``lever=value`` as for ``--set`` on the command line

    Raises
    ------
    InputError
        With every fault found, and if no lever is uncertain.
    """
    from dualcarbon.explore import sensitivity as sense
    from dualcarbon.explore.ensembles.prior import read_prior

    library = open_library(data)
    request = sense.read_request(n, seed, estimator)
    read = scenario_of(scenario, change, library)
    if read.fit is not None:
        read = replace(fit(read, data=library).scenario, name=read.name)
    built = build(read, library)
    past = pathway(built.inputs)
    asked = [f"net_ghg@{int(past.years[-1])}", "peak_year"] if of is None else of
    wanted = sense.read_outputs([asked] if isinstance(asked, str) else asked, past, read_variables(library))
    prior = read_prior(read, built, library)
    names = list(read_levers(library))
    columns = [names.index(name) for name in prior.levers]
    found = sense.analyse(built, prior, wanted, past, columns, len(names), request)
    return replace(found, meta=metadata(read, built, library))
