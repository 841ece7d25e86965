"""Write one file that is no figure: a report, a table, a scenario to start from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dualcarbon import output
from dualcarbon.errors import fault
from dualcarbon.scenario.template import starting_file
from dualcarbon.tables import Library

if TYPE_CHECKING:
    from dualcarbon.api import Run


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


def write_template(path: Path, name: str, *, force: bool = False) -> None:
    """Write a commented scenario file to start from."""
    with output.folder.whole_file(path, force=force) as draft:
        draft.write_text(starting_file(str(path), name), encoding="utf-8")
