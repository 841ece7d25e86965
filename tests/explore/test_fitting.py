"""Fits find what is known: levers read off a pathway, closed forms, and the pathway of the written file."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dualcarbon as dc
from dualcarbon import api, files
from dualcarbon.analysis import indicators
from dualcarbon.analysis.targets import all_official, score
from dualcarbon.axes import at
from dualcarbon.build import build
from dualcarbon.errors import InputError
from dualcarbon.explore.fitting import Fit
from dualcarbon.explore.fitting.grid import swept_target
from dualcarbon.explore.fitting.space import make_space
from dualcarbon.explore.official import official_targets
from dualcarbon.project import pathway
from dualcarbon.scenario import OBJECTIVES
from fits import START, able, exact_peak, levers, library, own, problem, quick, scaled, value
from strategies import assert_same_bits

BASE = 2025
ANCHORS = (2030, 2035, 2040, 2050, 2060)
DEPARTURES = ("current-policies", "plan-pace", "delayed-transition")


@cache
def official(scenario: str = START) -> Fit:
    """All official targets, all levers free."""
    return quick(scenario, ["all-official"])


@cache
def reference(scenario: str = START) -> dc.Run:
    return dc.run(scenario, data=library())


def pledges():
    return all_official(official_targets(library()), BASE)


# known lever values

AMBITION = 0.6
LATE = (2040, 2050, 2060)
READ_OFF = {
    "energy_intensity_change": ("energy_total", "Mtce", ANCHORS),
    "non_fossil_share": ("coal_energy", "Mtce", LATE),
    "oil_ef": ("oil_co2", "Mt", LATE),
    "process_co2": ("gross_co2", "Mt", LATE),
    "capture_rate": ("captured_co2", "Mt", LATE),
    "beccs": ("eip_co2", "Mt", LATE),
    "dac": ("net_co2", "Mt", (2050, 2060)),
    "land_sink": ("net_ghg", "Mt", LATE),
    "non_co2": ("net_ghg", "Mt", LATE),
}


def test_every_lever_that_can_be_free_is_recovered():
    assert set(READ_OFF) == set(able())


@pytest.mark.parametrize("lever", READ_OFF)
def test_a_known_ambition_is_recovered_from_what_it_does(lever):
    """Narrow targets are read off a pathway with one lever moved; the fit may move that one only."""
    indicator, unit, years = READ_OFF[lever]
    known = dc.run(START, change=[f"{lever}={{ambition: {AMBITION}}}"], data=library())
    read = {year: float(known.results.in_year(indicator, year)) for year in years}
    targets = [
        own(indicator, year, at_least=f"{amount - 2.5!r} {unit}", at_most=f"{amount + 2.5!r} {unit}")
        for year, amount in read.items()
    ]
    found = quick(START, targets, [lever], objective="least-change")
    assert found.feasible
    ways = {v.year: v.ambitious - v.reference for v in found.levers}
    for year in years:
        assert found.results.in_year(indicator, year) == pytest.approx(read[year], abs=2.5)
        far = value(found, lever, year) - float(known.levers[lever][at(known.years, year)])
        assert abs(far / ways[year]) < 0.05, year


# closed forms


def test_the_removal_that_a_level_of_emissions_needs_is_arithmetic():
    before = float(reference().results.in_year("eip_co2", 2060))
    removed = float(reference().results.in_year("beccs", 2060))
    target = before - 80.0
    found = quick(
        START, [own("eip_co2", 2060, at_most=f"{target!r} Mt")], ["beccs"], objective="least-change"
    )
    aim = 2.0  # inside the target, for rounding
    assert value(found, "beccs", 2060) == pytest.approx(removed + 80.0 + aim, abs=0.06)
    for year in ANCHORS[:-1]:
        assert value(found, "beccs", year) == pytest.approx(
            float(reference().results.in_year("beccs", year)), abs=0.06
        )
    assert found.results.in_year("eip_co2", 2060) == pytest.approx(target - aim, abs=0.1)


def test_a_share_is_reached_and_not_passed():
    found = quick(
        START,
        [own("non_fossil_share", 2040, at_least="45 %")],
        ["non_fossil_share"],
        objective="least-change",
    )
    assert value(found, "non_fossil_share", 2040) == pytest.approx(0.4502, abs=2e-4)
    for year in (2030, 2035, 2050, 2060):
        kept = float(reference().results.in_year("non_fossil_share", year))
        assert value(found, "non_fossil_share", year) == pytest.approx(kept, abs=2e-4)


def test_an_energy_cap_gives_the_decline_of_intensity():
    run = reference()
    found = quick(START, [own("energy_total", 2030, at_most="6.5 Gtce")], ["energy_intensity_change"])
    energy = float(run.results.in_year("energy_total", BASE))
    growth = float(run.results.in_year("gdp", 2030) / run.results.in_year("gdp", BASE))
    rate = (6498.0 / energy / growth) ** 0.2 - 1.0
    assert value(found, "energy_intensity_change", 2030) == pytest.approx(rate, abs=1e-5)


def test_a_budget_is_spread_by_weight_and_uncertainty():
    """Least squares under one linear condition: each departure is in proportion to its weight in the sum."""
    total = indicators.cumulative(reference()["net_co2"], reference().years, 2026, 2060)
    budget = {"indicator": "cumulative_net_co2", "to": 2060, "at_most": f"{float(total) - 300.0!r} Mt"}
    found = quick(START, [budget], ["land_sink"], objective="least-change")
    space = make_space(build(found.scenario, library()), levers(), ["land_sink"], extend=0.0, slow=0.0)
    lever = space.levers[0]
    share = lever.weights.sum(axis=-1) * (lever.ambitious - lever.reference) * lever.deviation
    moved = 302.0 * share * lever.deviation * (lever.ambitious - lever.reference) / float(share @ share)
    known = np.array([value(found, "land_sink", y) for y in ANCHORS]) - lever.reference
    np.testing.assert_allclose(known, moved, atol=0.06)


# the written file


@pytest.mark.parametrize("scenario", DEPARTURES)
def test_the_written_scenario_run_again_is_the_fitted_pathway(scenario, tmp_path):
    found = official(scenario)
    assert found.feasible
    files.write_runs([api.fitted_run(found, library())], tmp_path)
    file = tmp_path / f"{scenario}-fitted" / "scenario.yaml"
    again = dc.run(file, data=library())
    assert again.fit is None
    assert set(again.results) == set(found.results)
    for key in again.results:
        assert_same_bits(again[key], found.results[key])
    for target in pledges():
        assert score(target, again.results).verdict == "met", target.id
    assert [s.verdict for s in found.scores] == ["met"] * len(pledges())


def test_a_written_scenario_needs_nothing_beside_it(tmp_path):
    """A scenario that extends a file is written year by year, the whole mix with it."""
    (tmp_path / "parent.yaml").write_text(
        "name: parent\nlevers: {non_fossil_share: {ambition: 0.5}, gdp_growth: {2030: 4.6 %, 2060: 1.7 %}}\n",
        encoding="utf-8",
    )
    child = tmp_path / "child.yaml"
    child.write_text(
        "name: child\nextends: parent\nlevers: {process_co2: {scale: 0.9}, oil_share: {2060: 5 %}}\n",
        encoding="utf-8",
    )
    free = ["non_co2", "capture_rate", "energy_intensity_change"]
    found = quick(str(child), ["ndc-2035", own("coal_energy", 2035, at_most="2500 Mtce")], free)
    assert found.feasible
    before = dc.run(child, data=library()).results
    for key in ("gdp", "coal_share", "oil_share", "gas_share", "process_co2"):
        np.testing.assert_allclose(
            found.results[key], before[key], rtol=0, atol=1e-9 * np.nanmax(before[key])
        )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "alone.yaml").write_text(found.text, encoding="utf-8")
    again = dc.run(elsewhere / "alone.yaml", data=library())
    for key in again.results:
        assert_same_bits(again[key], found.results[key])


def test_a_run_cut_short_is_fitted_within_its_years(tmp_path):
    found = quick("plan-pace", ["all-official"], change=["end_year=2045"])
    assert found.feasible
    assert int(found.results.years[-1]) == 2045
    assert "neutral-2060" not in {s.target.id for s in found.scores}
    assert "neutral-2060" in found.left_out
    gdp = dc.run("plan-pace", end_year=2045, data=library())["gdp"]
    np.testing.assert_allclose(found.results["gdp"], gdp, rtol=1e-12)
    (tmp_path / "short.yaml").write_text(found.text, encoding="utf-8")
    again = dc.run(tmp_path / "short.yaml", data=library())
    assert_same_bits(again["eip_co2"], found.results["eip_co2"])


def test_a_long_list_of_changes_gives_a_name_that_can_be_read_again():
    changes = [f"{name}={{ambition: 0.1}}" for name in able()]
    found = quick(START, [own("coal_share", 2040, at_most="30 %")], change=changes)
    assert found.feasible
    assert found.scenario.name.endswith("-fitted")
    assert len(found.scenario.name) == 80
    assert not found.scenario.faults


def test_a_target_that_nothing_free_can_touch_does_no_harm_where_it_is_met():
    """The plan's 3.8 % of 2026 is met at its minimum, with less room than the solver aims for."""
    names = ["plan2026-carbon-intensity", "fyp15-carbon-intensity"]
    targets = [*names, own("beccs", 2060, at_least="100 Mt")]
    found = quick("plan-pace", targets, ["beccs"])
    assert found.feasible
    assert found.results.in_year("beccs", 2060) == pytest.approx(102.0, abs=0.11)


