"""A difference is split exactly, by the definition of the Shapley value, and only over what differs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dualcarbon.axes import Floats
from dualcarbon.build import Built, build
from dualcarbon.errors import InputError
from dualcarbon.explore import attribution as at
from dualcarbon.explore.attribution import attribute, changed_inputs, shapley_values
from dualcarbon.paths import data_folder
from dualcarbon.project import pathway
from dualcarbon.scenario import Scenario, bundled_scenarios, read_scenario
from dualcarbon.tables import Library
from dualcarbon.tables.levers import SHARES

LIBRARY = Library(data_folder())
BASE_YEAR = 2020
YEARS = (2021, 2035, 2060)

Write = Callable[..., Scenario]


def build_from(scenario: Scenario) -> Built:
    """From 2020 on, unless the scenario says otherwise, whatever the last year of statistics."""
    return build(replace(scenario, base_year=scenario.base_year or BASE_YEAR), LIBRARY)


def bundled(name: str) -> Built:
    return build_from(read_scenario(bundled_scenarios()[name]))


REFERENCE = bundled("current-policies")
FUTURE = REFERENCE.inputs.years > REFERENCE.inputs.base_year


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes and reads a scenario."""

    def make(levers: str = "", head: str = "", name: str = "mine") -> Scenario:
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"name: {name}\n{head}\nlevers:\n{levers or '  {}'}\n", encoding="utf-8")
        return read_scenario(path)

    return make


def with_levers(built: Built, **future: Floats | float) -> Built:
    """The same with other paths of some levers, whatever their shares add up to."""
    levers = {name: path.copy() for name, path in built.levers.items()}
    for name, path in future.items():
        levers[name][FUTURE] = path
    changed = {name: levers[name] for name in future}
    return replace(built, levers=levers, inputs=replace(built.inputs, **changed))


def all_differ(built: Built) -> Built:
    """Every lever elsewhere: twelve groups."""
    future = {name: path[FUTURE] * 0.9 + 0.001 for name, path in built.levers.items() if name not in SHARES}
    mix = {name: built.levers[name][FUTURE] * 0.8 for name in SHARES[:3]}
    mix["non_fossil_share"] = 1.0 - sum(mix.values())
    return with_levers(built, **future, **mix)


def splits(found: at.Attribution) -> list[at.Split]:
    return [split for kind in (found.annual, found.cumulative) for split in kind.values()]


# the Shapley value


def by_orders(values: Floats) -> Floats:
    """The definition: what each player adds, averaged over every order of joining."""
    count = values.shape[0].bit_length() - 1
    orders = list(itertools.permutations(range(count)))
    total = np.zeros((count, *values.shape[1:]))
    for order in orders:
        k = 0
        for player in order:
            total[player] += values[k | 1 << player] - values[k]
            k |= 1 << player
    return total / len(orders)


@pytest.mark.parametrize("count", range(6))
def test_the_value_is_the_mean_over_all_orders(count: int) -> None:
    values = np.random.default_rng(count).normal(size=(1 << count, 3))
    np.testing.assert_allclose(shapley_values(values), by_orders(values), rtol=0.0, atol=1e-14)


def test_a_textbook_game() -> None:
    """Two left gloves and a right one: the right one is worth 2/3, each left one 1/6."""
    pairs = np.array([float(min((k & 1) + (k >> 1 & 1), k >> 2 & 1)) for k in range(8)])
    np.testing.assert_allclose(shapley_values(pairs), [1 / 6, 1 / 6, 2 / 3], rtol=1e-15)


@given(st.integers(0, 5).flatmap(lambda n: arrays(np.float64, 1 << n, elements=st.floats(-1e5, 1e5))))
def test_values_add_up_to_what_all_are_worth(values: Floats) -> None:
    assert shapley_values(values).sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


# attribution


@pytest.mark.parametrize("pair", [*itertools.combinations(bundled_scenarios(), 2)], ids=" and ".join)
def test_nothing_is_left_over(pair: tuple[str, str]) -> None:
    a, b = map(bundled, pair)
    found = attribute(a, b, YEARS)
    for split in splits(found):
        np.testing.assert_allclose(split.residual, 0.0, atol=1e-9)
        np.testing.assert_allclose(split.parts.sum(axis=0), split.after - split.before, rtol=0, atol=1e-9)


def test_levels_are_those_of_the_two_runs() -> None:
    a, b = REFERENCE, bundled("deep-decarbonisation")
    found = attribute(a, b, YEARS)
    for side, built in (("before", a), ("after", b)):
        levels = pathway(built.inputs)
        for name in at.VARIABLES:
            annual = [levels.in_year(name, year) for year in YEARS]
            summed = [math.fsum(levels[name][FUTURE][: year - BASE_YEAR]) for year in YEARS]
            np.testing.assert_array_equal(getattr(found.annual[name], side), annual)
            np.testing.assert_allclose(getattr(found.cumulative[name], side), summed, rtol=1e-14)


