"""Published studies: mapped to variables that a run gives, in inside units, with their differences said."""

from __future__ import annotations

import math

import pytest

from dualcarbon.analysis.summary import summarise
from dualcarbon.api import open_library, run
from dualcarbon.tables.library import STATUSES
from dualcarbon.tables.studies import StudyValue, read_studies
from dualcarbon.tables.variables import read_variables


@pytest.fixture(scope="module")
def studies() -> list[StudyValue]:
    return read_studies(open_library())


def test_every_variable_is_one_of_a_run_or_an_indicator(studies: list[StudyValue]) -> None:
    variables = read_variables(open_library())
    indicators = {i.name for i in summarise(run("current-policies").results, {})}
    for one in studies:
        if one.year is None:
            assert one.variable in indicators, one
        else:
            assert set(one.keys) <= variables.keys(), one


def test_figures_are_in_inside_units(studies: list[StudyValue]) -> None:
    """Figures as their publishers print them: 73 % and 5.2 Gtce (ICCSD 2 C, 2050), 10.6 Gt (CAEP 2021)."""
    found = {(s.study, s.scenario, s.variable, s.year): s.value for s in studies}
    assert found["ICCSD 2020", "2 C", "non_fossil_share", 2050] == pytest.approx(0.73)
    assert found["ICCSD 2020", "2 C", "energy_total", 2050] == 5200.0
    assert found["CAEP 2021", "carbon neutrality", "eip_co2", 2027] == 10600.0
    assert found["CAEP 2021", "carbon neutrality", "eip_co2_peak_year", None] == 2027.0


def test_a_figure_is_a_value_or_a_range(studies: list[StudyValue]) -> None:
    for one in studies:
        assert one.low <= one.high
        assert math.isnan(one.value) == (one.low < one.high)
        assert one.low <= one.middle <= one.high


def test_no_figure_stands_twice(studies: list[StudyValue]) -> None:
    keys = [(s.study, s.scenario, s.variable, s.year) for s in studies]
    assert len(keys) == len(set(keys))


def test_each_names_its_publisher_and_is_not_taken_for_published(studies: list[StudyValue]) -> None:
    """None was read in the publisher's own report."""
    for one in studies:
        assert ": " in one.source
        assert one.note
        assert one.status in STATUSES
        assert one.status in ("secondary", "unverified")
