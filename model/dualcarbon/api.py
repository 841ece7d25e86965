"""Run scenarios from Python: ``run``, ``ensemble``, ``fit``, ``sweep``, ``sensitivity``, ``load`` …

Example
-------
>>> import dualcarbon as dc
>>> r = dc.run("rapid-decline")
>>> float(r["net_co2"][-1]) < float(r["net_co2"][0])
True
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import dualcarbon
from dualcarbon import output
from dualcarbon.analysis.summary import Indicator, summarise
from dualcarbon.analysis.targets import Score, all_official, score
from dualcarbon.axes import Floats, Years
from dualcarbon.build import MONEY_YEAR, Built, build, build_faults
from dualcarbon.curves.history import LEVELS, CurveFit
from dualcarbon.errors import Fault, InputError, did_you_mean, fault
from dualcarbon.explore.official import official_targets
from dualcarbon.paths import data_folder
from dualcarbon.project import pathway
from dualcarbon.results import Results
from dualcarbon.scenario import (
    Scenario,
    bundled_scenarios,
    find_scenario,
    read_scenario,
    read_scenario_text,
)
from dualcarbon.scenario.write import recorded_text
from dualcarbon.tables import Library
from dualcarbon.tables.levers import Lever, lever_anchors, read_levers
from dualcarbon.tables.official import latest_statistics
from dualcarbon.tables.provenance import count_statuses
from dualcarbon.tables.variables import Variable, read_variables

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from dualcarbon.analysis.decomposition import Decomposition
    from dualcarbon.analysis.splits import KayaSplit
    from dualcarbon.analysis.vetting.result import PathwayCheck
    from dualcarbon.explore.attribution import Attribution
    from dualcarbon.explore.ensembles.coverage import Coverage
    from dualcarbon.explore.ensembles.result import Ensemble
    from dualcarbon.explore.fitting import Cell, Fit
    from dualcarbon.explore.hindcasting import Hindcast
    from dualcarbon.explore.sensitivity import Sensitivity
    from dualcarbon.explore.verification import Verification
    from dualcarbon.explore.verification.figures import FigureCheck
    from dualcarbon.output.exports import Export
    from dualcarbon.output.pathways import Pathway

ACCOUNTING = {
    "energy": "coal-equivalent (non-fossil power at the coal rate of plants); *_direct: direct equivalent",
    "carbon_intensity_energy": "official scope until 2025: energy CO2 by official factors, non-energy use in",
    "carbon_intensity_combustion_process": "official scope from 2026, approximated at national resolution",
    "land_sink": "national greenhouse-gas inventory (net LULUCF)",
    "gwp": "GWP100, IPCC Fifth Assessment Report",
    "money": f"constant {MONEY_YEAR} yuan",
}
"""What the numbers of a run mean, written with every run."""


Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all and what is being worked on."""


