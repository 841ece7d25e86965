"""Every other command as it is typed: lists, files, scoreboards, figures, help, and its complaints."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

import dualcarbon as dc
from dualcarbon import api, cli
from dualcarbon.tables.levers import read_levers

COMMANDS = [
    "run",
    "fit",
    "compare",
    "decompose",
    "diff",
    "ensemble",
    "sensitivity",
    "scenarios",
    "new",
    "check",
    "targets",
    "plot",
    "report",
    "export",
    "verify",
    "hindcast",
    "levers",
    "variables",
    "data",
    "check-pathway",
    "criteria",
    "schema",
]


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """The folder of one run, written once."""
    place = tmp_path_factory.mktemp("written")
    assert cli.main(["run", "rapid-decline", "-o", str(place)]) == 0
    return place / "rapid-decline"


@pytest.fixture
def folder(written, tmp_path, monkeypatch):
    """A copy of a run folder below the working folder."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(written, "run")
    return Path("run")


# help and unknown words


@pytest.mark.parametrize("words", [["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help(words, typed):
    result = typed(*words)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"usage: dualcarbon{'' if len(words) == 1 else ' ' + words[0]} ")


def test_the_help_lists_every_command(typed):
    lines = typed("--help").out.splitlines()
    listed = [line.split()[0] for line in lines if re.match(r" {4}\w", line)]
    assert listed == COMMANDS


def test_the_version(typed):
    assert typed("--version").out == f"dualcarbon {dc.__version__}\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "dualcarbon: the following arguments are required: COMMAND; see dualcarbon --help"),
        (["rum"], "dualcarbon: there is no command 'rum'; did you mean run?"),
        (["scenario"], "dualcarbon: there is no command 'scenario'; did you mean scenarios?"),
        (["it's"], f'dualcarbon: there is no command "it\'s"; allowed: {", ".join(COMMANDS)}'),
        (["check"], "dualcarbon check: the following arguments are required: SCENARIO; "
         "see dualcarbon check --help"),
        (
            ["run", "plan-pace", "--format", "xls"],
            "dualcarbon run: there is no --format 'xls'; did you mean xlsx?",
        ),
        (
            ["run", "plan-pace", "--forse"],
            "dualcarbon: unrecognized arguments: --forse; see dualcarbon --help",
        ),
    ],
)  # fmt: skip
def test_words_that_are_not_understood(words, expected, typed):
    result = typed(*words)
    assert (result.code, result.out, result.err) == (2, "", expected + "\n")


def test_another_data_folder(typed, tmp_path):
    result = typed("levers", "--data", tmp_path / "none")
    assert (result.code, result.out) == (2, "")
    assert result.err == f"{tmp_path / 'none'}: there is no such data folder\n"
    result = typed("levers", "--data", tmp_path)
    assert result.err == f"{tmp_path}: no tables here; a data folder holds <topic>/<table>.csv\n"


# scenarios, new, check


def test_bundled_scenarios_are_listed_one_a_line(typed):
    result = typed("scenarios")
    rows = [line.split(None, 1) for line in result.out.splitlines()[2:]]
    assert rows == [[scenario.name, scenario.title] for scenario in api.scenarios()]
    assert len(rows) >= 6


