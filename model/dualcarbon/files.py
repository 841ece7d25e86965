"""Write what a run gives, and read it back: folders, figures, templates.

Between the command line and the api: it takes runs and fits, and knows nothing of how they are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import dualcarbon
from dualcarbon import output
from dualcarbon.analysis.differences import Move, moved
from dualcarbon.api import Comparison, Progress, Run, run
from dualcarbon.errors import fault
from dualcarbon.scenario.template import starting_file
from dualcarbon.tables import Library
from dualcarbon.tables.levers import Lever, read_levers
from dualcarbon.tables.official import read_documents
from dualcarbon.tables.variables import read_variables

if TYPE_CHECKING:
    from dualcarbon.analysis.decomposition import Decomposition
    from dualcarbon.explore.fitting import Cell, Fit
    from dualcarbon.explore.hindcasting import Hindcast


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
        output.figures.save(run.plot(), path / "pathway.png")


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
            drawing = output.figures.sweeps.draw(name, [asdict(cell) for cell in cells])
            output.figures.save(drawing, path / "sweep.png")

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
        pathways = [(run.name, run.results) for run in runs]
        drawing = output.plotting.draw_comparison(pathways, runs[0].library)
        output.figures.save(drawing, path / "comparison.png")


def scoreboard(scenario: str, library: Library) -> tuple[str, list[dict[str, str]]]:
    """Title and scoreboard rows of a scenario (run anew) or of a run folder (as written)."""
    path = Path(scenario)
    if path.is_dir():
        results, rows = output.folder.read_run(path, read_variables(library))
        return str(results.meta["scenario"]["title"]), rows
    one = run(scenario, data=library)
    return one.scenario.title, output.tabular.score_texts(one.scores, one.name)


def document_titles(library: Library) -> dict[str, str]:
    """Titles of the documents that state targets, by id."""
    return {d.id: d.title for d in read_documents(library).values()}


def write_template(path: Path, name: str, *, force: bool = False) -> None:
    """Write a commented scenario file to start from."""
    with output.folder.whole_file(path, force=force) as draft:
        draft.write_text(starting_file(str(path), name), encoding="utf-8")


FIGURE_ENDINGS = (".png", ".svg", ".pdf")


def title_notes(runs: Iterable[Run]) -> list[str]:
    """What to tell about the titles of the figures of runs."""
    return [note for note in (output.figures.title_note(run.results) for run in runs) if note]


def is_figure(path: Path) -> bool:
    """Whether a file that may be a table or a figure is to be a figure.

    Raises
    ------
    InputError
        If it can be neither.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", *FIGURE_ENDINGS):
        what = f"a table file ends in .csv, a figure file in {', '.join(FIGURE_ENDINGS)}"
        raise fault(what, where=str(path))
    return ending != ".csv"


def _check_figure_kind(path: Path) -> None:
    if path.suffix.lower() not in FIGURE_ENDINGS:
        raise fault(f"a figure file ends in {', '.join(FIGURE_ENDINGS)}", where=str(path))


def plot_hindcast(
    result: Hindcast, target: Path, library: Library, *, language: str = "en", force: bool = False
) -> None:
    """Draw hindcasts beside what happened into a file."""
    _check_figure_kind(target)
    with output.folder.whole_file(target, force=force) as draft:
        drawing = output.figures.hindcasts.draw(
            result.years, result.starts, result.observed, result.forecast, read_variables(library), language
        )
        output.figures.save(drawing, draft, language)


def plot_decomposition(
    result: Decomposition, run: Run, target: Path, *, language: str = "en", force: bool = False
) -> None:
    """Draw a decomposition into a file."""
    _check_figure_kind(target)
    with output.folder.whole_file(target, force=force) as draft:
        title = output.figures.title_of(run.results)
        output.figures.save(output.figures.decomposition.draw(result, title, language), draft, language)


def plot_comparison(
    result: Comparison,
    names: tuple[str, str],
    target: Path,
    library: Library,
    by: Sequence[str],
    language: str = "en",
    *,
    force: bool = False,
) -> None:
    """Draw why two pathways differ into a file: over levers, over Kaya factors, or both (``by``)."""
    difference, found = output.figures.difference, result.attribution
    if not found.groups:
        raise fault(
            "the two pathways have the same levers; there is nothing to draw", where=" and ".join(names)
        )
    if found.years.size > difference.MOST_YEARS:
        what = f"a figure has room for {difference.MOST_YEARS} years; choose them with --at"
        raise fault(what, where=str(target))
    rows = []
    if "levers" in by:
        labels = {name: output.figures.say(name, language) for name in ("mix", "others")}
        labels |= {n: v.label_zh if language == "zh" else v.label for n, v in read_levers(library).items()}
        splits = found.annual["net_co2"], found.cumulative["net_co2"]
        rows.append(difference.Rows("by levers", labels, *splits))
    if "kaya" in by:
        labels = {name: output.figures.say(name, language) for name in result.kaya.annual.groups}
        rows.append(difference.Rows("by kaya", labels, result.kaya.annual, result.kaya.cumulative))
    method = result.kaya.method if "kaya" in by else ""
    with output.folder.whole_file(target, force=force) as draft:
        drawing = difference.draw(names, rows, found.base_year, method, language)
        output.figures.save(drawing, draft, language)


def check_report_place(target: Path, *, force: bool) -> None:
    """Refuse a file that cannot take a report, before scenarios are run for it."""
    if target.suffix.lower() not in (".html", ".htm"):
        raise fault("a report file ends in .html", where=str(target))
    output.folder.check_file_free(target, force=force)


def write_report(
    runs: Sequence[Run], target: Path, library: Library, *, title: str | None = None, force: bool = False
) -> None:
    """Write one HTML file that shows runs with charts and opens offline.

    Parameters
    ----------
    runs : at least one, of different names, on the same library
    title : of the page; default the scenario's, or how many there are

    Raises
    ------
    InputError
        If two runs have the same name, or the file does not end in .html.
    OutputError
        If plotly or jinja2 is not installed, or something is in the way.
    """
    check_report_place(target, force=force)
    names = [run.name for run in runs]
    for name in names:
        if names.count(name) > 1:
            raise fault("two runs have this name; give them different names", where=name)
    own = runs[0].scenario.title if len(runs) == 1 else f"China's carbon pathways: {len(runs)} scenarios"
    with output.folder.whole_file(target, force=force) as draft:
        shown = [
            output.report.Reported(run.name, run.results, run.indicators, run.scores, run.official())
            for run in runs
        ]
        page = output.report.report_page(shown, library, own if title is None else title)
        draft.write_text(page, encoding="utf-8")


def write_table(target: Path, table: output.folder.Table, *, force: bool = False) -> None:
    """Write a table into a CSV file."""
    if target.suffix.lower() != ".csv":
        raise fault("a table file ends in .csv", where=str(target))
    with output.folder.whole_file(target, force=force) as draft:
        output.folder.write_csv(draft, table)


def moved_between(old: Path, new: Path, rtol: float, library: Library) -> list[Move]:
    """Variables that differ between two run folders by more than a relative tolerance."""
    variables = read_variables(library)
    before, after = (output.folder.read_run(folder, variables)[0] for folder in (old, new))
    return moved(before, after, rtol, atol=_ROUNDING)


_ROUNDING = 1e-9
"""What ten written digits may leave around zero, in inside units."""
