"""Decomposition: exact for any input, the limits, the forms, a chain of periods, batches, published cases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import dualcarbon as dc
from dualcarbon.analysis import lmdi
from dualcarbon.analysis.decomposition import (
    FACTORS,
    NAMES,
    OWN_TERMS,
    Decomposition,
    decompose,
    joined,
    rows,
)
from dualcarbon.axes import Floats, year_range
from dualcarbon.inputs import Inputs
from dualcarbon.project import pathway
from dualcarbon.results import Results
from strategies import assert_same_bits, inputs, random_inputs

# pathways made from their factors

MADE_OF: dict[str, tuple[float, float]] = {
    "population": (1.0, 2000.0),
    "gdp_per_capita": (1.0, 500.0),
    "intensity": (0.01, 0.1),
    **{f"{fuel}_share": (0.0, 1.0) for fuel in ("coal", "oil", "gas")},
    **{f"{fuel}_ef": (0.5, 3.0) for fuel in ("coal", "oil", "gas")},
    "process_co2": (0.0, 3000.0),
    "capture_rate": (0.0, 1.0),
    "beccs": (0.0, 2000.0),
    "dac": (0.0, 2000.0),
    "land_sink": (-500.0, 3000.0),
}
STEADY = {
    "population": 1400.0,
    "gdp_per_capita": 90.0,
    "intensity": 0.05,
    "coal_share": 0.5,
    "oil_share": 0.2,
    "gas_share": 0.1,
    "coal_ef": 2.66,
    "oil_ef": 1.73,
    "gas_ef": 1.56,
    "process_co2": 1000.0,
    "capture_rate": 0.1,
    "beccs": 0.0,
    "dac": 0.0,
    "land_sink": 1300.0,
}


def made(values: dict[str, Floats], first: int = 2025) -> Results:
    """A pathway with these factors (…, year): the equations of the model, whatever the signs."""
    v = {key: value.copy() for key, value in values.items()}
    v["gdp"] = v["population"] * v["gdp_per_capita"]
    v["energy_total"] = v["gdp"] * v["intensity"]
    for fuel in ("coal", "oil", "gas"):
        v[f"{fuel}_energy"] = v["energy_total"] * v[f"{fuel}_share"]
        v[f"{fuel}_co2"] = v[f"{fuel}_energy"] * v[f"{fuel}_ef"]
    v["energy_co2"] = v["coal_co2"] + v["oil_co2"] + v["gas_co2"]
    gross = v["energy_co2"] + v["process_co2"]
    v["eip_co2"] = gross - gross * np.clip(v["capture_rate"], 0.0, 1.0) - v["beccs"]
    v["net_co2"] = v["eip_co2"] - v["dac"] - v["land_sink"]
    return Results(year_range(first, first + gross.shape[-1] - 1), first, v)


def steady_but(**changed: list[float]) -> Results:
    """Two years that differ in what is named alone."""
    values = {key: np.array([value, value]) for key, value in STEADY.items()}
    return made(values | {key: np.array(pair, dtype=float) for key, pair in changed.items()})


def whole(results: Results, step: int | None = None) -> Decomposition:
    return decompose(results, int(results.years[0]), int(results.years[-1]), step)


def scale(decomposition: Decomposition) -> float:
    """The largest number at work, in Mt, at least one."""
    at_work = [*decomposition.levels.values(), *decomposition.additive.values()]
    return max(1.0, *(float(np.max(np.abs(np.nan_to_num(value)))) for value in at_work))


def assert_exact(decomposition: Decomposition) -> None:
    """Contributions add up to the change, and effects multiply to the ratio wherever there is one."""
    d = decomposition
    assert np.max(np.abs(d.residual)) <= 1e-9 * max(1.0, scale(d) / 1e4)
    logs = np.zeros_like(d.ratio)
    for name in FACTORS:
        assert np.all(np.isnan(d.multiplicative[name]) == ~(d.ratio > 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = logs + np.log(d.multiplicative[name])
    known = (d.ratio > 0.0) & np.isfinite(logs)
    np.testing.assert_allclose(logs[known], np.log(d.ratio[known]), rtol=1e-9, atol=1e-9)


def signed(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers of either sign, with many zeros, of the size of a quantity."""
    return st.one_of(st.just(0.0), st.floats(low, high), st.floats(-high, -max(low, 1e-3 * high)))