def test_a_new_file_can_be_checked_and_run(typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = typed("new", "My first Scenario.yaml")
    assert (result.code, result.err) == (0, "")
    assert result.out == ("Written: My first Scenario.yaml. Next: dualcarbon check My first Scenario.yaml\n")
    result = typed("check", "My first Scenario.yaml", "plan-pace")
    assert result.out.splitlines()[0] == "My first Scenario.yaml: fine (2 levers set)"
    assert result.out.splitlines()[1].startswith("plan-pace: fine (")
    assert (result.code, result.err) == (0, "")
    assert typed("run", "My first Scenario.yaml").out.startswith("my-first-scenario: One line for lists")


def test_new_leaves_an_existing_file(typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text("name: mine\n", encoding="utf-8")
    result = typed("new", "mine.yaml")
    assert (result.code, result.out, result.err) == (
        2,
        "",
        "mine.yaml: exists already; --force replaces it\n",
    )
    assert Path("mine.yaml").read_text(encoding="utf-8") == "name: mine\n"
    assert typed("new", "mine.yaml", "--force").code == 0
    assert dc.load("mine.yaml").levers


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("mine.txt", "mine.txt: a scenario file ends in .yaml"),
        ("folder.yaml", "folder.yaml: a folder is in the way"),
        ("file/mine.yaml", "file/mine.yaml: cannot be written (File exists)"),
    ],
)
def test_new_refuses_other_places(file, expected, typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("folder.yaml").mkdir()
    Path("file").write_text("", encoding="utf-8")
    result = typed("new", file)
    assert (result.code, result.out, result.err) == (2, "", expected + "\n")


def test_check_tells_the_fine_from_the_faulty(typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("good.yaml").write_text("name: good\n", encoding="utf-8")
    Path("bad.yaml").write_text("name: bad\nend_year: soon\n", encoding="utf-8")
    result = typed("check", "bad.yaml", "good.yaml", "plan-pase")
    assert result.code == 2
    assert result.out == "good.yaml: fine (0 levers set)\n"
    assert result.err == (
        "bad.yaml:2: end_year: expected a year; found the text 'soon'\n"
        "plan-pase: no such scenario, neither a file nor a bundled name; did you mean plan-pace?\n"
    )


# targets


def test_targets_of_a_scenario_and_of_its_folder_are_the_same(typed, folder):
    scenario, written = typed("targets", "rapid-decline"), typed("targets", folder)
    assert (scenario.code, scenario.err) == (0, "")
    assert scenario == written
    assert scenario.out.startswith(dc.load("rapid-decline").title + "\n")
    everything = typed("targets", folder, "--all").out
    hidden = int(scenario.out.splitlines()[-1].split()[0])
    scores = [score for score in dc.run("rapid-decline").scores if score.target.role != "range top"]
    verdicts = [score.verdict for score in scores]
    counts = ", ".join(f"{verdicts.count(v)} {v}" for v in ("met", "missed", "not applicable"))
    assert everything.splitlines()[-1] == f"{len(scores)} targets: {counts}; range tops, not counted: 3"
    shown = len(dc.run("rapid-decline").scores) - hidden
    assert f"{shown - 1} targets: " in scenario.out
    assert "; range tops, not counted: 1\n" in scenario.out


def test_targets_of_nothing_known(typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = typed("targets", "rapid-declin")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "rapid-declin: no such scenario, neither a file, a run folder nor a bundled name; "
        "did you mean rapid-decline?\n"
    )
    Path("empty").mkdir()
    result = typed("targets", "empty")
    assert (result.code, result.out) == (2, "")
    assert result.err == "empty: not a run folder (no run.json); `dualcarbon run … -o` writes one\n"


def edit(folder, name, change):
    """Rewrite a CSV of a run folder: ``change`` takes and returns its rows."""
    path = folder / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(change(rows))


def cell(line, column, text):
    def change(rows):
        rows[line][column] = text
        return rows

    return change


def drop(name):
    return lambda rows: [row for row in rows if row[3] != name]


DAMAGE = {
    "no tables": (lambda f: (f / "pathway.csv").unlink(), "(pathway.csv is missing)"),
    "record is not JSON": (lambda f: (f / "run.json").write_text("{"), "Expecting property name"),
    "record is a list": (lambda f: (f / "run.json").write_text("[]"), "list indices must be integers"),
    "record without a title": (lambda f: (f / "run.json").write_text('{"scenario": {}}'), "'title'"),
    "empty pathway": (lambda f: (f / "pathway.csv").write_text(""), "not enough values to unpack"),
    "not UTF-8": (lambda f: (f / "targets.csv").write_bytes(b"\xff\xfe"), "'utf-8' codec can't decode"),
    "no number": (lambda f: edit(f, "pathway.csv", cell(1, 9, "many")), "could not convert string to float"),
    "no year": (lambda f: edit(f, "pathway.csv", cell(0, 9, "then")), "invalid literal for int()"),
    "a year is lost": (
        lambda f: edit(f, "pathway.csv", lambda rows: [row[:9] + row[10:] for row in rows]),
        "pathway.csv has no row of years around 2025",
    ),
    "a short row": (
        lambda f: edit(f, "pathway.csv", lambda rows: [*rows[:3], rows[3][:-1], *rows[4:]]),
        "pathway.csv:4 has 65 columns, not 66",
    ),
    "an unknown variable": (
        lambda f: edit(f, "pathway.csv", cell(1, 3, "Populatian")),
        "pathway.csv:2 has the unknown variable 'Populatian'; did you mean Population?",
    ),
    "another unit": (
        lambda f: edit(f, "pathway.csv", cell(1, 4, "billion")),
        "pathway.csv:2 has Population in billion, not million",
    ),
    "a variable is lost": (
        lambda f: edit(f, "pathway.csv", drop("Population")),
        "pathway.csv lacks Population",
    ),
    "most variables are lost": (
        lambda f: edit(f, "pathway.csv", lambda rows: rows[:2]),
        "Growth Rate [CNY_2020], GDP [CNY_2020, per capita] and 36 more)",
    ),
    "a column of the scores is lost": (
        lambda f: edit(f, "targets.csv", lambda rows: [row[:-1] for row in rows]),
        "targets.csv lacks columns of scenario, target, label,",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("harm", "why"), DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("command", ["targets", "plot"])
def test_a_damaged_run_folder_is_told(command, harm, why, folder, typed):
    harm(folder)
    result = typed(command, folder)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("run: the run folder is damaged (")
    assert why in result.err
    assert result.err.count("\n") == 1


# plot


def test_plot_draws_the_figure_of_a_run_folder(folder, typed):
    result = typed("plot", folder)
    assert (result.code, result.out, result.err) == (0, "Written: run/pathway.png\n", "")
    drawn = Path("run/pathway.png").read_bytes()
    assert drawn.startswith(b"\x89PNG")
    result = typed("plot", folder)
    assert (result.code, result.err) == (2, "run/pathway.png: exists already; --force replaces it\n")
    assert Path("run/pathway.png").read_bytes() == drawn


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["run", "-o", "figure.jpg"], "figure.jpg: a figure file ends in .png, .svg, .pdf"),
        (["."], ".: not a run folder (no run.json); `dualcarbon run … -o` writes one"),
        (["nowhere"], "nowhere: not a run folder (no run.json); `dualcarbon run … -o` writes one"),
        (["run", "run", "-o", "figure.png"], "-o figure.png: one file cannot hold 2 figures; give a folder"),
    ],
)
def test_plot_refuses(words, expected, folder, typed):
    result = typed("plot", *words)
    assert (result.code, result.out, result.err) == (2, "", expected + "\n")
    assert {path.name for path in Path().iterdir()} == {"run"}


# levers, variables, data, schema


def test_every_lever_is_listed_with_unit_bounds_and_meaning(typed):
    result = typed("levers")
    assert (result.code, result.err) == (0, "")
    heads = [line.split() for line in result.out.splitlines() if not line.startswith(" ")]
    levers = read_levers(api.open_library())
    assert [head[0] for head in heads] == list(levers)
    share = next(head for head in heads if head[0] == "non_fossil_share")
    assert share[1:6] == ["%", "bounds", "0", "to", "100"]
    for lever in levers.values():
        assert " ".join(lever.meaning.split())[:40] in " ".join(result.out.split())


def test_every_variable_is_listed_with_unit_and_exchange_name(typed):
    result = typed("variables")
    assert (result.code, result.err) == (0, "")
    heads = [line for line in result.out.splitlines() if not line.startswith(" ")]
    variables = api.variables(api.open_library())
    assert [head.split()[0] for head in heads] == [variable.key for variable in variables]
    together = " ".join(result.out.split())
    for variable, head in zip(variables, heads, strict=True):
        assert f" {variable.unit} " in head
        assert f"IAMC: {variable.iamc} [{variable.iamc_unit}]{' (custom name)' * variable.custom}" in together


def test_every_table_is_listed(typed):
    result = typed("data")
    assert (result.code, result.err) == (0, "")
    rows = [line.split() for line in result.out.splitlines()[2:]]
    listed = [(row[0], row[1], int(row[-1])) for row in rows]
    assert listed == [(table.topic, table.name, len(table.rows)) for table in api.open_library()]


@pytest.mark.parametrize("table", [table.name for table in api.open_library()])
@pytest.mark.parametrize("rows", [[], ["--rows"]], ids=["short", "rows"])
def test_a_table_is_shown_with_its_sources(table, rows, typed):
    result = typed("data", table, *rows)
    assert (result.code, result.err) == (0, "")
    one = api.open_library()[table]
    assert result.out.startswith(one.sidecar["title"] + "\n")
    together = " ".join(result.out.split())
    for source in one.sidecar["sources"].values():
        assert " ".join(source["title"].split()) in together
    if rows:
        assert len(result.out) > len(typed("data", table).out) or len(one.rows) <= 12


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("enrgy_balance", "did you mean energy_balance?"),
        ("qqq", "`dualcarbon data` lists the tables"),
    ],
)
def test_an_unknown_table(name, expected, typed):
    result = typed("data", name)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"{name}: neither a table nor a documented figure; {expected}\n"


