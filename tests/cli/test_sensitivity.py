"""`dualcarbon sensitivity` as typed."""

import csv
import json
import shutil

import pytest

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.files import write_sensitivity

FILES = {"indices.csv", "tornado.csv", "tornado.png", "tree.png", "sensitivity.json"}


OF = ["net_co2@2060", "peak_year", "neutral_year"]
WORDS = ("sensitivity", "rapid-decline", "--of", ",".join(OF), "-n", "64", "--seed", "7")


@pytest.fixture(scope="module")
def found():
    return dc.sensitivity("rapid-decline", OF, n=64, seed=7)


@pytest.fixture(scope="module")
def folder(found, tmp_path_factory):
    parent = tmp_path_factory.mktemp("out")
    return parent / write_sensitivity(found, parent, api.lever_table(api.open_library()))


def test_tables_in_the_terminal(typed):
    result = typed(
        "sensitivity", "scenarios/rapid-decline.yaml", "--of", "net_co2@2060,peak_year", "-n", "100"
    )
    assert (result.code, result.err) == (0, "")
    assert "100 points rounded up to 128; 2,176 pathways of 15 factors" in " ".join(result.out.split())
    assert "net_co2@2060 · Net CO2 in 2060, Mt CO2" in result.out
    assert "from the scenario, lever alone  at its 5 %  at its 95 %  difference" in result.out
    assert "scenario's lever alone" in result.out
    said = " ".join(result.out.split())
    assert "draws peak in 2025, the last observed year" in said
    assert "not held to history and without year-" in said
    assert result.out.endswith("Nothing written; add -o DIR for tables and figures.\n")
    assert max(len(line) for line in result.out.splitlines()) <= 100


def test_without_outputs_it_takes_net_greenhouse_gases_and_the_peak_year(typed):
    result = typed("sensitivity", "current-policies", "-n", "64")
    assert "net_ghg@2060 · " in result.out
    assert "peak_year · " in result.out
    assert "The scenario is the reference pathway of every lever" in " ".join(result.out.split())


def test_a_folder_with_everything(folder):
    assert folder.name == "rapid-decline-sensitivity"
    assert {path.name for path in folder.iterdir()} == FILES
    record = json.loads((folder / "sensitivity.json").read_text(encoding="utf-8"))
    assert (record["points"], record["pathways"], record["seed"]) == (64, 64 * 17, 7)
    assert record["scenario"]["name"] == "rapid-decline"
    assert record["factors"][0] == {"levers": ["population"], "rests_on": ["lever table (assumed)"]}
    assert [one["output"] for one in record["outputs"]] == OF
    assert record["data"]


def test_the_tables_say_what_python_says(folder, found):
    rows = list(csv.DictReader((folder / "indices.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 3 * 15
    assert float(rows[1]["total_high"]) == pytest.approx(found.indices.total_interval[0, 1, 1], rel=1e-9)
    tornado = list(csv.DictReader((folder / "tornado.csv").read_text(encoding="utf-8").splitlines()))
    by_lever = {row["lever"]: row for row in tornado if row["output"] == "net_co2@2060"}
    ranges, steps = found.ranges, found.steps
    k, j = ranges.levers.index("capture_rate"), steps.groups.index("capture_rate")
    row = by_lever["capture_rate"]
    assert float(row["with_lever_at_95"]) == pytest.approx(ranges.high[0, k], rel=1e-9)
    assert float(row["lever_at_95"]) == pytest.approx(ranges.lever_high[0, k] * 100.0, rel=1e-9)
    assert row["lever_unit"] == "%"
    assert float(row["towards_scenario"]) == pytest.approx(steps.towards[0, j], rel=1e-9)
    assert by_lever["mix"]["with_lever_at_5"] == ""
    assert by_lever["population"]["back_to_reference"] == ""


def test_the_command_writes_the_same_bytes(folder, typed, tmp_path):
    result = typed(*WORDS, "-o", tmp_path)
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith(f"Written: rapid-decline-sensitivity in {tmp_path}\n")
    for path in (tmp_path / folder.name).iterdir():
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_nothing_is_replaced_without_being_told_to(folder, typed, tmp_path):
    mine = tmp_path / folder.name
    shutil.copytree(folder, mine)
    again = typed(*WORDS, "-o", tmp_path)
    assert (again.code, again.err) == (2, f"{mine}: exists already; --force replaces it\n")
    (mine / "notes.txt").write_text("mine")
    forced = typed(*WORDS, "-o", tmp_path, "--force")
    assert forced.code == 2
    assert "holds what dualcarbon did not write (notes.txt)" in forced.err
    assert {path.name for path in mine.iterdir()} == {*FILES, "notes.txt"}


def test_a_failure_while_drawing_leaves_nothing(typed, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dualcarbon.output.figures.save", full)
    result = typed("sensitivity", "current-policies", "-n", "64", "-o", tmp_path / "out")
    assert (result.code, list(tmp_path.iterdir())) == (2, [])
    assert result.err == f"{tmp_path / 'out'}: nothing was written (No space left on device)\n"


def test_points_may_be_written_as_people_do(typed):
    result = typed("sensitivity", "current-policies", "--of", "net_co2@2060", "-n", "1e2")
    assert result.code == 0
    assert "100 points rounded up to 128;" in " ".join(result.out.split())


def test_levers_changed_first(typed):
    result = typed(
        "sensitivity", "current-policies", "--set", "dac=500 Mt", "--of", "net_co2@2060", "-n", "64"
    )
    assert "added to reference (5107)" in result.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("-n", "0"), "-n: 0 points are outside 64-131072\n"),
        (("-n", "-4"), "-n: -4 points are outside 64-131072\n"),
        (("-n", "many"), "-n: expected a whole number such as 1024; found 'many'\n"),
        (("-n", "1e-4"), "-n: expected a whole number such as 1024; found '1e-4'\n"),
        (("-n", "1e6"), "-n: 1000000 points are outside 64-131072\n"),
        (("--seed", "1.5"), "--seed: expected a whole number from 0 up; found '1.5'\n"),
        (
            ("-n", "many", "--seed", "x"),
            "--seed: expected a whole number from 0 up; found 'x'\n"
            "-n: expected a whole number such as 1024; found 'many'\n",
        ),
        (("--seed", "-1"), "--seed: expected a whole number from 0 up; found '-1'\n"),
        (
            ("--of", "net_co@2060"),
            "--of: net_co@2060: there is no variable 'net_co'; did you mean net_co2?\n",
        ),
        (("--of", "net_co2@2020"), "--of: net_co2@2020: 2020 is outside the projected years 2026-2060\n"),
        (("--of", ","), "--of: nothing is asked for; write for example net_co2@2060,peak_year\n"),
    ],
)
def test_what_is_refused(words, expected, typed, tmp_path):
    result = typed("sensitivity", "current-policies", *words, "-o", tmp_path / "out")
    assert (result.code, result.err) == (2, expected)
    assert not list(tmp_path.iterdir())
