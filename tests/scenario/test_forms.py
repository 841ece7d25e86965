"""What each form of a lever does to its path, measured against the reference pathway of the tables."""

from __future__ import annotations

import numpy as np
import pytest

from dualcarbon import api
from dualcarbon.axes import at
from dualcarbon.build import build
from dualcarbon.scenario import read_scenario
from dualcarbon.tables.levers import SHARES


@pytest.fixture(scope="module")
def library():
    return api.open_library()


@pytest.fixture
def built(library, tmp_path):
    """Inputs and lever paths of a scenario that is written as text; ``parent`` is a file that it extends."""

    def make(levers, *, parent="", top=""):
        (tmp_path / "parent.yaml").write_text(f"name: parent\nlevers: {{{parent}}}\n", encoding="utf-8")
        child = tmp_path / "child.yaml"
        child.write_text(f"name: child\nextends: parent\n{top}\nlevers: {{{levers}}}\n", encoding="utf-8")
        return build(read_scenario(child), library)

    return make


@pytest.fixture
def future(built):
    """The projected part of one lever's path, with the years and the base-year value."""

    def make(name, levers, **more):
        result = built(levers, **more)
        years, base = result.inputs.years, result.inputs.base_year
        path = result.levers[name]
        return years[years > base], path[years > base], path[at(years, base)]

    return make


def test_history_stays_whatever_is_set(built):
    before, after = built(""), built("land_sink: 900 Mt, gdp_growth: 1 %, coal_share: {2060: 5 %}")
    past = before.inputs.years <= before.inputs.base_year
    for name, path in before.levers.items():
        np.testing.assert_array_equal(after.levers[name][past], path[past])


@pytest.mark.parametrize(
    ("lever", "written", "value"),
    [
        ("land_sink", "0.9 Gt", 900.0),
        ("land_sink", "-300 Mt CO2/yr", -300.0),
        ("capture_rate", "2 %", 0.02),
        ("gdp_growth", "-1.5 %/yr", -0.015),
        ("population", "1.3 billion", 1300.0),
        ("oil_ef", "1.6 t CO2/tce", 1.6),
    ],
)
def test_a_value_holds_in_every_projected_year(lever, written, value, future):
    _, path, _ = future(lever, f"{lever}: {written}")
    np.testing.assert_allclose(path, value, rtol=1e-15)


def test_anchors_are_passed_without_overshoot_and_the_last_one_holds(future):
    years, path, base = future(
        "land_sink", "land_sink: {2030: 1.5 Gt, 2040: 2 Gt, 2050: 2 Gt}", top="end_year: 2070"
    )
    assert [path[years == year][0] for year in (2030, 2040, 2050)] == [1500.0, 2000.0, 2000.0]
    assert (path[years > 2050] == 2000.0).all()
    assert (np.diff(np.append(base, path)) >= 0.0).all()


def test_linear_anchors_start_from_the_base_year(future):
    years, path, base = future("dac", "dac: {curve: linear, 2045: 400 Mt, 2055: 100 Mt}")
    first = years[0] - 1
    expected = np.interp(years, [first, 2045, 2055], [base, 400.0, 100.0])
    np.testing.assert_allclose(path, expected, rtol=1e-12)


def test_steps_hold_the_base_value_until_the_first_anchor(future):
    years, path, base = future("land_sink", "land_sink: {curve: step, 2035: 1 Gt, 2050: 500 Mt}")
    np.testing.assert_array_equal(path, np.where(years < 2035, base, np.where(years < 2050, 1000.0, 500.0)))


def test_rates_before_their_first_anchor_are_that_one(future):
    years, path, _ = future("gdp_growth", "gdp_growth: {curve: linear, 2030: 4 %, 2040: 3 %}")
    np.testing.assert_allclose(path, np.interp(years, [2030, 2040], [0.04, 0.03]), rtol=1e-12)


def test_averages_hold_since_the_last_anchor(future):
    years, path, _ = future("gdp_growth", "gdp_growth: {rates: average, 2030: 4 %, 2040: 3 %, 2060: 2 %}")
    np.testing.assert_array_equal(path, np.where(years <= 2030, 0.04, np.where(years <= 2040, 0.03, 0.02)))


def test_a_logistic_leaves_the_base_value_turns_and_saturates(future):
    form = "{curve: logistic, to: 80 %, midpoint: 2045, width: 5}"
    years, path, base = future("non_fossil_share", f"non_fossil_share: {form}", top="end_year: 2100")

    def s(year):
        return 1.0 / (1.0 + np.exp(-(year - 2045.0) / 5.0))

    part = (s(years) - s(years[0] - 1.0)) / (1.0 - s(years[0] - 1.0))
    np.testing.assert_allclose(path, base + (0.8 - base) * part, rtol=1e-12)
    assert path[-1] == pytest.approx(0.8, abs=1e-4)


