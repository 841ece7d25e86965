"""A scenario's sensitivity against answers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.errors import InputError
from dualcarbon.scenario import Scenario, read_scenario_text
from dualcarbon.tables.levers import read_levers

LEVERS = tuple(read_levers(api.open_library()))

YEARS = 35
"""From 2026 to 2060."""

Z95 = 1.6448536269514722

SINK = {"uniform": {"low": "-300 Mt", "high": "300 Mt"}}
DAC = {"uniform": {"low": "0 Mt", "high": "200 Mt"}}


def only(uncertainty: dict[str, object]) -> Scenario:
    """Current policies in which the levers that are not named are certain."""
    fixed: dict[str, object] = dict.fromkeys(LEVERS, "fixed")
    content = {"name": "uncertain", "extends": "current-policies", "uncertainty": fixed | uncertainty}
    return read_scenario_text(yaml.safe_dump(content, sort_keys=False), "uncertain.yaml")


@pytest.fixture(scope="module")
def current():
    return dc.sensitivity("current-policies", ["net_co2@2060", "peak_year"], n=256, seed=7)


def column(found, output=0):
    return {factor.name: k for k, factor in enumerate(found.factors)}, found.indices.first[output]


def test_two_levers_that_add_up():
    """Net CO2 is linear in sink and DAC: parts of the variance of two uniform distributions, 9 to 1."""
    scenario = only({"land_sink": SINK, "dac": DAC})
    found = dc.sensitivity(scenario, "net_co2@2060", n=4096, seed=3)
    where, first = column(found)
    assert set(where) == {"land_sink", "dac"}
    assert first[where["land_sink"]] == pytest.approx(0.9, abs=0.005)
    assert first[where["dac"]] == pytest.approx(0.1, abs=0.005)
    np.testing.assert_allclose(found.indices.total[0], first, atol=0.005)
    assert found.indices.variance[0] == pytest.approx((600.0**2 + 200.0**2) / 12.0, rel=0.01)
    assert found.evaluations == 4096 * 4


def test_one_lever_alone():
    """At its 5 % and 95 % points, the other on the scenario's path."""
    scenario = only({"land_sink": SINK, "dac": DAC})
    found = dc.sensitivity(scenario, "net_co2@2060", n=64)
    where = {name: k for k, name in enumerate(found.ranges.levers)}
    central = found.central[0]
    assert found.ranges.low[0, where["land_sink"]] - central == pytest.approx(270.0)
    assert found.ranges.high[0, where["land_sink"]] - central == pytest.approx(-270.0)
    assert found.ranges.high[0, where["dac"]] - central == pytest.approx(-190.0)
    assert central == dc.run("current-policies")["net_co2"][-1]


def test_the_lever_itself_is_shown_in_the_year_of_the_output():
    found = dc.sensitivity("current-policies", ["coal_share@2035", "peak_year"], n=64)
    run = dc.run("current-policies")
    k = found.ranges.levers.index("process_co2")
    points = {2030: 1.108, 2040: 1.17, 2060: 1.263}  # 95 % points of the lever table
    for row, year, ratio in ((0, 2035, (points[2030] + points[2040]) / 2.0), (1, 2060, points[2060])):
        central = run.levers["process_co2"][run.years == year][0]
        assert found.ranges.lever_high[row, k] == pytest.approx(central * ratio, rel=1e-9)


def test_correlated_levers_are_one_factor():
    scenario = only(
        {
            "land_sink": SINK | {"correlate": {"dac": 0.6}},
            "dac": DAC,
            "process_co2": {"normal": {"sd": "50 Mt"}},
        },
    )
    found = dc.sensitivity(scenario, "net_co2@2060", n=1024, seed=3)
    where, first = column(found)
    assert set(where) == {"process_co2", "dac + land_sink"}
    assert "dac, land_sink: correlated in the scenario, so they are one factor" in found.notes[""][0]
    assert first.sum() == pytest.approx(1.0, abs=0.02)
    together = found.indices.variance[0] * first[where["dac + land_sink"]]
    apart = (600.0**2 + 200.0**2) / 12.0
    assert together == pytest.approx(apart + 2.0 * 0.6 * 600.0 * 200.0 / 12.0, rel=0.03)


def test_a_lever_that_wanders_is_one_factor():
    """The variance of an AR(1) that starts at nothing is 1 - c^(2 t) of the stated one."""
    wandering = {"normal": {"sd": "200 Mt"}, "over_time": {"ar1": 0.98}}
    scenario = only({"dac": SINK, "land_sink": wandering})
    found = dc.sensitivity(scenario, "net_co2@2060", n=4096, seed=3)
    where, _ = column(found)
    assert "land_sink: wanders from year to year" in found.notes[""][0]
    spread = 200.0**2 * (1.0 - 0.98 ** (2 * YEARS))
    part = found.indices.variance[0] * found.indices.total[0, where["land_sink"]]
    assert part == pytest.approx(spread, rel=0.06)  # random, not Sobol, points
    k = found.ranges.levers.index("land_sink")
    assert found.central[0] - found.ranges.high[0, k] == pytest.approx(Z95 * spread**0.5, rel=1e-9)
    assert found.ranges.low[0, k] - found.central[0] == pytest.approx(Z95 * spread**0.5, rel=1e-9)


