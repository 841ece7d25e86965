"""`dualcarbon run`: what is printed, which files appear, and what is never touched."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

import dualcarbon as dc
from dualcarbon import api
from dualcarbon.output import figures, folder
from dualcarbon.tables.variables import read_variables

TABLES = {"pathway.csv", "indicators.csv", "targets.csv", "run.json"}

MINE = "name: mine\ntitle: My own scenario\nextends: current-policies\nlevers:\n  capture_rate: {2060: 5 %}\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty working folder with one scenario file."""
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(MINE, encoding="utf-8")
    return tmp_path


def content(place):
    """Every file below a folder with its bytes, every empty folder with None."""
    found = {}
    for path in sorted(Path(place).rglob("*")):
        if path.is_file():
            found[str(path)] = path.read_bytes()
        elif not any(path.iterdir()):
            found[str(path)] = None
    return found


def names(place):
    return {path.name for path in Path(place).iterdir()}


# what is printed


def test_a_run_is_shown_in_a_compact_table(here, typed):
    result = typed("run", "mine.yaml")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0] == "mine: My own scenario"
    assert lines[2].split() == ["2025", "2030", "2035", "2040", "2050", "2060"]
    run = dc.run("mine.yaml")
    at_end = next(line for line in lines if line.startswith("net greenhouse gases"))
    assert at_end.split()[-1] == f"{run['net_ghg'][-1] / 1000:.2f}"
    met = sum(score.verdict == "met" for score in run.official())
    assert f"Targets     {met} of {len(run.official())} official targets met" in result.out
    assert re.search(r"^CO2 peak    20\d\d at \d+\.\d\d Gt", result.out, flags=re.M)
    assert re.search(r"^Neutral     greenhouse gases ", result.out, flags=re.M)
    assert result.out.endswith("Nothing written; add -o DIR for files.\n")
    assert names(here) == {"mine.yaml"}


def test_several_runs_are_compared(here, typed):
    result = typed("run", "mine.yaml", "rapid-decline", "-o", "out")
    assert result.code == 0
    assert result.out.endswith("Written: 2 runs and comparison in out\n")
    rows = [line.split()[0] for line in result.out.splitlines() if line.strip()]
    assert rows.count("mine") == rows.count("rapid-decline") == 1
    assert names("out") == {"mine", "rapid-decline", "comparison"}
    with Path("out/comparison/comparison.csv").open(encoding="utf-8", newline="") as file:
        header, *table = list(csv.reader(file))
    assert header == ["indicator", "year", "unit", "mine", "rapid-decline"]
    at_end = next(row for row in table if row[:2] == ["net_ghg", "2060"])
    expected = [dc.run(name)["net_ghg"][-1] for name in ("mine.yaml", "rapid-decline")]
    np.testing.assert_allclose([float(cell) for cell in at_end[3:]], expected, rtol=1e-9)


# what is written


@pytest.mark.parametrize(
    ("words", "run_name"),
    [
        (["current-policies"], "current-policies"),
        (["mine.yaml"], "mine"),
        (
            ["current-policies", "--set", "non_fossil_share={ambition: 0.5}"],
            "current-policies+non_fossil_share",
        ),
        (["mine.yaml", "--set", "dac=1 Mt", "--set", "end_year=2070"], "mine+dac+end_year"),
    ],
    ids=["bundled", "file", "one change", "two changes"],
)
def test_each_run_has_a_folder_of_its_name(words, run_name, here, typed):
    result = typed("run", *words, "-o", "out")
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith(f"Written: {run_name} in out\n")
    assert names("out") == {run_name}
    assert names(f"out/{run_name}") == TABLES


def test_the_record_of_a_run_says_how_to_repeat_it(here, typed):
    typed("run", "mine.yaml", "--set", "dac=1 Mt", "-o", "out")
    record = json.loads(Path("out/mine+dac/run.json").read_text(encoding="utf-8"))
    assert record["scenario"]["as_written"]["levers"] == {"capture_rate": {"2060": "5 %"}}
    assert record["scenario"]["as_written"]["set"] == ["dac=1 Mt"]
    assert record["scenario"]["extends"]["name"] == "current-policies"
    assert record["versions"]["dualcarbon"] == dc.__version__
    assert record["data"] == api.open_library().hashes
    assert (record["base_year"], record["end_year"]) == (2025, 2060)
    assert "AR5" in record["accounting"]["gwp"] or "Fifth" in record["accounting"]["gwp"]
    assert set(record["levers"]["dac"]["values"].values()) == {1.0}