def test_growth_compounds_from_the_base_year(future):
    years, path, base = future("process_co2", "process_co2: {curve: growth, rate: -3 %}")
    np.testing.assert_allclose(path, base * 0.97 ** (years - years[0] + 1.0), rtol=1e-12)


@pytest.mark.parametrize("ambition", [-0.5, 0.0, 0.4, 1.0])
def test_ambition_lies_between_the_pathways_of_the_table(ambition, built, future):
    """Also where the extended scenario has set something else."""
    result = built("")
    projected = result.inputs.years > result.inputs.base_year
    reference, ambitious = (one["non_co2"][projected] for one in (result.reference, result.ambitious))
    assert np.abs(ambitious - reference).max() > 100.0
    _, path, _ = future("non_co2", f"non_co2: {{ambition: {ambition}}}", parent="non_co2: 100 Mt")
    np.testing.assert_allclose(path, reference + ambition * (ambitious - reference), rtol=1e-12)


def test_ambition_may_change_over_the_years(future):
    years, path, _ = future("non_co2", "non_co2: {ambition: {2030: 0.0, 2050: 1.0}}")
    _, reference, _ = future("non_co2", "")
    _, ambitious, _ = future("non_co2", "non_co2: {ambition: 1}")
    np.testing.assert_array_equal(path[years <= 2030], reference[years <= 2030])
    np.testing.assert_allclose(path[years >= 2050], ambitious[years >= 2050], rtol=1e-12)


def test_scale_and_shift_stand_on_the_extended_scenario(future):
    years, scaled, _ = future("land_sink", "land_sink: {scale: 0.5}", parent="land_sink: 800 Mt")
    np.testing.assert_array_equal(scaled, 400.0)
    _, shifted, _ = future("capture_rate", "capture_rate: {shift: 2 pp}", parent="capture_rate: 1 %")
    np.testing.assert_allclose(shifted, 0.03, rtol=1e-12)
    _, moved, _ = future("land_sink", "land_sink: {shift: -0.1 Gt}", parent="land_sink: 800 Mt")
    np.testing.assert_array_equal(moved, 700.0)
    _, ramp, _ = future("land_sink", "land_sink: {scale: {2035: 0.5}}", parent="land_sink: 800 Mt")
    assert 400.0 < ramp[0] < 800.0
    np.testing.assert_allclose(ramp[years >= 2035], 400.0, rtol=1e-12)


CLOSING = {
    "nothing set": "",
    "non-fossil": "non_fossil_share: {2060: 70 %}",
    "coal": "coal_share: {2060: 10 %}",
    "coal and non-fossil": "coal_share: {2060: 10 %}, non_fossil_share: {2060: 70 %}",
    "all fossil": "coal_share: {2060: 10 %}, oil_share: {2060: 7 %}, gas_share: {2060: 8 %}",
    "all four, rounded": ("coal_share: 10 %, oil_share: 7.3 %, gas_share: 8.4 %, non_fossil_share: 74.34 %"),
    "fossil that fills the whole": "coal_share: 6 %, oil_share: 83 %, gas_share: 11 %",
    "the mix": "non_fossil_share: {ambition: 0.8}",
}


@pytest.mark.parametrize("levers", CLOSING.values(), ids=CLOSING)
def test_shares_sum_to_one_and_none_is_negative(levers, built):
    result = built(levers)
    shares = [result.levers[name][result.inputs.years > result.inputs.base_year] for name in SHARES]
    np.testing.assert_allclose(sum(shares), 1.0, rtol=0, atol=1e-12)
    assert min(share.min() for share in shares) >= 0.0


@pytest.mark.parametrize(
    ("levers", "free"),
    [
        ("non_fossil_share: {2060: 70 %}", ("coal_share", "oil_share", "gas_share")),
        ("coal_share: {2060: 10 %}", ("oil_share", "gas_share")),
    ],
)
def test_fossil_shares_that_are_not_set_keep_their_proportions(levers, free, built):
    before, after = built("").levers, built(levers).levers
    for name in free[1:]:
        np.testing.assert_allclose(after[name] / after[free[0]], before[name] / before[free[0]], rtol=1e-9)


def test_the_non_fossil_share_stays_until_it_must_follow(built):
    before = built("").levers["non_fossil_share"]
    one_set = built("coal_share: {2060: 10 %}").levers["non_fossil_share"]
    np.testing.assert_allclose(one_set, before, rtol=1e-12)
    all_set = built("coal_share: {2060: 10 %}, oil_share: {2060: 7 %}, gas_share: {2060: 8 %}")
    assert all_set.levers["non_fossil_share"][-1] == pytest.approx(0.75)


def test_ambition_of_the_non_fossil_share_moves_the_whole_mix(built):
    result = built("non_fossil_share: {ambition: 1}")
    for name in SHARES:
        np.testing.assert_allclose(result.levers[name], result.ambitious[name], rtol=1e-9, atol=1e-12)