@st.composite
def any_pathway(draw: st.DrawFn, positive: bool = False) -> Results:
    """A pathway whose factors may be zero or negative in any year; or all above zero."""
    shape = draw(st.sampled_from([(2,), (4,), (3, 2), (2, 2, 3)]))
    values = {}
    for key, (low, high) in MADE_OF.items():
        low = max(low, 1e-3 * high)
        element = st.floats(low, 0.99 * high) if positive else signed(low, high)
        values[key] = draw(arrays(np.float64, shape, elements=element))
    return made(values)


# exactness


@given(any_pathway(positive=True), st.sampled_from([None, 1, 2]))
def test_exact_for_positive_factors(results: Results, step: int | None) -> None:
    decomposition = whole(results, step)
    assert_exact(decomposition)
    assert_exact(joined(decomposition))
    assert set(decomposition.methods) == {"LMDI-I"}


@given(any_pathway(), st.sampled_from([None, 1, 2]))
def test_exact_for_zeros_and_negatives(results: Results, step: int | None) -> None:
    assert_exact(whole(results, step))


@given(inputs(), st.sampled_from([None, 1, 2]))
def test_exact_for_any_run(given_inputs: Inputs, step: int | None) -> None:
    assert_exact(whole(pathway(given_inputs), step))


@given(inputs(shape=(2, 2)))
def test_exact_for_any_batch(given_inputs: Inputs) -> None:
    decomposition = whole(pathway(given_inputs), 1)
    assert decomposition.residual.shape == (2, 2, len(decomposition.periods))
    assert_exact(decomposition)


@given(any_pathway(positive=True))
def test_time_reversed_it_is_the_negative(results: Results) -> None:
    there = whole(results)
    back = whole(Results(results.years, results.base_year, {k: v[..., ::-1] for k, v in results.items()}))
    for name in NAMES:
        np.testing.assert_allclose(
            back.additive[name], -there.additive[name], rtol=1e-9, atol=1e-12 * scale(there)
        )
    for name in FACTORS:
        np.testing.assert_allclose(back.multiplicative[name], 1.0 / there.multiplicative[name], rtol=1e-9)


@pytest.mark.parametrize("scenario", ["current-policies", "deep-decarbonisation"])
@pytest.mark.parametrize("step", [None, 1, 5, 7])
def test_exact_over_history_and_projection(scenario: str, step: int | None) -> None:
    decomposition = decompose(dc.run(scenario).results, 2005, 2060, step)
    assert np.max(np.abs(decomposition.residual)) < 1e-9
    assert decomposition.missing == ""
    assert_exact(decomposition)


# what a change goes to

ALONE = {
    "population": {"population": [1400.0, 1100.0]},
    "affluence": {"gdp_per_capita": [90.0, 300.0]},
    "energy_intensity": {"intensity": [0.05, 0.02]},
    "fuel_mix": {"coal_share": [0.5, 0.05], "gas_share": [0.1, 0.2]},
    "emission_factor": {"oil_ef": [1.73, 1.4]},
    "capture": {"capture_rate": [0.1, 0.6]},
    "process": {"process_co2": [1000.0, 200.0]},
    "beccs": {"beccs": [0.0, 300.0]},
    "dac": {"dac": [10.0, 500.0]},
    "land_sink": {"land_sink": [1300.0, -100.0]},
}


@pytest.mark.parametrize(("name", "changed"), ALONE.items(), ids=ALONE)
def test_what_changes_alone_takes_all(name: str, changed: dict[str, list[float]]) -> None:
    results = steady_but(**changed)
    decomposition = whole(results)
    np.testing.assert_allclose(decomposition.additive[name], decomposition.change, rtol=1e-12)
    for other in set(NAMES) - {name}:
        assert abs(decomposition.additive[other][0]) < 1e-9
    for other in FACTORS:
        expected = decomposition.ratio if other == name else 1.0
        np.testing.assert_allclose(decomposition.multiplicative[other], expected, rtol=1e-12)


def test_sinks_and_removals_count_against_emissions() -> None:
    decomposition = whole(steady_but(beccs=[0, 100], dac=[0, 10], land_sink=[1300, 1301]))
    assert [float(decomposition.additive[name][0]) for name in OWN_TERMS] == [0.0, -100.0, -10.0, -1.0]
    assert decomposition.change[0] == pytest.approx(-111.0)


