"""The ``fit`` block of a scenario, and curves fitted to history: read, refused, run and recorded."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import yaml

import dualcarbon as dc
from dualcarbon import api, files
from dualcarbon.analysis.targets import score
from dualcarbon.curves.history import fit_history, forward
from dualcarbon.errors import InputError
from dualcarbon.paths import scenario_folder
from dualcarbon.scenario import DEFAULT_PLATEAU, OBJECTIVES, read_scenario
from dualcarbon.tables.levers import lever_history
from fits import able, library
from strategies import assert_same_bits

CAP = "{indicator: coal_share, year: 2040, at_most: 28 %}"


@pytest.fixture
def scenario(tmp_path, monkeypatch):
    """A file ``mine.yaml`` in the working folder with the given text after its name."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="mine"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"name: {name}\nextends: current-policies\n{text}\n", encoding="utf-8")
        return path.name

    return write


def faults(file, read=api.load):
    with pytest.raises(InputError) as caught:
        read(file, data=library())
    return str(caught.value).splitlines()


# read


def test_what_is_left_out_has_its_default(scenario):
    block = read_scenario(Path(scenario("fit: {targets: [ndc-2035]}"))).fit
    assert block is not None
    assert (block.targets, block.free) == (("ndc-2035",), None)
    assert (block.objective, block.extend, block.plateau) == (OBJECTIVES[0], 0.0, DEFAULT_PLATEAU)


def test_everything_can_be_set(scenario):
    text = f"fit: {{targets: [{CAP}], free: [dac], objective: smoothest, extend: 0.2, plateau: 3}}"
    block = read_scenario(Path(scenario(text))).fit
    assert block is not None
    assert block.targets == ({"indicator": "coal_share", "year": 2040, "at_most": "28 %"},)
    assert (block.free, block.objective, block.extend, block.plateau) == (("dac",), "smoothest", 0.2, 3)


@pytest.mark.parametrize(
    "block",
    [
        "{targets: [all-official]}",
        f"{{targets: [ndc-2035, {CAP}], free: [dac], objective: least-change, extend: 0.5, plateau: 4}}",
        "{targets: [{indicator: cumulative_co2, from: 2026, to: 2060, at_most: 250 Gt}]}",
        "{targets: [{indicator: eip_co2_change, base: 2025, year: 2035, at_most: -20 %}]}",
        "{targets: [{indicator: neutral_year, gases: co2, at_most: 2055}]}",
    ],
)
def test_the_schema_accepts_what_is_read(block, scenario):
    content = yaml.safe_load(Path(scenario(f"fit: {block}")).read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(json.dumps(content)), api.scenario_schema(library()))
    assert api.load("mine.yaml", data=library()).fit is not None


@pytest.mark.parametrize(
    "block",
    [
        "{free: [dac]}",
        "{targets: all-official}",
        "{targets: [all-official], objective: cheapest}",
        "{targets: [{indicator: coal_share, yeer: 2040}]}",
        "{targets: [all-official], more: 1}",
    ],
)
def test_the_schema_refuses_what_is_refused(block, scenario):
    content = yaml.safe_load(Path(scenario(f"fit: {block}")).read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(json.dumps(content)), api.scenario_schema(library()))
    assert faults("mine.yaml")


# refused

