"""Other people's IAMC files: wide or long, CSV or Excel, every fault named by row and column."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

import numpy as np

from dualcarbon.analysis.vetting.reported import YEARS, Reported
from dualcarbon.axes import Floats
from dualcarbon.output.iamc.faults import FaultList
from dualcarbon.output.iamc.header import INDEX, YEAR, Header, read_header
from dualcarbon.output.iamc.names import is_china, known_names
from dualcarbon.output.iamc.sheets import EXCEL, Line, rows_of
from dualcarbon.output.iamc.units import Quantity
from dualcarbon.output.iamc.vocabulary import VOCABULARIES, read_vocabulary
from dualcarbon.tables.library import Library

MAX_SCENARIOS = 20_000


def read_iamc(path: Path, library: Library) -> Reported:
    """China's pathways in a file, in inside units on a year axis of their own.

    Parameters
    ----------
    path : CSV or Excel; columns model, scenario, region, variable, unit and either years, or year and value
    library : tables with the names that are understood

    Raises
    ------
    InputError
        With the faults found: the first of them, and how many there are.
    """
    ours = {n.iamc.lower() for which in VOCABULARIES for n in read_vocabulary(library, which).names}
    reader = _Reader(str(path), known_names(library), ours)
    with rows_of(path) as rows:
        reader.read(rows)
    return reader.result()


class _Reader:
    """What has been read so far.

    Rows of other regions and of unknown variables are passed over without a look at their numbers.

    Parameters
    ----------
    where : the file
    known : how names are understood, by the name in lower case
    ours : names of our own exports in lower case; those not known are sums and parts of others, and no news
    """

    def __init__(self, where: str, known: Mapping[str, Quantity], ours: Set[str]) -> None:
        self.where, self.known, self.ours = where, known, ours
        self.faults = FaultList(where)
        self.header: Header
        self.scenarios: dict[tuple[str, str], int] = {}
        # by name in lower case and scenario: numbers of the header's years, or by year
        self.wide: dict[tuple[str, int], array[float]] = {}
        self.long: dict[tuple[str, int], dict[int, float]] = {}
        self.lines: dict[tuple[str, int, int], int] = {}  # where a value was first given
        self.units: dict[str, tuple[str, int]] = {}  # unit and first line of each name
        self.factors: dict[tuple[str, str], float] = {}
        self.regions: dict[str, bool] = {}  # whether it is China
        self.written: dict[str, str] = {}  # names as the file writes them, by lower case
        self.unknown: dict[str, None] = {}

    def read(self, rows: Iterator[Line]) -> None:
        """Read the header and every row."""
        filled = ((line, row) for line, row in rows if any(row))
        line, row = next(filled, (0, ()))
        if not line:
            what = f"the file is empty; a header with {', '.join(INDEX)} and years is expected"
            self.faults.add(0, "", what)
        header = read_header(line, row, self.faults.add) if line else None
        self.faults.stop()
        assert header is not None
        self.header = header
        width = header.width
        for line, row in filled:
            cells = row if len(row) == width else self.fitted(line, row)
            if cells is not None:
                self.row(line, cells)

    def fitted(self, line: int, row: Sequence[Any]) -> Sequence[Any] | None:
        """A row that is not as wide as the header, brought to it; None, with a fault, where it cannot be."""
        width = self.header.width
        if len(row) > width and all(cell == "" for cell in row[width:]):
            return row[:width]
        if len(row) < width and self.where.lower().endswith(EXCEL):
            return [*row, *[""] * (width - len(row))]  # Excel leaves out empty cells at the end
        broken = any("\n" in str(cell) for cell in row)
        cause = "a quotation mark may not be closed" if broken else "a comma may be missing or too many"
        self.faults.add(line, "", f"has {len(row)} cells, the header {width}; {cause}")
        return None

    def row(self, line: int, row: Sequence[Any]) -> None:
        """One row: kept when it is China's and its variable is known."""
        model, scenario, region, name, unit = [str(cell).strip() for cell in self.header.index_cells(row)]
        if region not in self.regions:
            if not region:
                self.no_region(line, name)
                return
            self.regions[region] = is_china(region)
        if not self.regions[region]:
            return
        low = name.lower()
        if low not in self.known:
            self.unknown[name] = None
            return
        self.written.setdefault(low, name)
        if (low, unit) not in self.factors:
            self.factors[low, unit] = self.factor(line, low, unit)
        number = self.scenarios.get((model, scenario))
        if number is None:
            number = self.new_scenario(line, model, scenario)
        if self.header.long:
            self.long_row(line, row, low, number)
        else:
            self.wide_row(line, row, low, number)

    def no_region(self, line: int, name: str) -> None:
        """A row without a region: a fault, but for a note below the table, which has no variable either."""
        if name:
            self.faults.add(line, "region", "is empty; every row names its region")

    def factor(self, line: int, name: str, unit: str) -> float:
        """Factor of a unit not met before with this name; NaN, with a fault, where it is refused."""
        first, first_line = self.units.setdefault(name, (unit, line))
        written = self.written[name]
        try:
            factor = self.known[name].factor(unit)
        except ValueError as error:
            self.faults.add(line, "unit", f"{written}: {error}")
            return math.nan
        if unit != first:
            what = f"{written} is in {unit} here and in {first} in row {first_line}; one unit a variable"
            self.faults.add(line, "unit", what)
        return factor

    def new_scenario(self, line: int, model: str, scenario: str) -> int:
        """The number of a scenario not met before."""
        for column, text in (("model", model), ("scenario", scenario)):
            if not text:
                self.faults.add(line, column, "is empty; every row names its model and scenario")
        number = self.scenarios[model, scenario] = len(self.scenarios)
        if number >= MAX_SCENARIOS:
            self.faults.add(line, "", f"more than {MAX_SCENARIOS:,} scenarios; split the file")
            self.faults.stop()
        return number

    def wide_row(self, line: int, row: Sequence[Any], name: str, scenario: int) -> None:
        """A row of years."""
        if not self.is_first(line, name, scenario):
            return
        texts = self.header.year_cells(row)
        try:  # nearly every row is nothing but numbers and empty cells
            numbers = array("d", [math.nan if text == "" else float(text) for text in texts])
            joined = "".join(map(str, texts)).lower()
            plain = "_" not in joined and "n" not in joined  # what float takes: 1_400, nan and inf
        except ValueError:
            plain = False
        if not plain:
            cells = zip(self.header.labels, texts, strict=True)
            numbers = array("d", [self.number(line, label, text) for label, text in cells])
        self.wide[name, scenario] = numbers

    def long_row(self, line: int, row: Sequence[Any], name: str, scenario: int) -> None:
        """A row of one year."""
        text = str(row[self.header.index["year"]]).strip()
        match = YEAR.fullmatch(text)
        if match is None:
            what = f"{text!r} is not a whole year; write 2030 (2030.0 is read as well)"
            self.faults.add(line, "year", what)
            return
        year = int(match[1])
        if not self.is_first(line, name, scenario, year):
            return
        value = self.number(line, "value", row[self.header.index["value"]])
        self.long.setdefault((name, scenario), {})[year] = value

    def is_first(self, line: int, name: str, scenario: int, year: int = 0) -> bool:
        """Whether a row is the first for its scenario, variable and (in long files) year; a fault if not."""
        first = self.lines.setdefault((name, scenario, year), line)
        if first == line:
            return True
        model, title = list(self.scenarios)[scenario]
        when = f" {year}" if year else ""
        what = f"{self.written[name]}{when} of {model} / {title} stands in row {first} already"
        self.faults.add(line, "variable", what)
        return False

    def number(self, line: int, column: str, cell: object) -> float:
        """A cell as a number; NaN where it is empty, or is none and noted as a fault."""
        text = str(cell).strip()
        if not text:
            return math.nan
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if "_" not in text and math.isfinite(value):
            return value
        hint = "; write numbers without thousands separators" if "," in text else ""
        what = f"{text[:40]!r} is not a number; leave the cell empty where there is none{hint}"
        self.faults.add(line, column, what)
        return math.nan

    def result(self) -> Reported:
        """What was read, or the faults."""
        self.refuse_infinite()
        if not self.wide and not self.long and not self.faults:
            names = [quantity.name for quantity in self.known.values()]
            self.faults.nothing_found(list(self.regions), list(self.unknown), names)
        self.faults.stop()
        arrays: dict[str, Floats] = {}
        names_of: dict[str, tuple[str, ...]] = {}
        for name, quantity in self.known.items():  # in the order in which names count
            if name in self.written:
                block = self.block(name)
                before = arrays.get(quantity.key, np.full_like(block, np.nan))
                use = np.isnan(before).all(axis=-1, keepdims=True) & ~np.isnan(block)
                arrays[quantity.key] = np.where(use, block, before)
                if np.any(use):
                    names_of[quantity.key] = (*names_of.get(quantity.key, ()), self.written[name])
        others = tuple(region for region, china in self.regions.items() if not china)
        unknown = tuple(name for name in self.unknown if name.lower() not in self.ours)
        return Reported(self.where, tuple(self.scenarios), arrays, names_of, unknown, others)

    def refuse_infinite(self) -> None:
        """Note numbers of wide rows that are not finite; checked together, which is ten times faster."""
        for (name, scenario), numbers in self.wide.items():
            if not math.isfinite(sum(numbers)) and any(map(math.isinf, numbers)):
                line = self.lines[name, scenario, 0]
                for label, number in zip(self.header.labels, numbers, strict=True):
                    if math.isinf(number):
                        self.number(line, label, number)

    def block(self, name: str) -> Floats:
        """All values (scenario, year) of one name, in inside units."""
        block = np.full((len(self.scenarios), YEARS.size), np.nan)
        factor = self.factors[name, self.units[name][0]]
        wide = [number for number in range(len(self.scenarios)) if (name, number) in self.wide]
        if wide:
            numbers = np.array([self.wide[name, number] for number in wide])
            block[np.ix_(wide, self.header.slots)] = numbers[:, self.header.inside]
        for number in range(len(self.scenarios)):
            for year, value in self.long.get((name, number), {}).items():
                if YEARS[0] <= year <= YEARS[-1]:
                    block[number, year - int(YEARS[0])] = value
        return block * factor
