"""Every number under data/ has a source, a unit and a status; a table that lacks one is refused."""

from __future__ import annotations

import csv
import math
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from dualcarbon.paths import data_folder
from dualcarbon.tables import Library, Table
from dualcarbon.tables.library import SERIES_COLUMNS, STATUSES

SIDECAR = ("title", "description", "vintage", "licence", "derivation")
SOURCE = ("publisher", "title", "date", "licence")
SERIES = ("unit", "label", "label_zh", "definition")

NUMBERS = ("value", "value_from", "value_to", "tolerance", "lower", "upper")
NUMBERS_OF_UNCERTAINTY = tuple(f"{p}_{year}" for p in ("p05", "p95") for year in (2030, 2040, 2060))
YEARS = ("year", "year_from", "year_to")
REGISTRIES = {
    "documents": (),
    "policy_documents": (),
    "groups": (),
    "variables": ("iamc_factor", "iamc_sign"),
}
"""Tables without data, and the columns of conversion factors that they hold."""

ADDRESSES = re.compile(r"https?://\S+")
PLACES = re.compile(r"(?<![\w.])(?:/(?:work|home|root|tmp|Users|mnt|srv)/|[A-Z]:\\|~/)")
FILES = re.compile(r"\b([\w-]+)\.(?:csv|xlsx?|json|md|ipynb|py)\b")


# the rules


def faults(library: Library) -> list[str]:
    """Everything that lacks provenance, as ``topic/table[:line]: what``."""
    return [
        f"{table.topic}/{table.name}{fault}" for table in library for fault in table_faults(table, library)
    ]


def table_faults(table: Table, library: Library) -> Iterator[str]:
    if not table.csv_path.with_suffix(".yaml").is_file():
        yield ": no sidecar"
        return
    yield from sidecar_faults(table.sidecar)
    yield from text_faults(table, library)
    if not table.rows:
        yield ": no rows"
        return
    if table.sidecar.get("kind") == "series":
        yield from series_faults(table)
    else:
        yield from columns_faults(table)
    for line, row in table.numbered_rows():
        yield from (f":{line}: {what}" for what in row_faults(row, table))


def sidecar_faults(sidecar: dict[str, Any]) -> Iterator[str]:
    for key in SIDECAR:
        if not isinstance(sidecar.get(key), str) or not sidecar[key].strip():
            yield f": no {key}"
    if sidecar.get("kind") not in ("series", "records"):
        yield ": kind is neither series nor records"
    if not sidecar.get("sources"):
        yield ": no sources"
    for name, source in (sidecar.get("sources") or {}).items():
        for key in SOURCE:
            if not isinstance(source.get(key), str) or not source[key].strip():
                yield f": source {name} has no {key}"
        if "url" not in source:
            yield f": source {name} does not say its url (null if there is none)"
    if not sidecar.get("checked") or not all({"what", "result"} <= set(c) for c in sidecar["checked"]):
        yield ": does not say what it was checked against"


def text_faults(table: Table, library: Library) -> Iterator[str]:
    """Machine paths, and files that are no table here: sources are publishers."""
    for path in (table.csv_path, table.csv_path.with_suffix(".yaml")):
        text = ADDRESSES.sub("", path.read_text(encoding="utf-8"))
        for found in PLACES.findall(text):
            yield f": names a place on some machine ({found})"
        for stem in FILES.findall(text):
            if stem not in library:
                yield f": names a file that is no table ({stem})"


def series_faults(table: Table) -> Iterator[str]:
    declared = table.sidecar.get("series") or {}
    for name, one in declared.items():
        for key in SERIES:
            if not isinstance(one.get(key), str) or not one[key].strip():
                yield f": series {name} has no {key}"
    if tuple(table.rows[0]) != SERIES_COLUMNS:
        yield f": columns are not {', '.join(SERIES_COLUMNS)}"
        return
    used = {row["series"] for row in table.rows}
    for name in sorted(used ^ set(declared)):
        yield f": series {name} is {'not declared' if name in used else 'declared but has no rows'}"
    for (line, before), (_, after) in pairwise(table.numbered_rows()):
        one, other = ((row["series"], row["year"]) for row in (before, after))
        if one >= other:
            what = "stands twice" if one == other else "is not in order"
            yield f":{line + 1}: {other[0]} {other[1]} {what}"