def test_the_pathway_file_is_read_back_as_it_was(here, typed):
    typed("run", "mine.yaml", "-o", "out")
    library = api.open_library()
    variables = read_variables(library)
    results, scores = folder.read_run(Path("out/mine"), variables)
    run = dc.run("mine.yaml")
    assert list(results) == list(run.results)
    assert set(results) == set(variables)
    np.testing.assert_array_equal(results.years, run.years)
    assert results.base_year == run.results.base_year
    for key in run.results:
        np.testing.assert_allclose(results[key], run[key], rtol=1e-9, atol=0, err_msg=key)
    assert [row["verdict"] for row in scores] == [score.verdict for score in run.scores]
    with Path("out/mine/pathway.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["variable"]: row["unit"] for row in rows} == {v.iamc: v.iamc_unit for v in variables.values()}
    assert {(row["model"], row["scenario"], row["region"]) for row in rows} == {
        (f"dualcarbon {dc.__version__}", "mine", "China")
    }


def test_a_workbook_holds_the_tables(here, typed):
    openpyxl = pytest.importorskip("openpyxl")
    assert typed("run", "mine.yaml", "-o", "out", "--format", "xlsx").code == 0
    book = openpyxl.load_workbook("out/mine/run.xlsx", read_only=True)
    assert book.sheetnames == ["pathway", "indicators", "targets"]
    for sheet in book:
        with Path(f"out/mine/{sheet.title}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        cells = list(sheet.iter_rows(values_only=True))
        assert list(map(str, cells[0])) == rows[0]
        assert len(cells) == len(rows)
    book.close()


def test_a_figure_is_drawn_with_the_run(here, typed):
    result = typed("run", "mine.yaml", "-o", "out", "--plot")
    assert (result.code, result.err) == (0, "")
    assert names("out/mine") == TABLES | {"pathway.png"}
    assert Path("out/mine/pathway.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("word", [["--plot"], ["--format", "xlsx"]], ids=["plot", "xlsx"])
def test_files_need_a_folder(word, here, typed):
    result = typed("run", "mine.yaml", *word)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"{word[0]}: needs a folder to write to: add -o DIR\n"


# what is never touched


def test_an_existing_run_stays_without_force_and_goes_with_it(here, typed):
    typed("run", "mine.yaml", "-o", "out")
    before = content("out")
    result = typed("run", "mine.yaml", "-o", "out", "--set", "dac=1 Mt")
    assert result.code == 0
    Path("mine.yaml").write_text(MINE + "  dac: 1 Mt\n", encoding="utf-8")
    result = typed("run", "current-policies", "mine.yaml", "-o", "out")
    assert (result.code, result.out) == (2, "")
    assert result.err == "out/mine: exists already; --force replaces it\n"
    assert {name: data for name, data in content("out").items() if "+" not in name} == before
    result = typed("run", "mine.yaml", "-o", "out", "--force")
    assert (result.code, result.err) == (0, "")
    assert content("out/mine").keys() == before.keys()
    assert content("out/mine")["out/mine/pathway.csv"] != before["out/mine/pathway.csv"]
    assert names("out") == {"mine", "mine+dac"}


FOREIGN = {
    "a user's folder": (["notes.txt"], "notes.txt"),
    "a record among other things": (["run.json", "thesis.tex"], "thesis.tex"),
    "notes in a run": ([*TABLES, "notes.txt"], "notes.txt"),
    "a folder in a run": ([*TABLES, "old/pathway.csv"], "old"),
    "tables without a record": (["targets.csv", "pathway.csv"], "pathway.csv"),
}


@pytest.mark.parametrize(("files", "foreign"), FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("force", [[], ["--force"]], ids=["without force", "with force"])
def test_a_foreign_folder_is_never_replaced(files, foreign, force, here, typed):
    for name in files:
        path = Path("out/mine") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine", encoding="utf-8")
    before = content("out")
    result = typed("run", "plan-pace", "mine.yaml", "-o", "out", *force)
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        f"out/mine: holds what dualcarbon did not write ({foreign}); it is left alone, choose another -o\n"
    )
    assert content("out") == before


def test_a_file_in_the_way_stays(here, typed):
    Path("out").mkdir()
    Path("out/mine").write_text("mine", encoding="utf-8")
    result = typed("run", "mine.yaml", "-o", "out", "--force")
    assert (result.code, result.err) == (2, "out/mine: a file is in the way; choose another -o\n")
    result = typed("run", "mine.yaml", "-o", "mine.yaml", "--force")
    assert (result.code, result.err) == (2, "mine.yaml: cannot be written (File exists)\n")
    assert content("out") == {"out/mine": b"mine"}
    assert Path("mine.yaml").read_text(encoding="utf-8") == MINE


def test_an_empty_folder_is_free(here, typed):
    Path("out/mine").mkdir(parents=True)
    assert typed("run", "mine.yaml", "-o", "out").code == 0
    assert names("out/mine") == TABLES


@pytest.mark.parametrize("failing", [1, 2, 3], ids=["first run", "second run", "comparison"])
@pytest.mark.parametrize("earlier", [False, True], ids=["new folder", "over an earlier run"])
def test_writing_is_whole_or_not_at_all(failing, earlier, here, typed, monkeypatch):
    words = ["run", "mine.yaml", "plan-pace", "-o", "deep/out", "--plot", "--force"]
    saved = []

    def save(figure, path):
        saved.append(path)
        if len(saved) == failing:
            raise OSError(28, "No space left on device")
        path.write_bytes(b"a figure")

    monkeypatch.setattr(figures, "draw_kind", lambda *arguments: None)
    monkeypatch.setattr(figures.comparison, "draw", lambda *arguments: None)
    if earlier:
        monkeypatch.setattr(figures, "save", lambda figure, path: path.write_bytes(b"an earlier figure"))
        assert typed(*words).code == 0
    before = content(here)
    monkeypatch.setattr(figures, "save", save)
    result = typed(*words)
    assert (result.code, result.out) == (2, "")
    assert result.err == "deep/out: nothing was written (No space left on device)\n"
    assert content(here) == before
    assert len(saved) == failing


def test_folders_come_back_when_they_cannot_be_put_in_place(here, typed, monkeypatch):
    words = ["run", "mine.yaml", "plan-pace", "-o", "out", "--force"]
    assert typed(*words).code == 0
    before = content("out")
    rename = Path.rename

    def refuse(self, target):
        if self.name == "plan-pace" and self.parent.name.startswith(".dualcarbon-"):
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    Path("mine.yaml").write_text(MINE + "  dac: 1 Mt\n", encoding="utf-8")
    result = typed(*words)
    assert (result.code, result.err) == (2, "out: nothing was written (Permission denied)\n")
    assert content("out") == before


@pytest.mark.parametrize(
    ("words", "twice"),
    [
        (["mine.yaml", "mine.yaml"], "mine"),
        (["plan-pace", "mine.yaml", "plan-pace"], "plan-pace"),
    ],
)
def test_two_runs_cannot_share_a_folder(words, twice, here, typed):
    result = typed("run", *words, "-o", "out")
    assert (result.code, result.out) == (2, "")
    assert result.err == f"{twice}: two runs would write the same folder; give them different names\n"
    assert not Path("out").exists()


def test_a_long_title_is_broken_to_fit_the_terminal(tmp_path, typed):
    words = "assumption after assumption " * 9
    path = tmp_path / "long.yaml"
    path.write_text(f"name: long\ntitle: {words}\nextends: current-policies\n", encoding="utf-8")
    out = typed("run", str(path)).out
    assert out.replace("\n", " ").startswith(f"long: {words.strip()}")
    assert max(map(len, out.splitlines())) <= 100