LEVERS = ", ".join(able())
GROUPS = "all-official, peak-before-2030, ndc-2030, ndc-2035, fyp15, fyp14, neutral-2060"
MAPPING = "expected a mapping with targets, such as {targets: [all-official]}"
WRONG = {
    "a word": ("all-official", [f"fit: {MAPPING}; found the text 'all-official'"]),
    "nothing": ("", [f"fit: {MAPPING}; found nothing"]),
    "no list": (
        "{targets: all-official}",
        ["fit.targets: expected a list in square brackets; found the text 'all-official'"],
    ),
    "no targets": ("{targets: []}", ["fit.targets: no targets; write a group such as all-official"]),
    "no lever": (
        "{targets: [all-official], free: []}",
        ["fit.free: no lever may move; leave it out to free all that can"],
    ),
    "not free to choose": (
        "{targets: [all-official], free: [gdp_growth, oil_share, capture, non_fossil_ce_rate, 3]}",
        ["fit.free.4: expected text (put it in quotes); found 3"],
    ),
    "levers": (
        "{targets: [all-official], free: [gdp_growth, oil_share, capture, non_fossil_ce_rate, nuclear]}",
        [
            "fit.free.0: gdp_growth has no ambitious pathway and cannot be freed",
            "fit.free.1: the mix moves as one: free non_fossil_share instead of oil_share",
            "fit.free.2: there is no such lever 'capture'; did you mean capture_rate?",
            "fit.free.3: non_fossil_ce_rate has no ambitious pathway and cannot be freed",
            f"fit.free.4: there is no such lever 'nuclear'; levers: {LEVERS}",
        ],
    ),
    "targets": (
        "{targets: [ndc-2036, moon, fyp14-nuclear, {indicator: coal_share, year: 2040, at_most: 25}]}",
        [
            "fit.targets.0: there is no target 'ndc-2036'; did you mean ndc-2035?",
            f"fit.targets.1: there is no target 'moon'; groups: {GROUPS}",
            "fit.targets.2: fyp14-nuclear cannot be fitted: needs the sectoral resolution",
            "fit.targets.3.at_most: 25 has no unit; write a share (%), such as 25 %",
        ],
    ),
    "all past": (
        "{targets: [fyp14]}",
        [
            "fit.targets: nothing to fit to: every target is past, qualitative, beyond the end or not "
            "computable here"
        ],
    ),
    "objective": (
        "{targets: [all-official], objective: least-chang}",
        [
            "fit.objective: expected least-departure, least-change, smoothest or lowest-cumulative-co2; "
            "found the text 'least-chang'; did you mean least-change?"
        ],
    ),
    "extend": ("{targets: [all-official], extend: 1.5}", ["fit.extend: 1.5 is outside 0 to 1"]),
    "extend with a unit": (
        "{targets: [all-official], extend: 20 %}",
        ["fit.extend: expected a number; found the text '20 %'"],
    ),
    "plateau": ("{targets: [all-official], plateau: 0}", ["fit.plateau: 0 is outside 1 to 20"]),
    "half a plateau": (
        "{targets: [all-official], plateau: 2.5}",
        ["fit.plateau: expected a whole number of years; found 2.5"],
    ),
    "unknown key": (
        "{targets: [all-official], objektive: smoothest}",
        [
            "fit.objektive: unknown key; allowed: targets, free, objective, extend, plateau; "
            "did you mean objective?"
        ],
    ),
}


@pytest.mark.parametrize(("block", "expected"), WRONG.values(), ids=WRONG.keys())
def test_a_faulty_block_is_refused(block, expected, scenario):
    assert faults(scenario(f"fit: {block}")) == [f"mine.yaml:3: {what}" for what in expected]


@pytest.mark.parametrize("read", [dc.run, dc.fit], ids=["run", "fit"])
@pytest.mark.parametrize("fault", ["targets", "levers", "extend"])
def test_a_faulty_block_is_refused_by_whatever_reads_it(read, fault, scenario):
    block, expected = WRONG[fault]
    assert faults(scenario(f"fit: {block}"), read) == [f"mine.yaml:3: {what}" for what in expected]


def test_faults_of_the_block_come_with_those_of_the_levers(scenario):
    file = scenario("levers: {beccs: 3, nuclear: {ambition: 1}}\nfit: {targets: [moon]}")
    assert [line.split(": ")[1] for line in faults(file)] == [
        "levers.beccs",
        "levers.nuclear",
        "fit.targets.0",
    ]


def test_a_target_out_of_every_levers_reach_is_said_before_solving(scenario):
    text = "fit: {targets: [{indicator: non_fossil_share, year: 2030, at_least: 40 %}], free: [dac]}"
    assert faults(scenario(text), dc.run) == [
        "mine.yaml:3: fit.targets: non_fossil_share-2030-at-least-40% is missed, and no free lever can "
        "influence it; free: dac"
    ]


# run


def test_a_scenario_with_a_block_is_fitted_when_it_is_run(scenario, tmp_path):
    file = scenario(f"title: Mine\nfit: {{targets: [{CAP}, ndc-2035], objective: least-change}}")
    run = dc.run(file, data=library())
    assert run.name == "mine"
    assert run.fit is not None
    assert run.fit.feasible
    for one in run.fit.scores:
        assert score(one.target, run.results).verdict == "met"
    for key in run.results:
        assert_same_bits(run[key], run.fit.results[key])
    files.write_runs([run], tmp_path / "out")
    folder = tmp_path / "out" / "mine"
    assert {p.name for p in folder.iterdir()} == {
        "pathway.csv",
        "indicators.csv",
        "targets.csv",
        "run.json",
        "fit.json",
        "scenario.yaml",
    }
    record = json.loads((folder / "fit.json").read_text(encoding="utf-8"))
    assert record["feasible"] is True
    assert [t["target"] for t in record["targets"]] == [s.target.id for s in run.fit.scores]
    assert {t["verdict"] for t in record["targets"]} == {"met"}
    again = dc.run(folder / "scenario.yaml", data=library())
    assert again.fit is None
    assert again.name == "mine-fitted"
    for key in run.results:
        assert_same_bits(run[key], again[key])


