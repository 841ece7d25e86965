"""`compare`, `decompose` and `diff` as typed."""

import csv
import math

import pytest

import dualcarbon as dc
from dualcarbon import api, files


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    parent = tmp_path_factory.mktemp("out")
    files.write_runs([api.run("current-policies"), api.run("rapid-decline")], parent)
    return parent


def test_compare_splits_the_difference_over_the_levers(folders, typed, tmp_path):
    table = tmp_path / "why.csv"
    first, second = str(folders / "current-policies"), str(folders / "rapid-decline")
    result = typed("compare", first, second, "--at", "2030,2060", "-o", str(table))
    assert (result.code, result.err) == (0, "")
    assert "rapid-decline less current-policies: net greenhouse gases, Mt" in result.out
    assert "levers.land_sink.scale: not set → 0.9" in result.out
    a, b = api.run("current-policies"), api.run("rapid-decline")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    for year in (2030, 2060):
        parts = [float(r["difference"]) for r in rows if (r["variable"], r["year"]) == ("net_ghg", str(year))]
        difference = b.results.in_year("net_ghg", year) - a.results.in_year("net_ghg", year)
        assert sum(parts) == pytest.approx(float(difference), abs=1e-5)


def test_compare_takes_scenarios_and_folders_alike(folders, typed):
    from_files = typed("compare", "current-policies", "rapid-decline", "--at", "2060")
    from_folders = typed(
        "compare", str(folders / "current-policies"), str(folders / "rapid-decline"), "--at", "2060"
    )
    assert from_files.out == from_folders.out