def columns_faults(table: Table) -> Iterator[str]:
    declared = table.sidecar.get("columns") or {}
    for name in sorted(set(table.rows[0]) ^ set(declared)):
        yield f": column {name} is {'declared but missing' if name in declared else 'not declared'}"
    for name, column in declared.items():
        if "unit" not in column or not column.get("meaning"):
            yield f": column {name} has no unit or meaning"
    known = (*number_columns(table), *YEARS)
    for name in table.rows[0]:
        cells = [row[name] for row in table.rows if row[name]]
        if name not in known and cells and all(is_number(cell) for cell in cells):
            yield f": column {name} holds numbers that these rules do not know"


def row_faults(row: dict[str, str], table: Table) -> Iterator[str]:
    """What is wrong with the numbers of one row."""
    for name in (*number_columns(table), *YEARS):
        if row.get(name) and not is_number(row[name]):
            yield f"{name} {row[name]!r} is not a number"
    if "status" in row and row["status"] not in STATUSES:
        yield f"status {row['status']!r} is none of {', '.join(STATUSES)}"
    if table.name in REGISTRIES:
        return
    if table.sidecar.get("kind") == "series" and not row.get("value"):
        yield "no value; a missing year has no row"
    if not row.get("status"):
        yield "no status"
    if row.get("source") not in (table.sidecar.get("sources") or {}):
        yield f"source {row.get('source')!r} is not in the sidecar"
    if any(row.get(name) for name in number_columns(table)) and not unit_of(row, table):
        yield "a number without a unit"


def number_columns(table: Table) -> tuple[str, ...]:
    return REGISTRIES.get(table.name, (*NUMBERS, *NUMBERS_OF_UNCERTAINTY))


def unit_of(row: dict[str, str], table: Table) -> str | None:
    """Unit of a row's numbers: its own, or that of its series."""
    if table.sidecar.get("kind") == "series":
        declared = (table.sidecar.get("series") or {}).get(row.get("series"), {})
        return declared.get("unit")
    return row.get("unit")


def is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


# the shipped tables keep them


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(data_folder())


def test_every_number_has_source_unit_and_status(library: Library) -> None:
    assert faults(library) == []


def test_no_sidecar_is_left_without_its_table() -> None:
    sidecars = {path.with_suffix("") for path in data_folder().glob("*/*.yaml")}
    assert sidecars == {path.with_suffix("") for path in data_folder().glob("*/*.csv")}


def test_table_names_are_unique_across_topics() -> None:
    stems = [path.stem for path in data_folder().glob("*/*.csv")]
    assert len(stems) == len(set(stems))


def test_registries_are_tables(library: Library) -> None:
    assert all(name in library for name in REGISTRIES)


def test_years_are_four_digits(library: Library) -> None:
    for table in library:
        for row in table.rows:
            assert all(not row.get(name) or re.fullmatch(r"\d{4}", row[name]) for name in YEARS), table.name


# broken copies are refused


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_folder(), tmp_path / "data"))


def change_row(table: str, number: int, **cells: str) -> Callable[[Path], None]:
    """Give cells of the row in a line of a table another text."""

    def change(folder: Path) -> None:
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        rows[number - 2] |= cells
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    return change


def repeat_row(table: str, number: int) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / f"{table}.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join([*lines[:number], lines[number - 1], *lines[number:]]), encoding="utf-8")

    return change


def change_sidecar(table: str, *keys: str, to: Any = None) -> Callable[[Path], None]:
    """Give a key of a sidecar another value, or take it out."""

    def change(folder: Path) -> None:
        path = folder / f"{table}.yaml"
        sidecar = place = yaml.safe_load(path.read_text(encoding="utf-8"))
        for key in keys[:-1]:
            place = place[key]
        if to is None:
            del place[keys[-1]]
        else:
            place[keys[-1]] = to
        path.write_text(yaml.safe_dump(sidecar, allow_unicode=True), encoding="utf-8")

    return change


