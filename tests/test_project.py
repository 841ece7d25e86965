"""What holds for any input: balances close, shares are shares, and a batch is its members."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualcarbon.inputs import Inputs
from dualcarbon.project import BLOCK, VARIABLES, pathway
from dualcarbon.results import Results
from strategies import RANGES, SCALARS, SHARES, assert_same_bits, inputs, random_inputs

# balances


def assert_balanced(left: Any, right: Any, scale: Any) -> None:
    assert np.all(np.abs(left - right) <= 1e-9 * np.maximum(1.0, np.abs(scale)))


@given(inputs(shape=(2,)))
def test_carbon_balance_closes(given_inputs: Inputs) -> None:
    r = pathway(given_inputs)
    gross = r["coal_co2"] + r["oil_co2"] + r["gas_co2"] + r["process_co2"]
    eip = gross - r["captured_co2"] - r["beccs"]
    assert_balanced(r["eip_co2"], eip, gross)
    assert_balanced(r["net_co2"], eip - r["dac"] - r["land_sink"], gross)
    assert_balanced(r["net_ghg"], eip - r["dac"] - r["land_sink"] + r["non_co2"], gross)
    assert_balanced(r["net_ghg"], r["net_co2"] + r["non_co2"], gross)


@given(inputs())
def test_co2_is_fuel_times_factor(given_inputs: Inputs) -> None:
    r = pathway(given_inputs)
    by_fuel = [r[f"{f}_energy"] * getattr(given_inputs, f"{f}_ef") for f in ("coal", "oil", "gas")]
    assert_balanced(r["energy_co2"], sum(by_fuel), r["energy_co2"])
    official_oil = r["oil_energy"] * given_inputs.oil_ef_official
    assert_balanced(r["energy_co2_official"], by_fuel[0] + official_oil + by_fuel[2], r["energy_co2"])
    assert_balanced(r["gross_co2"], r["energy_co2"] + r["process_co2"], r["gross_co2"])


@given(inputs(shape=(2,)))
def test_fuels_sum_to_the_total_in_both_accountings(given_inputs: Inputs) -> None:
    r = pathway(given_inputs)
    fossil = r["coal_energy"] + r["oil_energy"] + r["gas_energy"]
    assert_balanced(fossil + r["non_fossil_energy"], r["energy_total"], r["energy_total"])
    assert_balanced(fossil + r["non_fossil_energy_direct"], r["energy_total_direct"], r["energy_total"])
    assert np.all(r["energy_total_direct"] <= r["energy_total"] * (1 + 1e-12))


@given(inputs())
def test_shares_are_shares(given_inputs: Inputs) -> None:
    r = pathway(given_inputs)
    np.testing.assert_allclose(sum(r[name] for name in SHARES), 1.0, rtol=1e-12)
    for name in (*SHARES, "coal_share_direct", "non_fossil_share_direct"):
        assert np.all((r[name] >= 0.0) & (r[name] <= 1.0))


@given(inputs())
def test_captured_never_exceeds_gross(given_inputs: Inputs) -> None:
    r = pathway(given_inputs)
    assert np.all((r["captured_co2"] >= 0.0) & (r["captured_co2"] <= r["gross_co2"]))


def test_a_capture_rate_above_one_captures_all() -> None:
    full = replace(random_inputs(1, ()), capture_rate=np.asarray(np.full(12, 1.3)))
    r = pathway(full)
    np.testing.assert_array_equal(r["captured_co2"], r["gross_co2"])
    np.testing.assert_array_equal(r["eip_co2"], -r["beccs"])


# scaling and growth


@given(inputs(), st.floats(0.1, 10.0))
def test_scaling_gdp_scales_energy_and_its_co2(given_inputs: Inputs, factor: float) -> None:
    bigger = replace(
        given_inputs,
        gdp_first=given_inputs.gdp_first * factor,
        energy_first=given_inputs.energy_first * factor,
    )
    before, after = pathway(given_inputs), pathway(bigger)
    for name in ("gdp", "energy_total", "coal_energy", "non_fossil_power", "energy_co2"):
        np.testing.assert_allclose(after[name], before[name] * factor, rtol=1e-12)
    for name in ("energy_intensity", "carbon_intensity_energy", "non_fossil_share_direct"):
        np.testing.assert_allclose(after[name], before[name], rtol=1e-12)


@given(inputs(), st.floats(0.1, 10.0))
def test_gdp_alone_does_not_move_energy(given_inputs: Inputs, factor: float) -> None:
    richer = replace(given_inputs, gdp_first=given_inputs.gdp_first * factor)
    np.testing.assert_allclose(
        pathway(richer)["energy_total"], pathway(given_inputs)["energy_total"], rtol=1e-12
    )


@given(inputs())
def test_energy_grows_with_gdp_and_intensity(given_inputs: Inputs) -> None:
    r = pathway(given_inputs)
    expected = (1 + given_inputs.gdp_growth[1:]) * (1 + given_inputs.energy_intensity_change[1:])
    np.testing.assert_allclose(r["energy_total"][1:] / r["energy_total"][:-1], expected, rtol=1e-12)
    np.testing.assert_allclose(r["energy_total"][0], given_inputs.energy_first, rtol=1e-12)
    np.testing.assert_allclose(r["energy_intensity"] * r["gdp"] / 10, r["energy_total"], rtol=1e-12)


# the same power in two accountings


def test_non_fossil_power_in_both_accountings() -> None:
    one = random_inputs(2, ())
    flat = np.zeros(12)
    whole = dict.fromkeys(SHARES, flat) | {"non_fossil_share": flat + 1.0}
    rate = flat + 300.0
    r = pathway(replace(one, **whole, energy_first=np.asarray(0.3), non_fossil_ce_rate=rate))
    assert r["non_fossil_power"][0] == pytest.approx(1.0, rel=1e-14)
    assert r["non_fossil_energy_direct"][0] == pytest.approx(0.122835, abs=5e-7)
    assert r["energy_total_direct"][0] == r["non_fossil_energy_direct"][0]
    np.testing.assert_array_equal(r["non_fossil_share_direct"], 1.0)


# members and batches


def member(batch: Inputs, k: tuple[int, ...]) -> Inputs:
    """One member of a batch whose arrays all carry every leading axis."""
    return replace(batch, **{name: np.asarray(array[k]) for name, array in batch.arrays().items()})


def in_order(batch: Inputs, order: str) -> Inputs:
    copy = np.asfortranarray if order == "F" else np.ascontiguousarray
    return replace(batch, **{name: copy(array) for name, array in batch.arrays().items()})


@given(inputs(shape=(4,)), st.integers(1, 5))
def test_member_of_any_batch_is_its_single_run(batch: Inputs, block: int) -> None:
    together = pathway(batch, block=block)
    for k in range(4):
        alone = pathway(member(batch, (k,)))
        for name in VARIABLES:
            assert_same_bits(np.ascontiguousarray(together[name][k]), alone[name])


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("block", [1, 7, 64, 10**6])
def test_member_is_its_single_run_in_any_block_and_order(block: int, order: str) -> None:
    batch = random_inputs(3, (130,))
    together = pathway(in_order(batch, order), block=block)
    for k in (0, 1, 6, 7, 63, 64, 129):
        alone = pathway(member(batch, (k,)))
        for name in VARIABLES:
            assert_same_bits(np.ascontiguousarray(together[name][k]), alone[name])


def test_member_is_its_single_run_in_the_usual_block() -> None:
    count = 2 * BLOCK + 3
    batch = random_inputs(4, (count,))
    together = pathway(in_order(batch, "F"), ("net_ghg", "energy_total_direct"))
    for k in (0, BLOCK - 1, BLOCK, count - 1):
        alone = pathway(member(batch, (k,)))
        for name in together:
            assert_same_bits(np.ascontiguousarray(together[name][k]), alone[name])


@pytest.mark.parametrize("block", [1, 7, 64, 10**6])
@pytest.mark.parametrize("scenarios_first", [True, False])
def test_scenario_and_draw_axes_broadcast(block: int, scenarios_first: bool) -> None:
    """Some inputs vary by scenario, some by draw, some by neither: as if each pair were run alone."""
    scenarios, draws = (3, 40) if scenarios_first else (40, 3)
    whole = random_inputs(5, (scenarios, draws))
    by_scenario = ("gdp_growth", "gdp_first", *SHARES)
    by_draw = ("energy_intensity_change", "energy_first", "land_sink", "capture_rate")
    cut = {name: array[0, 0] for name, array in whole.arrays().items()}
    cut |= {name: getattr(whole, name)[:, :1] for name in by_scenario}
    cut |= {name: getattr(whole, name)[0] for name in by_draw}
    thin = replace(whole, **{name: np.asarray(array) for name, array in cut.items()})
    assert thin.leading_shape() == (scenarios, draws)

    together = pathway(thin, block=block)
    for s, d in ((0, 0), (1, 2), (scenarios - 1, draws - 1)):
        one = {name: array[s, 0] for name, array in cut.items() if name in by_scenario}
        one |= {name: array[d] for name, array in cut.items() if name in by_draw}
        alone = pathway(replace(thin, **{name: np.asarray(array) for name, array in one.items()}))
        for name in VARIABLES:
            assert together[name].shape == (scenarios, draws, 12)
            assert_same_bits(np.ascontiguousarray(together[name][s, d]), alone[name])


@pytest.mark.parametrize("block", [7, 50, 10**6])
def test_some_outputs_are_the_same_as_all(block: int) -> None:
    batch = random_inputs(6, (20,))
    everything = pathway(batch, block=block)
    for name in VARIABLES:
        only = pathway(batch, (name,), block=block)
        assert list(only) == [name]
        assert_same_bits(np.ascontiguousarray(only[name]), np.ascontiguousarray(everything[name]))


def test_blocks_keep_each_year_contiguous() -> None:
    r = pathway(random_inputs(7, (100,)), block=10)
    assert all(r[name][:, 0].flags.c_contiguous for name in VARIABLES)


def test_an_empty_batch_has_no_members() -> None:
    assert pathway(random_inputs(8, (0,)))["net_ghg"].shape == (0, 12)


# missing history, unknown outputs, read-only results


@pytest.mark.parametrize(
    ("missing", "touched"),
    [
        ("land_sink", {"land_sink", "net_co2", "net_ghg"}),
        ("non_co2", {"non_co2", "net_ghg"}),
        (
            "non_fossil_ce_rate",
            {
                "non_fossil_power",
                "non_fossil_energy_direct",
                "energy_total_direct",
                "coal_share_direct",
                "non_fossil_share_direct",
            },
        ),
    ],
)
def test_missing_history_stays_where_it_belongs(missing: str, touched: set[str]) -> None:
    whole = random_inputs(9, ())
    gap = getattr(whole, missing).copy()
    gap[:5] = np.nan
    r, complete = pathway(replace(whole, **{missing: gap})), pathway(whole)
    for name in VARIABLES:
        assert np.isnan(r[name]).tolist() == [name in touched] * 5 + [False] * 7, name
        assert_same_bits(r[name][5:], complete[name][5:])


@pytest.mark.parametrize("name", ["net_co3", "_intensity_bn", "years", ""])
def test_an_unknown_output_is_refused(name: str) -> None:
    with pytest.raises(KeyError, match=f"^'{name}'$"):
        pathway(random_inputs(10, ()), ("gdp", name))


def test_inputs_stay_as_they_were() -> None:
    batch = random_inputs(11, (9,))
    before = {name: array.copy() for name, array in batch.arrays().items()}
    pathway(batch, block=4)
    pathway(batch)
    for name, array in batch.arrays().items():
        np.testing.assert_array_equal(array, before[name])
        assert array.flags.writeable


def test_every_input_moves_a_result() -> None:
    one = random_inputs(12, ())
    before = pathway(one)
    for name in RANGES:
        moved = getattr(one, name) * 0.9
        after = pathway(replace(one, **{name: np.asarray(moved)}))
        assert any(np.any(after[key] != before[key]) for key in VARIABLES), name


@pytest.mark.parametrize("block", [1, 10**6])
def test_results_are_read_only(block: int) -> None:
    r = pathway(random_inputs(13, (3,)), block=block)
    for array in (r.years, *r.values()):
        with pytest.raises(ValueError, match="read-only"):
            array[..., 0] = 0
    with pytest.raises(TypeError):
        r.arrays["gdp"] = r["gdp"]  # type: ignore[index]
    with pytest.raises(TypeError):
        r.meta["author"] = "someone"  # type: ignore[index]
    with pytest.raises(AttributeError):
        r.base_year = 2030  # type: ignore[misc]


def test_results_are_a_mapping_with_years() -> None:
    r = pathway(random_inputs(14, (3,)), ("gdp", "population"))
    assert (list(r), len(r), "gdp" in r, "net_co2" in r) == (["gdp", "population"], 2, True, False)
    np.testing.assert_array_equal(r.in_year("gdp", 2004), r["gdp"][:, 4])
    with pytest.raises(KeyError, match="2012 is outside 2000-2011"):
        r.in_year("gdp", 2012)


def test_the_caller_cannot_change_results_afterwards() -> None:
    arrays = {"gdp": np.ones(3)}
    r = Results(np.arange(3), 0, arrays)
    arrays["net_co2"] = np.ones(3)
    assert list(r) == ["gdp"]


def test_scalars_have_no_year_axis() -> None:
    assert all(getattr(random_inputs(15, (2,)), name).shape == (2,) for name in SCALARS)
