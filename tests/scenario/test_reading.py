"""How scenario files are found, read, extended and changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.scenario import bundled_scenarios, find_scenario, read_scenario
from dualcarbon.scenario.template import starting_file
from dualcarbon.scenario.yaml_lines import parse


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def make(name, text):
        Path(name).write_text(text, encoding="utf-8")
        return Path(name)

    return make


@pytest.mark.parametrize("name", bundled_scenarios())
def test_a_bundled_scenario_has_no_faults_and_says_what_it_means(name):
    scenario = api.load(name)
    assert scenario.name == name
    assert len(scenario.title) > 20
    assert len(scenario.description) > 200


def test_the_starting_file_has_no_faults(write):
    scenario = api.load(write("mine.yaml", starting_file("mine.yaml", "mine")))
    assert scenario.name == "mine"
    assert scenario.extends.name == "current-policies"
    assert len(scenario.levers) == 2


def test_every_line_of_the_starting_file_may_be_used(write):
    """A lever in a comment replaces the one that is set."""
    text = starting_file("mine.yaml", "mine")
    levers = [line.strip("# ") for line in text.splitlines() if line.startswith("  # ") and "{" in line]
    assert len(levers) >= 6
    for lever in levers:
        api.load(write("one.yaml", f"name: one\nextends: current-policies\nlevers:\n  {lever}\n"))


def test_a_folder_does_not_hide_a_bundled_scenario_but_a_file_does(write):
    Path("plan-pace").mkdir()
    assert find_scenario("plan-pace") == bundled_scenarios()["plan-pace"]
    Path("plan-pace").rmdir()
    write("plan-pace", "name: mine\n")
    assert find_scenario("plan-pace") == Path("plan-pace")


def test_a_file_beside_is_extended_before_a_bundled_scenario(write):
    write("plan-pace.yaml", "name: beside\n")
    for name in ("plan-pace", "plan-pace.yaml"):
        child = read_scenario(write("child.yaml", f"name: child\nextends: {name}\n"))
        assert child.extends.name == "beside"
    assert not child.faults


def test_years_are_those_of_the_extended_scenario_unless_set(write):
    write("long.yaml", "name: long\nbase_year: 2022\nend_year: 2100\nlevers:\n  land_sink: {2090: 1 Gt}\n")
    run = dc.run(write("child.yaml", "name: child\nextends: long\n"))
    assert (run.results.base_year, run.years[-1]) == (2022, 2100)
    run = dc.run(write("child.yaml", "name: child\nextends: long\nbase_year: 2023\nend_year: 2080\n"))
    assert (run.results.base_year, run.years[-1]) == (2023, 2080)


def test_a_run_cut_shorter_takes_the_same_path():
    whole, short = dc.run("rapid-decline"), dc.run("rapid-decline", change=["end_year=2045"])
    assert short.years[-1] == 2045
    for key in short.results:
        np.testing.assert_array_equal(short[key], whole[key][: short.years.size])


def test_a_change_replaces_the_lever_and_names_the_run():
    run = dc.run("rapid-decline", change=["land_sink=1 Gt", "levers.dac={2060: 10 Mt}"])
    assert run.name == "rapid-decline+land_sink+dac"
    assert run.scenario.title.endswith(", with land_sink=1 Gt, levers.dac={2060: 10 Mt}")
    projected = run.years > run.results.base_year
    np.testing.assert_array_equal(run["land_sink"][projected], 1000.0)
    assert run["dac"][-1] == pytest.approx(10.0)
    kept = dc.run("rapid-decline")
    np.testing.assert_array_equal(run["gdp"], kept["gdp"])
    assert kept["land_sink"][-1] != 1000.0


def test_years_can_be_changed():
    run = dc.run("current-policies", change=["base_year=2021", "end_year=2035"])
    assert (run.name, run.results.base_year, run.years[-1]) == (
        "current-policies+base_year+end_year",
        2021,
        2035,
    )


def test_what_yaml_would_surprise_with_is_text():
    text = "{a: 2030-01-01, b: 010, c: 1:30, d: 1_000, e: 0x1F, 2030.5: f, yes: g, ~: h, 1: yes, 2: 1.5}"
    content, _, faults = parse(text, "x")
    numbers = {"a": "2030-01-01", "b": "010", "c": "1:30", "d": "1_000", "e": "0x1F"}
    assert content == {**numbers, "2030.5": "f", "yes": "g", "~": "h", 1: True, 2: 1.5}
    assert not faults


def test_every_key_has_its_line():
    _, lines, _ = parse("a:\n  b: 1\n  c: {d: 2}\ne: 3\n", "x")
    assert {".".join(path): line for path, (_, line) in lines.items()} == {
        "a": 1, "a.b": 2, "a.c": 3, "a.c.d": 3, "e": 4,
    }  # fmt: skip
