"""Pathways into one file that others can read: IAMC tables, NetCDF, Parquet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dualcarbon.errors import Fault, InputError, did_you_mean, fault
from dualcarbon.output import datasets
from dualcarbon.output.folder import check_file_free, whole_files, write_csv
from dualcarbon.output.iamc import writing
from dualcarbon.output.iamc.meta import meta_rows
from dualcarbon.output.iamc.vocabulary import VOCABULARIES, read_vocabulary
from dualcarbon.output.pathways import Pathway
from dualcarbon.tables import Library
from dualcarbon.tables.variables import read_variables

ENDINGS = {"iamc": (".csv", ".xlsx"), "csv": (".csv",), "netcdf": (".nc",), "parquet": (".parquet",)}
"""Formats and the endings of their files; ``csv`` is the IAMC table as text."""


@dataclass(frozen=True)
class Plan:
    """What to write and where, checked.

    Parameters
    ----------
    path : the file
    kind : format
    vocabulary, layout : of an IAMC file
    force : whether a file may be replaced
    """

    path: Path
    kind: str
    vocabulary: str
    layout: str
    force: bool

    @property
    def files(self) -> tuple[Path, ...]:
        """The file, and the side table that a CSV needs."""
        if self.path.suffix.lower() != ".csv":
            return (self.path,)
        return self.path, self.path.with_name(f"{self.path.stem}-meta{self.path.suffix}")


@dataclass(frozen=True)
class Export:
    """What was written.

    Parameters
    ----------
    files : paths
    scenarios : names, in the order of the file
    passed_over : folders of comparisons and sweeps, which hold no pathway
    left_out : variables without a counterpart in the vocabulary
    """

    files: tuple[Path, ...]
    scenarios: tuple[str, ...]
    passed_over: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def make_plan(
    path: Path, kind: str | None, vocabulary: str | None, layout: str | None, *, force: bool
) -> Plan:
    """What is asked for, filled up with defaults.

    Raises
    ------
    InputError
        If the format, the ending, the vocabulary or the layout is unknown, or they do not go together.
    OutputError
        If a file is in the way, or a package is missing.
    """
    found = find_format(path, kind)
    plan = Plan(path, found, *_iamc_choices(found, vocabulary, layout), force)
    for file in plan.files:
        check_file_free(file, force=force)
    if path.suffix.lower() == ".xlsx":
        writing.check_package()
    elif found in ("netcdf", "parquet"):
        datasets.check_packages(found)
    return plan


def find_format(path: Path, asked: str | None) -> str:
    """The format of a file, by what is asked for and by its ending.

    Raises
    ------
    InputError
        If the format is unknown, or the ending is not one of it.
    """
    ending = path.suffix.lower()
    if asked is None:
        found = next((name for name, endings in ENDINGS.items() if ending in endings), None)
        if found is None:
            raise fault("an export ends in .xlsx or .csv (IAMC), .nc (NetCDF) or .parquet", where=str(path))
        return found
    if asked not in ENDINGS:
        hint = did_you_mean(asked, list(ENDINGS)) or f"; allowed: {', '.join(ENDINGS)}"
        raise fault(f"there is no format {asked!r}{hint}", where="--format")
    if ending not in ENDINGS[asked]:
        raise fault(f"a file of format {asked} ends in {' or '.join(ENDINGS[asked])}", where=str(path))
    return asked


def _iamc_choices(kind: str, vocabulary: str | None, layout: str | None) -> tuple[str, str]:
    faults = []
    for option, given, allowed in (
        ("--vocabulary", vocabulary, VOCABULARIES),
        ("--layout", layout, writing.LAYOUTS),
    ):
        if given is None:
            continue
        if kind not in ("iamc", "csv"):
            faults.append(Fault(option, 0, "", f"belongs to IAMC files; a file of format {kind} has none"))
        elif given not in allowed:
            faults.append(Fault(option, 0, "", f"{given!r} is unknown; allowed: {', '.join(allowed)}"))
    if faults:
        raise InputError(faults)
    return vocabulary or "current", layout or "wide"


def write_export(
    pathways: Sequence[Pathway],
    plan: Plan,
    library: Library,
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[str, ...]:
    """Write pathways as planned, whole or not at all; returns the variables that the vocabulary leaves out.

    Raises
    ------
    OutputError
        If a file is in the way or too large for Excel.
    """
    if plan.kind in ("iamc", "csv"):
        left_out = _write_iamc(pathways, plan, library, progress)
    else:
        left_out = ()
        _write_dataset(pathways, plan, library)
    if progress is not None:
        progress(len(pathways), len(pathways), "done")
    return left_out


def _write_iamc(
    pathways: Sequence[Pathway],
    plan: Plan,
    library: Library,
    progress: Callable[[int, int, str], None] | None,
) -> tuple[str, ...]:
    words = read_vocabulary(library, plan.vocabulary)
    series = writing.series_of(pathways, words)
    about = meta_rows(pathways, words, library)
    with whole_files(plan.files, force=plan.force) as drafts:
        if plan.path.suffix.lower() == ".xlsx":
            writing.write_workbook(drafts[0], series, about, plan.layout, progress)
        else:
            writing.write_csv(drafts[0], series, plan.layout, progress)
            write_csv(drafts[1], about)
    return words.left_out


def _write_dataset(pathways: Sequence[Pathway], plan: Plan, library: Library) -> None:
    variables = read_variables(library)
    with whole_files(plan.files, force=plan.force) as (draft,):
        if plan.kind == "netcdf":
            datasets.write_netcdf(draft, datasets.dataset(pathways, variables))
        else:
            datasets.write_parquet(draft, *datasets.long_table(pathways, variables))