def test_doubling_and_halving() -> None:
    doubled = steady_but(
        gdp_per_capita=[90, 360],
        intensity=[0.05, 0.025],
        oil_share=[0, 0],
        gas_share=[0, 0],
        process_co2=[0, 0],
    )
    decomposition = whole(doubled)
    energy = float(decomposition.levels["energy_co2"][0])
    assert decomposition.additive["affluence"][0] == pytest.approx(2 * energy)
    assert decomposition.additive["energy_intensity"][0] == pytest.approx(-energy)
    assert decomposition.multiplicative["affluence"][0] == pytest.approx(4.0)
    assert decomposition.multiplicative["energy_intensity"][0] == pytest.approx(0.5)


def test_a_net_total_below_zero_needs_no_other_form() -> None:
    decomposition = whole(steady_but(dac=[0, 30_000], gdp_per_capita=[90, 200]))
    assert decomposition.levels["net_co2"][0] > 0.0 > decomposition.levels["net_co2"][1]
    assert decomposition.methods == ["LMDI-I"]
    assert_exact(decomposition)


# zeros


def test_a_share_that_goes_to_zero_takes_the_change_of_its_fuel() -> None:
    results = steady_but(gas_share=[0.1, 0.0], population=[1400, 1100])
    decomposition = whole(results)
    gas = float(results["gas_co2"][0] * 0.9)
    coal_and_oil = float(results["coal_co2"][0] + results["oil_co2"][0]) * 0.9
    assert decomposition.additive["fuel_mix"][0] == pytest.approx(-gas)
    assert decomposition.additive["population"][0] == pytest.approx(coal_and_oil * (1100 / 1400 - 1))
    assert decomposition.methods == ["LMDI-I; analytic limit where a factor is zero at one end: gas"]


def test_capture_of_everything_takes_all_emissions() -> None:
    results = steady_but(capture_rate=[0.0, 1.0], population=[1400, 1100])
    decomposition = whole(results)
    assert decomposition.additive["capture"][0] == pytest.approx(-float(results["eip_co2"][0]))
    assert np.isnan(decomposition.multiplicative["capture"][0])
    assert decomposition.ratio[0] == 0.0
    assert "no multiplicative form" in decomposition.methods[0]
    assert "coal, oil, gas, process" in decomposition.methods[0]


def test_factors_that_vanish_together_share_equally() -> None:
    parts = lmdi.contributions(
        [np.array([3.0]), np.array([4.0]), np.array([5.0])], [np.array([x]) for x in (0, 0, 9.0)]
    )
    assert [float(part[0]) for part in parts] == [-30.0, -30.0, 0.0]


def test_zero_at_both_ends_contributes_nothing() -> None:
    parts = lmdi.contributions([np.array([0.0]), np.array([4.0])], [np.array([7.0]), np.array([0.0])])
    assert [float(part[0]) for part in parts] == [0.0, 0.0]


def test_the_limit_is_where_small_values_lead() -> None:
    """Convergence is slow, like 1 / ln: hence the limit instead of a small number (Ang and Liu 2007)."""
    start = [np.array([2.0]), np.array([3.0])]
    limit = lmdi.contributions(start, [np.array([0.0]), np.array([6.0])])
    off = [
        abs(float(lmdi.contributions(start, [np.array([tiny]), np.array([6.0])])[0][0] - limit[0][0]))
        for tiny in (1e-10, 1e-50, 1e-100, 1e-300)
    ]
    assert off == sorted(off, reverse=True)
    assert off[-1] < 0.01


def test_nothing_is_lost_where_numbers_are_close() -> None:
    """The plain quotient (b - a) / ln(b / a) is wrong in the first digits here; contributions are large."""
    start = [np.array([1000.0]), np.array([3.0])]
    end = [np.array([500.0]), np.array([np.nextafter(6.0, 7.0)])]
    parts = lmdi.contributions(start, end)
    np.testing.assert_allclose(parts[0], -3000.0 * np.log(2.0), rtol=1e-14)
    np.testing.assert_allclose(parts[1], 3000.0 * np.log(2.0), rtol=1e-14)


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_logarithmic_mean(a: float, b: float) -> None:
    one, other = np.array([a]), np.array([b])
    mean = float(lmdi.log_mean(one, other)[0])
    assert np.sqrt(a * b) * (1 - 1e-12) <= mean <= (a + b) / 2 * (1 + 1e-12)
    assert mean == pytest.approx(float(lmdi.log_mean(other, one)[0]), rel=1e-12)
    assert float(lmdi.log_mean(one, one)[0]) == a


# negatives


