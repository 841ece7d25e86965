"""Write a folder for each run, and one to compare them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import dualcarbon
from dualcarbon import output
from dualcarbon.errors import fault
from dualcarbon.tables.levers import read_levers
from dualcarbon.tables.variables import read_variables

if TYPE_CHECKING:
    from dualcarbon.api import Progress, Run


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
        from dualcarbon.files.fits import fit_record  # most runs need not wait for it

        (path / "scenario.yaml").write_text(run.fit.text, encoding="utf-8")
        output.folder.write_json(path / "fit.json", fit_record(run.fit, read_levers(run.library)))
    if figure:
        output.figures.save(run.plot(), path / "pathway.png")


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
