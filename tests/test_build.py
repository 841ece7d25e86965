"""Each way to set a lever gives exactly its documented path, and the shares close by one rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

import dualcarbon as dc
from dualcarbon.axes import Floats, year_range
from dualcarbon.build import Built, build
from dualcarbon.paths import data_folder
from dualcarbon.scenario import read_scenario
from dualcarbon.tables import Library
from dualcarbon.tables.levers import last_complete_year, lever_anchors, lever_history, read_levers
from strategies import SHARES

LIBRARY = Library(data_folder())
BASE = last_complete_year(LIBRARY)
FUTURE = year_range(BASE + 1, 2060)
FOSSIL = SHARES[:3]

Write = Callable[..., Built]


@pytest.fixture
def built(tmp_path: Path) -> Write:
    """What a scenario gives whose levers are set as in the text."""

    def write(levers: str, *, head: str = "", name: str = "mine") -> Built:
        text = f"name: {name}\n{head}\nlevers:\n{levers}"
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return build(read_scenario(path), LIBRARY)

    return write


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The lever table as it is."""
    path = tmp_path_factory.mktemp("reference") / "plain.yaml"
    path.write_text("name: plain\n", encoding="utf-8")
    return build(read_scenario(path), LIBRARY)


def after(one: Built, lever: str) -> Floats:
    """Path of a lever in the projected years."""
    return one.levers[lever][one.inputs.years > one.inputs.base_year]


def at_base(lever: str) -> float:
    return float(lever_history(LIBRARY, lever, year_range(BASE, BASE))[0])


def straight(*points: tuple[int, float]) -> Floats:
    """Straight lines through years and values, in the projected years."""
    years, values = zip(*points, strict=True)
    return np.interp(FUTURE, years, values)


# one lever, one form

FORMS: dict[str, tuple[str, str, Callable[[], Floats]]] = {
    "constant": ("gdp_growth", "4.5 %", lambda: np.full(FUTURE.size, 0.045)),
    "constant in another unit": ("land_sink", "1.2 Gt", lambda: np.full(FUTURE.size, 1200.0)),
    "anchors of a level start at the base year": (
        "process_co2",
        "{2030: 800 Mt, 2060: 200 Mt}",
        lambda: PchipInterpolator([BASE, 2030, 2060], [at_base("process_co2"), 800, 200])(FUTURE),
    ),
    "anchors hold after the last": (
        "process_co2",
        "{curve: linear, 2030: 800 Mt}",
        lambda: straight((BASE, at_base("process_co2")), (2030, 800), (2060, 800)),
    ),
    "anchors of a rate hold before the first": (
        "gdp_growth",
        "{2030: 4 %, 2040: 3 %, 2060: 2 %}",
        lambda: np.where(
            FUTURE < 2030,
            0.04,
            PchipInterpolator([2030, 2040, 2060], [0.04, 0.03, 0.02])(np.maximum(FUTURE, 2030)),
        ),
    ),
    "linear": (
        "beccs",
        "{curve: linear, 2035: 100 Mt, 2060: 350 Mt}",
        lambda: straight((BASE, 0), (2035, 100), (2060, 350)),
    ),
    "step": (
        "beccs",
        "{curve: step, 2035: 100 Mt, 2050: 300 Mt}",
        lambda: np.select([FUTURE < 2035, FUTURE < 2050], [0.0, 100.0], 300.0),
    ),
    "averages since the last anchor": (
        "energy_intensity_change",
        "{rates: average, 2030: -3 %, 2040: -2 %}",
        lambda: np.where(FUTURE <= 2030, -0.03, -0.02),
    ),
    "logistic": (
        "capture_rate",
        "{curve: logistic, to: 40 %, midpoint: 2042, width: 5}",
        lambda: 0.4 * (sigmoid(FUTURE) - sigmoid(BASE)) / (1 - sigmoid(BASE)),
    ),
    "growth": (
        "non_co2",
        "{curve: growth, rate: -2 %}",
        lambda: at_base("non_co2") * 0.98 ** (FUTURE - BASE),
    ),
}