# nothing to do


def test_a_scenario_that_meets_everything_is_returned_unchanged():
    run = reference("deep-decarbonisation")
    found = quick("deep-decarbonisation", ["all-official"])
    assert found.feasible
    assert found.iterations == 0
    for key in run.results:
        assert_same_bits(found.results[key], run[key])
    again = pathway(build(found.scenario, library()).inputs)
    for key in run.results:
        np.testing.assert_allclose(again[key], run[key], rtol=1e-12)


# peaks


@pytest.mark.parametrize("scenario", ["plan-pace", "delayed-transition"])
def test_after_an_earlier_peak_emissions_stay_below_it(scenario):
    def shape(run):
        return indicators.peak(run["eip_co2"], run.years, BASE)

    assert shape(reference(scenario)).year > 2028
    found = quick(scenario, [{"indicator": "co2_peak_year", "at_most": 2028}])
    assert found.feasible
    series, years = found.results["eip_co2"], found.results.years
    peak = indicators.peak(series, years, BASE)
    assert int(peak.year) <= 2028
    assert series[years > 2028].max() <= np.nanmax(series[years <= 2028])
    assert int(peak.plateau_last) <= 2028 + 5
    assert series[years > 2033].max() <= 0.99 * float(peak.level)


@pytest.mark.parametrize("year", range(2026, 2031))
def test_a_swept_peak_is_the_maximum_in_exactly_that_year(year):
    found = exact_peak(START, year, [t for t in pledges() if t.id == "neutral-2060"])
    assert found.feasible
    assert int(indicators.peak(found.results["eip_co2"], found.results.years, BASE).year) == year


