"""Other people's IAMC files: read alike whatever their form, and every fault named by row and column."""

from __future__ import annotations

import codecs
import contextlib
import csv
import datetime as dt
import io
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.analysis.vetting.reported import YEARS, Reported
from dualcarbon.output.iamc import sheets
from dualcarbon.output.iamc.reading import read_iamc
from dualcarbon.output.iamc.units import KINDS, Quantity

BAD = Path(__file__).parent / "bad_iamc"
MESSAGES = yaml.safe_load(BAD.with_suffix(".yaml").read_text(encoding="utf-8"))

EIP = "Emissions|CO2|Energy and Industrial Processes"
WIDE = [
    ["Model", "Scenario", "Region", "Variable", "Unit", "2020", "2025", "2030"],
    ["m", "s", "China", "Population", "million", "1410", "", "1400"],
    ["m", "s", "World", "Population", "million", "7800", "8100", "8500"],
    ["m", "t", "China", "Population", "million", "1411", "1405", "1395"],
    ["m", "s", "China", EIP, "Mt CO2/yr", "11000", "10500", "10000"],
]


@pytest.fixture(scope="module")
def library():
    return api.open_library()


def text_of(rows: list[list[str]], newline: str = "\n") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=newline).writerows(rows)
    return buffer.getvalue()


def long_rows() -> list[list[str]]:
    years = WIDE[0][5:]
    rows = [[*row[:5], year, value] for row in WIDE[1:] for year, value in zip(years, row[5:], strict=True)]
    return [["model", "scenario", "region", "variable", "unit", "year", "value"], *rows]


def value(read: Reported, key: str, year: int, scenario: int = 0) -> float:
    return float(read.arrays[key][scenario, year - int(YEARS[0])])


def check_wide(read: Reported) -> None:
    """What the rows of `WIDE` say."""
    assert read.scenarios == (("m", "s"), ("m", "t"))
    assert read.other_regions == ("World",)
    assert [value(read, "population", year) for year in (2020, 2030)] == [1410.0, 1400.0]
    assert np.isnan(value(read, "population", 2025))
    assert value(read, "population", 2025, 1) == 1405.0
    assert value(read, "eip_co2", 2030) == 10_000.0
    assert np.isnan(read.arrays["eip_co2"][1]).all()


# good files, in every form