def sigmoid(year: Floats | int) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-(np.asarray(year) - 2042.0) / 5.0)))


@pytest.mark.parametrize(("lever", "text", "expected"), FORMS.values(), ids=FORMS)
def test_a_form_gives_its_path(
    lever: str, text: str, expected: Callable[[], Floats], built: Write, reference: Built
) -> None:
    one = built(f"  {lever}: {text}")
    np.testing.assert_allclose(after(one, lever), expected(), rtol=1e-12, atol=1e-15)
    past = one.inputs.years <= BASE
    np.testing.assert_array_equal(one.levers[lever][past], reference.levers[lever][past])


@pytest.mark.parametrize(("lever", "text"), [row[:2] for row in FORMS.values()], ids=FORMS)
def test_one_lever_moves_no_other(lever: str, text: str, built: Write, reference: Built) -> None:
    one = built(f"  {lever}: {text}")
    for name in set(reference.levers) - {lever}:
        np.testing.assert_array_equal(one.levers[name], reference.levers[name], err_msg=name)


# between reference and ambitious


def table_path(lever: str, pathway: str) -> Floats:
    """The table's anchors joined by straight lines from the base year; averages hold since the last one."""
    one = read_levers(LIBRARY)[lever]
    years, values = lever_anchors(LIBRARY, one, pathway)
    if one.averages:
        return values[np.searchsorted(years, FUTURE)]
    return np.interp(FUTURE, [BASE, *years], [at_base(lever), *values])


@pytest.mark.parametrize(
    "lever", ["energy_intensity_change", "process_co2", "non_co2", "land_sink", "oil_ef"]
)
@pytest.mark.parametrize("ambition", [-0.5, 0.0, 0.3, 1.0])
def test_ambition_lies_between_the_two_pathways(lever: str, ambition: float, built: Write) -> None:
    low, high = table_path(lever, "reference"), table_path(lever, "ambitious")
    one = built(f"  {lever}: {{ambition: {ambition}}}")
    np.testing.assert_allclose(after(one, lever), low + ambition * (high - low), rtol=1e-12, atol=1e-15)


def test_ambition_by_year_is_smooth_between_its_years(built: Write) -> None:
    one = built("  process_co2: {ambition: {2030: -0.4, 2035: -0.2, 2060: 1}}")
    ambition = PchipInterpolator([2030, 2035, 2060], [-0.4, -0.2, 1.0])(np.maximum(FUTURE, 2030))
    low, high = table_path("process_co2", "reference"), table_path("process_co2", "ambitious")
    np.testing.assert_allclose(after(one, "process_co2"), low + ambition * (high - low), rtol=1e-12)


# relative to the extended scenario

PARENT = "  land_sink: {curve: linear, 2060: 1000 Mt}\n  gdp_growth: 4 %\n  energy_intensity_change: -3 %\n"


@pytest.fixture
def parent(built: Write) -> Built:
    return built(PARENT, name="parent")


def test_scale_multiplies_the_extended_path(built: Write, parent: Built) -> None:
    child = built("  land_sink: {scale: 0.9}", head="extends: parent")
    np.testing.assert_allclose(after(child, "land_sink"), 0.9 * after(parent, "land_sink"), rtol=1e-14)


def test_scale_by_year_starts_from_one_in_the_base_year(built: Write, parent: Built) -> None:
    child = built("  land_sink: {scale: {2035: 0.5, 2060: 0.8}}", head="extends: parent")
    scale = PchipInterpolator([BASE, 2035, 2060], [1.0, 0.5, 0.8])(FUTURE)
    np.testing.assert_allclose(after(child, "land_sink"), scale * after(parent, "land_sink"), rtol=1e-12)


@pytest.mark.parametrize(
    ("lever", "text", "by"), [("gdp_growth", "-0.5 pp", -0.005), ("land_sink", "100 Mt", 100.0)]
)
def test_shift_adds_to_the_extended_path(
    lever: str, text: str, by: float, built: Write, parent: Built
) -> None:
    child = built(f"  {lever}: {{shift: {text}}}", head="extends: parent")
    np.testing.assert_allclose(after(child, lever), after(parent, lever) + by, rtol=1e-12)


