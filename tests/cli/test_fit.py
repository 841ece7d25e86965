"""`dualcarbon fit`: the report, the written folders, sweeps, and the message for everything that is wrong."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

import dualcarbon as dc
from dualcarbon.output.text import WIDTH
from fits import able, library

CAP = "{indicator: coal_share, year: 2040, at_most: 28 %}"
RUN_FILES = {"pathway.csv", "indicators.csv", "targets.csv", "run.json", "scenario.yaml", "fit.json"}
MINE = f"""name: mine
title: My own scenario
extends: current-policies
levers:
  process_co2: {{ambition: 0.2}}
fit:
  targets: [ndc-2035, fyp15, {CAP}]
  free: [non_fossil_share, energy_intensity_change, non_co2]
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty working folder with one scenario file."""
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(MINE, encoding="utf-8")
    return tmp_path


def names(place):
    return {path.name for path in Path(place).iterdir()}


def blocks(text):
    return text.strip("\n").split("\n\n")


# the report


def test_the_report_of_a_fit(here, typed):
    result = typed("fit", "mine.yaml")
    assert (result.code, result.err) == (0, "")
    summary, targets, binding, levers, solver, left_out, end = blocks(result.out)
    assert summary == "Fit         meets all 6 targets, by the pathway of the scenario as written"
    rows = [line.split() for line in targets.splitlines()[2:]]
    assert targets.splitlines()[0].split() == ["target", "wanted", "before", "after", "margin"]
    assert {row[0] for row in rows} == {"✓"}
    assert rows[-1][1] == "coal_share-2040-at-most-28%"
    assert rows[-1][2:5] == ["≤", "28", "%"]
    assert float(rows[-1][6]) == pytest.approx(27.98, abs=0.02)
    assert binding.splitlines()[0] == "What binds, and what a step of it costs"
    assert binding.splitlines()[1].startswith("  coal_share-2040-at-most-28%: relaxed by 1 point, ")
    assert re.search(r"the objective falls by [\d.]+ and CO2 in 2060 changes by", " ".join(binding.split()))
    assert levers.splitlines()[0].split() == ["lever", "2030", "2035", "2040", "2050", "2060"]
    for name in ("non_fossil_share, %", "energy_intensity_change, %/yr", "non_co2, Mt CO2e"):
        start = next(k for k, line in enumerate(levers.splitlines()) if line.startswith(name))
        kinds = [line[31:].split()[0] for line in levers.splitlines()[start : start + 4]]
        assert kinds == ["reference", "before", "fitted", "ambitious"]
    assert re.match(
        r"Solver      \d+ iterations, \d+ pathways, \d+ ms, aiming 0.02 points, 2 Mt CO2 inside", solver
    )
    assert "answers" in solver
    assert left_out.startswith("Left out    past, qualitative, beyond the end or not computable here: ")
    assert "ndc2035-wind-solar" in left_out
    assert end == "Nothing written; add -o DIR for the fitted scenario and its run."
    assert names(here) == {"mine.yaml"}


COMMANDS = {
    "all official": ("fit", "plan-pace"),
    "infeasible": ("fit", "current-policies", "--set", "land_sink=800 Mt", "--free", ",".join(able()[:-2])),
    "contradiction": (
        "fit",
        "current-policies",
        "--targets",
        "{indicator: energy_total, from: 2034, year: 2035, at_most: 6.6 Gtce},"
        "{indicator: energy_total, from: 2034, year: 2035, at_least: 6.9 Gtce}",
    ),
    "history": ("fit", "current-policies", "--targets", "strategy2030-energy-total,all-official"),
    "sweep": ("fit", "current-policies", "--sweep", "peak_year=2030", "--sweep", "neutral_year=2050,2060"),
    "run": ("run", "mine.yaml"),
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS.keys())
def test_reports_fit_the_width_of_a_terminal(words, here, typed):
    result = typed(*words)
    assert result.code in (0, 3)
    assert result.err == ""
    assert max(map(len, result.out.splitlines())) <= WIDTH


def test_a_scenario_that_meets_everything_is_said_to(typed):
    result = typed("fit", "deep-decarbonisation", "--targets", "neutral-2060,ndc-2035")
    assert result.code == 0
    assert blocks(result.out)[0] == "Fit         the scenario meets all 3 targets as it is; nothing was moved"
    assert "Solver" not in result.out


def test_what_stands_in_the_way_is_told(typed):
    free = [name for name in able() if name != "land_sink"]
    words = ("--set", "land_sink=800 Mt", "--free", ",".join(free), "--targets", "neutral-2060")
    result = typed("fit", "current-policies", *words)
    assert result.code == 3
    lines = result.out.splitlines()
    assert re.match(
        r"Fit         cannot meet the target; in the nearest pathway neutral-2060 is short by [\d.]+ Mt",
        lines[0],
    )
    start = lines.index("What stands in the way")
    assert re.fullmatch(r"  neutral-2060 is short by [\d.]+ Mt CO2e in 2060", lines[start + 1])
    assert lines[start + 2] == "    bounds in the way, and where each alone would have to be to meet it:"
    assert all(re.fullmatch(r"      \w+ 20\d\d: [\d.-]+ → .+", line) for line in lines[start + 3 : start + 8])
    assert lines[start + 8] == "    levers that were not free, and what their ambitious pathway would bring:"
    assert re.fullmatch(r"      land_sink: [\d.]+ Mt CO2e", lines[start + 9])


def test_a_pair_of_targets_that_cannot_both_be_met_is_told(typed):
    result = typed(*COMMANDS["contradiction"])
    assert result.code == 3
    one, other = (f"energy_total-2034-2035-at-{side}Gtce" for side in ("most-6.6", "least-6.9"))
    flat = " ".join(result.out.split())
    assert f"{one} and {other} can each be met, but not together" in flat


def test_history_that_breaks_a_cap_is_told(typed):
    result = typed("fit", "current-policies", "--targets", "strategy2030-energy-total")
    assert result.code == 3
    assert "    the statistics of 2025 break it already; no lever changes them\n" in result.out
    assert "bounds in the way" not in result.out


def test_marks_stand_for_bounds_and_pace(typed):
    out = typed("fit", "current-policies").out
    assert "\n* rests on a bound\n" in out
    assert "\n' changes as fast as history and the ambitious pathway do\n" in out
    assert re.search(r"fitted .* 91\.8\*", out)


# files


def test_a_folder_with_the_fitted_scenario_and_its_run(here, typed):
    result = typed("fit", "mine.yaml", "-o", "out", "--plot")
    assert result.code == 0
    file = Path("out/mine-fitted/scenario.yaml")
    assert result.out.endswith(f"Written: mine-fitted in out; run it again with\n  dualcarbon run {file}\n")
    assert names("out") == {"mine-fitted"}
    assert names("out/mine-fitted") == RUN_FILES | {"pathway.png"}
    assert file.read_text(encoding="utf-8").startswith("# A fitted pathway as a plain scenario")
    assert typed("run", file, "-o", "again").code == 0
    for name in ("pathway.csv", "indicators.csv", "targets.csv"):
        again = Path("again/mine-fitted", name).read_bytes()
        assert again == Path("out/mine-fitted", name).read_bytes()


def test_the_record_of_a_fit_is_the_same_each_time(here, typed):
    for place in ("one", "two"):
        typed("fit", "mine.yaml", "-o", place)
    one, two = (Path(place, "mine-fitted", "fit.json").read_bytes() for place in ("one", "two"))
    assert one == two
    record = json.loads(one)
    assert record["feasible"] is True
    assert {row["lever"] for row in record["levers"]} == {
        "non_fossil_share",
        "energy_intensity_change",
        "non_co2",
    }
    by_hand = dc.run("one/mine-fitted/scenario.yaml", data=library())
    for row in record["levers"]:
        written = by_hand.levers[row["lever"]][by_hand.years == row["year"]][0]
        factor = 0.01 if row["unit"].startswith("%") else 1.0
        assert row["fitted"] * factor == pytest.approx(written, abs=1e-8)
    assert [w["target"] for w in record["binding"]]
    assert "ndc2035-wind-solar" in record["left_out"]


def test_an_infeasible_fit_writes_everything_and_says_so_by_its_code(here, typed):
    words = ("--targets", "neutral-2060", "--free", "non_fossil_share,capture_rate", "-o", "out")
    result = typed("fit", "current-policies", *words)
    assert result.code == 3
    assert "What stands in the way" in result.out
    assert names("out/current-policies-fitted") == RUN_FILES
    record = json.loads(Path("out/current-policies-fitted/fit.json").read_text(encoding="utf-8"))
    assert record["feasible"] is False
    assert [m["target"] for m in record["missed"]] == ["neutral-2060"]
    assert record["held"][0]["lever"] == "non_co2"
    assert all(block["needed"] is None or block["needed"] > 0.0 for block in record["in_the_way"])
    assert typed("run", "out/current-policies-fitted/scenario.yaml").code == 0


def test_an_earlier_folder_is_replaced_only_when_told(here, typed):
    assert typed("fit", "mine.yaml", "-o", "out").code == 0
    again = typed("fit", "mine.yaml", "-o", "out")
    assert again.code == 2
    assert again.err == "out/mine-fitted: exists already; --force replaces it\n"
    assert typed("fit", "mine.yaml", "-o", "out", "--force").code == 0


# a scenario with a block


def test_running_a_scenario_with_a_block_fits_it(here, typed):
    result = typed("run", "mine.yaml", "-o", "out")
    assert result.code == 0
    assert result.out.startswith("mine: My own scenario, fitted\n")
    assert "\nFit         meets all 6 targets, by the pathway of the scenario as written\n" in result.out
    assert names("out/mine") == RUN_FILES


def test_running_a_scenario_whose_block_cannot_be_met_gives_its_code(here, typed):
    text = MINE.replace("28 %", "10 %")
    Path("mine.yaml").write_text(text, encoding="utf-8")
    result = typed("run", "mine.yaml", "-o", "out")
    assert result.code == 3
    assert "Fit         cannot meet all 6 targets; in the nearest pathway" in result.out
    assert names("out/mine") == RUN_FILES


def test_the_scoreboard_is_that_of_the_fitted_pathway(here, typed):
    assert "✗ missed  Non-fossil" not in typed("targets", "peak-2030-neutral-2060").out
    assert "0 missed" in typed("targets", "peak-2030-neutral-2060").out


def test_a_curve_from_history_is_told_with_its_errors(typed):
    result = typed("run", "current-policies", "--set", "gas_share={curve: logistic, fit: history}")
    assert result.code == 0
    flat = " ".join(result.out.split())
    assert re.search(
        r"Curve gas_share: logistic fitted to 2000-2025, level [\d.]+ ± [\d.]+ %, midpoint 20\d\d ± [\d.]+, "
        r"width [\d.]+ ± [\d.]+ years",
        flat,
    )


# sweeps


def test_a_sweep_is_shown_and_written(here, typed):
    words = ("--sweep", "peak_year=2026..2027", "--sweep", "neutral_year=2050,2060", "-o", "out")
    result = typed("fit", "current-policies", *words)
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    heads = ["peak year", "neutral year", "peak", "sum", "share 2035", "share 2060", "fall 2035", "fall 2060"]
    assert re.split(r" {2,}", lines[0].strip()) == heads
    assert [line.split()[:3] for line in lines[2:6]] == [
        ["2026", "2050", "✗"],
        ["2026", "2060", "✓"],
        ["2027", "2050", "✗"],
        ["2027", "2060", "✓"],
    ]
    why = [line for line in lines if line.startswith("  ✗ ")]
    assert [line.split(":")[0] for line in why] == [
        "  ✗ peak_year 2026, neutral_year 2050",
        "  ✗ peak_year 2027, neutral_year 2050",
    ]
    assert result.out.endswith("\n\nWritten: current-policies-sweep in out\n")
    assert names("out/current-policies-sweep") == {"sweep.csv", "sweep.json"}
    with Path("out/current-policies-sweep/sweep.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["feasible"] for row in rows] == ["no", "yes", "no", "yes"]
    assert [bool(row["why"]) for row in rows] == [True, False, True, False]
    assert np.isclose(float(rows[1]["peak_level"]) / 1e3, float(lines[3].split()[3]), atol=0.006)


def test_a_sweep_is_drawn_when_asked(here, typed):
    result = typed("fit", "mine.yaml", "--sweep", "peak_year=2027", "-o", "out", "--plot")
    assert result.code == 0
    assert names("out/mine-sweep") == {"sweep.csv", "sweep.json", "sweep.png"}


def test_a_sweep_in_which_nothing_can_be_met_gives_its_code(typed):
    result = typed("fit", "current-policies", "--sweep", "neutral_year=2040,2045")
    assert result.code == 3
    assert "\nNothing written; add -o DIR for the table as a file, and --plot for a figure.\n" in result.out


# what is wrong

LEVERS = ", ".join(able())
GROUPS = "all-official, peak-before-2030, ndc-2030, ndc-2035, fyp15, fyp14, neutral-2060"
EXAMPLE = "{indicator: coal_share, year: 2040, at_most: 25 %}"
KEYS = "indicator, at_least, at_most, year, base, from, to, gases"


def own(text):
    return ("--targets", f"{{{text}}}")


WRONG = {
    "unknown target": (
        ("--targets", "ndc-2053"),
        "--targets: there is no target 'ndc-2053'; did you mean ndc-2035?",
    ),
    "no such target": (("--targets", "moon"), f"--targets: there is no target 'moon'; groups: {GROUPS}"),
    "sectoral target": (
        ("--targets", "ndc2030-wind-solar"),
        "--targets: ndc2030-wind-solar cannot be fitted: needs the sectoral resolution",
    ),
    "past target": (
        ("--targets", "fyp14-energy-intensity"),
        "--targets: fyp14-energy-intensity cannot be fitted: its year 2025 is outside the projection "
        "2026-2060",
    ),
    "qualitative target": (
        ("--targets", "ndc2035-nev-mainstream"),
        "--targets: ndc2035-nev-mainstream cannot be fitted: it is qualitative",
    ),
    "group of the past": (
        ("--targets", "fyp14"),
        "--targets: nothing to fit to: every target is past, qualitative, beyond the end or not computable "
        "here",
    ),
    "target beyond the end": (
        ("--set", "end_year=2045", "--targets", "strategy2050-non-fossil-share"),
        "--targets: strategy2050-non-fossil-share cannot be fitted: its year 2050 is outside the projection "
        "2026-2045",
    ),
    "no name of a target": (
        ("--targets", "[a]"),
        f"--targets: expected a target's name or a mapping such as {EXAMPLE}; found a list",
    ),
    "empty targets": (
        ("--targets", ""),
        "--targets: expected names between commas, such as ndc-2035,neutral-2060",
    ),
    "year outside": (
        own("indicator: coal_share, year: 2070, at_most: 25 %"),
        "--targets: year: 2070 is outside 2026-2060",
    ),
    "no year": (own("indicator: coal_share, at_most: 25 %"), "--targets: year: is missing; write a year"),
    "half a year": (
        own("indicator: coal_share, year: 2030.5, at_most: 25 %"),
        "--targets: year: expected a year; found 2030.5",
    ),
    "crossed": (
        own("indicator: coal_share, year: 2040, at_least: 30 %, at_most: 25 %"),
        "--targets: at_most: 25 % is below at_least (30 %)",
    ),
    "no limit": (
        own("indicator: coal_share, year: 2040"),
        "--targets: no limit; write at_least, at_most or both",
    ),
    "no limit of a peak": (own("indicator: co2_peak_year"), "--targets: no limit; write at_most"),
    "no indicator": (
        own("year: 2040, at_most: 25 %"),
        "--targets: indicator: is missing; `dualcarbon variables` lists what there is",
    ),
    "unknown indicator": (
        own("indicator: coal_shar, year: 2040, at_most: 25 %"),
        "--targets: indicator: there is no indicator 'coal_shar'; did you mean coal_share?",
    ),
    "unknown key": (
        own("indicator: coal_share, yeer: 2040, at_most: 25 %"),
        f"--targets: yeer: unknown key; allowed: {KEYS}; did you mean year?",
    ),
    "key of another": (
        own("indicator: coal_share, year: 2040, base: 2005, at_most: 25 %"),
        "--targets: base: does not go with coal_share; allowed: indicator, at_least, at_most, year",
    ),
    "year of a peak": (
        own("indicator: co2_peak_year, year: 2028, at_most: 2030"),
        "--targets: year: does not go with co2_peak_year; allowed: indicator, at_least, at_most",
    ),
    "no unit": (
        own("indicator: coal_share, year: 2040, at_most: 25"),
        "--targets: at_most: 25 has no unit; write a share (%), such as 25 %",
    ),
    "wrong kind": (
        own("indicator: energy_total, year: 2030, at_most: 6 Gt"),
        "--targets: at_most: '6 Gt' is a mass of CO2; write an amount of energy (Mtce or Gtce), such as "
        "6 Gtce",
    ),
    "a number with a unit": (
        own("indicator: energy_intensity, year: 2030, at_most: 6 Gt"),
        "--targets: at_most: expected a number such as 5.2; found the text '6 Gt'",
    ),
    "history": (
        own("indicator: energy_total, from: 2020, year: 2030, at_most: 6 Gtce"),
        "--targets: from: 2020 is outside 2026-2060",
    ),
    "period turned round": (
        own("indicator: cumulative_co2, from: 2040, to: 2030, at_most: 9 Gt"),
        "--targets: from: 2040 is after to (2030)",
    ),
    "cap turned round": (
        own("indicator: energy_total, from: 2040, year: 2030, at_most: 6 Gtce"),
        "--targets: from: 2040 is after year (2030)",
    ),
    "base in the future": (
        own("indicator: eip_co2_change, base: 2030, year: 2040, at_most: -30 %"),
        "--targets: base: 2030 is outside 2000-2025",
    ),
    "base without statistics": (
        own("indicator: net_ghg_change, base: 2001, year: 2040, at_most: -30 %"),
        "--targets: net_ghg_change-2001-2040-at-most--30% has no value: statistics of a year that it needs "
        "are missing or zero",
    ),
    "base in which nothing was": (
        own("indicator: beccs_change, base: 2020, year: 2040, at_least: 30 %"),
        "--targets: beccs_change-2020-2040-at-least-30% has no value: statistics of a year that it needs "
        "are missing or zero",
    ),
    "late peak": (
        own("indicator: co2_peak_year, at_most: 2100"),
        "--targets: at_most: 2100 is outside 2025-2060",
    ),
    "early neutrality": (
        own("indicator: neutral_year, at_most: 2025"),
        "--targets: at_most: 2025 is outside 2026-2060",
    ),
    "text as a year": (
        own("indicator: neutral_year, at_most: soon"),
        "--targets: at_most: expected a year such as 2030; found the text 'soon'",
    ),
    "peak not before": (
        own("indicator: co2_peak_year, at_least: 2028"),
        "--targets: at_least: a peak can be asked for no later than a year: write at_most",
    ),
    "gases": (
        own("indicator: neutral_year, gases: methane, at_most: 2060"),
        "--targets: gases: expected ghg or co2; found 'methane'",
    ),
    "no influence": (
        ("--free", "dac", *own("indicator: non_fossil_share, year: 2030, at_least: 40 %")),
        "--targets: non_fossil_share-2030-at-least-40% is missed, and no free lever can influence it; "
        "free: dac",
    ),
    "nothing can move": (
        ("--free", "dac", "--set", "end_year=2030", *own("indicator: net_co2, year: 2030, at_most: 5 Gt")),
        "--targets: net_co2-2030-at-most-5Gt is missed, and no free lever can influence it; free: dac",
    ),
    "unknown lever": (
        ("--free", "capture"),
        "--free: there is no such lever 'capture'; did you mean capture_rate?",
    ),
    "no such lever": (("--free", "nuclear"), f"--free: there is no such lever 'nuclear'; levers: {LEVERS}"),
    "driver": (("--free", "gdp_growth"), "--free: gdp_growth has no ambitious pathway and cannot be freed"),
    "accounting": (
        ("--free", "non_fossil_ce_rate"),
        "--free: non_fossil_ce_rate has no ambitious pathway and cannot be freed",
    ),
    "fossil share": (
        ("--free", "coal_share"),
        "--free: the mix moves as one: free non_fossil_share instead of coal_share",
    ),
    "no name of a lever": (("--free", "[dac]"), "--free: expected the name of a lever; found a list"),
    "empty free": (
        ("--free", ""),
        "--free: expected names between commas, such as non_fossil_share,capture_rate",
    ),
    "objective": (
        ("--objective", "least-chang"),
        "--objective: there is no objective 'least-chang'; did you mean least-change?",
    ),
    "extend": (("--extend", "2"), "--extend: 2 is outside 0 to 1"),
    "extend by nan": (("--extend", "nan"), "--extend: nan is outside 0 to 1"),
    "plot without a place": (("--plot",), "--plot: needs a folder to write to: add -o DIR"),
    "swept key": (
        ("--sweep", "peak=2030"),
        "--sweep peak=2030: there is no 'peak' to sweep over; did you mean peak_year?",
    ),
    "nothing swept": (
        ("--sweep", "peak_year="),
        "--sweep peak_year=: peak_year: write years such as peak_year=2026..2030 or peak_year=2050,2060",
    ),
    "swept letters": (
        ("--sweep", "peak_year=soon"),
        "--sweep peak_year=soon: peak_year: write years such as peak_year=2026..2030 or peak_year=2050,2060",
    ),
    "swept backwards": (
        ("--sweep", "peak_year=2030..2026"),
        "--sweep peak_year=2030..2026: peak_year: 2030 is after 2026; write peak_year=2026..2030",
    ),
    "swept twice": (
        ("--sweep", "peak_year=2026", "--sweep", "peak_year=2027"),
        "--sweep peak_year=2027: peak_year: set twice",
    ),
    "swept beyond the end": (
        ("--sweep", "peak_year=2059..2061"),
        "--sweep peak_year: 2061 is outside 2026-2060",
    ),
    "swept over the past": (
        ("--sweep", "neutral_year=2000"),
        "--sweep neutral_year: 2000 is outside 2026-2060",
    ),
}


@pytest.mark.parametrize(("words", "message"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_told_and_nothing_is_written(words, message, here, typed):
    more = () if "--plot" in words else ("-o", "out")
    result = typed("fit", "current-policies", *words, *more)
    assert (result.err, result.code, result.out) == (f"{message}\n", 2, "")
    assert names(here) == {"mine.yaml"}


def test_faults_of_options_and_scenario_come_together(typed):
    words = ("--free", "nuclear,dac", "--targets", f"moon,{CAP}", "--set", "beccs=3", "--objective", "best")
    result = typed("fit", "current-policies", *words)
    assert result.code == 2
    assert [line.split(":")[0] for line in result.err.splitlines()] == [
        "--free",
        "--objective",
        "--set beccs=3",
        "--targets",
    ]