@dataclass(frozen=True)
class Run:
    """One scenario, projected and judged.

    Parameters
    ----------
    scenario : as read
    results : arrays (year), in inside units: shares and rates as fractions
    indicators : peak, neutrality, intensities, cumulative CO2 and more
    scores : every official target
    built : inputs and paths that the run was projected from
    library : the tables that the run rests on
    fit : how the scenario was fitted, if it has a ``fit`` block
    """

    scenario: Scenario
    results: Results
    indicators: tuple[Indicator, ...]
    scores: tuple[Score, ...]
    built: Built
    library: Library
    fit: Fit | None = None

    @property
    def name(self) -> str:
        """The scenario's short name."""
        return self.scenario.name

    @property
    def levers(self) -> Mapping[str, Floats]:
        """Path (year) of every lever, inside units."""
        return self.built.levers

    @property
    def years(self) -> Years:
        """Years of every array."""
        return self.results.years

    def __getitem__(self, key: str) -> Floats:
        """One variable (year): Mt, Mtce, million, bn yuan; shares and rates as fractions."""
        if key not in self.results:
            raise KeyError(f"{key!r} is not a variable{did_you_mean(key, list(self.results))}")
        return self.results[key]

    def indicator(self, name: str, year: int | None = None) -> float:
        """The value of one of ``indicators``; the year may be left out where there is only one.

        Raises
        ------
        KeyError
            If there is no such indicator, or it has several years and none is given.
        """
        named = {one.year: one.value for one in self.indicators if one.name == name}
        if year is None and len(named) == 1:
            return next(iter(named.values()))
        if year in named:
            return named[year]
        hint = f"; years: {', '.join(map(str, named))}" if named else ""
        hint = hint or did_you_mean(name, sorted({one.name for one in self.indicators}))
        raise KeyError(f"{name!r}{f' in {year}' if year else ''} is not an indicator of the run{hint}")

    def to_pandas(self, *, long: bool = False) -> pd.DataFrame:
        """A table in the registry's units (shares in percent).

        Parameters
        ----------
        long : one row a number (scenario, variable, unit, year, value) instead of one column a variable
        """
        make = output.frames.long_frame if long else output.frames.wide_frame
        return make(self.results, read_variables(self.library), self.name)

    def plot(
        self, kind: str = "overview", *, language: str = "en", accounting: str = "coal-equivalent"
    ) -> Figure:
        """A figure of the run.

        Parameters
        ----------
        kind : overview, emissions, energy, shares, intensity or decomposition
        language : en or zh
        accounting : coal-equivalent or direct, for the energy mix

        Raises
        ------
        InputError
            If there is no such kind, language or accounting.
        OutputError
            If no font can draw the labels.
        """
        figures = output.figures
        kinds = [one for one in figures.KINDS if one != figures.COMPARISON]
        asked = {"kind": kind, "language": language, "accounting": accounting}
        known = {"kind": kinds, "language": figures.LANGUAGES, "accounting": figures.ACCOUNTINGS}
        for key, value in asked.items():
            if value not in known[key]:
                hint = did_you_mean(value, list(known[key]))
                raise fault(
                    f"there is no {key} {value!r}; allowed: {', '.join(known[key])}{hint}", where="plot"
                )
        scores = output.tabular.score_texts(self.scores, self.name)
        return figures.draw_kind(kind, self.results, scores, language, accounting)

    def to_xarray(self) -> xr.Dataset:
        """A dataset (year) in the registry's units, with labels and what is needed to repeat the run."""
        return to_xarray([self]).isel(scenario=0)

    def pathway(self) -> Pathway:
        """The run as exports take it."""
        verdicts = {score.target.id: score.verdict for score in self.official()}
        title = self.scenario.title
        return output.pathways.Pathway(self.name, title, self.results, self.indicators, verdicts)

    def official(self) -> list[Score]:
        """Scores of the targets in the group ``all-official``."""
        wanted = {t.id for t in all_official((s.target for s in self.scores), self.results.base_year)}
        return [s for s in self.scores if s.target.id in wanted]


def to_xarray(runs: Iterable[Run]) -> xr.Dataset:
    """Runs as one dataset (scenario, year) in the registry's units.

    Raises
    ------
    InputError
        If two runs have the same name, or there is none.
    OutputError
        If xarray is not installed.
    """
    given = list(runs)
    names = [run.name for run in given]
    if len(set(names)) < len(names) or not names:
        raise fault("give runs of different names, at least one", where="to_xarray")
    return output.datasets.dataset([run.pathway() for run in given], read_variables(given[0].library))


def open_library(data: str | Path | Library | None = None) -> Library:
    """The tables of a data folder; without one those that come with this version."""
    if isinstance(data, Library):
        return data
    if data is not None and not Path(data).is_dir():
        raise fault("there is no such data folder", where=str(data))
    return Library(Path(data) if data is not None else data_folder())


def scenarios() -> list[Scenario]:
    """The bundled scenarios."""
    return [read_scenario(path) for path in bundled_scenarios().values()]


