"""The ``uncertainty`` block of a scenario: read, inherited, in the schema, without effect on a single run."""

from __future__ import annotations

import json

import jsonschema
import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.build import build
from dualcarbon.errors import InputError
from dualcarbon.explore.ensembles.draws import lever_paths
from dualcarbon.explore.ensembles.prior import read_prior, uncertainty_faults
from dualcarbon.paths import scenario_folder
from dualcarbon.scenario import Spread, read_scenario, read_scenario_text
from dualcarbon.scenario.uncertainty import spread_words
from strategies import assert_same_bits
from uncertain import EVERYTHING, LIBRARY, normals, uniforms


def block(text):
    return read_scenario_text(f"name: x\nuncertainty:\n{text}\n", "x.yaml")


def test_the_example_of_the_design_is_read():
    scenario = block("  gdp_growth: {normal: {sd: 0.6 pp}, correlate: {energy_intensity_change: 0.4}}")
    assert not scenario.faults
    assert scenario.uncertainty == {
        "gdp_growth": Spread(
            "normal", {"sd": "0.6 pp"}, correlate={"energy_intensity_change": 0.4}
        )
    }  # fmt: skip


def test_everything_is_kept_as_written():
    words = "{lognormal: {low: -10 %, high: 30 %}, truncate: {high: 50 %}, over_time: growing, full: 2040}"
    scenario = block(f"  coal_share: {words}\n  dac: none\n  beccs: fixed\n  oil_ef: {{normal: {{sd: 1 %}}, "
                     "relative: true, over_time: {ar1: 0.5}}")  # fmt: skip
    assert not scenario.faults
    assert scenario.uncertainty["coal_share"] == Spread(
        "lognormal", {"low": "-10 %", "high": "30 %"}, True, {"high": "50 %"}, "growing", 2040
    )
    assert scenario.uncertainty["dac"] == scenario.uncertainty["beccs"] == Spread("fixed")
    assert scenario.uncertainty["oil_ef"] == Spread("normal", {"sd": "1 %"}, True, over_time="ar1", ar1=0.5)


def test_words_written_again_are_read_the_same():
    scenario = block(EVERYTHING)
    again = {name: spread_words(spread, 2060) for name, spread in scenario.uncertainty.items()}
    text = yaml.safe_dump({"name": "x", "uncertainty": again})
    second = read_scenario_text(text, "again.yaml")
    assert not second.faults
    growing = {name for name, spread in scenario.uncertainty.items() if spread.over_time == "growing"}
    for name, spread in scenario.uncertainty.items():
        if name not in growing:
            assert second.uncertainty[name] == spread
    assert second.uncertainty["population"].full == 2060
    assert second.uncertainty["land_sink"].full == 2050


# inherited


@pytest.fixture
def child(tmp_path):
    """A scenario that extends one with uncertainty in GDP growth, the coal share and the sink."""
    (tmp_path / "parent.yaml").write_text(
        "name: parent\n"
        "uncertainty:\n"
        "  gdp_growth: {normal: {sd: 1 pp}, correlate: {population: 0.5, dac: 0.2}}\n"
        "  coal_share: {normal: {sd: 1 pp}}\n"
    )

    def write(text):
        (tmp_path / "child.yaml").write_text(f"name: child\nextends: parent\n{text}")
        return read_scenario(tmp_path / "child.yaml")

    return write


def test_a_scenario_inherits_uncertainty_and_its_own_wins(child):
    scenario = child("uncertainty:\n  coal_share: fixed\n")
    assert scenario.uncertainty["coal_share"] == Spread("fixed")
    assert scenario.uncertainty["gdp_growth"].correlate == {"population": 0.5, "dac": 0.2}
    assert child("").uncertainty["coal_share"].numbers == {"sd": "1 pp"}


def test_own_words_on_a_pair_end_an_inherited_correlation(child):
    scenario = child("uncertainty:\n  population: {correlate: {gdp_growth: -0.1}}\n  dac: fixed\n")
    assert scenario.uncertainty["gdp_growth"].correlate == {}
    assert scenario.uncertainty["population"].correlate == {"gdp_growth": -0.1}