def remove_sidecar(folder: Path) -> None:
    (folder / "energy/power.yaml").unlink()


BALANCE, PATHWAYS, TARGETS = "energy/energy_balance", "levers/pathways", "targets/targets"

BROKEN = {
    "no source": (change_row(BALANCE, 2, source=""), f"{BALANCE}:2: source '' is not in the sidecar"),
    "unknown source": (
        change_row(PATHWAYS, 3, source="someone"),
        f"{PATHWAYS}:3: source 'someone' is not in the sidecar",
    ),
    "no status": (change_row(BALANCE, 2, status=""), f"{BALANCE}:2: no status"),
    "unknown status": (
        change_row(TARGETS, 2, status="certain"),
        f"{TARGETS}:2: status 'certain' is none of {', '.join(STATUSES)}",
    ),
    "no unit in a row": (change_row(PATHWAYS, 3, unit=""), f"{PATHWAYS}:3: a number without a unit"),
    "no unit of a series": (
        change_sidecar(BALANCE, "series", "coal_share", "unit"),
        f"{BALANCE}:2: a number without a unit",
    ),
    "not a number": (change_row(BALANCE, 2, value="68,5"), f"{BALANCE}:2: value '68,5' is not a number"),
    "not finite": (change_row(PATHWAYS, 2, value="nan"), f"{PATHWAYS}:2: value 'nan' is not a number"),
    "no value": (change_row(BALANCE, 2, value=""), f"{BALANCE}:2: no value; a missing year has no row"),
    "a year twice": (repeat_row(BALANCE, 2), f"{BALANCE}:3: coal_share 2000 stands twice"),
    "years out of order": (
        change_row(BALANCE, 3, year="1999"),
        f"{BALANCE}:3: coal_share 1999 is not in order",
    ),
    "a series that is not declared": (
        change_row(BALANCE, 2, series="coal"),
        f"{BALANCE}: series coal is not declared",
    ),
    "no sidecar": (remove_sidecar, "energy/power: no sidecar"),
    "no licence": (change_sidecar(BALANCE, "licence"), f"{BALANCE}: no licence"),
    "no vintage": (change_sidecar(BALANCE, "vintage"), f"{BALANCE}: no vintage"),
    "not checked": (
        change_sidecar(BALANCE, "checked"),
        f"{BALANCE}: does not say what it was checked against",
    ),
    "a source without publisher": (
        change_sidecar(PATHWAYS, "sources", "own-derivation", "publisher"),
        f"{PATHWAYS}: source own-derivation has no publisher",
    ),
    "a source without date": (
        change_sidecar(PATHWAYS, "sources", "own-derivation", "date", to=""),
        f"{PATHWAYS}: source own-derivation has no date",
    ),
    "a column without meaning": (
        change_sidecar(PATHWAYS, "columns", "value", "meaning"),
        f"{PATHWAYS}: column value has no unit or meaning",
    ),
    "a column that is not there": (
        change_sidecar(TARGETS, "columns", "probability", to={"unit": None, "meaning": "chance"}),
        f"{TARGETS}: column probability is declared but missing",
    ),
    "a place on a machine": (
        change_sidecar(BALANCE, "derivation", to="copied from /home/someone/energy"),
        f"{BALANCE}: names a place on some machine (/home/)",
    ),
    "a file that is no table": (
        change_row(PATHWAYS, 2, note="see my_collection.csv"),
        f"{PATHWAYS}: names a file that is no table (my_collection)",
    ),
}


@pytest.mark.parametrize(("change", "fault"), BROKEN.values(), ids=BROKEN)
def test_a_broken_table_is_refused(change: Callable[[Path], None], fault: str, copy: Path) -> None:
    change(copy)
    assert fault in faults(Library(copy))


def test_a_number_column_that_the_rules_do_not_know_is_refused(copy: Path) -> None:
    path = copy / "market/carbon_market.csv"
    path.write_text("item,price,status,source\nclose,54,published,x\n", encoding="utf-8")
    change_sidecar("market/carbon_market", "kind", to="records")(copy)
    found = faults(Library(copy))
    assert "market/carbon_market: column price holds numbers that these rules do not know" in found
