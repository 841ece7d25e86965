"""Run scenarios from Python: ``run``, ``fit``, ``sweep``, ``load``, ``scenarios``, ``verify``, ``hindcast``.

Example
-------
>>> import dualcarbon as dc
>>> r = dc.run("rapid-decline")
>>> float(r["net_co2"][-1]) < float(r["net_co2"][0])
True
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import dualcarbon
from dualcarbon import output
from dualcarbon.analysis.summary import Indicator, summarise
from dualcarbon.analysis.targets import Score, Target, all_official, score
from dualcarbon.axes import Floats, Years
from dualcarbon.build import MONEY_YEAR, Built, build
from dualcarbon.curves.history import LEVELS, CurveFit
from dualcarbon.errors import Fault, InputError, did_you_mean, fault
from dualcarbon.paths import data_folder
from dualcarbon.project import pathway
from dualcarbon.results import Results
from dualcarbon.scenario import Scenario, bundled_scenarios, find_scenario, read_scenario
from dualcarbon.scenario.template import starting_file
from dualcarbon.tables import Library
from dualcarbon.tables.levers import Lever, last_complete_year, lever_anchors, read_levers
from dualcarbon.tables.official import latest_statistics, read_documents, read_target_rows
from dualcarbon.tables.provenance import count_statuses
from dualcarbon.tables.variables import Variable, read_variables
from dualcarbon.units import in_quotes, in_words

if TYPE_CHECKING:
    import pandas as pd

    from dualcarbon.explore.fitting import Cell, Fit, Options
    from dualcarbon.explore.fitting.wanted import Wanted
    from dualcarbon.explore.hindcasting import Hindcast
    from dualcarbon.explore.verification import Verification
    from dualcarbon.explore.verification.figures import FigureCheck

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
    levers : path (year) of every lever, inside units
    indicators : peak, neutrality, intensities, cumulative CO2 and more
    scores : every official target
    library : the tables that the run rests on
    fit : how the scenario was fitted, if it has a ``fit`` block
    """

    scenario: Scenario
    results: Results
    levers: Mapping[str, Floats]
    indicators: tuple[Indicator, ...]
    scores: tuple[Score, ...]
    library: Library
    fit: Fit | None = None

    @property
    def name(self) -> str:
        """The scenario's short name."""
        return self.scenario.name

    @property
    def years(self) -> Years:
        """Years of every array."""
        return self.results.years

    def __getitem__(self, key: str) -> Floats:
        """One variable (year): Mt, Mtce, million, bn yuan; shares and rates as fractions."""
        if key not in self.results:
            raise KeyError(f"{key!r} is not a variable{did_you_mean(key, list(self.results))}")
        return self.results[key]

    def to_pandas(self, *, long: bool = False) -> pd.DataFrame:
        """A table in the registry's units (shares in percent).

        Parameters
        ----------
        long : one row a number (scenario, variable, unit, year, value) instead of one column a variable
        """
        make = output.frames.long_frame if long else output.frames.wide_frame
        return make(self.results, read_variables(self.library), self.name)

    def official(self) -> list[Score]:
        """Scores of the targets in the group ``all-official``."""
        wanted = {t.id for t in all_official((s.target for s in self.scores), self.results.base_year)}
        return [s for s in self.scores if s.target.id in wanted]


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
    read = read_scenario(find_scenario(str(scenario)), tuple(change))
    faults = _build_faults(read, library)
    if read.fit is not None:
        try:
            _prepare_fit(read, library)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return read