def test_a_negative_factor_takes_the_shapley_form() -> None:
    results = steady_but(process_co2=[100, -50], capture_rate=[0.0, 0.5])
    decomposition = whole(results)
    assert decomposition.methods == ["LMDI-I; Shapley form where a factor is negative: process"]
    assert decomposition.additive["process"][0] == pytest.approx(-150 * 0.75)
    assert_exact(decomposition)


def test_shapley_of_two_and_of_three_factors() -> None:
    parts = lmdi.contributions([np.array([2.0]), np.array([-3.0])], [np.array([4.0]), np.array([5.0])])
    assert [float(part[0]) for part in parts] == [2 * 1.0, 8 * 3.0]
    three = lmdi.contributions(
        [np.array([x]) for x in (-1.0, 2.0, 3.0)], [np.array([x]) for x in (1.0, 4.0, 6.0)]
    )
    first = 2.0 * (
        2 * 3 / 3 + (4 * 3 + 2 * 6) / 6 + 4 * 6 / 3
    )  # Sun (1998): orders in which the others change
    assert float(three[0][0]) == pytest.approx(first)


def test_the_form_is_chosen_for_each_period() -> None:
    values = {key: np.full(3, value) for key, value in STEADY.items()}
    values["process_co2"] = np.array([100.0, 50.0, -50.0])
    values["gas_share"] = np.array([0.1, 0.0, 0.0])
    assert whole(made(values), 1).methods == [
        "LMDI-I; analytic limit where a factor is zero at one end: gas",
        "LMDI-I; Shapley form where a factor is negative: process",
    ]


def test_a_batch_says_how_many_members() -> None:
    values = {key: np.full((3, 2), value) for key, value in STEADY.items()}
    values["process_co2"][1, 1] = -1.0
    assert whole(made(values)).methods == [
        "LMDI-I; Shapley form where a factor is negative: process (1 of 3 pathways)"
    ]


# batches


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("step", [None, 1, 5])
def test_member_of_a_batch_is_the_single_run(order: Any, step: int | None) -> None:
    batch = pathway(random_inputs(3, (5, 3)))
    arrays = {key: np.array(value, order=order) for key, value in batch.items()}
    many = whole(Results(batch.years, batch.base_year, arrays), step)
    for k in np.ndindex(5, 3):
        single = {key: value[k].copy() for key, value in batch.items()}
        assert_same_decomposition(many, whole(Results(batch.years, batch.base_year, single), step), k)


@given(any_pathway())
def test_member_of_any_batch_is_the_single_run(results: Results) -> None:
    many = whole(results, 1)
    for k in np.ndindex(many.residual.shape[:-1]):
        single = {key: value[k].copy() for key, value in results.items()}
        assert_same_decomposition(many, whole(Results(results.years, results.base_year, single), 1), k)


def assert_same_decomposition(many: Decomposition, one: Decomposition, k: tuple[int, ...]) -> None:
    for field in ("additive", "multiplicative", "levels"):
        for name, value in getattr(many, field).items():
            assert_same_bits(value[k], getattr(one, field)[name])
    for field in ("change", "ratio", "residual"):
        assert_same_bits(getattr(many, field)[k], getattr(one, field))


# chains


def test_periods_of_a_chain() -> None:
    results = dc.run("current-policies").results
    assert decompose(results, 2005, 2060).periods == [(2005, 2060)]
    assert decompose(results, 2020, 2035, 5).periods == [(2020, 2025), (2025, 2030), (2030, 2035)]
    assert decompose(results, 2020, 2032, 5).periods == [(2020, 2025), (2025, 2030), (2030, 2032)]
    assert decompose(results, 2020, 2032, 50).periods == [(2020, 2032)]


def test_a_chain_adds_up_to_the_change_but_tells_another_story() -> None:
    results = dc.run("rapid-decline").results
    chain, at_once = joined(decompose(results, 2005, 2060, 1)), decompose(results, 2005, 2060)
    assert chain.periods == at_once.periods
    assert chain.methods == ["sum of 55 periods: LMDI-I"]
    np.testing.assert_allclose(chain.change, at_once.change, rtol=1e-12)
    np.testing.assert_allclose(chain.ratio, at_once.ratio, rtol=1e-12)
    assert_exact(chain)
    for name in ("beccs", "dac", "land_sink"):
        np.testing.assert_allclose(chain.additive[name], at_once.additive[name], rtol=1e-12)
    assert abs(chain.additive["affluence"][0] - at_once.additive["affluence"][0]) > 1000.0