@pytest.mark.parametrize("figure", [row["id"] for row in api.open_library()["figures"].rows])
def test_a_documented_figure_is_shown_with_its_check(figure, typed):
    result = typed("data", figure)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"{figure}: ")
    for word in ("documented  ", "document    D", "check       ", "verdict     ", "tolerance   "):
        assert f"\n{word}" in result.out


def test_verify_shows_every_part_and_every_miss(typed):
    result = typed("verify")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("55 documented figures\n")
    checks = api.verify().figures
    for check in checks:
        assert (check.figure.id in result.out) == (check.figure.check != "quoted")
    assert result.out.count("✗ missed") >= sum(check.verdict == "missed" for check in checks)
    assert max(map(len, result.out.splitlines())) <= 100
    with_quoted = typed("verify", "--quoted").out
    assert all(check.figure.id in with_quoted for check in checks)


def test_hindcast_shows_every_start_and_draws(typed, tmp_path):
    result = typed("hindcast", "-o", str(tmp_path / "hindcast.png"))
    assert (result.code, result.err) == (0, "")
    for start in ("2010", "2015", "2020"):
        assert sum(line.startswith(start) for line in result.out.splitlines()) == 4
    assert (tmp_path / "hindcast.png").stat().st_size > 10_000
    again = typed("hindcast", "-o", str(tmp_path / "hindcast.png"))
    assert (again.code, again.out) == (2, "")
    assert "--force" in again.err


def test_the_schema_is_printed_for_editors(typed):
    result = typed("schema")
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out) == api.scenario_schema(api.open_library())
