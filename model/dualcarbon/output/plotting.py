"""Figures of run folders: which files they become, written all or none."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from dualcarbon.errors import fault
from dualcarbon.output import figures, folder
from dualcarbon.results import Results
from dualcarbon.tables import Library
from dualcarbon.tables.studies import read_studies
from dualcarbon.tables.variables import read_variables

_OVERVIEW = "pathway"
"""The overview in a run folder is called as its table."""


@dataclass(frozen=True)
class Plotted:
    """What `plot_folders` has done.

    Parameters
    ----------
    files : written, in the order of the folders
    notes : what was left out or replaced, one sentence each
    """

    files: tuple[Path, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Wanted:
    """A figure to be: its file, its kind and the folders that it shows."""

    file: Path
    kind: str
    shows: tuple[Path, ...]


def plot_folders(
    sources: Sequence[Path],
    target: Path | None,
    library: Library,
    *,
    kinds: Sequence[str] = ("overview",),
    form: str = "png",
    language: str = "en",
    accounting: str = "coal-equivalent",
    force: bool = False,
) -> Plotted:
    """Draw figures of run folders: one file for each kind and folder, one for all of them to compare them.

    All files appear or none does. Folders of comparisons and sweeps are passed over.

    Parameters
    ----------
    sources : run folders
    target : a folder for the figures, or a file if there is one figure; beside the tables when None
    kinds : of `dualcarbon.output.figures.KINDS`
    form : png, svg or pdf; a file's own ending goes first
    language : en or zh
    accounting : of the energy mix: coal-equivalent or direct
    force : replace files

    Raises
    ------
    InputError
        If a folder is none of a run, or two figures would be one file.
    OutputError
        If a file is in the way, or no font can draw the labels.
    """
    others = [one for one in sources if folder.is_other_folder(one)]
    runs = [one for one in sources if one not in others]
    if not runs:
        raise fault("no run folder; `dualcarbon run … -o` writes one", where=" ".join(map(str, sources)))
    variables = read_variables(library)
    read = {one: folder.read_run(one, variables) for one in runs}
    wanted = _wanted(runs, kinds, target, form)
    with ExitStack() as stack:
        drafts = [stack.enter_context(folder.whole_file(one.file, force=force)) for one in wanted]
        for one, draft in zip(wanted, drafts, strict=True):
            if one.kind == figures.COMPARISON:
                pathways = [(_name(path), read[path][0]) for path in one.shows]
                drawing = draw_comparison(pathways, library, language)
            else:
                results, scores = read[one.shows[0]]
                drawing = figures.draw_kind(one.kind, results, scores, language, accounting)
            figures.save(drawing, draft, language)
    notes = [f"{one}: no folder of one run, left out" for one in others]
    if any(kind != figures.COMPARISON for kind in kinds):
        notes += [note for results, _ in read.values() if (note := figures.title_note(results))]
    return Plotted(tuple(one.file for one in wanted), tuple(notes))


def draw_comparison(runs: Sequence[tuple[str, Results]], library: Library, language: str = "en") -> Figure:
    """Pathways, each with its name, among what studies have published."""
    return figures.comparison.draw(runs, read_variables(library), read_studies(library), language)


def _wanted(runs: Sequence[Path], kinds: Sequence[str], target: Path | None, form: str) -> list[_Wanted]:
    """Every figure with its file."""
    found = [
        _Wanted(_file(one, kind, target, form), kind, (one,))
        for one in runs
        for kind in kinds
        if kind != figures.COMPARISON
    ]
    if figures.COMPARISON in kinds:
        found.append(_Wanted(_file(None, figures.COMPARISON, target, form), figures.COMPARISON, tuple(runs)))
    if target is not None and _is_file(target):
        if target.suffix.lower().removeprefix(".") not in figures.FORMATS:
            endings = ", ".join(f".{one}" for one in figures.FORMATS)
            raise fault(f"a figure file ends in {endings}", where=str(target))
        if len(found) > 1:
            raise fault(f"one file cannot hold {len(found)} figures; give a folder", where=f"-o {target}")
    files = [one.file for one in found]
    twice = sorted({str(file) for file in files if files.count(file) > 1})
    if twice:
        raise fault("two figures would be this file", where=", ".join(twice))
    return found


def _file(run: Path | None, kind: str, target: Path | None, form: str) -> Path:
    """The file of a figure, of one run or of all of them."""
    if target is not None and _is_file(target):
        return target
    if target is not None:
        return target / (f"{_name(run)}-{kind}.{form}" if run is not None else f"{kind}.{form}")
    if run is None:
        raise fault("the figure of several runs needs a place: add -o DIR", where=f"--kind {kind}")
    return run / f"{_OVERVIEW if kind == 'overview' else kind}.{form}"


def _is_file(target: Path) -> bool:
    """Whether a place to write to is meant as a file: it has an ending and is no folder yet."""
    return bool(target.suffix) and not target.is_dir()


def _name(run: Path) -> str:
    """The name of a run folder, however it was typed."""
    return run.resolve().name