def _build_faults(scenario: Scenario, library: Library) -> list[Fault]:
    """What is wrong with a scenario, as far as its inputs can tell."""
    try:
        build(scenario, library)
    except InputError as error:
        return list(error.faults)
    return []


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
    read = _read(scenario, change)
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
        levers=built.levers,
        indicators=tuple(summarise(results, _modelled_sinks(library))),
        scores=tuple(score(t, results, statistics.get(t.indicator, "")) for t in official_targets(library)),
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
    from dualcarbon.explore.fitting import HopelessError, fit_scenario

    library = open_library(data)
    read = _read(scenario, change)
    wanted, options = _prepare_fit(read, library, targets, free, objective, extend)
    try:
        found = fit_scenario(
            read, library, read_levers(library), wanted.targets, options, starts=starts, explain=explain
        )
        return replace(found, left_out=wanted.left_out)
    except HopelessError as error:
        say = _sayer("targets", targets, read)
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
    from dualcarbon.explore.fitting import sweep_fits

    library = open_library(data)
    read = _read(scenario, change)
    chosen = [] if targets is None and read.fit is None else targets
    wanted, options = _prepare_fit(read, library, chosen, free, objective, extend, none_needed=True)
    _check_grid(grid, _base_year(read, library), read.end_year)
    return sweep_fits(read, library, read_levers(library), wanted.targets, options, grid, progress)


def _check_grid(grid: Mapping[str, Sequence[int]], base_year: int, end_year: int) -> None:
    """Refuse what cannot be swept: unknown keys, no values, years outside the projection."""
    from dualcarbon.explore.fitting.grid import KEYS

    faults = [] if grid else [Fault("--sweep", 0, "", f"nothing to sweep over; allowed: {', '.join(KEYS)}")]
    for key, values in grid.items():
        where = f"--sweep {key}"
        if key not in KEYS:
            hint = did_you_mean(key, KEYS) or f"; allowed: {', '.join(KEYS)}"
            faults.append(Fault(where, 0, "", f"there is no {in_quotes(key)} to sweep over{hint}"))
            continue
        outside = [str(year) for year in values if not base_year < year <= end_year]
        if outside:
            what = f"{', '.join(outside[:3])} {'…' if len(outside) > 3 else ''}".strip()
            faults.append(Fault(where, 0, "", f"{what} is outside {base_year + 1}-{end_year}"))
        elif not values:
            faults.append(Fault(where, 0, "", "no years"))
    if faults:
        raise InputError(faults)


def _read(scenario: str | Path | Scenario, change: Iterable[str]) -> Scenario:
    """The scenario that a name, a file or an already loaded one stands for."""
    if isinstance(scenario, Scenario):
        return scenario
    return read_scenario(find_scenario(str(scenario)), tuple(change))


def _base_year(scenario: Scenario, library: Library) -> int:
    return scenario.base_year if scenario.base_year is not None else last_complete_year(library)


def _sayer(option: str, given: object, scenario: Scenario) -> Callable[[Sequence[object], str], Fault]:
    """Makes faults in an option if it was given, else in the scenario's own ``fit`` block."""
    if given is not None or scenario.fit is None:
        return lambda path, what: Fault(f"--{option}", 0, ".".join(map(str, path[1:])), what)
    return lambda path, what: scenario.fault(("fit", option, *path), what)


def _prepare_fit(
    scenario: Scenario,
    library: Library,
    targets: Sequence[object] | None = None,
    free: Sequence[str] | None = None,
    objective: str | None = None,
    extend: float | None = None,
    *,
    none_needed: bool = False,
) -> tuple[Wanted, Options]:
    """The targets and what may move; every fault at once.

    Parameters
    ----------
    none_needed : whether there may be no target, because the cells of a sweep have their own
    """
    from dualcarbon.explore.fitting import Options
    from dualcarbon.explore.fitting.wanted import choose_targets
    from dualcarbon.scenario import OBJECTIVES, FitBlock

    block = scenario.fit or FitBlock(targets=("all-official",))
    say_of_targets = _sayer("targets", targets, scenario)
    wanted, faults = choose_targets(
        block.targets if targets is None else targets,
        official_targets(library),
        target_groups(library),
        read_variables(library),
        _base_year(scenario, library),
        scenario.end_year,
        say_of_targets,
    )
    if not (wanted.targets or faults or none_needed):
        what = "nothing to fit to: every target is past, qualitative, beyond the end or not computable here"
        faults.append(
            say_of_targets((), what if wanted.left_out else "no targets; write a group such as all-official")
        )
    asked = block.free if free is None else free
    names, wrong = _free_levers(asked, library, _sayer("free", free, scenario))
    faults += wrong
    seek = block.objective if objective is None else objective
    if seek not in OBJECTIVES:
        hint = did_you_mean(str(seek), OBJECTIVES) or f"; allowed: {', '.join(OBJECTIVES)}"
        say = _sayer("objective", objective, scenario)
        faults.append(say((), f"there is no objective {in_quotes(str(seek))}{hint}"))
    beyond = block.extend if extend is None else extend
    if not 0.0 <= beyond <= 1.0:
        faults.append(_sayer("extend", extend, scenario)((), f"{beyond:g} is outside 0 to 1"))
    if faults or scenario.faults:
        raise InputError([*faults, *scenario.faults, *_build_faults(scenario, library)])
    return wanted, Options(names, seek, beyond, 0.0, block.plateau)


