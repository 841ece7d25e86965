"""The data folder: find a table, read its rows, ask where a number comes from.

Tables are read with the standard library, because a run must not wait for the import of pandas.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from dualcarbon.axes import Floats, Years
from dualcarbon.errors import did_you_mean, fault

STATUSES = ("published", "secondary", "derived", "assumed", "unverified")
"""How well a number is known, from read in the publisher's own text to widely quoted but not confirmed."""

SERIES_COLUMNS = ("series", "year", "value", "status", "flag", "source", "note")

Row = dict[str, str]


@dataclass(frozen=True)
class Table:
    """One table: ``<topic>/<name>.csv`` with ``<name>.yaml`` beside it."""

    topic: str
    name: str
    csv_path: Path

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Rows as text, in the order of the file."""
        with self.csv_path.open(encoding="utf-8", newline="") as file:
            return tuple(csv.DictReader(file))

    @cached_property
    def sidecar(self) -> dict[str, Any]:
        """Title, units, sources, vintage, licence, derivation and checks."""
        text = self.csv_path.with_suffix(".yaml").read_text(encoding="utf-8")
        loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return loaded

    def numbered_rows(self) -> Iterator[tuple[int, Row]]:
        """Rows with their line number in the file."""
        yield from enumerate(self.rows, start=2)

    def grouped(self, *columns: str) -> dict[tuple[str, ...], list[tuple[int, Row]]]:
        """Rows with their line number, by the values of some columns."""
        if columns not in self._groups:
            groups: dict[tuple[str, ...], list[tuple[int, Row]]] = {}
            for line, row in self.numbered_rows():
                groups.setdefault(tuple(row[column] for column in columns), []).append((line, row))
            self._groups[columns] = groups
        return self._groups[columns]

    @cached_property
    def _groups(self) -> dict[tuple[str, ...], dict[tuple[str, ...], list[tuple[int, Row]]]]:
        return {}

    def series(self, name: str) -> tuple[Years, Floats]:
        """Years and values of one series, sorted by year; the years may have gaps."""
        points = sorted(
            (self._number(line, row, "year"), self._number(line, row, "value"))
            for line, row in self.grouped("series").get((name,), [])
        )
        if not points:
            raise KeyError(f"{self.topic}/{self.name} has no series {name!r}")
        years = np.array([year for year, _ in points], dtype=np.int64)
        if np.any(np.diff(years) == 0):
            twice = int(years[1:][np.diff(years) == 0][0])
            raise fault(f"{name} has {twice} twice", where=self.csv_path.name)
        return years, np.array([value for _, value in points])

    def on_axis(self, name: str, years: Years) -> Floats:
        """Values of one series on a year axis; NaN where the series has no year."""
        result = np.full(years.size, np.nan)
        have, values = self.series(name)
        inside = (have >= years[0]) & (have <= years[-1])
        result[have[inside] - years[0]] = values[inside]
        return result

    def _number(self, line: int, row: Row, column: str) -> float:
        try:
            return float(row[column])
        except (KeyError, TypeError, ValueError):
            text = row.get(column)
            raise fault(
                f"{text!r} is not a number", where=self.csv_path.name, line=line, key=column
            ) from None


class Library:
    """All tables of a data folder.

    Parameters
    ----------
    folder : a data folder with ``<topic>/<table>.csv`` files

    Raises
    ------
    InputError
        If the folder holds no tables.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tables = {
            path.stem: Table(path.parent.name, path.stem, path) for path in sorted(folder.glob("*/*.csv"))
        }
        if not self._tables:
            raise fault("no tables here; a data folder holds <topic>/<table>.csv", where=str(folder))

    def __iter__(self) -> Iterator[Table]:
        return iter(self._tables.values())

    def __getitem__(self, name: str) -> Table:
        if name not in self._tables:
            hint = did_you_mean(name, list(self._tables))
            raise fault(f"there is no table {name!r}{hint}", where=str(self.folder))
        return self._tables[name]

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    @cached_property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of every table's CSV, by ``topic/name``."""
        return {
            f"{table.topic}/{table.name}": hashlib.sha256(table.csv_path.read_bytes()).hexdigest()
            for table in self
        }
