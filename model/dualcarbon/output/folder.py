"""Run folders: written whole or not at all, never over something else without being told to."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from dualcarbon.axes import Years
from dualcarbon.errors import OutputError, did_you_mean, fault
from dualcarbon.output.tabular import IAMC_COLUMNS, TARGET_COLUMNS, Rows, as_text
from dualcarbon.results import Results
from dualcarbon.tables.variables import Variable

RUN_FILE = "run.json"
COMPARISON_FILE = "comparison.json"
SWEEP_FILE = "sweep.json"
SENSITIVITY_FILE = "sensitivity.json"
ENSEMBLE_FILE = "ensemble.json"
DRAWS_FOLDER = "draws"
_MARKS = (RUN_FILE, COMPARISON_FILE, SWEEP_FILE, SENSITIVITY_FILE, ENSEMBLE_FILE)
_FIGURES = {"emissions", "energy", "shares", "intensity", "decomposition"}
_OUR_STEMS = frozenset(
    {"run", "pathway", "indicators", "targets", "scenario", "fit", "comparison", "sweep", ".DS_Store"}
    | {"sensitivity", "indices", "tornado", "tree"}
    | {"ensemble", "quantiles", "peak_years", "fan"}
    | _FIGURES
)
"""Files of these names, with any ending, may be in a folder that is replaced; any other file protects it."""

Table = tuple[list[str], Rows]
Writer = Callable[[Path], None]


def write_csv(path: Path, table: Table) -> None:
    """A table as UTF-8 CSV with LF; numbers with ten significant digits, missing ones empty."""
    header, rows = table
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[as_text(cell) for cell in row] for row in rows])


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """A mapping as readable JSON."""
    path.write_text(json.dumps(dict(content), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_workbook(path: Path, sheets: Mapping[str, Table]) -> None:
    """Tables as sheets of one Excel workbook.

    Raises
    ------
    OutputError
        If the package that writes Excel files is not installed.
    """
    try:
        from openpyxl import Workbook
    except ModuleNotFoundError:
        raise OutputError("Excel files need openpyxl: pip install 'dualcarbon[excel]'") from None
    book = Workbook(write_only=True)
    for title, (header, rows) in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(header)
        for row in rows:
            sheet.append(row)
    book.save(path)


def write_folders(parent: Path, folders: Mapping[str, Writer], *, force: bool) -> None:
    """Write several folders below ``parent``: all of them appear, or none.

    Parameters
    ----------
    parent : made if it is not there
    folders : by name, a function that fills an empty folder
    force : replace folders of an earlier run; anything else is never replaced

    Raises
    ------
    OutputError
        If a folder is in the way, or the place cannot be written.
    """
    missing = [folder for folder in (parent, *parent.parents) if not folder.exists()]
    try:
        for name in folders:
            _check_free(parent / name, force)
        parent.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".dualcarbon-", dir=parent))
    except OSError as error:
        raise OutputError(f"{parent}: cannot be written ({error.strerror})") from None
    try:
        for name, write in folders.items():
            (stage / name).mkdir()
            write(stage / name)
        _move_in(parent, stage, list(folders))
    except OSError as error:
        raise OutputError(f"{parent}: nothing was written ({error.strerror or error})") from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        for folder in missing:
            if not any(folder.iterdir()):
                folder.rmdir()


def _check_free(folder: Path, force: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputError(f"{folder}: a file is in the way; choose another -o")
    inside = sorted(folder.iterdir())
    foreign = [path.name for path in inside if not _is_ours(path)]
    if foreign or (inside and not any((folder / mark).is_file() for mark in _MARKS)):
        raise OutputError(
            f"{folder}: holds what dualcarbon did not write ({(foreign or [inside[0].name])[0]}); "
            "it is left alone, choose another -o"
        )
    if inside and not force:
        raise OutputError(f"{folder}: exists already; --force replaces it")


def _is_ours(path: Path) -> bool:
    if path.is_dir():
        return path.name == DRAWS_FOLDER and (path / "draws.json").is_file()
    return path.stem in _OUR_STEMS


def check_free(parent: Path, names: Iterable[str], *, force: bool) -> None:
    """Say at once, before long work, if folders below ``parent`` are in the way.

    Raises
    ------
    OutputError
        If they are, or the place cannot be read.
    """
    try:
        for name in names:
            _check_free(parent / name, force)
    except OSError as error:
        raise OutputError(f"{parent}: cannot be written ({error.strerror})") from None


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A hidden folder below ``parent`` that is gone afterwards, whatever happens.

    Raises
    ------
    OutputError
        If the place cannot be written.
    """
    missing = [folder for folder in (parent, *parent.parents) if not folder.exists()]
    try:
        parent.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".dualcarbon-", dir=parent))
    except OSError as error:
        raise OutputError(f"{parent}: cannot be written ({error.strerror})") from None
    try:
        yield stage
    except OSError as error:
        raise OutputError(f"{parent}: nothing was written ({error.strerror or error})") from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        for folder in missing:
            if folder.exists() and not any(folder.iterdir()):
                folder.rmdir()


def _move_in(parent: Path, stage: Path, names: list[str]) -> None:
    """Put the finished folders in place; on a failure the old ones come back."""
    old = stage / "replaced"
    old.mkdir()
    moved: list[str] = []
    try:
        for name in names:
            if (parent / name).exists():
                (parent / name).rename(old / name)
            moved.append(name)
            (stage / name).rename(parent / name)
    except BaseException:
        for name in moved:
            if (old / name).exists():
                if (parent / name).exists():
                    shutil.rmtree(parent / name)
                (old / name).rename(parent / name)
            elif (parent / name).exists() and not (stage / name).exists():
                shutil.rmtree(parent / name)
        raise