def test_a_chain_of_one_is_itself() -> None:
    one = whole(steady_but(population=[1400, 1100]))
    again = joined(one)
    assert again.methods == one.methods
    assert_same_decomposition(again, one, ())


# what is missing


def test_before_the_land_sink_is_known_it_is_left_out_with_the_total() -> None:
    results = dc.run("current-policies").results
    decomposition = decompose(results, 2000, 2010, 5)
    np.testing.assert_array_equal(np.isnan(decomposition.additive["land_sink"]), [True, False])
    np.testing.assert_array_equal(np.isnan(decomposition.change), [True, False])
    assert (
        decomposition.missing
        == "land sink not known throughout: it and the net total are left out of 2000-2005"
    )
    assert np.all(np.abs(decomposition.residual) < 1e-9)
    before = decomposition.levels["before_land_sink"]
    others = sum(float(decomposition.additive[name][0]) for name in NAMES if name != "land_sink")
    assert others == pytest.approx(float(before[1] - before[0]))
    assert joined(decomposition).missing.endswith("left out of 2000-2010")
    assert_exact(joined(decomposition))


@pytest.mark.parametrize(
    ("first", "last", "step", "error", "says"),
    [
        (2030, 2025, None, ValueError, "must come after"),
        (2025, 2025, None, ValueError, "must come after"),
        (2025, 2030, 0, ValueError, "1 or more"),
        (1999, 2030, None, KeyError, "outside 2000-2060"),
        (2025, 2061, 5, KeyError, "outside 2000-2060"),
    ],
)
def test_refused(first: int, last: int, step: int | None, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        decompose(dc.run("current-policies").results, first, last, step)


# rows


def test_rows() -> None:
    decomposition = decompose(dc.run("current-policies").results, 2000, 2010, 5)
    table = rows(decomposition)
    assert [row.factor for row in table] == [*NAMES, "change"] * 2
    assert [row.period for row in table] == ["2000-2005"] * 11 + ["2005-2010"] * 11
    assert np.isnan(table[0].share)
    second = table[11:]
    assert sum(row.mtco2 for row in second[:-1]) == pytest.approx(second[-1].mtco2)
    assert sum(row.share for row in second[:-1]) == pytest.approx(1.0)
    assert second[-1].share == 1.0


def test_no_change_has_no_shares() -> None:
    table = rows(whole(steady_but()))
    assert all(row.mtco2 == 0.0 and np.isnan(row.share) for row in table)


# cases

CASES = yaml.safe_load((Path(__file__).parent / "decomposition.yaml").read_text(encoding="utf-8"))


def two_sectors(effect: str) -> float:
    """Activity, structure and intensity effect of the worked example."""
    sectors = {"one": ([50.0, 0.2, 3.0], [80.0, 0.5, 2.0]), "other": ([50.0, 0.8, 0.5], [80.0, 0.5, 0.4])}
    parts = [
        lmdi.contributions([np.array([x]) for x in start], [np.array([x]) for x in end])
        for start, end in sectors.values()
    ]
    k = ("activity", "structure", "intensity").index(effect)
    return float(parts[0][k][0] + parts[1][k][0])


def annual(**years: int) -> Decomposition:
    return joined(decompose(dc.run("current-policies").results, years["from"], years["to"], 1))


def contribution(factor: str, **years: int) -> float:
    """Contribution in Mt by annual chaining."""
    return float(annual(**years).additive[factor][0])


def part_of_the_brakes(factor: str, **years: int) -> float:
    """Part of a factor in all that lowered CO2 of energy and processes, percent."""
    lowering = {name: min(0.0, float(annual(**years).additive[name][0])) for name in (*FACTORS, "process")}
    return lowering[factor] / sum(lowering.values()) * 100.0


MEASURES: dict[str, Callable[..., float]] = {
    one.__name__: one for one in (two_sectors, contribution, part_of_the_brakes)
}


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    value = MEASURES[case["measure"]](**case["of"])
    expected = {"expect", "above", "below"} & set(case)
    assert len(expected) == 1
    assert len(case["source"]) > 10
    if "expect" in case:
        assert abs(value - case["expect"]) <= case["tolerance"], f"{value:.6g} {case['unit']}"
    assert value > case.get("above", -np.inf), f"{value:.6g} {case['unit']}"
    assert value < case.get("below", np.inf), f"{value:.6g} {case['unit']}"