def test_a_fault_of_the_extended_scenario_is_told_where_it_stands(tmp_path, typed, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parent.yaml").write_text("name: parent\nuncertainty:\n  dac: {normal: {sd: 9 pp}}\n")
    (tmp_path / "child.yaml").write_text("name: child\nextends: parent\n")
    told = typed("check", "child.yaml")
    place = "parent.yaml:3: uncertainty.dac.normal.sd: "
    assert told.code == 2
    assert told.err.startswith(place)
    assert told.err.count("\n") == 1


def test_faults_of_levers_and_of_uncertainty_come_together(tmp_path, typed, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "name: x\nuncertainty:\n  dac: {normal: {sd: 9 pp}}\nlevers:\n  dac: 9 pp\n"
    (tmp_path / "x.yaml").write_text(text)
    for command in (["check"], ["run"], ["fit", "--targets", "ndc-2035"]):
        told = typed(command[0], "x.yaml", *command[1:])
        keys = [line.split(": ")[1] for line in told.err.splitlines()]
        assert (told.code, keys) == (2, ["uncertainty.dac.normal.sd", "levers.dac"])


# one run


def test_uncertainty_does_not_touch_a_single_run(tmp_path):
    path = tmp_path / "uncertain.yaml"
    path.write_text(f"name: uncertain\nextends: current-policies\nuncertainty:\n{EVERYTHING}")
    one, other = dc.run(path, data=LIBRARY), dc.run("current-policies", data=LIBRARY)
    for key, array in one.results.items():
        assert_same_bits(array, other.results[key])


def test_a_fitted_scenario_keeps_its_uncertainty(tmp_path):
    path = tmp_path / "uncertain.yaml"
    path.write_text(f"name: uncertain\nextends: current-policies\nend_year: 2050\nuncertainty:\n{EVERYTHING}")
    fit = dc.fit(path, targets=["ndc-2035"], starts=1, explain=False, data=LIBRARY)
    fitted = read_scenario_text(fit.text, "fitted.yaml")
    assert not fitted.faults
    before, after = read_scenario(path), fitted
    assert set(after.uncertainty) == set(before.uncertainty)
    assert after.uncertainty["coal_share"].full == 2050
    one, other = (read_prior(s, build(s, LIBRARY), LIBRARY) for s in (before, after))
    assert one.levers == other.levers
    assert_same_bits(one.correlation, other.correlation)
    for mine, its in zip(one.marginals, other.marginals, strict=True):
        assert_same_bits(mine.above, its.above)
        assert mine.years.tolist() == its.years.tolist()


def test_check_says_that_a_scenario_with_uncertainty_is_fine(tmp_path, typed):
    path = tmp_path / "uncertain.yaml"
    path.write_text(f"name: uncertain\nextends: current-policies\nuncertainty:\n{EVERYTHING}")
    told = typed("check", path)
    assert (told.code, told.err) == (0, "")
    assert told.out == f"{path}: fine (0 levers set, uncertainty of 12)\n"


def test_a_scenario_that_was_read_without_a_check_is_checked_when_it_is_run():
    scenario = read_scenario_text("name: x\nuncertainty:\n  dac: {normal: {sd: 9 pp}}\n", "x.yaml")
    assert not scenario.faults
    with pytest.raises(InputError, match=r"x\.yaml:3: uncertainty\.dac\.normal\.sd: "):
        dc.run(scenario, data=LIBRARY)


def test_the_example_of_the_reference_page_is_fine(tmp_path, typed):
    page = (scenario_folder() / "README.md").read_text(encoding="utf-8")
    example = next(part for part in page.split("```") if part.startswith("yaml\nuncertainty:"))
    path = tmp_path / "example.yaml"
    path.write_text("name: example\n" + example.removeprefix("yaml\n"))
    assert typed("check", path).code == 0


# the schema for editors

FINE = [
    "{normal: {sd: 0.6 pp}, correlate: {population: 0.4}}",
    "{lognormal: {low: -10 %, high: 20 %}, over_time: growing, full: 2050}",
    "{uniform: {low: -10 %, high: 20 %}, relative: true, truncate: {low: -5 %}}",
    "{choice: {values: [-1 pp, 1 pp], weights: [1, 2]}, over_time: {ar1: 0.5}}",
    "{history: {window: [2006, 2025]}}",
    "{correlate: {population: -0.4}}",
    "fixed",
]
WRONG = [
    "{norml: {sd: 1 pp}}",
    "{normal: 1 pp}",
    "{triangular: {low: -1 pp, high: 1 pp}}",
    "{normal: {sd: 1 pp}, over_time: sometimes}",
    "{normal: {sd: 1 pp}, over_time: {ar1: 1}}",
    "{normal: {sd: 1 pp}, correlate: 0.4}",
    "certain",
]


def validate(words, lever="gdp_growth"):
    content = yaml.safe_load(f"name: x\nuncertainty:\n  {lever}: {words}\n")
    jsonschema.validate(json.loads(json.dumps(content)), api.scenario_schema(LIBRARY))


@pytest.mark.parametrize("words", FINE)
def test_the_schema_accepts_what_is_read(words):
    validate(words)
    validate(words, "non_fossil_ce_rate")
    assert not block(f"  gdp_growth: {words}").faults


@pytest.mark.parametrize("words", WRONG)
def test_the_schema_refuses_what_is_refused(words):
    with pytest.raises(jsonschema.ValidationError):
        validate(words)
    assert block(f"  gdp_growth: {words}").faults


def test_the_schema_knows_the_levers():
    with pytest.raises(jsonschema.ValidationError):
        validate("fixed", "gdp_grwth")


# whatever a block holds

_DOWN, _UP = st.sampled_from(["-30 %", "-5 %", "0 %"]), st.sampled_from(["0 %", "4 %", "20 %", "300 %"])
_SIZE = _UP | st.sampled_from(["1 pp", "0.5"])
_SPAN = st.fixed_dictionaries({"low": _DOWN, "high": _UP})
_PEAKED = st.fixed_dictionaries({"low": _DOWN, "mode": _UP | _DOWN, "high": _UP})
_SHAPES = st.one_of(
    st.fixed_dictionaries({"normal": st.fixed_dictionaries({"sd": _SIZE}) | _SPAN}),
    st.fixed_dictionaries({"lognormal": st.fixed_dictionaries({"sd": _SIZE}) | _SPAN}),
    st.fixed_dictionaries({"uniform": _SPAN | _PEAKED}),
    st.fixed_dictionaries({"triangular": _PEAKED | _SPAN}),
    st.fixed_dictionaries({"pert": _PEAKED}),
    st.fixed_dictionaries({"choice": st.fixed_dictionaries({"values": st.lists(_DOWN | _UP, max_size=3)})}),
    st.fixed_dictionaries(
        {
            "choice": st.fixed_dictionaries(
                {"values": st.tuples(_DOWN, _UP).map(list), "weights": st.lists(st.floats(0, 3), max_size=2)}
            )
        }
    ),
    st.fixed_dictionaries({"history": st.sampled_from([{}, {"window": [2008, 2020]}, {"window": [2020]}])}),
)
_RANKS = st.dictionaries(
    st.sampled_from(["gdp_growth", "dac", "population"]), st.sampled_from([-0.8, 0.3, 0.9, 1.0]), max_size=2
)
_MORE = st.fixed_dictionaries(
    {},
    optional={
        "truncate": _SPAN,
        "over_time": st.sampled_from(["constant", "growing", "never", {"ar1": 0.8}, {"ar1": -0.2}]),
        "full": st.sampled_from([2020, 2040, 2075]),
        "correlate": _RANKS,
    },
)
_ENTRIES = st.builds(lambda shape, more: {"relative": True, **shape, **more}, _SHAPES, _MORE) | st.builds(
    lambda shape, more: {**shape, **more}, _SHAPES, _MORE
)
_LEVERS = st.sampled_from(["gdp_growth", "land_sink", "dac", "gas_share"])


@settings(max_examples=100)
@given(st.dictionaries(_LEVERS, _ENTRIES, min_size=1, max_size=2))
def test_whatever_a_block_holds_it_can_be_drawn_from_or_has_faults(content):
    scenario = read_scenario_text(json.dumps({"name": "any", "uncertainty": content}), "any.yaml")
    faults = [*scenario.faults, *uncertainty_faults(scenario, LIBRARY)]
    assert all(fault.what and fault.where == "any.yaml" for fault in faults)
    if faults:
        return
    built = build(scenario, LIBRARY)
    prior = read_prior(scenario, built, LIBRARY)
    paths = lever_paths(built, prior, uniforms(prior, 4), normals(4))
    assert all(np.isfinite(path).all() for path in paths.values())