def check_file_free(path: Path, *, force: bool) -> None:
    """Refuse a place that is taken, before the work for it is done.

    Raises
    ------
    OutputError
        If a folder is there, or a file and ``force`` is not given.
    """
    if path.is_dir():
        raise OutputError(f"{path}: a folder is in the way")
    if path.exists() and not force:
        raise OutputError(f"{path}: exists already; --force replaces it")


@contextmanager
def whole_file(path: Path, *, force: bool) -> Iterator[Path]:
    """A place to write a single file; it takes its name only when the writing has succeeded.

    Raises
    ------
    OutputError
        If the file exists and ``force`` is not given, or cannot be written.
    """
    with whole_files([path], force=force) as (draft,):
        yield draft


@contextmanager
def whole_files(paths: Sequence[Path], *, force: bool) -> Iterator[list[Path]]:
    """Places to write files of one folder that belong together: all take their names, or none does.

    Raises
    ------
    OutputError
        If one exists and ``force`` is not given, or cannot be written.
    """
    for path in paths:
        check_file_free(path, force=force)
    parent = paths[0].parent
    missing = [folder for folder in (parent, *parent.parents) if not folder.exists()]
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".dualcarbon-", dir=parent) as stage:
            drafts = [Path(stage) / path.name for path in paths]
            yield drafts
            _take_names(drafts, paths)
    except OSError as error:
        raise OutputError(f"{paths[0]}: cannot be written ({error.strerror or error})") from None
    finally:
        for folder in missing:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def _take_names(drafts: Sequence[Path], paths: Sequence[Path]) -> None:
    """Put finished files in place; on a failure the old ones come back."""
    replaced: list[tuple[Path, Path]] = []
    placed: list[Path] = []
    try:
        for draft, path in zip(drafts, paths, strict=True):
            if path.exists() and len(paths) > 1:
                replaced.append((path.replace(draft.with_name(f"{draft.name}.old")), path))
            draft.replace(path)
            placed.append(path)
    except BaseException:
        for path in placed:
            path.unlink()
        for old, path in replaced:
            old.replace(path)
        raise


def is_run_folder(path: Path) -> bool:
    """Whether a folder was written by a run."""
    return (path / RUN_FILE).is_file()


def is_other_folder(path: Path) -> bool:
    """Whether a folder was written beside runs: to compare them, or for a sweep."""
    return any((path / mark).is_file() for mark in _MARKS if mark != RUN_FILE)


def read_run(folder: Path, variables: Mapping[str, Variable]) -> tuple[Results, list[dict[str, str]]]:
    """Results and scoreboard rows of a run folder.

    Raises
    ------
    InputError
        If the folder is not one of a run or does not hold together.
    """
    if not is_run_folder(folder):
        raise fault("not a run folder (no run.json); `dualcarbon run … -o` writes one", where=str(folder))
    try:
        meta = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        str(meta["scenario"]["title"])
        base_year = int(meta["base_year"])
        with (folder / "pathway.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        with (folder / "targets.csv").open(encoding="utf-8", newline="") as file:
            scores = list(csv.DictReader(file))
        years = np.array([int(cell) for cell in header[len(IAMC_COLUMNS) :]], dtype=np.int64)
        numbers = [[float(cell) if cell else np.nan for cell in row[len(IAMC_COLUMNS) :]] for row in rows]
    except FileNotFoundError as error:
        lost = Path(error.filename).name
        raise fault(f"the run folder is damaged ({lost} is missing)", where=str(folder)) from None
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise fault(f"the run folder is damaged ({error})", where=str(folder)) from None
    wrong = _damage(header, rows, years, base_year, scores, variables)
    if wrong:
        raise fault(f"the run folder is damaged ({wrong})", where=str(folder))
    by_name = {v.iamc: v for v in variables.values()}
    arrays = {}
    for row, values in zip(rows, numbers, strict=True):
        variable = by_name[row[3]]
        arrays[variable.key] = np.array(values) / (variable.factor * variable.iamc_factor)
    return Results(years, base_year, arrays, meta), scores


_NAMED = 3
"""Variables that a message names; the rest is counted."""


def _damage(
    header: list[str],
    rows: list[list[str]],
    years: Years,
    base_year: int,
    scores: list[dict[str, str]],
    variables: Mapping[str, Variable],
) -> str:
    """What does not hold together in the tables of a run folder; empty when they do."""
    if not years.size or np.any(np.diff(years) != 1) or not years[0] <= base_year <= years[-1]:
        return f"pathway.csv has no row of years around {base_year}"
    units = {v.iamc: v.iamc_unit for v in variables.values()}
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            return f"pathway.csv:{line} has {len(row)} columns, not {len(header)}"
        if row[3] not in units:
            return (
                f"pathway.csv:{line} has the unknown variable {row[3]!r}{did_you_mean(row[3], list(units))}"
            )
        if row[4] != units[row[3]]:
            return f"pathway.csv:{line} has {row[3]} in {row[4]}, not {units[row[3]]}"
    there = {row[3] for row in rows}
    lost = [name for name in units if name not in there]
    if lost:
        more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
        return f"pathway.csv lacks {', '.join(lost[:_NAMED])}{more}"
    if any(None in score or set(score) != set(TARGET_COLUMNS) or None in score.values() for score in scores):
        return f"targets.csv lacks columns of {', '.join(TARGET_COLUMNS)}"
    return ""
