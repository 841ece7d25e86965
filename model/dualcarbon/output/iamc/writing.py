"""Exchange files: CSV and Excel, wide and long, however many scenarios, block by block.

Numbers are formatted a series at a time with one ``%`` operation: the digits of `tabular.as_text`, but
several times faster than cell by cell. Only one scenario is in memory as text.
"""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dualcarbon.axes import Floats, Years
from dualcarbon.errors import OutputError
from dualcarbon.output.iamc.vocabulary import Vocabulary
from dualcarbon.output.pathways import Pathway, all_years
from dualcarbon.output.tabular import IAMC_COLUMNS, NUMBER, REGION, Cell

LAYOUTS = ("wide", "long")
EXCEL_ROWS, EXCEL_COLUMNS = 1_048_576, 16_384
"""What one sheet holds: Microsoft, "Excel specifications and limits"."""

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Series:
    """Pathways as rows of an exchange file.

    Parameters
    ----------
    models, scenarios : name and version of the model, name of the scenario, by place
    variables : name and unit of each variable
    years : (year)
    block : values (variable, year) of the scenario in a place, NaN where there are none
    """

    models: Sequence[str]
    scenarios: Sequence[str]
    variables: Sequence[tuple[str, str]]
    years: Years
    block: Callable[[int], Floats]

    def header(self, layout: str) -> list[str]:
        """Names of the columns."""
        ends = ["year", "value"] if layout == "long" else [str(year) for year in self.years]
        return [*IAMC_COLUMNS, *ends]

    def rows(self, layout: str) -> int:
        """Rows below the header: series with a number in them, or numbers."""
        known = (~np.isnan(self.block(k)) for k in range(len(self.scenarios)))
        return sum(int(k.sum()) if layout == "long" else int(k.any(axis=1).sum()) for k in known)


def series_of(pathways: Sequence[Pathway], vocabulary: Vocabulary) -> Series:
    """Pathways under the names of a vocabulary, on all their years together."""
    years = all_years(pathways)

    def block(k: int) -> Floats:
        results = pathways[k].results
        values = np.full((len(vocabulary.names), years.size), np.nan)
        first = int(results.years[0] - years[0])
        for row, name in zip(values, vocabulary.names, strict=True):
            row[first : first + results.years.size] = name.values(results)
        return values

    variables = [(name.iamc, name.unit) for name in vocabulary.names]
    models, scenarios = [one.model for one in pathways], [one.name for one in pathways]
    return Series(models, scenarios, variables, years, block)


def write_csv(path: Path, series: Series, layout: str, progress: Progress | None = None) -> None:
    """An exchange table as UTF-8 CSV with LF; numbers with ten significant digits, missing ones empty.

    Parameters
    ----------
    layout : wide (a column a year) or long (a row a number; missing ones have no row)
    progress : called with scenarios done, scenarios in all and the one being written
    """
    lines = _long_lines if layout == "long" else _wide_lines
    ends = [_joined([REGION, *variable]) for variable in series.variables]
    total = len(series.scenarios)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_joined(series.header(layout)) + "\n")
        for k, scenario in enumerate(series.scenarios):
            if progress is not None:
                progress(k, total, scenario)
            start = _joined([series.models[k], scenario])
            file.writelines(lines(series, series.block(k), [f"{start},{end}" for end in ends]))


def _wide_lines(series: Series, block: Floats, starts: Sequence[str]) -> Iterator[str]:
    template = f",{NUMBER}" * series.years.size + "\n"
    known = np.count_nonzero(~np.isnan(block), axis=1).tolist()
    for start, numbers, count in zip(starts, block.tolist(), known, strict=True):
        if count == series.years.size:
            yield start + template % tuple(numbers)
        elif count:
            yield start + (template % tuple(numbers)).replace("nan", "")


def _long_lines(series: Series, block: Floats, starts: Sequence[str]) -> Iterator[str]:
    known = ~np.isnan(block)
    years = [str(year) for year in series.years]
    for place, start in enumerate(starts):
        escaped, there = start.replace("%", "%%"), known[place].tolist()
        template = "".join(
            [f"{escaped},{y},{NUMBER}\n" for y, here in zip(years, there, strict=True) if here]
        )
        yield template % tuple(block[place][known[place]].tolist())


def _joined(cells: Sequence[str]) -> str:
    """Text cells as a CSV line without its end, quoted where needed."""
    if not any(mark in cell for cell in cells for mark in ',"\n\r'):
        return ",".join(cells)
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def write_workbook(
    path: Path,
    series: Series,
    meta: tuple[list[str], list[list[Cell]]],
    layout: str,
    progress: Progress | None = None,
) -> None:
    """An exchange table and its meta table as sheets ``data`` and ``meta`` of one Excel workbook.

    Raises
    ------
    OutputError
        If the sheet would be too large for Excel, or the package that writes Excel files is missing.
    """
    check_size(series.rows(layout) + 1, len(series.header(layout)), path.name)
    check_package()
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    data, about = book.create_sheet("data"), book.create_sheet("meta")
    header = series.header(layout)
    data.append(header if layout == "long" else [*IAMC_COLUMNS, *map(int, series.years)])
    for cells in _sheet_rows(series, layout, progress):
        data.append(cells)
    about.append(meta[0])
    for row in meta[1]:
        about.append(row)
    book.save(path)


def check_package() -> None:
    """Refuse to write Excel files where the package for them is missing.

    Raises
    ------
    OutputError
        With how to install it.
    """
    try:
        importlib.import_module("openpyxl")
    except ModuleNotFoundError:
        raise OutputError("Excel files need openpyxl: pip install 'dualcarbon[excel]'") from None


def check_size(rows: int, columns: int, name: str) -> None:
    """Refuse a sheet that Excel could not open.

    Raises
    ------
    OutputError
        With what to do instead.
    """
    if rows > EXCEL_ROWS or columns > EXCEL_COLUMNS:
        raise OutputError(
            f"{name}: {rows:,} rows and {columns:,} columns are more than an Excel sheet holds "
            f"({EXCEL_ROWS:,} and {EXCEL_COLUMNS:,}); write .csv or .parquet, or fewer scenarios"
        )


def _sheet_rows(series: Series, layout: str, progress: Progress | None) -> Iterator[list[Any]]:
    total = len(series.scenarios)
    for k, scenario in enumerate(series.scenarios):
        if progress is not None:
            progress(k, total, scenario)
        block = series.block(k)
        known = ~np.isnan(block)
        for place, variable in enumerate(series.variables):
            labels = [series.models[k], scenario, REGION, *variable]
            values, there = block[place].tolist(), known[place].tolist()
            if layout == "long":
                for year, value, here in zip(series.years.tolist(), values, there, strict=True):
                    if here:
                        yield [*labels, year, value]
            elif any(there):
                yield [*labels, *(v if here else None for v, here in zip(values, there, strict=True))]