def _free_levers(
    names: Sequence[object] | None, library: Library, say: Callable[[Sequence[object], str], Fault]
) -> tuple[tuple[str, ...], list[Fault]]:
    """Levers that may move, and what is wrong with those asked for."""
    levers = read_levers(library)
    able = [n for n, one in levers.items() if one.mitigating != "none" and n not in _IN_THE_MIX]
    if names is None:
        return tuple(able), []
    if not names:
        return (), [say((), "no lever may move; leave it out to free all that can")]
    faults: list[Fault] = []
    good: dict[str, None] = {}
    for k, name in enumerate(names):
        if not isinstance(name, str):
            faults.append(say((k,), f"expected the name of a lever; found {in_words(name)}"))
        elif name in _IN_THE_MIX:
            faults.append(say((k,), f"the mix moves as one: free non_fossil_share instead of {name}"))
        elif name in levers and name not in able:
            faults.append(say((k,), f"{name} has no ambitious pathway and cannot be freed"))
        elif name not in levers:
            hint = did_you_mean(name, able) or f"; levers: {', '.join(able)}"
            faults.append(say((k,), f"there is no such lever {in_quotes(name)}{hint}"))
        else:
            good[name] = None
    return tuple(good), faults


_IN_THE_MIX = ("coal_share", "oil_share", "gas_share")


def target_groups(library: Library) -> dict[str, list[str]]:
    """Targets of each named group, by its name."""
    groups: dict[str, list[str]] = {}
    for row in library["groups"].rows:
        groups.setdefault(row["group"], []).append(row["target"])
    return groups


def official_targets(library: Library) -> list[Target]:
    """Every official target of the tables."""
    return [Target(**row) for row in read_target_rows(library)]


def verify(data: str | Path | Library | None = None) -> Verification:
    """Documented figures and accounting: model beside document."""
    from dualcarbon.explore.verification import verify_all

    library = open_library(data)
    return verify_all(library, run("current-policies", data=library).results)


def hindcast(data: str | Path | Library | None = None) -> Hindcast:
    """Skill from 2010, 2015 and 2020 against naive forecasts."""
    from dualcarbon.explore.hindcasting import hindcast_all

    return hindcast_all(open_library(data))