def test_what_is_not_set_comes_from_the_extended_scenario(built: Write, parent: Built) -> None:
    child = built("  land_sink: 500 Mt", head="extends: parent")
    for name in set(parent.levers) - {"land_sink"}:
        np.testing.assert_array_equal(child.levers[name], parent.levers[name], err_msg=name)
    assert np.all(after(child, "land_sink") == 500.0)


def test_ambition_is_between_the_tables_whatever_is_extended(built: Write, parent: Built) -> None:
    child = built("  energy_intensity_change: {ambition: 0}", head="extends: parent")
    expected = table_path("energy_intensity_change", "reference")
    np.testing.assert_allclose(after(child, "energy_intensity_change"), expected, rtol=1e-12)


def test_extends_is_one_level(built: Write, parent: Built) -> None:
    built("  dac: 1 Mt", head="extends: parent", name="child")
    with pytest.raises(dc.InputError, match="only one level is allowed"):
        built("  dac: 2 Mt", head="extends: child", name="grandchild")


# shares


def mix(one: Built) -> dict[str, Floats]:
    return {name: after(one, name) for name in SHARES}


def assert_closed(shares: dict[str, Floats]) -> None:
    assert all(np.all(share >= 0.0) for share in shares.values())
    np.testing.assert_allclose(sum(shares.values()), 1.0, rtol=0, atol=1e-12)


def test_a_set_non_fossil_share_is_honoured_and_fossil_keeps_its_proportions(
    built: Write, reference: Built
) -> None:
    shares, before = mix(built("  non_fossil_share: {2030: 25 %, 2060: 80 %}")), mix(reference)
    assert_closed(shares)
    expected = PchipInterpolator([BASE, 2030, 2060], [at_base("non_fossil_share"), 0.25, 0.8])(FUTURE)
    np.testing.assert_allclose(shares["non_fossil_share"], expected, rtol=1e-12)
    for name in ("oil_share", "gas_share"):
        ratio = before[name] / before["coal_share"]
        np.testing.assert_allclose(shares[name] / shares["coal_share"], ratio, rtol=1e-12)


def test_a_set_fossil_share_is_honoured_and_the_other_two_fill(built: Write, reference: Built) -> None:
    shares, before = mix(built("  coal_share: {curve: linear, 2060: 15 %}")), mix(reference)
    assert_closed(shares)
    np.testing.assert_allclose(
        shares["coal_share"], straight((BASE, at_base("coal_share")), (2060, 0.15)), rtol=1e-12
    )
    np.testing.assert_allclose(shares["non_fossil_share"], before["non_fossil_share"], rtol=1e-12)
    np.testing.assert_allclose(
        shares["gas_share"] / shares["oil_share"], before["gas_share"] / before["oil_share"], rtol=1e-12
    )


def test_with_two_set_the_other_two_fossil_shares_fill(built: Write, reference: Built) -> None:
    shares, before = (
        mix(built("  coal_share: {2060: 10 %}\n  non_fossil_share: {2060: 80 %}")),
        mix(reference),
    )
    assert_closed(shares)
    assert (shares["coal_share"][-1], shares["non_fossil_share"][-1]) == pytest.approx((0.1, 0.8))
    np.testing.assert_allclose(
        shares["gas_share"] / shares["oil_share"], before["gas_share"] / before["oil_share"], rtol=1e-12
    )


def test_with_all_three_fossil_shares_set_non_fossil_follows(built: Write) -> None:
    shares = mix(built("  coal_share: {2060: 5 %}\n  oil_share: {2060: 4 %}\n  gas_share: {2060: 3 %}"))
    assert_closed(shares)
    assert [shares[name][-1] for name in SHARES] == pytest.approx([0.05, 0.04, 0.03, 0.88])


def test_all_four_set_are_honoured(built: Write) -> None:
    ends = {"coal_share": 10, "oil_share": 8, "gas_share": 7, "non_fossil_share": 75}
    shares = mix(built("\n".join(f"  {name}: {{2060: {end} %}}" for name, end in ends.items())))
    assert_closed(shares)
    assert [shares[name][-1] for name in SHARES] == pytest.approx([end / 100 for end in ends.values()])