# limits


@pytest.mark.parametrize("scenario", DEPARTURES)
def test_levers_stay_between_their_bounds(scenario):
    for one in official(scenario).levers:
        ends = one.reference, one.ambitious, one.before
        rounding = 6e-4 if abs(one.reference) < 2.0 else 0.06
        assert min(ends) - rounding <= one.fitted <= max(ends) + rounding, one


@pytest.mark.parametrize("scenario", DEPARTURES)
def test_no_lever_changes_faster_than_its_past_its_ambition_or_the_scenario(scenario):
    found = official(scenario)
    was, now = build(dc.load(scenario, data=library()), library()), build(found.scenario, library())
    years = was.inputs.years
    ends = np.array([BASE, *ANCHORS])
    for name in able():
        if levers()[name].kind == "growth":
            continue
        past = was.levers[name][(years > BASE - 10) & (years <= BASE)]

        def pace(path, ends=ends):
            return np.abs(np.diff(path[ends - years[0]]) / np.diff(ends)).max()

        fastest = max(np.nanmax(np.abs(np.diff(past))), pace(was.ambitious[name]), pace(was.levers[name]))
        rounding = 1e-4 if levers()[name].factor < 1.0 else 0.03
        assert pace(now.levers[name]) <= fastest + rounding, name


def test_a_bound_is_passed_only_when_allowed_and_only_so_far():
    cap = [own("energy_total", 2030, at_most="6.4 Gtce")]
    assert not quick(START, cap).feasible
    found = quick(START, cap, extend=0.3)
    assert found.feasible
    one = next(v for v in found.levers if (v.lever, v.year) == ("energy_intensity_change", 2030))
    beyond = (one.fitted - one.reference) / (one.ambitious - one.reference)
    assert 1.0 < beyond <= 1.3 + 1e-3
    assert not quick(START, [own("energy_total", 2030, at_most="6 Gtce")], extend=0.3).feasible