@pytest.mark.parametrize("rows", [WIDE, long_rows()], ids=["wide", "long"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8], ids=["plain", "bom"])
def test_wide_and_long_with_any_line_ends_and_a_byte_order_mark(rows, newline, mark, library, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(mark + text_of(rows, newline).encode())
    check_wide(read_iamc(path, library))


def write_book(path: Path, rows: list[list[object]], title: str = "data", *others: str) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for other in others:
        book.create_sheet(other)
    book.save(path)
    return path


def as_numbers(rows: list[list[str]]) -> list[list[object]]:
    """Cells as Excel has them: numbers are floats, years as well, empty cells nothing."""
    return [[float(c) if c.replace(".", "").isdigit() else c or None for c in row] for row in rows]


@pytest.mark.parametrize("rows", [WIDE, long_rows()], ids=["wide", "long"])
def test_excel_with_years_as_floats(rows, library, tmp_path):
    path = write_book(tmp_path / "x.xlsx", as_numbers(rows), "data", "meta")
    check_wide(read_iamc(path, library))


def test_years_as_floats_in_a_csv_and_columns_in_any_order_and_case(library, tmp_path):
    order = [6, 4, 3, 2, 1, 0, 7, 5]
    rows = [[row[k] for k in order] for row in WIDE]
    rows[0] = [cell.upper() if cell.isalpha() else f"{cell}.0" for cell in rows[0]]
    path = tmp_path / "x.csv"
    path.write_text(text_of(rows))
    check_wide(read_iamc(path, library))


def test_blank_lines_other_columns_empty_cells_and_a_note_below(library, tmp_path):
    header = "model,scenario,region,variable,unit,2020,2030,2040,2050,note"
    path = tmp_path / "x.csv"
    path.write_text(f"\n{header}\n\nm,s,CHN,population,million,,1400, ,,guess\n,,,,,,,,,\n© us,,,,,,,,,\n")
    read = read_iamc(path, library)
    assert value(read, "population", 2030) == 1400.0
    assert np.count_nonzero(~np.isnan(read.arrays["population"])) == 1


@pytest.mark.parametrize("region", ["China", "CHINA", "CHN", "cn", "中国", "REMIND 3.2|China"])
def test_names_of_china(region, library, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(f"model,scenario,region,variable,unit,2030\nm,s,{region},Population,million,1400\n")
    assert value(read_iamc(path, library), "population", 2030) == 1400.0


def test_our_own_pathway_comes_back(library, tmp_path):
    """The pathway.csv of a run has ten digits."""
    run = dc.run("rapid-decline")
    from dualcarbon import files

    files.write_runs([run], tmp_path)
    read = read_iamc(tmp_path / "rapid-decline/pathway.csv", library)
    assert read.unknown == ()
    for key, array in run.results.items():
        np.testing.assert_allclose(read.arrays[key][0, : array.size], array, rtol=1e-9, atol=1e-12)


# units: figures that others give


QUANTITIES = {
    "EJ": ("energy", "EJ/yr", 34.1208424),  # 1 EJ = 34.12 Mtce (China's statistics: 29.3076 GJ/tce)
    "Mtoe": ("energy", "Mtoe/yr", 1.4285714),  # 1 toe = 1.4286 tce (China Energy Statistical Yearbook)
    "TWh": ("energy", "TWh/yr", 0.12283503),  # 1.229 tce per 10^4 kWh (same)
    "Mtce": ("energy", "Mtce", 1.0),
    "GWh": ("power", "GWh/yr", 1e-3),
    "carbon": ("CO2", "Mt C/yr", 44 / 12),
    "kt": ("CO2", "kt CO2/yr", 1e-3),
    "subscript": ("CO2", "Gt CO₂ / yr", 1e3),
    "equivalent": ("CO2e", "Mt CO2-equiv/yr", 1.0),
    "N2O": ("N2O", "kt N2O/yr", 1e-3),
    "people": ("people", "billion", 1e3),
    "percent": ("share", "%", 0.01),
    "dollars": ("money", "billion US$2010/yr", 1.0),
    "yuan": ("money", "trillion CNY_2020/yr", 1e3),
    "dollars apart": ("money", "million USD 2017", 1e-3),
    "dollars of AR6": ("money", "billion US$2010/yr OR local currency", 1.0),
}


@pytest.mark.parametrize(("kind", "unit", "factor"), QUANTITIES.values(), ids=QUANTITIES)
def test_units(kind, unit, factor):
    assert Quantity("x", "x", kind).factor(unit) == pytest.approx(factor, rel=1e-6)


def test_every_kind_of_the_aliases_is_known(library):
    assert {row["kind"] for row in library["aliases"].rows} <= set(KINDS)


@pytest.mark.parametrize("unit", ["", "EJ CO2", "million", "mt CO2", "Mt CO2/day", "Mt CO2/yr/yr"])
def test_other_units_are_refused(unit):
    with pytest.raises(ValueError, match="allowed: Mt CO2/yr"):
        Quantity("x", "x", "CO2").factor(unit)


@pytest.mark.parametrize("unit", ["billion", "billion USD", "USD_2010", "thousand USD_2010/cap/yr"])
def test_money_without_its_year_or_by_head_is_refused(unit):
    with pytest.raises(ValueError, match="allowed: billion USD_2010/yr"):
        Quantity("x", "x", "money").factor(unit)


def test_the_sink_changes_sign_in_any_unit(library, tmp_path):
    path = tmp_path / "x.csv"
    header = "model,scenario,region,variable,unit,2030\n"
    path.write_text(header + "m,s,China,Emissions|CO2|AFOLU [NGHGI],Gt CO2/yr,-1.3\n")
    assert value(read_iamc(path, library), "land_sink", 2030) == pytest.approx(1300.0)


def test_the_current_name_counts_before_the_legacy_one(library, tmp_path):
    path = tmp_path / "x.csv"
    legacy = "m,s,China,Emissions|CO2|Fossil Fuels and Industry,Mt CO2/yr,1\n"
    path.write_text(f"model,scenario,region,variable,unit,2030\n{legacy}m,s,China,{EIP},Mt CO2/yr,2\n")
    read = read_iamc(path, library)
    assert value(read, "eip_co2", 2030) == 2.0
    assert read.names["eip_co2"] == (EIP,)


# bad files


def test_every_bad_file_has_its_message():
    assert set(MESSAGES) == {path.stem for path in BAD.iterdir()}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_fault_is_told_and_nothing_is_written(name, typed, tmp_path, monkeypatch):
    monkeypatch.chdir(BAD)
    result = typed("check-pathway", f"{name}.csv", "-o", tmp_path / "out.csv")
    assert result.err == MESSAGES[name]
    assert (result.code, result.out) == (2, "")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("rows", [WIDE, long_rows()], ids=["wide", "long"])
@pytest.mark.parametrize("mark", ["n/a", "NA", "nan", "NaN", "#N/A", "-"])
def test_only_an_empty_cell_is_missing(rows, mark, library, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(text_of([rows[0], [*rows[1][:6], mark, *rows[1][7:]]]))
    assert f": {mark!r} is not a number; leave the cell empty where there is none" in told(path, library)


def test_a_table_of_another_format_is_not_read_as_text(library, tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    assert told(tmp_path / "x.parquet", library) == "x: is neither CSV (.csv) nor Excel (.xlsx)"


@pytest.mark.parametrize("vocabulary", ["current", "ar6"])
def test_no_name_of_our_own_exports_is_unknown(vocabulary, library, tmp_path):
    dc.export("rapid-decline", tmp_path / "x.csv", vocabulary=vocabulary)
    assert read_iamc(tmp_path / "x.csv", library).unknown == ()


def told(path: Path, library) -> str:
    with pytest.raises(dc.InputError) as caught:
        read_iamc(path, library)
    return str(caught.value).replace(str(path), "x")


BYTES = {
    "latin-1": ("a\nb,Klimaneutralität\n".encode("latin-1"), "x:2: not UTF-8 text; save the file as UTF-8"),
    "utf-16": (
        codecs.BOM_UTF16_LE + "model".encode("utf-16-le"),
        "x:1: not UTF-8 text; save the file as UTF-8",
    ),
    "long cell": (
        b'model,"' + b"a" * 40_000,
        "x:1: a cell is longer than 32,767 characters; a quotation mark may not be closed",
    ),
    "many columns": (
        b"model" + b",x" * 2000,
        "x:1: 2,001 columns; at most 1,000 are read",
    ),
}


@pytest.mark.parametrize(("content", "message"), BYTES.values(), ids=BYTES)
def test_files_that_are_no_table(content, message, library, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert told(path, library) == message


def test_files_that_cannot_be_opened(library, tmp_path):
    assert told(tmp_path / "x.csv", library) == "x: there is no such file"
    assert told(tmp_path, library) == "x: is a folder; name a file in it"
    (tmp_path / "x.xls").touch()
    assert told(tmp_path / "x.xls", library) == "x: is an old Excel file; save it as .xlsx or .csv"
    (tmp_path / "x.xlsx").write_text("model,scenario")
    assert told(tmp_path / "x.xlsx", library) == "x: not an Excel workbook (File is not a zip file)"


def test_a_gigantic_file_is_refused_before_it_is_read(library, tmp_path):
    path = tmp_path / "x.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)  # a hole: nothing is on the disk
    tracemalloc.start()
    assert told(path, library) == "x: 2,000 MB; files up to 500 MB are read: keep the rows of China only"
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_gigantic_sheet_is_refused_by_its_unpacked_size(library, tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_MB", 0.001)
    path = write_book(tmp_path / "x.xlsx", as_numbers(WIDE))
    assert "files up to 0.001 MB are read" in told(path, library)


CELLS = {
    "text": (
        "about 1400",
        "x:2: 2030: 'about 1400' is not a number; leave the cell empty where there is none",
    ),
    "true": (True, "x:2: 2030: 'TRUE' is not a number; leave the cell empty where there is none"),
    "date": (
        dt.datetime(2030, 1, 1),
        "x:2: 2030: '2030-01-01 00:00:00' is not a number; leave the cell empty where there is none",
    ),
}


@pytest.mark.parametrize(("cell", "message"), CELLS.values(), ids=CELLS)
def test_cells_of_excel_that_are_no_numbers(cell, message, library, tmp_path):
    rows: list[list[object]] = [*as_numbers(WIDE[:2])]
    rows[1][7] = cell
    assert told(write_book(tmp_path / "x.xlsx", rows), library) == message


def test_a_damaged_sheet(library, tmp_path):
    path = write_book(tmp_path / "whole.xlsx", as_numbers(WIDE))
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(tmp_path / "x.xlsx", "w") as broken:
        for name in whole.namelist():
            content = whole.read(name)
            broken.writestr(name, content[:-80] if "sheet1" in name else content)
    assert "the sheet is damaged" in told(tmp_path / "x.xlsx", library)


def test_a_year_in_excel_that_is_not_whole(library, tmp_path):
    rows = as_numbers(WIDE[:2])
    rows[0][7] = 2030.5
    message = "x:1: 2030.5: is not a whole year; write 2030 (2030.0 is read as well)"
    assert told(write_book(tmp_path / "x.xlsx", rows), library) == message


def test_a_workbook_with_several_sheets_and_none_called_data(library, tmp_path):
    path = write_book(tmp_path / "x.xlsx", as_numbers(WIDE), "Sheet1", "meta")
    assert told(path, library) == "x: has no sheet 'data'; sheets: Sheet1, meta"


def test_the_search_for_faults_stops(library, tmp_path):
    rows = [f"m,s{k},China,Population,million,x" for k in range(3000)]
    path = tmp_path / "x.csv"
    path.write_text("\n".join(["model,scenario,region,variable,unit,2030", *rows]))
    lines = told(path, library).splitlines()
    assert lines[0] == "x: at least 1000 faults; the first 20 are listed"
    assert len(lines) == 21


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from([*WIDE[0], *WIDE[1], "x", "2030.5", "-", "é"]), max_size=9), max_size=4)
)
def test_any_table_is_read_or_refused_with_a_message(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("any") / "x.csv"
    path.write_text(text_of([WIDE[0], *rows]), encoding="utf-8")
    with contextlib.suppress(dc.InputError):  # and nothing else
        read_iamc(path, api.open_library())
