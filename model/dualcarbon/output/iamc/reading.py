"""Other people's IAMC files: wide or long, CSV or Excel, every fault named by row and column."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from dualcarbon.analysis.vetting.reported import YEARS, Reported
from dualcarbon.errors import Fault, InputError, did_you_mean
from dualcarbon.output.iamc.header import INDEX, YEAR, Header, read_header
from dualcarbon.output.iamc.names import holds_more, is_china, known_names
from dualcarbon.output.iamc.sheets import Line, rows_of
from dualcarbon.output.iamc.units import Quantity
from dualcarbon.tables.library import Library

MAX_SCENARIOS = 20_000
FAULTS_LISTED = 20
FAULTS_SOUGHT = 1000

_MISSING = frozenset({"", "na", "nan", "n/a", "#n/a"})
"""How programs write that there is no value."""


def read_iamc(path: Path, library: Library) -> Reported:
    """China's pathways in a file, in inside units on a year axis of their own.

    Parameters
    ----------
    path : CSV or Excel; columns model, scenario, region, variable, unit and either years, or year and value
    library : tables with the names that are understood

    Raises
    ------
    InputError
        With the faults found: the first `FAULTS_LISTED`, and how many more there are.
    """
    reader = _Reader(str(path), known_names(library))
    with rows_of(path) as rows:
        reader.read(rows)
    return reader.result()


@dataclass
class _Reader:
    """What has been read so far."""

    where: str
    known: Mapping[str, Quantity]
    faults: list[Fault] = field(default_factory=list)
    scenarios: dict[tuple[str, str], int] = field(default_factory=dict)
    cells: dict[tuple[int, str], dict[int, float]] = field(default_factory=dict)
    first_line: dict[tuple[int, str, int], int] = field(default_factory=dict)
    units: dict[str, tuple[str, float, int]] = field(default_factory=dict)
    refused: set[tuple[str, str]] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    regions: Counter[str] = field(default_factory=Counter)

    def fault(self, line: int, key: str, what: str) -> None:
        """Note a fault; stop where there are too many to be worth the search."""
        self.faults.append(Fault(self.where, line, key, what))
        if len(self.faults) >= FAULTS_SOUGHT:
            self.stop()

    def stop(self) -> None:
        """Raise what was found, if anything."""
        if not self.faults:
            return
        faults = sorted(set(self.faults))
        more = len(faults) - FAULTS_LISTED
        if more > 0:
            at_least = "at least " if len(self.faults) >= FAULTS_SOUGHT else ""
            head = f"{at_least}{len(faults)} faults; the first {FAULTS_LISTED} are listed"
            faults = [Fault(self.where, 0, "", head), *faults[:FAULTS_LISTED]]
        raise InputError(faults)

    # the header

    def read(self, rows: Iterator[Line]) -> None:
        """Read every row."""
        filled = ((line, row) for line, row in rows if any(cell != "" for cell in row))
        first = next(filled, None)
        if first is None:
            self.fault(0, "", f"the file is empty; a header with {', '.join(INDEX)} and years is expected")
            self.stop()
        assert first is not None
        header = read_header(*first, self.fault)
        self.stop()
        assert header is not None
        for line, row in filled:
            cells = self.fitted(header, line, row)
            if cells is not None:
                self.row(header, line, cells)

    # the rows

    def fitted(self, header: Header, line: int, row: Sequence[Any]) -> Sequence[Any] | None:
        """The row as wide as the header; None, with a fault, where it is not."""
        if len(row) == header.width:
            return row
        if len(row) > header.width and all(cell == "" for cell in row[header.width :]):
            return row[: header.width]
        if len(row) < header.width and not self.where.lower().endswith(".csv"):
            return [*row, *[""] * (header.width - len(row))]  # Excel leaves out empty cells at the end
        broken = any("\n" in str(cell) for cell in row)
        cause = "a quotation mark may not be closed" if broken else "a comma may be missing or too many"
        self.fault(line, "", f"has {len(row)} cells, the header {header.width}; {cause}")
        return None

    def row(self, header: Header, line: int, row: Sequence[Any]) -> None:
        """One row: kept when it is China's and its variable is known."""
        place = header.index
        region = str(row[place["region"]]).strip()
        self.regions[region] += 1
        if not is_china(region):
            return
        name = str(row[place["variable"]]).strip()
        quantity = self.known.get(name.lower())
        if quantity is None:
            self.unknown[name] = None
            return
        scenario = self.scenario(line, str(row[place["model"]]).strip(), str(row[place["scenario"]]).strip())
        factor = self.factor(line, name, str(row[place["unit"]]).strip(), quantity)
        self.names.setdefault(name.lower(), name)
        if header.long:
            self.long_row(header, line, row, (scenario, name.lower()), factor)
        else:
            self.wide_row(header, line, row, (scenario, name.lower()), factor)

    def scenario(self, line: int, model: str, name: str) -> int:
        for column, text in (("model", model), ("scenario", name)):
            if not text:
                self.fault(line, column, "is empty; every row names its model and scenario")
        number = self.scenarios.setdefault((model, name), len(self.scenarios))
        if number >= MAX_SCENARIOS:
            self.faults = [
                Fault(self.where, line, "", f"more than {MAX_SCENARIOS:,} scenarios; split the file")
            ]
            self.stop()
        return number

    def factor(self, line: int, name: str, unit: str, quantity: Quantity) -> float:
        """Factor to the inside unit; a unit refused, or not that of earlier rows, is a fault, once."""
        seen = self.units.get(name.lower())
        if seen is not None and seen[0] == unit:
            return seen[1]
        if (name.lower(), unit) in self.refused:
            return math.nan
        try:
            factor = quantity.factor(unit)
        except ValueError as error:
            self.refused.add((name.lower(), unit))
            self.fault(line, "unit", f"{name}: {error}")
            return math.nan
        if seen is None:
            self.units[name.lower()] = (unit, factor, line)
        else:
            self.refused.add((name.lower(), unit))
            self.fault(
                line,
                "unit",
                f"{name} is in {unit} here and in {seen[0]} in row {seen[2]}; one unit a variable",
            )
        return factor

    def wide_row(
        self, header: Header, line: int, row: Sequence[Any], key: tuple[int, str], factor: float
    ) -> None:
        if not self.is_first(line, key):
            return
        texts = [row[position] for position in header.positions]
        try:  # nearly every row is numbers and empty cells
            values = [float(text) if text != "" else math.nan for text in texts]
            plain = not any(map(math.isinf, values)) and not any("_" in str(text) for text in texts)
        except ValueError:
            plain = False
        if not plain:
            values = [self.number(line, *pair) for pair in zip(header.labels, texts, strict=True)]
        self.cells[key] = {
            year: value * factor for year, value in zip(header.years, values, strict=True) if value == value
        }

    def long_row(
        self, header: Header, line: int, row: Sequence[Any], key: tuple[int, str], factor: float
    ) -> None:
        text = str(row[header.index["year"]]).strip()
        match = YEAR.fullmatch(text)
        if match is None:
            self.fault(line, "year", f"{text!r} is not a whole year; write 2030 (2030.0 is read as well)")
            return
        if not self.is_first(line, key, int(match[1])):
            return
        value = self.number(line, "value", row[header.index["value"]])
        if value == value:
            self.cells.setdefault(key, {})[int(match[1])] = value * factor

    def is_first(self, line: int, key: tuple[int, str], year: int = 0) -> bool:
        """Whether a row is the first for its scenario, variable and (in long files) year; a fault if not."""
        first = self.first_line.setdefault((*key, year), line)
        if first == line:
            return True
        model, scenario = list(self.scenarios)[key[0]]
        when = f" {year}" if year else ""
        what = f"{self.names[key[1]]}{when} of {model} / {scenario} stands in row {first} already"
        self.fault(line, "variable", what)
        return False

    def number(self, line: int, column: str, cell: object) -> float:
        """A cell as a number; NaN where it is empty, or is none and noted as a fault."""
        if isinstance(cell, (int, float)) and math.isfinite(cell):
            return float(cell)
        text = str(cell).strip()
        if text.lower() in _MISSING:
            return math.nan
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if "_" in text or not math.isfinite(value):
            hint = "; write numbers without thousands separators" if "," in text else ""
            self.fault(
                line, column, f"{text[:40]!r} is not a number; leave the cell empty where there is none{hint}"
            )
            return math.nan
        return value

    # the result

    def result(self) -> Reported:
        """What was read, or the faults."""
        if not self.scenarios and not self.faults:
            self.nothing_found()
        self.stop()
        arrays: dict[str, np.ndarray[Any, Any]] = {}
        rank = {name: place for place, name in enumerate(self.known)}
        taken: dict[str, dict[str, None]] = {}
        filled: set[tuple[int, str]] = set()
        for number, name in sorted(self.cells, key=lambda key: rank[key[1]]):
            key = self.known[name].key
            if (number, key) in filled:
                continue
            filled.add((number, key))
            taken.setdefault(key, {})[self.names[name]] = None
            array = arrays.setdefault(key, np.full((len(self.scenarios), YEARS.size), np.nan))
            for year, value in self.cells[number, name].items():
                if YEARS[0] <= year <= YEARS[-1]:
                    array[number, year - int(YEARS[0])] = value
        return Reported(
            file=self.where,
            scenarios=tuple(self.scenarios),
            arrays=arrays,
            names={key: tuple(names) for key, names in taken.items()},
            unknown=tuple(self.unknown),
            other_regions=tuple(region for region in self.regions if not is_china(region)),
        )

    def nothing_found(self) -> None:
        """Say why no row was kept."""
        regions = list(self.regions)
        china = [region for region in regions if is_china(region)]
        if not regions:
            self.fault(0, "", "there are no rows below the header")
        elif china:
            names = [quantity.name for quantity in self.known.values()]
            near = (did_you_mean(name, names) for name in list(self.unknown)[:100])
            first = next(iter(self.unknown))
            hint = next(filter(None, near), "; `dualcarbon variables` lists the names")
            self.fault(
                0,
                "variable",
                f"none of {len(self.unknown)} variables of China is known, such as {first!r}{hint}",
            )
        else:
            shown = [
                f"{region} (holds more than China)" if holds_more(region) else region
                for region in regions[:10]
            ]
            more = f" and {len(regions) - 10} more" if len(regions) > 10 else ""
            near_china = [region for region in regions if did_you_mean(region, ["China"])]
            hint = f"; did you mean China by {near_china[0]}?" if near_china else ""
            what = f"no rows of China; regions here: {', '.join(shown)}{more}{hint}"
            self.fault(0, "region", what)