def test_the_slow_side_is_open_in_sweeps_only():
    def slowest(found):
        return min(
            (v.fitted - v.reference) / (v.ambitious - v.reference)
            for v in found.levers
            if v.ambitious != v.reference
        )

    rising = [own("coal_share", 2030, at_least="50 %")]
    assert not quick(START, rising).feasible
    assert slowest(quick(START, rising)) > -0.01
    assert slowest(exact_peak(START, 2030)) < -0.1


# objectives


@cache
def sought(objective: str) -> Fit:
    return quick(START, ["all-official"], objective=objective)


@pytest.mark.parametrize("objective", ["least-departure", "least-change", "smoothest"])
def test_an_objective_is_lowest_where_it_is_sought(objective):
    measured = {}
    for other in OBJECTIVES:
        found = sought(other)
        assert found.feasible, other
        numbers = problem(pledges(), objective=objective)
        measured[other] = numbers.at(scaled(found, numbers.space)).objective
    assert sought(objective).objective == pytest.approx(measured[objective], rel=0.1)
    assert min(measured, key=measured.__getitem__) == objective


def test_the_lowest_cumulative_co2_is_the_lowest():
    total = {
        name: float(
            indicators.cumulative(sought(name).results["eip_co2"], sought(name).results.years, 2026, 2060)
        )
        for name in OBJECTIVES
    }
    assert min(total, key=total.__getitem__) == "lowest-cumulative-co2"
    ambitious = reference("deep-decarbonisation")
    least = indicators.cumulative(ambitious["eip_co2"], ambitious.years, 2026, 2060)
    assert total["lowest-cumulative-co2"] == pytest.approx(float(least), rel=0.01)


# repeated, relaxed, started elsewhere


def test_the_answer_does_not_depend_on_the_start():
    found = dc.fit(START, targets=["all-official"], starts=3, explain=False, data=library())
    assert found.spread < 1e-3
    assert np.isnan(official().spread)


@settings(max_examples=4)
@given(st.floats(20.0, 34.0), st.sampled_from(["plan-pace", START]))
def test_the_same_fit_twice_is_the_same(percent, scenario):
    targets = [own("coal_share", 2040, at_most=f"{percent:.2f} %"), "ndc-2035"]
    one, other = (quick(scenario, targets) for _ in range(2))
    assert one.text == other.text
    assert one.objective == other.objective


@settings(max_examples=6)
@given(st.floats(24.0, 33.0), st.floats(0.1, 4.0), st.sampled_from(OBJECTIVES[:3]))
def test_relaxing_a_target_never_worsens_the_objective(percent, by, objective):
    def best(limit):
        targets = ["neutral-2060", own("coal_share", 2040, at_most=f"{limit:.3f} %")]
        found = quick(START, targets, objective=objective)
        assert found.feasible
        return found.objective

    assert best(percent + by) <= best(percent) * (1.0 + 1e-5) + 1e-7


# what is asked for

WRONG = {
    "no targets": ({"targets": []}, "--targets: no targets; write a group such as all-official"),
    "no levers": ({"free": []}, "--free: no lever may move; leave it out to free all that can"),
    "nonsense": (
        {"targets": [None], "free": [{}], "objective": "best", "extend": -0.1},
        "--extend: -0.1 is outside 0 to 1\n"
        "--free: expected the name of a lever; found a mapping\n"
        f"--objective: there is no objective 'best'; allowed: {', '.join(OBJECTIVES)}\n"
        "--targets: expected a target's name or a mapping such as {indicator: coal_share, year: 2040, "
        "at_most: 25 %}; found nothing",
    ),
}