def load(
    scenario: str | Path, *, change: Iterable[str] = (), data: str | Path | Library | None = None
) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    scenario : a file, or the name of a bundled scenario
    change : texts ``lever=value`` as for ``--set`` on the command line
    data : a data folder, or an opened one, instead of the shipped one

    Raises
    ------
    InputError
        With every fault found.
    """
    library = open_library(data)
    read = _read(str(scenario), change, library)
    faults = build_faults(read, library)
    if read.fit is not None:
        from dualcarbon.explore.fitting import read_request

        try:
            read_request(read, library)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return read


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
    read = _read(scenario, change, library)
    if base_year is not None:
        read = replace(read, base_year=base_year)
    if end_year is not None:
        read = replace(read, end_year=end_year)
    if read.fit is not None:
        return fitted_run(fit(read, data=library), library, name=read.name)
    return _project(read, library)


def fitted_run(fit: Fit, library: Library, name: str | None = None) -> Run:
    """The fitted scenario as a run, under its own name or another."""
    scenario = fit.scenario if name is None else replace(fit.scenario, name=name)
    return replace(_project(scenario, library), fit=fit)


def _project(scenario: Scenario, library: Library) -> Run:
    """One scenario as it stands, projected and judged."""
    built = build(scenario, library)
    arrays = pathway(built.inputs)
    results = Results(arrays.years, arrays.base_year, arrays.arrays, _metadata(scenario, built, library))
    statistics = latest_statistics(library)
    return Run(
        scenario=scenario,
        results=results,
        indicators=tuple(summarise(results, _modelled_sinks(library))),
        scores=tuple(score(t, results, statistics.get(t.indicator, "")) for t in official_targets(library)),
        built=built,
        library=library,
    )


def fit(
    scenario: str | Path | Scenario,
    *,
    targets: Sequence[object] | None = None,
    free: Sequence[str] | None = None,
    objective: str | None = None,
    extend: float | None = None,
    change: Iterable[str] = (),
    starts: int = 3,
    explain: bool = True,
    data: str | Path | Library | None = None,
) -> Fit:
    """Move a scenario as little as needed to meet targets, or say what stands in the way.

    Parameters
    ----------
    scenario : a file, the name of a bundled scenario, or one already loaded
    targets : groups, targets by id, or mappings such as ``{"indicator": "coal_share", "year": 2040,
        "at_most": "25 %"}``; default those of the scenario's ``fit`` block, else ``all-official``
    free : levers that may move; default those of the block, else all that have an ambitious pathway
    objective : least-departure, least-change, smoothest or lowest-cumulative-co2
    extend : how far beyond the ambitious pathway, in ways from reference to ambitious
    change : texts ``lever=value`` as for ``--set`` on the command line
    starts : starting points whose answers are compared, up to three
    explain : whether to work out weights, bounds in the way and contradictions

    Raises
    ------
    InputError
        With every fault found, if there is nothing to fit to, and if no free lever can influence a target.
    """
    from dualcarbon.explore.fitting import HopelessError, fault_sayer, fit_scenario, read_request

    library = open_library(data)
    read = _read(scenario, change, library)
    wanted, options = read_request(read, library, targets, free, objective, extend)
    try:
        found = fit_scenario(
            read, library, read_levers(library), wanted.targets, options, starts=starts, explain=explain
        )
        return replace(found, left_out=wanted.left_out)
    except HopelessError as error:
        say = fault_sayer("targets", targets, read)
        raise InputError(say((), f"{t.id} {error.why}") for t in error.targets) from None


def sweep(
    scenario: str | Path | Scenario,
    grid: Mapping[str, Sequence[int]],
    *,
    targets: Sequence[object] | None = None,
    free: Sequence[str] | None = None,
    objective: str | None = None,
    extend: float | None = None,
    change: Iterable[str] = (),
    data: str | Path | Library | None = None,
    progress: Progress | None = None,
) -> list[Cell]:
    """Fit a scenario for every combination of peak year and neutral year.

    Parameters
    ----------
    grid : values of ``peak_year`` (the maximum of CO2 falls in that year) and of ``neutral_year`` (net
        greenhouse gases at or below zero from then on)
    targets : kept in every cell, except those that the grid replaces; default none but the scenario's own
    progress : called with cells done, cells in all and what is being fitted

    Other parameters as for `fit`.
    """
    from dualcarbon.explore.fitting import check_grid, read_request, sweep_fits

    library = open_library(data)
    read = _read(scenario, change, library)
    chosen = [] if targets is None and read.fit is None else targets
    wanted, options = read_request(read, library, chosen, free, objective, extend, none_needed=True)
    check_grid(grid, read, library)
    return sweep_fits(read, library, read_levers(library), wanted.targets, options, grid, progress)


def ensemble(
    scenario: str | Path | Scenario,
    *,
    n: int = 20_000,
    seed: int | None = None,
    method: str = "sobol",
    keep: Sequence[str] = (),
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
    keep : variables whose draws are kept, in `Ensemble.kept` or in ``folder``
    history : whether draws are weighted by how well they explain the past, and get its year-to-year noise
    window : years of the past that count, such as ``2015-2025``
    workers : processes on this machine; all cores for large ensembles unless given
    scheduler : address of a Dask scheduler instead, such as ``tcp://host:8786``
    block : draws of one task, rounded up to whole chunks of 4096
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
    read = _read(scenario, change, library)
    if read.fit is not None:
        fitted = fit(read, data=library).scenario
        read = replace(fitted, name=read.name, uncertainty=read.uncertainty)
    return run_ensemble(
        read,
        library,
        settings,
        folder=None if folder is None else Path(folder),
        progress=progress,
        about={
            "scenario": _record(read),
            "versions": {
                "dualcarbon": dualcarbon.__version__,
                "numpy": np.__version__,
                "python": sys.version.split()[0],
            },
        },
    )


def _read(scenario: str | Path | Scenario, change: Iterable[str], library: Library) -> Scenario:
    """The scenario that a name, a file or an already loaded one stands for, its uncertainty checked."""
    read = scenario
    if not isinstance(read, Scenario):
        read = read_scenario(find_scenario(str(read)), tuple(change))
    if not read.uncertainty:
        return read
    from dualcarbon.explore.ensembles.prior import uncertainty_faults

    return replace(read, faults=(*read.faults, *uncertainty_faults(read, library)))


def check_pathway(file: str | Path, *, data: str | Path | Library | None = None) -> PathwayCheck:
    """Score anyone's IAMC file against China's history, official targets and published studies.

    Parameters
    ----------
    file : CSV or Excel, wide or long, with rows of China
    data : a data folder, or an opened one, instead of the shipped one

    Raises
    ------
    InputError
        With the faults of the file, by row and column.
    """
    from dualcarbon.explore.checking import check_reported
    from dualcarbon.output.iamc.reading import read_iamc

    library = open_library(data)
    return check_reported(read_iamc(Path(file), library), library)


@dataclass(frozen=True)
class Comparison:
    """Why the second of two runs differs from the first.

    Parameters
    ----------
    attribution : the difference in CO2 and greenhouse gases, split over the levers that differ
    inputs : what is set differently: key, text in the first, text in the second; empty where not set
    kaya : the difference in net CO2, split over the factors and own terms of Kaya
    """

    attribution: Attribution
    inputs: tuple[tuple[str, str, str], ...]
    kaya: KayaSplit


def compare(first: Run, second: Run, years: Sequence[int]) -> Comparison:
    """Split the difference between two runs exactly: over levers (Shapley values) and Kaya factors (LMDI).

    Parameters
    ----------
    years : projected years to split

    Raises
    ------
    InputError
        If the two have other years, base years or data, or a year is not a projected one.
    """
    from dualcarbon.analysis.splits import kaya_split
    from dualcarbon.explore.attribution import attribute, changed_inputs

    names = first.name, second.name
    split = attribute(first.built, second.built, years, names=names)
    by_factor = kaya_split(first.results, second.results, years)
    return Comparison(split, tuple(changed_inputs(first.scenario, second.scenario)), by_factor)


def decompose(
    run: Run, first: int | None = None, last: int | None = None, step: int | None = None
) -> Decomposition:
    """Split the change of CO2 between two years over its factors (LMDI).

    Parameters
    ----------
    first, last : years; default the base year and the end year
    step : length of periods; default the whole span

    Raises
    ------
    InputError
        If the years are not in the run or not in order.
    """
    from dualcarbon.analysis.decomposition import decompose as split

    years = run.years
    start = run.results.base_year if first is None else first
    end = int(years[-1]) if last is None else last
    try:
        return split(run.results, start, end, step)
    except (KeyError, ValueError) as error:
        raise fault(str(error.args[0]), where=f"{start}-{end}") from None


def reopen(folder: str | Path, data: str | Path | Library | None = None) -> Run:
    """A run folder's pathway, projected again from the lever values that it recorded.

    Raises
    ------
    InputError
        If it is no run folder, or rests on other data than those at hand.
    """
    library = open_library(data)
    written, _ = output.folder.read_run(Path(folder), read_variables(library))
    if dict(written.meta.get("data", {})) != library.hashes:
        raise fault("was run on other data than those at hand; run its scenario again", where=str(folder))
    lost = _lost(written.meta, _RUN_KEYS) or _lost_of_scenario(written.meta["scenario"])
    if lost:
        raise fault(f"the run folder is damaged (run.json lacks {', '.join(lost)})", where=str(folder))
    record = written.meta["scenario"]
    text = recorded_text(record["name"], record["title"], written.base_year, written.meta)
    again = read_scenario_text(text, str(folder))
    one = _project(again, library)
    meta = {**written.meta, "versions": one.results.meta["versions"]}
    return replace(one, scenario=_as_recorded(again, record), results=replace(one.results, meta=meta))


_RUN_KEYS = ("scenario", "resolution", "end_year", "levers", "accounting", "rests_on")
_SCENARIO_KEYS = ("name", "title", "description", "as_written", "extends")


def _lost(record: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    return [key for key in keys if key not in record]


def _lost_of_scenario(record: Mapping[str, Any]) -> list[str]:
    """Keys that the record of a scenario lacks, or that of the one that it extends."""
    lost = _lost(record, _SCENARIO_KEYS)
    return lost or (_lost_of_scenario(record["extends"]) if record["extends"] else [])


def _as_recorded(scenario: Scenario, record: Mapping[str, Any]) -> Scenario:
    """A scenario with the content that a run recorded, and the one that it extended."""
    parent = record["extends"]
    extends = None if parent is None else _as_recorded(scenario, parent)
    return replace(scenario, name=record["name"], raw=record["as_written"], extends=extends)


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
    read = _read(scenario, change, library)
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
    return replace(found, meta=_metadata(read, built, library))


def export(
    sources: Run | str | Path | Iterable[Run | str | Path],
    target: str | Path,
    *,
    format: str | None = None,
    vocabulary: str | None = None,
    layout: str | None = None,
    force: bool = False,
    data: str | Path | Library | None = None,
    progress: Progress | None = None,
) -> Export:
    """Write runs into one file, whole or not at all.

    Parameters
    ----------
    sources : runs, run folders, or scenarios (which are run)
    target : the file; a CSV brings ``<name>-meta.csv`` with it
    format : iamc, csv, netcdf or parquet; default by the ending
    vocabulary : current (default) or ar6; IAMC only
    layout : wide (default, a column a year) or long (a row a number); IAMC only
    force : replace a file
    data : a data folder, or an opened one, instead of the shipped one
    progress : called with scenarios done, scenarios in all and the one being written

    Raises
    ------
    InputError
        With every fault found in what was asked for.
    OutputError
        If the file is there already or is too large for Excel, or a package is missing.
    """
    exports = output.exports
    plan = exports.make_plan(Path(target), format, vocabulary, layout, force=force)
    library = open_library(data)
    listed = [sources] if isinstance(sources, (Run, str, Path)) else list(sources)
    found, passed_over = _gather(listed, library)
    left_out = exports.write_export(found, plan, library, progress)
    return exports.Export(plan.files, tuple(one.name for one in found), passed_over, left_out)


def _gather(sources: Sequence[Run | str | Path], library: Library) -> tuple[list[Pathway], tuple[str, ...]]:
    """Pathways of runs, run folders and scenarios; folders of comparisons and sweeps are passed over."""
    found: dict[str, list[tuple[str, Pathway]]] = {}
    faults: list[Fault] = []
    passed_over = []
    for source in sources:
        where = source.name if isinstance(source, Run) else str(source)
        if not isinstance(source, Run) and output.folder.is_other_folder(Path(source)):
            passed_over.append(where)
            continue
        try:
            one = _open_pathway(source, library)
        except InputError as error:
            faults += error.faults
        else:
            found.setdefault(one.name, []).append((where, one))
    for name, several in found.items():
        if len(several) > 1:
            places = ", ".join(where for where, _ in several)
            what = f"{len(several)} runs have this name ({places}); give them different names"
            faults.append(Fault(name, 0, "", what))
    if not found and not faults:
        faults.append(Fault(", ".join(passed_over) or "export", 0, "", "no run to export"))
    if faults:
        raise InputError(faults)
    return [several[0][1] for several in found.values()], tuple(passed_over)


def _open_pathway(source: Run | str | Path, library: Library) -> Pathway:
    """A run, a run folder as it was written, or a scenario, run."""
    if isinstance(source, Run):
        return source.pathway()
    if not Path(source).is_dir():
        return run(source, data=library).pathway()
    results, rows = output.folder.read_run(Path(source), read_variables(library))
    verdicts = {row["target"]: row["verdict"] for row in rows}
    official = [t.id for t in all_official(official_targets(library), results.base_year)]
    scenario = results.meta["scenario"]
    return output.pathways.Pathway(
        scenario["name"],
        scenario["title"],
        results,
        summarise(results, _modelled_sinks(library)),
        {target: verdicts[target] for target in official if target in verdicts},
    )


def verify(data: str | Path | Library | None = None) -> Verification:
    """Documented figures and accounting: model beside document."""
    from dualcarbon.explore.verification import verify_all

    library = open_library(data)
    return verify_all(library, run("current-policies", data=library).results)


def hindcast(data: str | Path | Library | None = None) -> Hindcast:
    """Skill from 2010, 2015 and 2020 against naive forecasts."""
    from dualcarbon.explore.hindcasting import hindcast_all

    return hindcast_all(open_library(data))


def coverage(data: str | Path | Library | None = None) -> Coverage:
    """How often the truth lay inside the bands of ensemble hindcasts from 2010, 2015 and 2020."""
    from dualcarbon.explore.ensembles.coverage import coverage_all

    return coverage_all(open_library(data))


def variables(library: Library) -> list[Variable]:
    """The registry of result variables."""
    return list(read_variables(library).values())


def lever_table(library: Library) -> dict[str, Lever]:
    """The levers by name."""
    return read_levers(library)


def lever_rows(library: Library) -> list[tuple[str, str, str, str, str]]:
    """Name, unit, bounds, ends of both pathways and meaning of every lever."""
    rows = []
    for lever in read_levers(library).values():
        ends = []
        for pathway_name in ("reference", "ambitious"):
            years, values = lever_anchors(library, lever, pathway_name)
            ends.append(f"{values[-1] / lever.factor:g}")
        at_end = f"{int(years[-1])}: {ends[0]}" + (f" → {ends[1]}" if lever.mitigating != "none" else "")
        bounds = f"{lever.lower / lever.factor:g} to {lever.upper / lever.factor:g}"
        settable = "" if lever.kind != "accounting" else " Not settable: an accounting parameter."
        rows.append((lever.name, lever.unit, bounds, at_end, f"{lever.label}. {lever.meaning}{settable}"))
    return rows


def scenario_schema(library: Library) -> dict[str, Any]:
    """JSON Schema of scenario files, with every lever's name and meaning."""
    from dualcarbon.scenario.schema import json_schema

    table = read_levers(library)
    meaning = {name: f"{lever.meaning} Unit: {lever.unit}." for name, lever in table.items()}
    return json_schema({n: text for n, text in meaning.items() if table[n].kind != "accounting"}, meaning)


