"""Rows of a CSV file or an Excel sheet with their line, as a stream; too large a file is refused."""

from __future__ import annotations

import csv
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from dualcarbon.errors import fault

MAX_MB = 500
"""Largest file that is read, in megabytes of text; an Excel file counts unpacked."""

MAX_COLUMNS = 1000
MAX_CELL = 32_767
"""Longest cell, the limit of Excel."""

EXCEL = (".xlsx", ".xlsm")
"""Endings of files that are read as Excel workbooks."""

TEXT = (".csv", ".txt", "")
"""Endings of files that are read as comma-separated text."""

_DATA_SHEET = "data"

Line = tuple[int, Sequence[Any]]


@contextmanager
def rows_of(path: Path) -> Iterator[Iterator[Line]]:
    """Rows with their line number (1 for the first); cells are text, or numbers from Excel.

    Raises
    ------
    InputError
        If the file is not there, is too large, or cannot be read as what its ending says.
    """
    if not path.is_file():
        what = "is a folder; name a file in it" if path.is_dir() else "there is no such file"
        raise fault(what, where=str(path))
    ending = path.suffix.lower()
    if ending in EXCEL:
        with _excel(path) as rows:
            yield rows
    elif ending == ".xls":
        raise fault("is an old Excel file; save it as .xlsx or .csv", where=str(path))
    elif ending not in TEXT:
        raise fault("is neither CSV (.csv) nor Excel (.xlsx)", where=str(path))
    else:
        _check_size(path, path.stat().st_size)
        yield _csv_rows(path)


def _check_size(path: Path, size: int) -> None:
    if size > MAX_MB * 1_000_000:
        raise fault(
            f"{size / 1e6:,.0f} MB; files up to {MAX_MB} MB are read: keep the rows of China only",
            where=str(path),
        )


def _csv_rows(path: Path) -> Iterator[Line]:
    line = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            before = csv.field_size_limit(MAX_CELL)
            try:
                for row in reader:
                    line = reader.line_num
                    yield line, row
            finally:
                csv.field_size_limit(before)
    except UnicodeDecodeError:
        raise fault("not UTF-8 text; save the file as UTF-8", where=str(path), line=_bad_line(path)) from None
    except csv.Error as error:
        if "field larger" in str(error):
            what = f"a cell is longer than {MAX_CELL:,} characters; a quotation mark may not be closed"
        else:
            what = f"not a CSV file ({error})"
        raise fault(what, where=str(path), line=line + 1) from None
    except OSError as error:
        raise fault(f"cannot be read ({error.strerror})", where=str(path)) from None


def _bad_line(path: Path) -> int:
    """The first line that is not UTF-8."""
    with path.open("rb") as file:
        for number, text in enumerate(file, start=1):
            try:
                text.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 0


@contextmanager
def _excel(path: Path) -> Iterator[Iterator[Line]]:
    """Rows of the sheet ``data``, or of the only one."""
    try:
        from openpyxl import load_workbook
    except ModuleNotFoundError:
        raise fault("Excel files need openpyxl: pip install 'dualcarbon[excel]'", where=str(path)) from None
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(path, sum(part.file_size for part in archive.infolist()))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which are not read
            book = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, OSError) as error:
        raise fault(f"not an Excel workbook ({error})", where=str(path)) from None
    with closing(book):
        titles = {title.lower(): title for title in book.sheetnames}
        if _DATA_SHEET not in titles and len(titles) > 1:
            raise fault(f"has no sheet 'data'; sheets: {', '.join(book.sheetnames)}", where=str(path))
        sheet = book[titles.get(_DATA_SHEET, book.sheetnames[0])]
        sheet.reset_dimensions()  # other programs write wrong ones
        with closing(sheet.iter_rows(values_only=True)) as rows:
            yield _excel_rows(rows, str(path))


def _excel_rows(rows: Iterator[tuple[object, ...]], where: str) -> Iterator[Line]:
    line = 0
    try:
        for line, row in enumerate(rows, start=1):
            yield line, [_cell(cell) for cell in row]
    except (SyntaxError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise fault(f"the sheet is damaged ({error})", where=where, line=line + 1) from None


def _cell(value: object) -> object:
    """Empty cells as text, numbers and text as they are, anything else as the text it shows."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, (str, int, float)) else str(value)