@pytest.mark.parametrize(("settings", "message"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_asked_is_refused(settings, message):
    with pytest.raises(InputError) as caught:
        dc.fit(START, **settings, data=library())
    assert str(caught.value) == message


def test_own_targets_on_the_same_indicator_stay_apart():
    targets = [
        {"indicator": "neutral_year", "at_most": 2060},
        {"indicator": "neutral_year", "gases": "co2", "at_most": 2060},
        {"indicator": "cumulative_co2", "to": 2060, "at_most": "300 Gt"},
        {"indicator": "cumulative_co2", "from": 2031, "to": 2060, "at_most": "300 Gt"},
        {"indicator": "eip_co2_change", "base": 2020, "year": 2040, "at_most": "-10 %"},
        {"indicator": "eip_co2_change", "base": 2025, "year": 2040, "at_most": "-10 %"},
        {"indicator": "energy_total", "year": 2040, "at_most": "8 Gtce"},
        {"indicator": "energy_total", "from": 2030, "year": 2040, "at_most": "8 Gtce"},
    ]
    found = quick("deep-decarbonisation", targets)
    assert found.feasible
    assert [s.target.id for s in found.scores] == [
        "neutral_year-at-most-2060",
        "neutral_year-co2-at-most-2060",
        "cumulative_co2-2026-2060-at-most-300Gt",
        "cumulative_co2-2031-2060-at-most-300Gt",
        "eip_co2_change-2020-2040-at-most--10%",
        "eip_co2_change-2025-2040-at-most--10%",
        "energy_total-2040-at-most-8Gtce",
        "energy_total-2030-2040-at-most-8Gtce",
    ]
    assert found.scores[1].target.label == "neutral_year co2 at most 2060"


@pytest.mark.parametrize("indicator", ["co2_peak_year", "coal_peak_year"])
def test_a_peak_by_the_end_of_the_run_is_always_met(indicator):
    assert quick("plan-pace", [{"indicator": indicator, "at_most": 2060}]).feasible
    short = quick("plan-pace", ["peak-before-2030", "fyp15"], change=["end_year=2030"])
    assert short.feasible


@pytest.mark.parametrize("gases", ["ghg", "co2"])
def test_neutrality_is_asked_for_in_either_sense(gases):
    found = quick(START, [{"indicator": "neutral_year", "gases": gases, "at_most": 2060}])
    assert found.feasible
    key = {"ghg": "net_ghg", "co2": "net_co2"}[gases]
    assert found.results.in_year(key, 2060) == pytest.approx(-2.0, abs=1.0)
    assert found.results.in_year("net_ghg", 2060) <= 0.0 or gases == "co2"


def test_neutral_2060_and_co2_neutral_2060_are_the_two_senses():
    co2, ghg = (quick(START, [name]) for name in ("co2-neutral-2060", "neutral-2060"))
    assert co2.objective < ghg.objective
    assert co2.results.in_year("net_co2", 2060) <= 0.0 < co2.results.in_year("net_ghg", 2060)
    assert ghg.results.in_year("net_ghg", 2060) <= 0.0


# derivatives


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_derivatives_agree_with_central_differences(objective):
    budget = [t for t in pledges() if t.id != "neutral-2060"] + [swept_target("neutral_year", 2050)]
    numbers = problem([*budget, swept_target("peak_year", 2028)], objective=objective, slow=1.0, extend=0.2)
    rng = np.random.default_rng(0)
    step = 1e-4
    for _ in range(3):
        z = numbers.lower + rng.random(numbers.size) * (numbers.upper - numbers.lower)
        point = numbers.at(z)
        places = [
            z + sign * step * np.eye(numbers.size)[v] for v in range(numbers.size) for sign in (1.0, -1.0)
        ]
        points = [numbers.at(place) for place in places]
        values, rooms = [p.objective for p in points], [p.rooms for p in points]
        gradient = np.diff(np.array(values).reshape(-1, 2), axis=1)[:, 0] / (-2.0 * step)
        jacobian = np.diff(np.array(rooms).reshape(numbers.size, 2, -1), axis=1)[:, 0].T / (-2.0 * step)
        np.testing.assert_allclose(point.gradient, gradient, atol=1e-5 * max(1.0, np.abs(gradient).max()))
        np.testing.assert_allclose(point.jacobian, jacobian, atol=1e-5 * max(1.0, np.abs(jacobian).max()))


def test_a_member_of_a_batch_of_places_is_the_place_alone():
    numbers = problem(pledges())
    places = numbers.upper * np.linspace(0.0, 1.0, 5)[:, None]
    together = numbers.results(places)
    for k, place in enumerate(places):
        alone = numbers.results(place)
        for key in alone:
            np.testing.assert_allclose(together[key][k], alone[key], rtol=1e-13)
