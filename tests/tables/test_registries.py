"""The registry of variables, the documented figures, and the reader of tables."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from dualcarbon.axes import year_range
from dualcarbon.errors import InputError
from dualcarbon.paths import data_folder
from dualcarbon.project import VARIABLES
from dualcarbon.tables import Library
from dualcarbon.tables.library import STATUSES
from dualcarbon.tables.provenance import count_statuses
from dualcarbon.tables.variables import read_variables

LIBRARY = Library(data_folder())


# variables


def test_the_registry_holds_exactly_the_variables_of_a_run() -> None:
    assert Counter(row["key"] for row in LIBRARY["variables"].rows) == Counter(VARIABLES)


def test_exchange_names_are_unique() -> None:
    names = Counter(variable.iamc for variable in read_variables(LIBRARY).values())
    assert [name for name, count in names.items() if count > 1] == []


def test_every_variable_is_described() -> None:
    for variable in read_variables(LIBRARY).values():
        for field in ("unit", "iamc", "iamc_unit", "label", "label_zh", "accounting", "definition"):
            assert getattr(variable, field), (variable.key, field)


def test_retired_and_unqualified_names_are_not_used() -> None:
    """The inventory sink is not the modelled one, so totals that need a modelled sink stay unwritten."""
    names = {variable.iamc for variable in read_variables(LIBRARY).values()}
    assert not any(name.startswith("Carbon Sequestration") for name in names)
    assert names.isdisjoint({"Emissions|CO2", "Emissions|CO2|AFOLU", "Emissions|Kyoto Gases"})
    assert "Emissions|CO2|AFOLU [NGHGI]" in names


def test_direct_equivalent_is_the_accounting_of_the_common_names() -> None:
    for variable in read_variables(LIBRARY).values():
        if variable.accounting == "coal-equivalent":
            assert variable.custom, variable.key
        assert (variable.accounting == "direct-equivalent") == variable.key.endswith("_direct")


# documented figures


def test_the_55_documented_figures_name_documents_that_exist() -> None:
    figures = LIBRARY["figures"].rows
    documents = {row["id"] for row in LIBRARY["policy_documents"].rows}
    assert len({row["id"] for row in figures}) == len(figures) == 55
    assert {row["document"] for row in figures} <= documents


def test_every_figure_has_a_number_and_a_way_to_check_it() -> None:
    for row in LIBRARY["figures"].rows:
        assert row["value"] or (row["value_from"] and row["value_to"]), row["id"]
        assert row["check"] in ("computed", "cross-checked", "quoted"), row["id"]
        assert row["how"], row["id"]
        if row["check"] != "quoted":
            assert float(row["tolerance"]) >= 0.0, row["id"]
            assert row["tolerance_reason"], row["id"]


# reading


def test_a_missing_year_is_missing() -> None:
    rate = LIBRARY["coal_rate"].on_axis("coal_rate", year_range(2000, 2030))
    known, _ = LIBRARY["coal_rate"].series("coal_rate")
    np.testing.assert_array_equal(~np.isnan(rate), np.isin(year_range(2000, 2030), known))
    assert np.isnan(rate[0])


def a_library(folder: Path, text: str) -> Library:
    (folder / "topic").mkdir()
    (folder / "topic" / "invented.csv").write_text(text, encoding="utf-8")
    return Library(folder)


def test_series_are_sorted_by_year_and_may_have_gaps(tmp_path: Path) -> None:
    library = a_library(tmp_path, "series,year,value\na,2005,5\nb,2003,9\na,2001,1\n")
    years, values = library["invented"].series("a")
    np.testing.assert_array_equal(years, [2001, 2005])
    np.testing.assert_array_equal(values, [1.0, 5.0])
    on_axis = library["invented"].on_axis("a", year_range(2001, 2003))
    np.testing.assert_array_equal(on_axis, [1.0, np.nan, np.nan])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("series,year,value\na,2001,much\n", "invented.csv:2: value: 'much' is not a number"),
        ("series,year,value\na,2001,1\na,,1\n", "invented.csv:3: year: '' is not a number"),
        ("series,year,value\na,2001,1\na,2001,2\n", "invented.csv: a has 2001 twice"),
    ],
)
def test_a_series_that_cannot_be_read_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        a_library(tmp_path, text)["invented"].series("a")
    assert str(caught.value) == message


def test_an_unknown_table_or_series_is_refused() -> None:
    with pytest.raises(InputError, match=r"there is no table .coal_rat.; did you mean coal_rate\?"):
        LIBRARY["coal_rat"]
    with pytest.raises(KeyError, match="energy/coal_rate has no series 'coal'"):
        LIBRARY["coal_rate"].series("coal")


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no tables here"):
        Library(tmp_path)


def test_a_hash_changes_with_its_table_only(tmp_path: Path) -> None:
    library = a_library(tmp_path, "series,year,value\na,2001,1\n")
    before = library.hashes
    (tmp_path / "topic" / "invented.csv").write_text("series,year,value\na,2001,2\n", encoding="utf-8")
    assert list(before) == ["topic/invented"]
    assert Library(tmp_path).hashes != before


# what a run rests on


def test_statuses_are_counted() -> None:
    counts = count_statuses(LIBRARY, 2025, 2025, ())
    assert list(counts) == list(STATUSES)
    one_year_and_three_factors = 12 + 3
    assert sum(counts.values()) == one_year_and_three_factors


def test_anchors_count_only_for_the_levers_that_use_them() -> None:
    without = count_statuses(LIBRARY, 2025, 2025, ())
    with_one = count_statuses(LIBRARY, 2025, 2025, {"coal_share"})
    assert sum(with_one.values()) - sum(without.values()) == 10
    assert with_one["assumed"] - without["assumed"] == 10
