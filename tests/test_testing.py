"""Users' own tests: what close pathways are, what a failure says, and the plugin used from outside."""

from __future__ import annotations

import csv
import doctest
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import dualcarbon as dc
from dualcarbon import files, testing
from dualcarbon.axes import year_range
from dualcarbon.results import Results
from dualcarbon.scenario import find_scenario
from dualcarbon.testing import assert_pathways_close, write_expected

pytest_plugins = ["pytester"]

MINE = """\
name: mine
extends: current-policies
levers:
  dac: {2030: 0 Mt, 2060: 300 Mt}
"""


@pytest.fixture(scope="module")
def run() -> dc.Run:
    return dc.run("rapid-decline")


@pytest.fixture(scope="module")
def smaller_sink() -> dc.Run:
    """The same with a land sink that is half as large: two variables and one lever move with it."""
    return dc.run("rapid-decline", change=["land_sink={scale: 0.45}"])


def line(key: str, unit: str, year: int, actual: dc.Run, expected: dc.Run, *, lever: bool = False) -> str:
    """What a failure says of a variable that moved in every projected year."""
    one, other = (float(run.results.in_year(key, year)) for run in (actual, expected))
    gap = "" if lever else f" relative difference {abs(one - other) / max(abs(one), abs(other)):.2g};"
    count = int(actual.years[-1]) - actual.results.base_year
    return f"  {key} [{unit}] in {year}: actual {one:.6g}, expected {other:.6g};{gap} {count} years differ"


def first_year(run: dc.Run) -> int:
    return run.results.base_year + 1


def message(actual: testing.Pathways, expected: testing.Pathways, **options: object) -> list[str]:
    """The lines of a failure."""
    with pytest.raises(AssertionError) as error:
        assert_pathways_close(actual, expected, **options)  # type: ignore[arg-type]
    return str(error.value).splitlines()


# the two sides


@pytest.fixture(scope="module")
def sides(run: dc.Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, testing.Pathways]:
    """One pathway in every form that a side may have."""
    folder = tmp_path_factory.mktemp("sides")
    files.write_runs([run], folder)
    write_expected(folder / "expected.csv", run)
    scenario = find_scenario("rapid-decline")
    return {
        "run": run,
        "results": run.results,
        "bare results": Results(run.years.copy(), run.results.base_year, run.results.arrays),
        "run folder": folder / "rapid-decline",
        "run folder as text": str(folder / "rapid-decline"),
        "expected pathway": folder / "expected.csv",
        "scenario name": "rapid-decline",
        "scenario file": scenario,
    }