def write_runs(
    runs: Sequence[Run],
    parent: Path,
    *,
    workbook: bool = False,
    figures: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> None:
    """Write a folder for each run below ``parent``, and one to compare them when there are several.

    All folders appear or none does.

    Parameters
    ----------
    workbook, figures : add an Excel workbook, a figure
    force : replace folders of an earlier run
    progress : called with steps done, steps in all and what is being written

    Raises
    ------
    InputError
        If two runs have the same name.
    OutputError
        If something is in the way.
    """
    names = [run.name for run in runs]
    for name in names:
        if names.count(name) > 1 or name == _COMPARISON:
            raise fault("two runs would write the same folder; give them different names", where=name)
    total = len(runs) + (len(runs) > 1)
    done = [0]

    def step(what: str) -> None:
        if progress is not None:
            progress(done[0], total, what)
        done[0] += 1

    def writer(run: Run) -> output.folder.Writer:
        def write(path: Path) -> None:
            step(run.name)
            _write_run(run, path, workbook=workbook, figure=figures)

        return write

    def compare(path: Path) -> None:
        step(_COMPARISON)
        _write_comparison(runs, path, workbook=workbook, figure=figures)

    folders = {run.name: writer(run) for run in runs}
    if len(runs) > 1:
        folders[_COMPARISON] = compare
    output.folder.write_folders(parent, folders, force=force)
    step("done")


_COMPARISON = "comparison"


def _model_name() -> str:
    return f"dualcarbon {dualcarbon.__version__}"


def _write_run(run: Run, path: Path, *, workbook: bool, figure: bool) -> None:
    variables = read_variables(run.library)
    sheets = {
        "pathway": output.tabular.pathway_rows(run.results, variables, run.name, _model_name()),
        "indicators": output.tabular.indicator_rows(run.indicators, run.name),
        "targets": output.tabular.target_rows(run.scores, run.name),
    }
    for name, table in sheets.items():
        output.folder.write_csv(path / f"{name}.csv", table)
    if workbook:
        output.folder.write_workbook(path / "run.xlsx", sheets)
    output.folder.write_json(path / output.folder.RUN_FILE, run.results.meta)
    if run.fit is not None:
        (path / "scenario.yaml").write_text(run.fit.text, encoding="utf-8")
        output.folder.write_json(path / "fit.json", _fit_record(run.fit, read_levers(run.library)))
    if figure:
        rows = _score_rows(run.scores, run.name)
        output.plots.save(output.plots.draw_run(run.results, run.scenario.title, rows), path / "pathway.png")


def _fit_record(fit: Fit, levers: Mapping[str, Lever]) -> dict[str, Any]:
    """How a scenario was fitted, ready for JSON; the same fit gives the same record."""

    def shown(lever: str, value: float) -> float | None:
        return None if np.isnan(value) else round(value / levers[lever].factor, 6)

    return {
        "feasible": fit.feasible,
        "targets": [
            {
                "target": after.target.id,
                "before": _or_none(before.value),
                "after": _or_none(after.value),
                "margin": _or_none(after.margin),
                "unit": after.target.unit,
                "verdict": after.verdict,
            }
            for before, after in zip(fit.scores_before, fit.scores, strict=True)
        ],
        "missed": [asdict(gap) for gap in fit.gaps],
        "binding": [asdict(weight) for weight in fit.binding],
        "levers": [
            {
                "lever": v.lever,
                "year": v.year,
                "unit": levers[v.lever].unit,
                **{k: shown(v.lever, getattr(v, k)) for k in ("reference", "before", "fitted", "ambitious")},
                "rests_on": v.rests,
            }
            for v in fit.levers
        ],
        "in_the_way": [
            {
                "target": b.target,
                "lever": b.lever,
                "year": b.year,
                "unit": levers[b.lever].unit,
                "bound": shown(b.lever, b.bound),
                "needed": shown(b.lever, b.needed),
            }
            for b in fit.blocks
        ],
        "held": [asdict(held) for held in fit.held],
        "not_together": [list(pair) for pair in fit.contradictions],
        "left_out": list(fit.left_out),
        "objective": fit.objective,
        "iterations": fit.iterations,
        "evaluations": fit.evaluations,
    }


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value


def write_sweep(
    name: str, cells: Sequence[Cell], parent: Path, *, figure: bool = True, force: bool = False
) -> None:
    """Write a sweep as a folder ``<name>-sweep`` with a table and a figure."""
    rows = sweep_rows(cells)

    def write(path: Path) -> None:
        output.folder.write_csv(path / "sweep.csv", rows)
        output.folder.write_json(path / output.folder.SWEEP_FILE, {"scenario": name, "cells": len(cells)})
        if figure:
            drawing = output.plots.draw_sweep(name, [asdict(cell) for cell in cells])
            output.plots.save(drawing, path / "sweep.png")

    output.folder.write_folders(parent, {f"{name}-sweep": write}, force=force)


def sweep_rows(cells: Sequence[Cell]) -> tuple[list[str], output.tabular.Rows]:
    """Header and rows of a sweep: shares and declines in percent, CO2 in Mt."""
    keys, years = list(cells[0].settings), sorted({y for cell in cells for y in cell.non_fossil_share})
    header = [*keys, "feasible", "peak_level", "cumulative_co2"]
    header += [f"non_fossil_share_{y}" for y in years] + [f"intensity_decline_to_{y}" for y in years]
    rows: output.tabular.Rows = []
    for cell in cells:
        numbers = [
            cell.peak_level,
            cell.cumulative,
            *(cell.non_fossil_share.get(y, np.nan) * 100.0 for y in years),
            *(cell.intensity_decline.get(y, np.nan) * 100.0 for y in years),
        ]
        settings = [cell.settings[key] for key in keys]
        rows.append([*settings, "yes" if cell.feasible else "no", *map(_or_none, numbers), cell.why])
    return [*header, "why"], rows


def _write_comparison(runs: Sequence[Run], path: Path, *, workbook: bool, figure: bool) -> None:
    table = output.tabular.comparison_rows([(run.name, run.indicators) for run in runs])
    output.folder.write_csv(path / "comparison.csv", table)
    if workbook:
        output.folder.write_workbook(path / "comparison.xlsx", {"comparison": table})
    output.folder.write_json(path / output.folder.COMPARISON_FILE, {"scenarios": [run.name for run in runs]})
    if figure:
        drawing = output.plots.draw_comparison([(run.name, run.results) for run in runs])
        output.plots.save(drawing, path / "comparison.png")


def _score_rows(scores: Iterable[Score], name: str) -> list[dict[str, str]]:
    """Scores as they stand in targets.csv."""
    header, rows = output.tabular.target_rows(scores, name)
    return [{k: output.tabular.as_text(v) for k, v in zip(header, row, strict=True)} for row in rows]


def scoreboard(scenario: str, library: Library) -> tuple[str, list[dict[str, str]]]:
    """Title and scoreboard rows of a scenario (run anew) or of a run folder (as written)."""
    path = Path(scenario)
    if path.is_dir():
        results, rows = output.folder.read_run(path, read_variables(library))
        return str(results.meta["scenario"]["title"]), rows
    one = run(scenario, data=library)
    return one.scenario.title, _score_rows(one.scores, one.name)


def document_titles(library: Library) -> dict[str, str]:
    """Titles of the documents that state targets, by id."""
    return {d.id: d.title for d in read_documents(library).values()}


def write_template(path: Path, name: str, *, force: bool = False) -> None:
    """Write a commented scenario file to start from."""
    with output.folder.whole_file(path, force=force) as draft:
        draft.write_text(starting_file(str(path), name), encoding="utf-8")


FIGURE_KINDS = (".png", ".svg", ".pdf")


def plot_folder(source: Path, target: Path, library: Library, *, force: bool = False) -> None:
    """Draw the figure of a run folder into a file."""
    _check_figure_kind(target)
    results, rows = output.folder.read_run(source, read_variables(library))
    with output.folder.whole_file(target, force=force) as draft:
        output.plots.save(output.plots.draw_run(results, str(results.meta["scenario"]["title"]), rows), draft)


def _check_figure_kind(path: Path) -> None:
    if path.suffix.lower() not in FIGURE_KINDS:
        raise fault(f"a figure file ends in {', '.join(FIGURE_KINDS)}", where=str(path))


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

    levers = {
        name: f"{lever.meaning} Unit: {lever.unit}."
        for name, lever in read_levers(library).items()
        if lever.kind != "accounting"
    }
    return json_schema(levers)


def figure_check(figure: str, library: Library) -> FigureCheck:
    """What the model gives for one documented figure."""
    return next(c for c in verify(library).figures if c.figure.id == figure)


def plot_hindcast(result: Hindcast, target: Path, *, force: bool = False) -> None:
    """Draw hindcasts beside what happened into a file."""
    _check_figure_kind(target)
    with output.folder.whole_file(target, force=force) as draft:
        drawing = output.plots.draw_hindcast(result.years, result.starts, result.observed, result.forecast)
        output.plots.save(drawing, draft)


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
            "python": platform.python_version(),
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
