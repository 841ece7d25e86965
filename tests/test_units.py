"""Quantities as people write them: what is read, and what is refused with which sentence."""

from __future__ import annotations

import math

import pytest

from dualcarbon.units import DIMENSIONS, GCE_PER_KWH_DIRECT, parse_number, parse_quantity

GOOD = [
    ("25 %", "share", 0.25),
    ("25%", "share", 0.25),
    (" 25  % ", "share", 0.25),
    ("25 percent", "share", 0.25),
    ("0 %", "share", 0.0),
    ("-4.5 %", "rate", -0.045),
    ("+4.5 %/yr", "rate", 0.045),
    (".5 %/year", "rate", 0.005),
    ("5. %", "rate", 0.05),
    ("1e1 %", "rate", 0.1),
    ("2 pp", "points", 0.02),
    ("-0.5 points", "points", -0.005),
    ("1200 Mt", "mass", 1200.0),
    ("1.2 Gt", "mass", 1200.0),
    ("1.2 Gt CO2", "mass", 1200.0),
    ("1.2 GtCO2e/yr", "mass", 1200.0),
    ("300 kt CO2/year", "mass", 0.3),
    ("1300 million", "people", 1300.0),
    ("1.3 billion", "people", 1300.0),
    ("1.6 t CO2/tce", "factor", 1.6),
    ("1.6 tCO2/tce", "factor", 1.6),
    ("60 t CO2/TJ", "factor", 60 * 29.3076 / 1000),
    ("300 gce/kWh", "coal rate", 300.0),
    ("0.3 kgce/kWh", "coal rate", 300.0),
    ("25％", "share", 0.25),
    ("−4.5 %", "rate", -0.045),
]


@pytest.mark.parametrize(("text", "dimension", "value"), GOOD)
def test_a_quantity_is_read(text: str, dimension: str, value: float) -> None:
    assert parse_quantity(text, dimension) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_example_can_be_read(dimension: str) -> None:
    assert parse_quantity(DIMENSIONS[dimension].example, dimension) > 0.0


BAD = [
    (25, "share", "25 has no unit"),
    (0.25, "share", "0.25 has no unit"),
    ("25", "share", "'25' has no unit"),
    (True, "share", "found true"),
    (False, "rate", "found false"),
    (math.nan, "mass", "nan, which is not a finite number"),
    (math.inf, "mass", "inf, which is not a finite number"),
    ("1e999 Mt", "mass", "'1e999 Mt' is too large"),
    ("25 Mt", "share", "'25 Mt' is a mass of CO2"),
    ("25 %", "mass", "'25 %' is a share"),
    ("2 pp", "share", "'2 pp' is a difference"),
    ("25 parsec", "share", "'parsec' is not a known unit"),
    ("25 mt", "mass", "'mt' is not a known unit"),
    ("a quarter", "share", "'a quarter' is not a number with a unit"),
    ("nan %", "share", "'nan %' is not a number with a unit"),
    ("", "share", "'' is not a number with a unit"),
    ("1,200 Mt", "mass", "'1,200 Mt' is not a number with a unit"),
    ("1.2.3 Mt", "mass", "'1.2.3 Mt' is not a number with a unit"),
    ("--5 %", "rate", "'--5 %' is not a number with a unit"),
    (None, "share", "found nothing"),
    ([25], "share", "found a list"),
    ({"to": 25}, "share", "found a mapping"),
]


@pytest.mark.parametrize(("text", "dimension", "what"), BAD)
def test_a_bad_quantity_is_refused(text: object, dimension: str, what: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_quantity(text, dimension)
    assert what in str(caught.value)
    assert f"such as {DIMENSIONS[dimension].example}" in str(caught.value)


@pytest.mark.parametrize(("value", "number"), [(0.5, 0.5), (1, 1.0), (-0.4, -0.4), (0, 0.0)])
def test_a_number_is_read(value: object, number: float) -> None:
    assert parse_number(value, "0.5") == number


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("0.5", "found the text '0.5'"),
        (None, "found nothing"),
        (True, "found true"),
        (math.nan, "nan, which is not a finite number"),
        ([0.5], "found a list"),
    ],
)
def test_a_bad_number_is_refused(value: object, what: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_number(value, "0.5")
    assert str(caught.value).startswith("expected a number such as 0.5")
    assert what in str(caught.value)


def test_direct_equivalent_of_a_kilowatt_hour() -> None:
    assert round(GCE_PER_KWH_DIRECT, 9) == round(3.6 / 29.3076 * 1000.0, 9)
    assert round(GCE_PER_KWH_DIRECT, 3) == 122.835