def test_a_pathway_compared_with_itself(typed):
    assert "have the same levers" in typed("compare", "plan-pace", "plan-pace").out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--at", "2030;2060"), "--at 2030;2060: write years between commas, such as 2030,2060\n"),
        (("--at", "2020"), "2020"),
        (("-o", "why.txt"), "why.txt: a table file ends in .csv, a figure file in .png, .svg, .pdf\n"),
    ],
)
def test_what_compare_refuses(words, expected, typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = typed("compare", "current-policies", "plan-pace", *words)
    assert result.code == 2
    assert expected in result.err
    assert not list(tmp_path.iterdir())


def test_decompose_adds_up_in_every_period(folders, typed, tmp_path):
    table = tmp_path / "factors.csv"
    run = str(folders / "rapid-decline")
    result = typed("decompose", run, "--from", "2005", "--to", "2060", "--step", "10", "-o", str(table))
    assert (result.code, result.err) == (0, "")
    assert "LMDI" in result.out
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    periods = dict.fromkeys(row["period"] for row in rows)
    assert list(periods) == ["2005-2015", "2015-2025", "2025-2035", "2035-2045", "2045-2055", "2055-2060"]
    for period in periods:
        values = {r["factor"]: float(r["mt_co2"]) for r in rows if r["period"] == period}
        change = values.pop("change")
        assert sum(values.values()) == pytest.approx(change, abs=1e-5)


def test_tables_of_many_years_are_cut_into_blocks_that_fit(folders, typed):
    decomposed = typed("decompose", str(folders / "rapid-decline"), "--from", "2005", "--step", "1").out
    assert decomposed.startswith("rapid-decline: Emissions fall")
    years = [str(year) for year in range(2026, 2061)]
    compared = typed("compare", "current-policies", "rapid-decline", "--at", ",".join(years)).out
    for out in (decomposed, compared):
        assert max(map(len, out.splitlines())) <= 100
    for names in (f"{year}-{year + 1}" for year in range(2005, 2060)):
        assert decomposed.count(names) == 2
    assert compared.count("2026-2060") == 3
    for lines in (decomposed.splitlines(), compared.splitlines()):
        rows = [line for line in lines if line.startswith(("land sink ", "land_sink "))]
        assert len(rows) > 3  # each block names its rows


def test_rows_say_of_what_they_are(folders, typed, tmp_path):
    runs = [str(folders / name) for name in ("current-policies", "rapid-decline")]
    table = tmp_path / "why.csv"
    assert typed("compare", *runs, "--at", "2060", "-o", str(table)).code == 0
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert {(r["first"], r["second"], r["sum_from"]) for r in rows} == {
        ("current-policies", "rapid-decline", "2026")
    }
    assert {r["variable"]: r["unit"] for r in rows}["net_ghg"] == "Mt CO2e"
    assert {r["variable"]: r["unit"] for r in rows}["net_co2"] == "Mt CO2"
    table = tmp_path / "factors.csv"
    assert typed("decompose", runs[1], "-o", str(table)).code == 0
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert {(r["scenario"], r["method"]) for r in rows} == {("rapid-decline", "LMDI-I")}


def test_decompose_multiplies_too(folders, typed, tmp_path):
    table = tmp_path / "factors.csv"
    result = typed("decompose", str(folders / "rapid-decline"), "--step", "5", "-o", str(table))
    assert "energy CO2 times" in result.out
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    for period in dict.fromkeys(row["period"] for row in rows):
        effects = {r["factor"]: r["times_energy_co2"] for r in rows if r["period"] == period}
        assert [name for name, effect in effects.items() if not effect] == [
            "process",
            "beccs",
            "dac",
            "land_sink",
        ]
        whole = float(effects.pop("change"))
        assert math.prod(float(effect) for effect in effects.values() if effect) == pytest.approx(
            whole, rel=1e-8
        )


def test_decompose_draws(typed, tmp_path):
    picture = tmp_path / "why.png"
    assert typed("decompose", "plan-pace", "-o", str(picture)).code == 0
    assert picture.stat().st_size > 10_000


@pytest.mark.parametrize("words", [("--from", "1990"), ("--from", "2060", "--to", "2030"), ("--step", "0")])
def test_years_that_cannot_be_decomposed(words, typed):
    result = typed("decompose", "plan-pace", *words)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1
    assert "Traceback" not in result.err


def test_diff_says_what_moved_and_exits_with_one(folders, typed):
    first, second = str(folders / "current-policies"), str(folders / "rapid-decline")
    same = typed("diff", first, first)
    assert (same.code, same.out, same.err) == (0, "Nothing moved by more than 1e-06.\n", "")
    other = typed("diff", first, second)
    assert (other.code, other.err) == (1, "")
    assert other.out.startswith("Moved by more than 1e-06\n  gdp_growth ")
    assert typed("diff", first, second, "--rtol", "2").code == 2
    assert typed("diff", first, "nowhere").code == 2


@pytest.mark.parametrize("command", ["compare", "decompose", "report", "export", "targets"])
def test_a_folder_that_is_not_there(command, typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    second = {"compare": ["plan-pace"], "report": ["-o", "r.html"], "export": ["-o", "x.csv"]}
    result = typed(command, "out/nope", *second.get(command, []))
    assert result.code == 2
    assert result.err == ("out/nope: no such scenario, neither a file, a run folder nor a bundled name\n")


def copied(folder, to):
    to.mkdir()
    for name in ("run.json", "pathway.csv", "targets.csv"):
        (to / name).write_bytes((folder / name).read_bytes())
    return to


def test_a_folder_whose_figures_are_not_those_of_its_record_is_not_reopened(folders, typed, tmp_path):
    copy = copied(folders / "rapid-decline", tmp_path / "copy")
    with (copy / "pathway.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    row = next(row for row in rows if row[3] == "Emissions|CO2|Industrial Processes [Before Capture]")
    place = header.index("2050")
    projected = row[place]
    row[place] = f"{float(projected) * (1 + 1e-8):.10g}"
    with (copy / "pathway.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    for words in (["decompose"], ["compare", "plan-pace"], ["report", "-o", tmp_path / "r.html"]):
        result = typed(*words, copy)
        assert (result.code, result.out) == (2, "")
        assert result.err == (
            f"{copy}: pathway.csv and the projection from run.json differ, most of all process_co2 in 2050: "
            f"{row[place]} Mt CO2 is written, {projected} is projected; "
            "it was written by another version, or edited: run its scenario again\n"
        )


def test_a_folder_that_lacks_years_of_its_record_is_not_reopened(folders, typed, tmp_path):
    copy = copied(folders / "rapid-decline", tmp_path / "copy")
    with (copy / "pathway.csv").open(encoding="utf-8", newline="") as file:
        rows = [row[:-1] for row in csv.reader(file)]
    with (copy / "pathway.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    result = typed("decompose", copy)
    assert "differ, 2060 stands only in the projection;" in result.err


def test_every_bundled_scenario_and_a_tiny_lever_are_reopened(tmp_path):
    """What a run writes is rounded; that alone must not count as another figure."""
    runs = [api.run(scenario) for scenario in api.scenarios()]
    files.write_runs(runs, tmp_path / "all")
    little = api.run("current-policies", change=["capture_rate={2040: 0.0001 %, 2060: 0.0003 %}"])
    files.write_runs([little], tmp_path / "little")
    for run in runs:
        again = api.reopen(tmp_path / "all" / run.name)
        assert again["net_co2"] == pytest.approx(run["net_co2"], rel=1e-9, abs=1e-5, nan_ok=True)
    api.reopen(tmp_path / "little" / little.name)


# from Python


def test_names_folders_and_runs_are_compared_alike(folders):
    by_name = dc.compare("current-policies", "rapid-decline")
    assert list(by_name.kaya.annual.years) == [2030, 2035, 2040, 2050, 2060]
    first = api.run("current-policies")
    for second in (folders / "rapid-decline", str(folders / "rapid-decline"), dc.load("rapid-decline")):
        found = dc.compare(first, second, [2060, 2030])
        assert list(found.kaya.annual.years) == [2030, 2060]
        for key, split in found.attribution.annual.items():
            by_lever = by_name.attribution.annual[key].in_year(2060)
            assert split.in_year(2060) == pytest.approx(by_lever, abs=1e-4)


def test_a_name_and_a_folder_are_decomposed_alike(folders):
    by_name, by_folder = (dc.decompose(one) for one in ("rapid-decline", folders / "rapid-decline"))
    assert by_name.periods == by_folder.periods == [(2025, 2060)]
    assert by_name.change == pytest.approx(by_folder.change)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dc.compare(3, "plan-pace"), "3: expected a run, a scenario or a run folder; found int"),
        (lambda: dc.compare("plan-pace", None), "None: expected a run, a scenario or a run folder; found"),
        (lambda: dc.compare("plan-pace", "plan-pase"), "plan-pase: no such scenario, neither a file, a run"),
        (lambda: dc.compare("plan-pace", "plan-pace", 2030), "years 2030: expected a list of years"),
        (lambda: dc.compare("plan-pace", "plan-pace", "2030"), "years '2030': expected a list of years"),
        (lambda: dc.compare("plan-pace", "plan-pace", [2030.5]), "years: 2030.5 is not a year"),
        (lambda: dc.compare("plan-pace", "plan-pace", [2020]), "2020 is outside the projected years"),
        (lambda: dc.compare("plan-pace", "plan-pace", []), "no years; choose some of 2026-2060"),
        (lambda: dc.decompose(["plan-pace"]), "expected a run, a scenario or a run folder; found list"),
        (lambda: dc.decompose("plan-pace", "2030"), "years: '2030' is not a year"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_or_decomposed(call, message):
    with pytest.raises(dc.InputError) as caught:
        call()
    assert message in str(caught.value)


def test_a_folder_of_other_data_is_not_reopened(folders, typed, tmp_path):
    record = (folders / "rapid-decline" / "run.json").read_text(encoding="utf-8")
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("pathway.csv", "targets.csv"):
        (copy / name).write_bytes((folders / "rapid-decline" / name).read_bytes())
    hashes = api.open_library().hashes
    (copy / "run.json").write_text(record.replace(hashes["economy/gdp"], "0" * 64), encoding="utf-8")
    result = typed("decompose", str(copy))
    assert result.err == f"{copy}: was run on other data than those at hand; run its scenario again\n"