@pytest.mark.parametrize("ambition", [0.0, 0.4, 1.0])
def test_ambition_on_the_non_fossil_share_moves_the_whole_mix(ambition: float, built: Write) -> None:
    shares = mix(built(f"  non_fossil_share: {{ambition: {ambition}}}"))
    assert_closed(shares)
    for name in SHARES:
        low, high = table_path(name, "reference"), table_path(name, "ambitious")
        np.testing.assert_allclose(shares[name], low + ambition * (high - low), rtol=1e-12)


def test_a_share_that_finds_no_room_is_refused(built: Write) -> None:
    with pytest.raises(dc.InputError, match="no share may go below 0 %"):
        built("  coal_share: 60 %\n  non_fossil_share: 50 %")


POINTS = st.integers(0, 20).map(lambda share: f"{{2040: {share} %, 2060: {share // 2} %}}")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    set_shares=st.dictionaries(st.sampled_from(SHARES), POINTS, min_size=1, max_size=3),
    ambition=st.floats(-0.3, 1.0).map(lambda x: round(x, 3)),
)
def test_shares_sum_to_one_after_any_build(built: Write, set_shares: dict[str, str], ambition: float) -> None:
    levers = {"energy_intensity_change": f"{{ambition: {ambition}}}", **set_shares}
    one = built("\n".join(f"  {name}: {text}" for name, text in levers.items()))
    assert_closed(mix(one))
    inputs = one.inputs
    total = inputs.coal_share + inputs.oil_share + inputs.gas_share + inputs.non_fossil_share
    np.testing.assert_allclose(total, 1.0, rtol=0, atol=1e-12)


# the axis


def test_an_earlier_base_year_is_history_up_to_it(built: Write, reference: Built) -> None:
    one = built("  gdp_growth: 5 %\n  land_sink: {curve: linear, 2060: 0 Mt}", head="base_year: 2020")
    assert one.inputs.base_year == 2020
    past, future = one.inputs.years <= 2020, one.inputs.years > 2020
    for name, path in one.levers.items():
        np.testing.assert_array_equal(path[past], reference.levers[name][past], err_msg=name)
    assert np.all(one.levers["gdp_growth"][future] == 0.05)
    sink = one.levers["land_sink"]
    np.testing.assert_allclose(sink[20:], np.linspace(sink[20], 0.0, 41), rtol=1e-12, atol=1e-9)


def test_a_later_end_year_carries_the_last_anchors_on(built: Write, reference: Built) -> None:
    one = built("  beccs: {curve: linear, 2100: 750 Mt}", head="end_year: 2100")
    assert one.inputs.years[-1] == 2100
    assert one.levers["beccs"][-1] == 750.0
    for name in set(reference.levers) - {"beccs"}:
        np.testing.assert_array_equal(one.levers[name][:61], reference.levers[name], err_msg=name)
        assert np.all(one.levers[name][60:] == one.levers[name][60]), name


def test_gdp_is_chained_to_the_nominal_figure_of_the_money_year(reference: Built) -> None:
    years, nominal = LIBRARY["gdp"].series("gdp_nominal")
    run = dc.run("current-policies")
    assert run.results.in_year("gdp", 2020) == pytest.approx(float(nominal[years == 2020][0]), rel=1e-12)
    growth = reference.levers["gdp_growth"]
    np.testing.assert_allclose(run["gdp"][1:] / run["gdp"][:-1], 1.0 + growth[1:], rtol=1e-12)


def test_the_past_of_a_run_is_the_statistics() -> None:
    run = dc.run("current-policies")
    past = run.years <= BASE
    balance = LIBRARY["energy_balance"]
    for name, factor in (("energy_total", 1.0), *((share, 0.01) for share in SHARES)):
        statistics = balance.on_axis(name, run.years[past]) * factor
        np.testing.assert_allclose(run[name][past], statistics, rtol=1e-12, err_msg=name)