def test_levers_that_an_output_does_not_see_are_exactly_zero(current):
    where, first = column(current)
    for name in ("population", "non_co2", "non_fossil_ce_rate"):
        assert first[where[name]] == current.indices.total[0, where[name]] == 0.0
    assert current.indices.interactions[0] == pytest.approx(0.0, abs=0.05)


def test_growth_matters_most_for_current_policies(current):
    where, first = column(current)
    assert max(where, key=lambda name: first[where[name]]) == "gdp_growth"
    assert (current.indices.total >= -1e-12).all()
    said, counted = current.notes["peak_year"][:2]
    assert "peaks pile up there; noise would spread them" in said
    assert "draws peak in 2025, the last observed year" in counted


def test_a_seed_gives_the_same_again(current):
    again = dc.sensitivity("current-policies", ["net_co2@2060", "peak_year"], n=256, seed=7)
    assert np.array_equal(again.indices.first, current.indices.first)
    assert np.array_equal(again.indices.total_interval, current.indices.total_interval)
    assert np.array_equal(again.quantiles, current.quantiles)


def test_another_seed_and_the_other_estimator_agree_within_the_intervals():
    one = dc.sensitivity("current-policies", "net_co2@2060", n=2048, seed=7)
    other = dc.sensitivity("current-policies", "net_co2@2060", n=2048, seed=8, estimator="jansen")
    assert not np.array_equal(one.indices.first, other.indices.first)
    for found, ends in (
        (other.indices.first, one.indices.first_interval),
        (other.indices.total, one.indices.total_interval),
    ):
        width = ends[..., 1] - ends[..., 0]
        assert (np.abs(found - ends.mean(axis=-1)) <= width + 0.02).all()


def test_an_output_does_not_depend_on_its_company(current):
    alone = dc.sensitivity("current-policies", "net_co2@2060", n=256, seed=7)
    np.testing.assert_allclose(alone.indices.first[0], current.indices.first[0], rtol=1e-12)


def test_pathways_that_never_become_neutral():
    found = dc.sensitivity("current-policies", "neutral_year", n=64)
    assert np.isnan(found.indices.first).all()
    assert found.notes["neutral_year"] == (
        "128 of 128 draws are not neutral by 2060 and count as 2061",
        "does not vary over the draws, so it has no indices",
    )


def test_few_pathways_that_differ_carry_a_warning():
    found = dc.sensitivity("rapid-decline", "peak_year", n=64)
    assert "too few for indices to mean much" in found.notes["peak_year"][-1]


def test_steps_are_runs_with_one_lever_changed():
    """Towards: the reference with one lever as in the scenario. Back: the scenario with ambition 0 in it."""
    found = dc.sensitivity("rapid-decline", "net_ghg@2060", n=64)
    scenario, reference = dc.run("rapid-decline"), dc.run("current-policies")
    where = {name: k for k, name in enumerate(found.steps.groups)}
    assert found.steps.reference[0] == pytest.approx(reference["net_ghg"][-1], rel=1e-12)
    for lever, group in (("capture_rate", "capture_rate"), ("non_fossil_share", "mix"), ("dac", "dac")):
        without = dc.run("rapid-decline", change=[f"{lever}={{ambition: 0}}"])
        expected = without["net_ghg"][-1] - scenario["net_ghg"][-1]
        assert found.steps.back[0, where[group]] == pytest.approx(expected, rel=1e-9)
    with_sink = dc.run("current-policies", change=["land_sink={scale: 0.9}"])
    expected = with_sink["net_ghg"][-1] - reference["net_ghg"][-1]
    assert found.steps.towards[0, where["land_sink"]] == pytest.approx(expected, rel=1e-9)


def test_the_reference_has_no_steps(current):
    assert current.steps.groups == ()
    assert current.steps.towards.shape == (2, 0)
    assert current.steps.reference[0] == current.central[0]


def test_a_scenario_with_a_fit_block_is_fitted_first():
    found = dc.sensitivity("peak-2030-neutral-2060", "net_ghg@2060", n=64)
    assert found.central[0] == dc.run("peak-2030-neutral-2060")["net_ghg"][-1]
    assert found.meta["scenario"]["name"] == "peak-2030-neutral-2060"


def test_as_a_table(current):
    frame = current.to_pandas()
    assert len(frame) == 2 * len(LEVERS)
    row = frame[(frame.output == "net_co2@2060") & (frame.factor == "gdp_growth")].iloc[0]
    assert row.first_order_low < row.first_order < row.first_order_high


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"n": 0, "seed": -1}, "seed: expected a whole number from 0 up; found -1"),
        ({"of": "net_co2@2070"}, "of: net_co2@2070: 2070 is outside the projected years 2026-2060"),
        ({"of": []}, "of: nothing is asked for"),
    ],
)
def test_what_is_refused(options, expected):
    with pytest.raises(InputError) as error:
        dc.sensitivity("current-policies", **options)
    assert expected in str(error.value)


def test_a_scenario_without_uncertainty_is_refused():
    with pytest.raises(InputError, match="no lever is uncertain"):
        dc.sensitivity(only({}), n=64)


def test_points_are_rounded_up():
    assert dc.sensitivity("current-policies", "peak_level", n=100).points == 128
