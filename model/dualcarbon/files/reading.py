"""Read run folders back: scoreboards, and what moved between two of them."""

from __future__ import annotations

from pathlib import Path

from dualcarbon import output
from dualcarbon.analysis.differences import Move, moved
from dualcarbon.api import run
from dualcarbon.tables import Library
from dualcarbon.tables.official import read_documents
from dualcarbon.tables.variables import read_variables


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


def moved_between(old: Path, new: Path, rtol: float, library: Library) -> list[Move]:
    """Variables that differ between two run folders by more than a relative tolerance."""
    variables = read_variables(library)
    before, after = (output.folder.read_run(folder, variables)[0] for folder in (old, new))
    return moved(before, after, rtol, atol=_ROUNDING)


_ROUNDING = 1e-9
"""What ten written digits may leave around zero, in inside units."""
