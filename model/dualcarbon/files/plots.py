"""Draw one figure into a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dualcarbon import __version__, output
from dualcarbon.errors import fault
from dualcarbon.tables import Library
from dualcarbon.tables.levers import read_levers
from dualcarbon.tables.variables import read_variables

if TYPE_CHECKING:
    from dualcarbon.analysis.decomposition import Decomposition
    from dualcarbon.api import Comparison, Run
    from dualcarbon.explore.hindcasting import Hindcast


FIGURE_ENDINGS = (".png", ".svg", ".pdf")


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


def title_notes(runs: Iterable[Run]) -> list[str]:
    """What to tell about the titles of the figures of runs."""
    return [note for note in (output.figures.title_note(run.results) for run in runs) if note]


def plot_hindcast(
    result: Hindcast, target: Path, library: Library, *, language: str = "en", force: bool = False
) -> None:
    """Draw hindcasts beside what happened into a file."""
    _check_figure_kind(target)
    with output.folder.whole_file(target, force=force) as draft:
        drawing = output.figures.hindcasts.draw(
            result.years,
            result.starts,
            result.observed,
            result.forecast,
            read_variables(library),
            language,
            version=__version__,
        )
        output.figures.save(drawing, draft, language)


def plot_decomposition(
    result: Decomposition, run: Run, target: Path, *, language: str = "en", force: bool = False
) -> None:
    """Draw a decomposition into a file."""
    _check_figure_kind(target)
    with output.folder.whole_file(target, force=force) as draft:
        title = output.figures.title_of(run.results)
        drawing = output.figures.decomposition.draw(result, title, language, version=__version__)
        output.figures.save(drawing, draft, language)


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
        drawing = difference.draw(names, rows, found.base_year, method, language, version=__version__)
        output.figures.save(drawing, draft, language)
