"""Every bundled scenario runs, says what it means, and does what its name promises."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

import dualcarbon as dc
from dualcarbon.analysis import indicators
from dualcarbon.scenario import bundled_scenarios

NAMES = (
    "current-policies",
    "deep-decarbonisation",
    "delayed-transition",
    "peak-2030-neutral-2060",
    "plan-pace",
    "rapid-decline",
)

every_scenario = pytest.mark.parametrize("name", NAMES)


@cache
def run(name: str) -> dc.Run:
    return dc.run(name)


def peak_year(name: str) -> int:
    one = run(name)
    return int(indicators.peak(one["eip_co2"], one.years, one.results.base_year).year)


def neutral_year(name: str, key: str) -> float:
    return float(indicators.neutral_year(run(name)[key], run(name).years))


def test_six_scenarios_are_bundled() -> None:
    assert tuple(bundled_scenarios()) == NAMES


@every_scenario
def test_a_scenario_says_what_it_means(name: str) -> None:
    scenario = run(name).scenario
    assert scenario.name == name
    assert len(scenario.description.strip()) >= 200
    assert scenario.title != name


@every_scenario
def test_a_scenario_is_one_continuous_series(name: str) -> None:
    one = run(name)
    assert (one.years[0], one.years[-1]) == (2000, 2060)
    base = one.results.base_year
    for key in one.results:
        assert np.all(np.isfinite(one[key][one.years >= base])), key
        np.testing.assert_array_equal(one[key][one.years <= base], run(NAMES[0])[key][one.years <= base])


@every_scenario
def test_no_share_or_energy_is_negative(name: str) -> None:
    for key in ("coal_share", "oil_share", "gas_share", "non_fossil_share", "energy_total", "captured_co2"):
        assert np.all(run(name)[key] >= 0.0), key


@pytest.mark.parametrize("name", ["plan-pace", "delayed-transition"])
def test_emissions_peak_in_2030(name: str) -> None:
    assert peak_year(name) == 2030


@pytest.mark.parametrize(
    "name", ["current-policies", "deep-decarbonisation", "rapid-decline", "peak-2030-neutral-2060"]
)
def test_emissions_fall_from_the_last_observed_year_on(name: str) -> None:
    assert peak_year(name) == run(name).results.base_year


@pytest.mark.parametrize("name", ["deep-decarbonisation", "delayed-transition", "peak-2030-neutral-2060"])
def test_greenhouse_gases_reach_zero_by_2060(name: str) -> None:
    assert neutral_year(name, "net_co2") <= neutral_year(name, "net_ghg") <= 2060


@pytest.mark.parametrize("name", ["current-policies", "plan-pace", "rapid-decline"])
def test_the_others_do_not(name: str) -> None:
    assert math.isnan(neutral_year(name, "net_ghg"))


def test_deeper_ambition_emits_less_and_delay_costs() -> None:
    total = {n: indicators.cumulative(run(n)["eip_co2"], run(n).years, 2026, 2060) for n in NAMES}
    assert total["deep-decarbonisation"] == min(total.values())
    assert total["deep-decarbonisation"] < total["rapid-decline"] < total["current-policies"]
    assert total["delayed-transition"] > total["peak-2030-neutral-2060"] > total["deep-decarbonisation"]


def test_the_hand_set_scenario_meets_what_its_name_promises() -> None:
    verdicts = {s.target.id: s.verdict for s in run("peak-2030-neutral-2060").official()}
    assert (verdicts["peak-2030"], verdicts["neutral-2060"]) == ("met", "met")


def test_an_earlier_base_year_leaves_history_to_the_statistics() -> None:
    early = dc.run("deep-decarbonisation", base_year=2020)
    assert early.results.base_year == 2020
    for key in early.results:
        np.testing.assert_array_equal(early[key][:21], run("deep-decarbonisation")[key][:21], err_msg=key)


def test_a_run_to_2100_begins_as_the_run_to_2060() -> None:
    longer = dc.run("deep-decarbonisation", end_year=2100)
    assert longer.years[-1] == 2100
    for key in longer.results:
        np.testing.assert_array_equal(longer[key][:61], run("deep-decarbonisation")[key], err_msg=key)
        assert np.all(np.isfinite(longer[key][61:])), key