KINDS = (
    "run",
    "results",
    "bare results",
    "run folder",
    "run folder as text",
    "expected pathway",
    "scenario name",
    "scenario file",
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_of_a_pathway_is_close_to_the_run(
    kind: str, run: dc.Run, sides: dict[str, testing.Pathways]
) -> None:
    assert_pathways_close(sides[kind], run, rtol=1e-9)
    assert_pathways_close(run, sides[kind], rtol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_of_a_pathway_can_fail(
    kind: str, smaller_sink: dc.Run, run: dc.Run, sides: dict[str, testing.Pathways]
) -> None:
    lines = message(smaller_sink, sides[kind], variables=["land_sink"])
    assert lines[1] == line("land_sink", "Mt CO2", first_year(run), smaller_sink, run)
    if kind == "bare results":
        assert lines[2:] == ["levers: not known for expected"]
    else:
        moved = line("land_sink", "Mt CO2", first_year(run), smaller_sink, run, lever=True)
        assert lines[2:] == ["levers that moved:", moved]


def test_the_example_of_the_docstring_runs() -> None:
    failed, tried = doctest.testmod(testing)
    assert failed == 0
    assert tried > 0


# what a failure says


def test_a_failure_says_what_moved_and_which_lever(smaller_sink: dc.Run, run: dc.Run) -> None:
    first = first_year(run)
    title, *shown, heading, lever = message(smaller_sink, run)
    assert title == (
        "pathways are not close (rtol 1e-06): actual rapid-decline+land_sink, expected rapid-decline"
    )
    assert line("land_sink", "Mt CO2", first, smaller_sink, run) in shown
    assert {text.split()[0] for text in shown} == {"net_co2", "land_sink", "net_ghg"}
    assert heading == "levers that moved:"
    assert lever == line("land_sink", "Mt CO2", first, smaller_sink, run, lever=True)


def test_what_moved_most_comes_first(run: dc.Run) -> None:
    lines = message("current-policies", run)
    gaps = [float(text.split("relative difference ")[1].split(";")[0]) for text in lines[1:4]]
    assert gaps == sorted(gaps, reverse=True)


def test_the_docstring_shows_a_true_message(
    run: dc.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for its numbers, which are those of the data when it was written."""
    monkeypatch.chdir(tmp_path)
    files.write_runs([run], Path("out"))
    larger = dc.run("rapid-decline", change=["land_sink={scale: 1}"])
    indented = [text for text in (testing.__doc__ or "").splitlines() if text.startswith("    ")]
    lines = message(larger, "out/rapid-decline", variables=["net_co2"])
    assert [_without_numbers(text) for text in indented] == [
        _without_numbers(f"    {text}") for text in lines
    ]


def _without_numbers(text: str) -> str:
    return re.sub(r"\b\d+(\.\d+)?\b", "#", text)


def test_shares_and_rates_are_told_in_percent(run: dc.Run) -> None:
    lines = message(dc.run("rapid-decline", change=["gas_share=10 %"]), run, variables=["gas_share"])
    assert lines[1].startswith("  gas_share [%] in ")
    assert ": actual 10, expected " in lines[1]
    assert [text.split()[0] for text in lines[3:]] == ["coal_share", "oil_share", "gas_share"]
    assert all(" [%] in " in text for text in lines[3:])


def test_many_that_moved_are_counted_and_the_first_named(run: dc.Run) -> None:
    lines = message("current-policies", run)
    assert re.match(r"  \d\d more variables moved: ", lines[4])
    assert lines[4].endswith(", …")
    assert lines[4].count(", ") == 8


def test_small_differences_are_told_with_enough_digits(run: dc.Run) -> None:
    arrays = {**run.results.arrays, "gdp": run.results["gdp"] * (1.0 + 2e-9)}
    other = Results(run.years.copy(), run.results.base_year, arrays, run.results.meta)
    assert_pathways_close(other, run)
    lines = message(other, run, rtol=1e-9)
    actual, expected = (part.split()[-1] for part in lines[1].split(";")[0].split(","))
    assert actual != expected
    assert lines[2] == "no lever moved: the model or its data did"


def test_a_missing_value_is_told_as_missing(run: dc.Run) -> None:
    gdp = run.results["gdp"].copy()
    gdp[40] = np.nan
    other = Results(run.years.copy(), run.results.base_year, {**run.results.arrays, "gdp": gdp})
    lines = message(other, run)
    assert lines[1].startswith("  gdp [bn yuan] in 2040: actual missing, expected ")
    assert lines[1].endswith("; 1 year differs")
    assert lines[2] == "levers: not known for actual"


def test_years_and_variables_of_one_side_alone_are_told(run: dc.Run) -> None:
    longer = dc.run("rapid-decline", end_year=2070)
    arrays = {name: array for name, array in longer.results.items() if name != "dac"}
    lines = message(Results(longer.years.copy(), longer.results.base_year, arrays), run)
    assert lines[1:] == ["  only actual has 10 years from 2061 on", "  dac: only expected has it"]


def test_rounding_around_zero_is_no_difference() -> None:
    years = year_range(2025, 2026)
    one, other = (Results(years.copy(), 2025, {"coal_share": np.array([0.5, x])}) for x in (0.0, 1e-16))
    assert_pathways_close(one, other)
    assert message(one, other, atol=0.0)[1].startswith("  coal_share [%] in 2026: actual 0, expected 1e-14; ")


# bad input


@pytest.mark.parametrize("variables", [["net_co2", "coal_shar"], "coal_shar"])
def test_an_unknown_variable_has_a_suggestion(variables: list[str] | str, run: dc.Run) -> None:
    with pytest.raises(
        dc.InputError, match="'coal_shar' is not a variable; did you mean coal_share"
    ) as error:
        assert_pathways_close(run, run, variables=variables)
    assert len(error.value.faults) == 1


def test_comparing_nothing_is_refused(run: dc.Run) -> None:
    empty = Results(run.years.copy(), run.results.base_year, {})
    with pytest.raises(dc.InputError, match="nothing to compare"):
        assert_pathways_close(run, run, variables=[])
    with pytest.raises(dc.InputError, match="nothing to compare"):
        assert_pathways_close(empty, empty)


@pytest.mark.parametrize("rtol", [-1.0, float("nan")])
def test_a_tolerance_that_nothing_could_exceed_is_refused(rtol: float, run: dc.Run) -> None:
    with pytest.raises(ValueError, match="tolerances are finite and at least 0"):
        assert_pathways_close(run, "current-policies", rtol=rtol)


def test_what_is_no_pathway_is_refused(run: dc.Run, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="expected a run, results, a run folder or a scenario; found int"):
        assert_pathways_close(run, 2060)  # type: ignore[arg-type]
    with pytest.raises(dc.InputError, match="no such scenario"):
        assert_pathways_close(run, "no-such-name")
    with pytest.raises(dc.InputError, match="not a run folder"):
        assert_pathways_close(run, tmp_path)
    with pytest.raises(dc.InputError, match="cannot be read as an expected pathway"):
        assert_pathways_close(run, tmp_path / "nothing.csv")


# expected pathways


@pytest.fixture
def expected(run: dc.Run, tmp_path: Path) -> Path:
    """A stored pathway of two variables."""
    path = tmp_path / "pathways" / "expected.csv"
    write_expected(path, run, ["net_co2", "land_sink"])
    return path


def test_an_expected_pathway_is_a_table_in_iamc_columns(expected: Path, run: dc.Run) -> None:
    with expected.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert header == ["model", "scenario", "region", "variable", "unit", *map(str, run.years)]
    assert [row[3] for row in rows[:2]] == ["Emissions|CO2 [NGHGI Sink]", "Emissions|CO2|AFOLU [NGHGI]"]
    assert [row[3] for row in rows[2:]] == [f"Lever|{name}" for name in run.levers]
    assert {tuple(row[:3]) for row in rows} == {("dualcarbon", "rapid-decline", "China")}
    assert float(rows[1][-1]) == -run["land_sink"][-1]


def test_the_same_pathway_is_stored_as_the_same_bytes(expected: Path, run: dc.Run, tmp_path: Path) -> None:
    before = expected.read_bytes()
    write_expected(expected, dc.run("rapid-decline"), ["net_co2", "land_sink"])
    assert expected.read_bytes() == before
    files.write_runs([run], tmp_path / "out")
    write_expected(expected, tmp_path / "out" / "rapid-decline", ["net_co2", "land_sink"])
    assert_pathways_close(run, expected, variables=["net_co2", "land_sink"])


def test_results_without_levers_are_stored_without(run: dc.Run, tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    write_expected(path, Results(run.years.copy(), run.results.base_year, {"gdp": run["gdp"]}))
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2
    assert_pathways_close(run, path, variables=["gdp"])
    assert message("current-policies", path, variables=["gdp"])[-1] == "levers: not known for expected"


@pytest.mark.parametrize(
    ("arrays", "what"),
    [
        ({"my_own": np.zeros(2)}, "my_own: only single pathways of registered variables can be stored"),
        ({"gdp": np.zeros((3, 2))}, "gdp: only single pathways of registered variables can be stored"),
        ({}, "nothing to compare"),
    ],
)
def test_what_cannot_be_stored_is_refused(arrays: dict[str, np.ndarray], what: str, tmp_path: Path) -> None:
    results = Results(year_range(2025, 2026), 2025, arrays)
    with pytest.raises(dc.InputError, match=what):
        write_expected(tmp_path / "mine.csv", results)
    assert not list(tmp_path.iterdir())


Change = Callable[[list[str]], object]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda rows: rows.clear(), "cannot be read as an expected pathway"),
        (lambda rows: rows.insert(0, "unit,year"), "columns do not begin with model, scenario, region, "),
        (lambda rows: rows.insert(0, rows[0] + ",mean"), r"invalid literal for int.* 'mean'"),
        (lambda rows: rows.insert(1, rows[1].replace("CO2 [", "CO2 [[")), ":2: .* did you mean Emissions"),
        (lambda rows: rows.insert(1, rows[1].replace("Mt ", "Gt ")), ":2: .* is in Gt CO2/yr, not Mt CO2/yr"),
        (lambda rows: rows.insert(2, rows[2].rsplit(",", 3)[0]), r":3: .*\(63 columns, not 66\)"),
        (lambda rows: rows.insert(2, rows[2].rsplit(",", 1)[0] + ",n/a"), ":3: .*could not convert .*'n/a'"),
        (lambda rows: rows.insert(3, rows[2]), ":4: .* stands here twice"),
    ],
)
def test_a_damaged_expected_pathway_is_told_with_its_line(
    change: Change, what: str, expected: Path, run: dc.Run
) -> None:
    rows = expected.read_text(encoding="utf-8").splitlines()
    change(rows)
    expected.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(dc.InputError, match=what):
        assert_pathways_close(run, expected)


def test_metadata_that_cannot_be_read_means_unknown_levers(run: dc.Run) -> None:
    meta = {**run.results.meta, "levers": {"gdp_growth": "4 %"}}
    odd = replace(run.results, meta=meta)
    assert_pathways_close(odd, run)
    assert message("current-policies", odd)[-1] == "levers: not known for expected"


# the plugin, used from outside

EXAMPLE = """
from pathlib import Path

import pytest
import dualcarbon as dc
from dualcarbon.testing import assert_pathways_close

SCENARIO = Path(__file__).with_name("mine.yaml")

def test_our_scenario(pathways):
    pathways(dc.run(SCENARIO), variables=["net_co2", "dac"])

def test_capture_moves_co2():
    with pytest.raises(AssertionError, match="capture_rate"):
        assert_pathways_close(dc.run(SCENARIO, change=["capture_rate=50 %"]), SCENARIO)
"""


@pytest.fixture
def outside(pytester: pytest.Pytester) -> pytest.Pytester:
    """An empty folder to run pytest in, without plugins that slow it down."""
    pytester.makeini("[pytest]\naddopts = -p no:hypothesispytest -p no:benchmark -p no:cacheprovider")
    return pytester


@pytest.fixture
def project(outside: pytest.Pytester) -> pytest.Pytester:
    """A project of its own: a scenario and tests of it."""
    outside.path.joinpath("mine.yaml").write_text(MINE, encoding="utf-8")
    outside.makepyfile(test_mine=EXAMPLE)
    return outside


STORED = "pathways/test_mine.test_our_scenario.csv"


def test_a_missing_expectation_fails_with_a_hint(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(f"{STORED} is missing; `pytest --update-pathways` writes it")
    assert not (project.path / "pathways").exists()


def test_expectations_are_stored_then_compared(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess("--update-pathways")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines("dualcarbon: expected pathways written: 1; look at the diff")
    assert [path.name for path in (project.path / "pathways").iterdir()] == [Path(STORED).name]
    before = (project.path / STORED).read_bytes()
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=2)
    assert (project.path / STORED).read_bytes() == before
    assert "written" not in result.stdout.str()


def test_a_changed_lever_fails_until_the_expectation_is_updated(project: pytest.Pytester) -> None:
    project.runpytest_inprocess("--update-pathways")
    scenario = project.path / "mine.yaml"
    scenario.write_text(MINE.replace("300 Mt", "240 Mt"), encoding="utf-8")
    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*pathways are not close (rtol 1e-06): actual mine, expected *test_our_scenario.csv",
            "E*dac [[]Mt CO2[]] in 2031: actual *, expected *; relative difference 0.2; 30 years differ",
            "E*net_co2 [[]Mt CO2[]] in 2060: actual *, expected *; 30 years differ",
            "E*levers that moved:",
            "E*dac [[]Mt CO2[]] in 2031: actual *, expected *; 30 years differ",
            "E*if the change is meant, `pytest --update-pathways` writes it anew",
            "test_mine.py:10: AssertionError",
        ]
    )
    project.runpytest_inprocess("--update-pathways").assert_outcomes(passed=2)
    project.runpytest_inprocess().assert_outcomes(passed=2)


def test_each_test_and_name_has_its_own_expectation(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_names="""
        import pytest

        class TestNames:
            @pytest.mark.parametrize("name", ["rapid-decline", "plan-pace"])
            def test_each(self, pathways, name):
                pathways(name, variables="gdp")

        def test_named(pathways):
            pathways("plan-pace", "one", variables=["gdp"])
            pathways("plan-pace", name="two", rtol=1e-9)
        """
    )
    project.runpytest_inprocess("--update-pathways", "test_names.py").assert_outcomes(passed=3)
    assert sorted(path.name for path in (project.path / "pathways").iterdir()) == [
        "one.csv",
        "test_names.TestNames.test_each-plan-pace.csv",
        "test_names.TestNames.test_each-rapid-decline.csv",
        "two.csv",
    ]
    project.runpytest_inprocess("test_names.py").assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ("pathways(RUN, 'a'); pathways(RUN, 'a')", "a.csv is compared twice in this test"),
        ("pathways(RUN, '../a')", "that of a file without its folder"),
        ("pathways(RUN, '')", "that of a file without its folder"),
        ("pathways(RUN, rtol=1e-12)", "rtol is at least 1e-09"),
        ("pathways(RUN, rtol=float('nan'))", "rtol is at least 1e-09"),
        ("pathways(RUN, variables=['net_c02'])", "did you mean net_co2?"),
    ],
)
def test_wrong_use_fails_even_when_updating(call: str, what: str, outside: pytest.Pytester) -> None:
    outside.makepyfile(f"RUN = 'rapid-decline'\n\ndef test_it(pathways):\n    {call}\n")
    result = outside.runpytest_inprocess("--update-pathways")
    result.assert_outcomes(failed=1)
    assert what in result.stdout.str()


def test_the_installed_plugin_is_found_by_a_fresh_pytest(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--update-pathways", "-k", "our_scenario")
    result.assert_outcomes(passed=1, deselected=1)
    assert (project.path / STORED).is_file()


def test_the_plugin_imports_nothing_heavy() -> None:
    code = (
        "import sys; before = set(sys.modules); import dualcarbon.pytest_plugin;"
        "print(*sorted(name for name in sys.modules if name.startswith('dualcarbon')),"
        "*{'numpy', 'pydantic', 'yaml', 'scipy', 'pandas', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["dualcarbon", "dualcarbon.pytest_plugin"]