def test_the_way_back_is_the_way_there() -> None:
    a, b = bundled("plan-pace"), bundled("rapid-decline")
    there, back = attribute(a, b, YEARS), attribute(b, a, YEARS)
    assert there.groups == back.groups
    for one, other in zip(splits(there), splits(back), strict=True):
        np.testing.assert_allclose(one.parts, -other.parts, rtol=0, atol=1e-9)


def test_three_levers_beside_the_definition(write: Write) -> None:
    levers = "  gdp_growth: 3 %\n  non_fossil_share: {ambition: 1}\n  capture_rate: 40 %"
    b = build_from(write(levers))
    found = attribute(REFERENCE, b, YEARS)
    groups = [("gdp_growth",), SHARES, ("capture_rate",)]
    assert [group.levers for group in found.groups] == groups
    worth = []
    for k in range(8):
        taken = [lever for i, group in enumerate(groups) if k >> i & 1 for lever in group]
        mixed = with_levers(REFERENCE, **{lever: b.levers[lever][FUTURE] for lever in taken})
        alone = pathway(mixed.inputs)
        worth.append([[float(alone.in_year(name, year)) for year in YEARS] for name in at.VARIABLES])
    expected = by_orders(np.array(worth))
    for k, name in enumerate(at.VARIABLES):
        np.testing.assert_allclose(found.annual[name].parts, expected[:, k], rtol=0, atol=1e-9)


def test_levers_that_only_add_get_their_own_differences(write: Write) -> None:
    b = build_from(write("  dac: {2030: 0 Mt, 2060: 350 Mt}\n  land_sink: 900 Mt"))
    found = attribute(REFERENCE, b, YEARS)
    assert [group.name for group in found.groups] == ["dac", "land_sink"]
    place = np.array(YEARS) - BASE_YEAR - 1
    less = np.stack([REFERENCE.levers[n][FUTURE] - b.levers[n][FUTURE] for n in ("dac", "land_sink")])
    for name in ("net_co2", "net_ghg"):
        np.testing.assert_allclose(found.annual[name].parts, less[:, place], rtol=0, atol=1e-9)
        summed = np.cumsum(less, axis=1)[:, place]
        np.testing.assert_allclose(found.cumulative[name].parts, summed, rtol=0, atol=1e-9)
    assert not found.annual["eip_co2"].parts.any()


def test_a_single_lever_gets_all(write: Write) -> None:
    found = attribute(REFERENCE, build_from(write("  gdp_growth: {shift: -0.5 pp}")), YEARS)
    assert found.groups == (at.Group("gdp_growth", ("gdp_growth",)),)
    for split in splits(found):
        np.testing.assert_allclose(split.parts, [split.difference], rtol=0, atol=1e-9)
    net_co2 = found.annual["net_co2"]
    assert net_co2.in_year(2060) == {"gdp_growth": net_co2.parts[0, -1]}
    assert net_co2.parts[0, -1] < 0.0


def test_shares_are_one_group(write: Write) -> None:
    found = attribute(REFERENCE, build_from(write("  gas_share: 12 %")), YEARS)
    assert found.groups == (at.Group(at.MIX, SHARES),)


@pytest.mark.parametrize("levers", ["", "  non_fossil_share: {ambition: 0}", "  land_sink: {scale: 1}"])
def test_what_does_not_differ_is_not_listed(levers: str, write: Write) -> None:
    found = attribute(REFERENCE, build_from(write(levers)), YEARS)
    assert found.groups == ()
    assert found.note == ""
    for split in splits(found):
        assert split.parts.shape == (0, len(YEARS))
        np.testing.assert_allclose(split.residual, 0.0, atol=1e-9)


def test_years_come_as_asked_for() -> None:
    b = bundled("rapid-decline")
    one, other = attribute(REFERENCE, b, [2060, 2030]), attribute(REFERENCE, b, [2030])
    for two, single in zip(splits(one), splits(other), strict=True):
        assert two.years.tolist() == [2060, 2030]
        np.testing.assert_array_equal(two.parts[:, 1:], single.parts)
        assert two.in_year(2030) == single.in_year(2030)
        with pytest.raises(KeyError, match="2040 was not asked for"):
            two.in_year(2040)


# many levers


def test_twelve_groups_are_split_in_full() -> None:
    found = attribute(REFERENCE, all_differ(REFERENCE), YEARS)
    assert len(found.groups) == 12
    assert found.note == ""
    for split in splits(found):
        np.testing.assert_allclose(split.residual, 0.0, atol=1e-9)


def test_all_coalitions_are_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = []

    def counting(inputs, outputs):
        shapes.append(inputs.leading_shape())
        assert outputs == at.VARIABLES
        return pathway(inputs, outputs)

    monkeypatch.setattr(at, "pathway", counting)
    attribute(REFERENCE, all_differ(REFERENCE), YEARS)
    assert sorted(shapes) == [(), (), (4096,)]


def test_a_member_of_the_batch_is_the_single_run() -> None:
    b = all_differ(REFERENCE)
    groups, _ = at._groups(REFERENCE, b, 12)
    values = at._project(REFERENCE, b, groups, at._every(12))
    np.testing.assert_array_equal(values[0], at._levels(REFERENCE))
    np.testing.assert_array_equal(values[-1], at._levels(b))