def figure_check(figure: str, library: Library) -> FigureCheck:
    """What the model gives for one documented figure."""
    return next(c for c in verify(library).figures if c.figure.id == figure)


def _modelled_sinks(library: Library) -> dict[str, float]:
    return {row["reading"]: float(row["value"]) for row in library["modelled_sink"].rows}


def _metadata(scenario: Scenario, built: Built, library: Library) -> dict[str, Any]:
    """What is needed to repeat the run, ready for JSON."""
    levers = read_levers(library)
    future = built.inputs.years > built.inputs.base_year
    first = int(built.inputs.years[0])
    return {
        "scenario": _record(scenario),
        "resolution": scenario.resolution,
        "base_year": built.inputs.base_year,
        "end_year": int(built.inputs.years[-1]),
        "levers": {
            name: {
                "unit": levers[name].unit,
                "values": {
                    str(year): round(float(value) / levers[name].factor, 10)
                    for year, value in zip(built.inputs.years[future], path[future], strict=True)
                },
            }
            for name, path in built.levers.items()
        },
        "curves": {name: _curve_record(curve, levers[name]) for name, curve in built.curves.items()},
        "accounting": ACCOUNTING,
        "rests_on": count_statuses(library, first, built.inputs.base_year, built.from_tables),
        "data": library.hashes,
        "versions": {
            "dualcarbon": dualcarbon.__version__,
            "numpy": np.__version__,
            "python": sys.version.split()[0],
        },
    }


def _curve_record(curve: CurveFit, lever: Lever) -> dict[str, Any]:
    """A growth curve fitted to a lever's past; levels in the lever's unit."""
    factors = dict.fromkeys(LEVELS, 1.0 / lever.factor)
    return {
        "curve": curve.kind,
        "fitted_to": [curve.first, curve.last],
        "unit": lever.unit,
        "parameters": {n: round(v * factors.get(n, 1.0), 10) for n, v in curve.parameters.items()},
        "standard_errors": {n: round(v * factors.get(n, 1.0), 10) for n, v in curve.errors.items()},
        "at_bound": list(curve.at_bound),
        "residual": round(curve.residual / lever.factor, 10),
    }


def _record(scenario: Scenario) -> dict[str, Any]:
    """A scenario as written, with the one it extends."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "as_written": _plain(scenario.raw),
        "extends": _record(scenario.extends) if scenario.extends else None,
    }


def _plain(value: Any) -> Any:
    """YAML content with text keys, for JSON."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value if isinstance(value, (str, int, float, bool, list)) or value is None else str(value)