def test_options_stand_for_the_block(scenario):
    file = scenario("fit: {targets: [neutral-2060], free: [dac]}")
    found = dc.fit(file, targets=[{"indicator": "dac", "year": 2060, "at_least": "100 Mt"}], data=library())
    assert found.feasible
    assert {v.lever for v in found.levers} == {"dac"}


@pytest.mark.parametrize("years", [1, 4])
def test_the_plateau_of_the_block_is_kept(years, tmp_path):
    """Of the bundled scenario whose emissions stay high for long after 2030."""
    text = (scenario_folder() / "plan-pace.yaml").read_text(encoding="utf-8")
    file = tmp_path / "plan-pace.yaml"
    block = f"{{targets: [{{indicator: co2_peak_year, at_most: 2028}}], plateau: {years}}}"
    file.write_text(f"{text}\nfit: {block}\n", encoding="utf-8")
    run = dc.run(file, data=library())
    assert run.fit is not None
    assert run.fit.feasible
    below = run["eip_co2"] / np.nanmax(run["eip_co2"])
    assert below[run.years > 2028 + years].max() <= 0.99


# curves from history


@pytest.mark.parametrize("kind", ["logistic", "gompertz"])
def test_a_lever_follows_the_curve_of_its_past(kind, scenario):
    run = dc.run(scenario(f"levers: {{gas_share: {{curve: {kind}, fit: history}}}}"), data=library())
    past = run.years[run.years <= 2025]
    known = lever_history(library(), "gas_share", past)
    curve = fit_history(kind, past, known, 1.0)
    expected = forward(curve, 2025, known[-1], run.years[run.years > 2025])
    np.testing.assert_allclose(run.levers["gas_share"][run.years > 2025], expected, rtol=1e-12)
    record = run.results.meta["curves"]["gas_share"]
    assert (record["curve"], record["fitted_to"], record["unit"]) == (kind, [2000, 2025], "%")
    assert record["parameters"]["level"] == pytest.approx(100.0 * curve.parameters["level"])
    assert record["standard_errors"]["width"] == pytest.approx(curve.errors["width"])
    json.dumps(dict(run.results.meta))


def test_a_run_without_such_curves_records_none():
    assert dc.run("rapid-decline", data=library()).results.meta["curves"] == {}


@pytest.mark.parametrize(
    ("child", "recorded"),
    [("{}", True), ("{process_co2: {scale: 0.9}}", True), ("{process_co2: 500 Mt}", False)],
)
def test_a_curve_that_is_set_anew_is_not_recorded(child, recorded, tmp_path):
    (tmp_path / "parent.yaml").write_text(
        "name: parent\nlevers: {process_co2: {curve: logistic, fit: history}}\n", encoding="utf-8"
    )
    file = tmp_path / "child.yaml"
    file.write_text(f"name: child\nextends: parent\nlevers: {child}\n", encoding="utf-8")
    assert ("process_co2" in dc.run(file, data=library()).results.meta["curves"]) == recorded


NO_CURVE = {
    "growth": (
        "energy_intensity_change",
        "logistic",
        "a growth lever is a rate, not a level that grows along a curve",
    ),
    "zeros": ("beccs", "logistic", "beccs has values at or below zero in its history"),
    "falls": (
        "coal_share",
        "gompertz",
        "coal_share does not follow a gompertz curve in its history; choose another curve or set anchors",
    ),
}


@pytest.mark.parametrize(("lever", "kind", "message"), NO_CURVE.values(), ids=NO_CURVE.keys())
def test_a_past_without_a_curve_is_refused(lever, kind, message, scenario):
    file = scenario(f"levers: {{{lever}: {{curve: {kind}, fit: history}}}}")
    assert faults(file) == [f"mine.yaml:3: levers.{lever}.fit: {message}"]


def test_too_short_a_past_is_refused(scenario):
    file = scenario("base_year: 2022\nlevers: {non_co2: {curve: logistic, fit: history}}")
    (line,) = faults(file)
    assert line.endswith("levers.non_co2.fit: non_co2 has only 3 years of history; 5 are needed")