def test_the_levers_that_matter_least_are_taken_together() -> None:
    b = all_differ(REFERENCE)
    full, short = attribute(REFERENCE, b, YEARS), attribute(REFERENCE, b, YEARS, most=4)
    assert len(short.groups) == 4
    assert short.groups[-1].name == at.OTHERS
    kept = [group for group in full.groups if group in short.groups]
    assert kept == list(short.groups[:-1]), "in the order of the lever table"
    left = [group for group in full.groups if group not in kept]
    assert short.groups[-1].levers == tuple(lever for group in left for lever in group.levers)
    assert short.note.startswith("12 levers differ; ")
    assert short.note.endswith(f": {', '.join(group.name for group in left)}")
    for split in splits(short):
        np.testing.assert_allclose(split.residual, 0.0, atol=1e-9)


def test_what_matters_least_is_told_by_each_lever_alone() -> None:
    b = with_levers(
        REFERENCE, dac=300.0, beccs=0.5, non_co2=100.0, land_sink=REFERENCE.levers["land_sink"][FUTURE] + 1
    )
    found = attribute(REFERENCE, b, YEARS, most=3)
    assert [group.levers for group in found.groups] == [("dac",), ("non_co2",), ("beccs", "land_sink")]


# what cannot be compared


def test_years_and_base_years_must_be_the_same(write: Write) -> None:
    b = build_from(write(head="base_year: 2022\nend_year: 2070"))
    with pytest.raises(InputError) as error:
        attribute(REFERENCE, b, YEARS, names=("current-policies", "mine"))
    assert [str(fault) for fault in error.value.faults] == [
        "current-policies and mine: base_year: 2020 and 2022 differ; use one base year for both",
        "current-policies and mine: end_year: 2060 and 2070 differ; use one end year for both",
    ]


def test_data_must_be_the_same() -> None:
    levers = {**REFERENCE.levers, "land_sink": REFERENCE.levers["land_sink"] + 1.0}
    inputs = replace(REFERENCE.inputs, land_sink=levers["land_sink"], coal_ef=REFERENCE.inputs.coal_ef * 1.01)
    with pytest.raises(
        InputError, match=r"^a and b: rest on different data \(coal_ef, land_sink\); only levers"
    ):
        attribute(REFERENCE, replace(REFERENCE, levers=levers, inputs=inputs), YEARS)


@pytest.mark.parametrize(
    ("years", "what"),
    [([2030, 2020, 2061], "2020, 2061 is outside the projected years 2021-2060"), ([], "no years; choose")],
)
def test_years_must_be_projected_ones(years: list[int], what: str) -> None:
    with pytest.raises(InputError, match=what):
        attribute(REFERENCE, REFERENCE, years)


# changed inputs


def test_equal_scenarios_set_nothing_differently(write: Write) -> None:
    one = write("  dac: 5 Mt", "extends: current-policies")
    assert changed_inputs(one, write("  dac: 5 Mt", "extends: current-policies", "other")) == []


def test_what_is_set_differently_is_told_key_by_key(write: Write) -> None:
    one = write("  gdp_growth: {2030: 4 %, 2060: 2 %}\n  dac: 5 Mt\n  beccs: {ambition: 0.5}")
    two = write(
        "  beccs: {ambition: {2030: 0.1}}\n  gdp_growth: {curve: linear, 2060: 2.5 %, 2030: 4 %, 2035: 3 %}",
        "extends: current-policies\nend_year: 2070",
        "other",
    )
    assert changed_inputs(one, two) == [
        ("extends", "", "current-policies"),
        ("end_year", "2060", "2070"),
        ("levers.gdp_growth.curve", "", "linear"),
        ("levers.gdp_growth.2035", "", "3 %"),
        ("levers.gdp_growth.2060", "2 %", "2.5 %"),
        ("levers.dac", "5 Mt", ""),
        ("levers.beccs.ambition", "0.5", ""),
        ("levers.beccs.ambition.2030", "", "0.1"),
    ]


def test_what_is_taken_over_counts(write: Write) -> None:
    write("  dac: 5 Mt\n  beccs: 7 Mt\n  land_sink: 900 Mt", name="parent")
    child = write("  beccs: 8 Mt\n  land_sink: {scale: 0.9}", "extends: parent", "child")
    assert changed_inputs(write(), child) == [
        ("extends", "", "parent"),
        ("levers.dac", "", "5 Mt"),
        ("extends.levers.land_sink", "", "900 Mt"),
        ("levers.beccs", "", "8 Mt"),
        ("levers.land_sink.scale", "", "0.9"),
    ]


def test_changes_on_the_command_line_and_the_fit_count() -> None:
    path = bundled_scenarios()["peak-2030-neutral-2060"]
    rows = changed_inputs(
        read_scenario(bundled_scenarios()["current-policies"]), read_scenario(path, ["dac=5 Mt"])
    )
    assert ("levers.dac", "", "5 Mt") in rows
    assert next(row for row in rows if row[0] == "fit.targets")[2].startswith("peak-before-2030, ")
