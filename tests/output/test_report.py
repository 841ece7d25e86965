"""The report as a file: complete, equal to the run, harmless, and in need of nothing else."""

from __future__ import annotations

import csv
import re
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import dualcarbon as dc
from dualcarbon import api, files
from dualcarbon.errors import InputError, OutputError
from dualcarbon.output import palette
from dualcarbon.output.report import patterns
from dualcarbon.output.report.not_claimed import NOT_CLAIMED
from dualcarbon.tables import Library
from pages import Element, chart_content, read_page

ROOT = Path(__file__).parents[2]
NASTY = '</script><script>alert(1)</script><img src=x onerror=alert(2)> & "quoted" {{ 7 * 7 }}'
PANELS = ("emissions", "energy", "shares", "intensity")
COMPARED = ("eip_co2", "net_ghg", "non_fossil_share", "energy_total")


@pytest.fixture(scope="module")
def library() -> Library:
    return api.open_library()


@pytest.fixture(scope="module")
def runs(library: Library) -> list[dc.Run]:
    return [api.run(name, data=library) for name in ("rapid-decline", "current-policies")]


@pytest.fixture(scope="module")
def text(runs: list[dc.Run], library: Library, tmp_path_factory: pytest.TempPathFactory) -> str:
    target = tmp_path_factory.mktemp("report") / "report.html"
    files.write_report(runs, target, library)
    return target.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> Element:
    return read_page(text)


def section(page: Element, key: str) -> Element:
    return page.only("section", id=key)


# one file that needs nothing else


def test_nothing_is_asked_of_the_network(page: Element, text: str) -> None:
    policy = page.only("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy
    for tag in ("link", "img", "iframe", "object", "base"):
        assert not page.all(tag)
    assert not [one for one in page.all("script") if "src" in one.attributes]
    assert all(a.attributes["href"].startswith("#") for a in page.all("a"))
    style = page.only("style").text
    assert "url(" not in style
    assert "@import" not in style
    assert text.count("plotly.js v") == 1
    assert len(text.encode()) < 6_000_000


def test_links_and_labels_lead_somewhere(page: Element) -> None:
    ids = [
        e.attributes["id"] for tag in ("section", "div", "h4") for e in page.all(tag) if "id" in e.attributes
    ]
    assert len(ids) == len(set(ids))
    assert {a.attributes["href"][1:] for a in page.all("a")} <= set(ids)
    assert {d.attributes["aria-labelledby"] for d in page.all("div", role="img")} <= set(ids)


def test_every_table_can_be_scrolled_by_keyboard_and_has_headings(page: Element) -> None:
    regions = page.all("div", role="region")
    assert len(regions) == len(page.all("table")) > 10
    assert all(r.attributes["tabindex"] == "0" and r.attributes["aria-label"] for r in regions)
    for table in page.all("table"):
        body = table.only("tbody")
        assert all(row.inside[0].attributes.get("scope") == "row" for row in body.all("tr"))
        assert len({len(row) for row in table.rows()}) == 1


def test_the_same_runs_give_the_same_bytes(
    runs: list[dc.Run], library: Library, text: str, tmp_path: Path
) -> None:
    files.write_report(runs, tmp_path / "again.html", library)
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == text


def test_run_folders_give_the_page_of_their_runs(
    runs: list[dc.Run], library: Library, text: str, tmp_path: Path
) -> None:
    files.write_runs(runs, tmp_path)
    again = [api.reopen(tmp_path / run.name, library) for run in runs]
    files.write_report(again, tmp_path / "report.html", library)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == text


# what a user wrote cannot do harm


def test_what_a_user_wrote_stays_text(library: Library, tmp_path: Path) -> None:
    scenario = tmp_path / "mine.yaml"
    quoted = NASTY.replace("'", "''")
    lines = [
        "name: mine",
        f"title: '{quoted}'",
        f"description: '{quoted}'",
        "extends: current-policies",
        "levers: {dac: {2060: 1 Mt}}",
    ]
    scenario.write_text("\n".join(lines), encoding="utf-8")
    runs = [api.run(scenario, data=library), api.run("plan-pace", data=library)]
    target = tmp_path / "report.html"
    files.write_report(runs, target, library, title=NASTY)
    text = target.read_text(encoding="utf-8")
    page = read_page(text)
    assert len(page.all("script")) == 3
    assert not page.all("img")
    assert page.only("h1").text == page.only("title").text == NASTY
    shown = [p.text for p in section(page, "run-1").all("p")]
    assert shown[:2] == [NASTY, NASTY]
    assert "alert(1)</script>" not in text


def test_commands_in_a_description_are_set_as_code(library: Library, tmp_path: Path) -> None:
    scenario = tmp_path / "mine.yaml"
    text = "name: mine\ndescription: See `dualcarbon data <b>`.\nextends: current-policies\n"
    scenario.write_text(text, encoding="utf-8")
    files.write_report([api.run(scenario, data=library)], tmp_path / "r.html", library)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<p>See <code>dualcarbon data &lt;b&gt;</code>.</p>" in page
    assert "`" not in " ".join(p.text for p in section(read_page(page), "run-1").all("p"))


def test_names_in_charts_are_no_markup(runs: list[dc.Run], library: Library, tmp_path: Path) -> None:
    """A folder's record could bear any name; plotly shows labels as HTML."""
    odd = replace(runs[0], scenario=replace(runs[0].scenario, name='<a href="javascript:x">y</a>'))
    files.write_report([odd, runs[1]], tmp_path / "r.html", library)
    charts = chart_content(read_page((tmp_path / "r.html").read_text(encoding="utf-8")))
    names = [trace["name"] for trace in charts["compared-eip_co2"]["traces"]]
    assert names[1] == "&lt;a href=&quot;javascript:x&quot;&gt;y&lt;/a&gt;"


# charts


def traces(page: Element, key: str) -> dict[str, dict[int, float]]:
    """Values by year of each trace, by its name and the choice that shows it."""
    return {
        f"{t['name']} {t.get('meta', '')}".strip(): dict(zip(t["x"], t["y"], strict=True))
        for t in chart_content(page)[key]["traces"]
    }


def test_every_chart_is_there_with_its_unit_and_source(page: Element) -> None:
    keys = [f"compared-{k}" for k in COMPARED] + [f"run-{n}-{panel}" for n in (1, 2) for panel in PANELS]
    figures = page.all("figure")
    assert [f.only("div", role="img").attributes["id"] for f in figures] == keys
    assert list(chart_content(page)) == keys
    for figure in figures:
        assert re.search(r", (Gt|Gtce|%|2005 = 100)", figure.only("h4").text)
        assert "Source: dualcarbon" in figure.only("figcaption").text
        assert "National Bureau of Statistics" in figure.only("figcaption").text


def test_sources_less_sinks_are_the_net_line(page: Element, runs: list[dc.Run]) -> None:
    shown = traces(page, "run-1-emissions")
    parts = ("coal", "oil", "gas", "processes", "land sink", "captured, BECCS, DAC")
    for year in (2010, 2025, 2040, 2060):
        total = sum(shown[name][year] for name in parts)
        assert total == pytest.approx(shown["net CO2"][year], abs=2e-3)
        assert shown["net CO2"][year] == pytest.approx(
            float(runs[0].results.in_year("net_co2", year)) / 1e3, rel=1e-4
        )
        assert shown["land sink"][year] < 0 < shown["coal"][year]


def test_missing_years_are_missing(page: Element, runs: list[dc.Run]) -> None:
    for name, key in (("net CO2", "net_co2"), ("net GHG, CO2e", "net_ghg"), ("land sink", "land_sink")):
        known = np.isfinite(runs[0][key])
        assert list(traces(page, "run-1-emissions")[name]) == runs[0].years[known].tolist()
        assert not known.all()


def test_energy_adds_up_in_either_accounting(page: Element, runs: list[dc.Run]) -> None:
    shown = traces(page, "run-2-energy")
    for choice, key in (("coal-equivalent", "energy_total"), ("direct equivalent", "energy_total_direct")):
        for year in (2025, 2060):
            fuels = sum(shown[n][year] for n in ("coal", "oil", "gas", f"non-fossil {choice}"))
            total = float(runs[1].results.in_year(key, year)) / 1e3
            assert fuels == pytest.approx(total, rel=1e-4)
            assert shown[f"total {choice}"][year] == pytest.approx(total, rel=1e-4)
    assert shown["total direct equivalent"][2060] < shown["total coal-equivalent"][2060]


def test_the_energy_chart_starts_with_coal_equivalent(page: Element) -> None:
    hidden = [t for t in chart_content(page)["run-1-energy"]["traces"] if t.get("visible") is False]
    assert {t["meta"] for t in hidden} == {"direct equivalent"}
    choices = page.all("input", type="radio", name="run-1-energy-choice")
    assert [("checked" in c.attributes, c.attributes["value"]) for c in choices] == [
        (True, "coal-equivalent"),
        (False, "direct equivalent"),
    ]


def test_target_marks_stand_where_the_documents_say(page: Element, library: Library) -> None:
    rows = [r for r in library["targets"].rows if r["status_in_time"] == "in force"]
    wanted = {
        (int(r["year"]), float(r["value"]))
        for r in rows
        if r["indicator"] == "non_fossil_share" and r["role"] != "range top"
    }
    assert {(2030, 25.0), (2035, 30.0)} <= wanted
    assert set(traces(page, "run-1-shares")["official targets in force"].items()) == wanted
    assert traces(page, "run-1-emissions")["target: neutral"] == {2060: 0.0}
    marks = [t for t in chart_content(page)["run-1-intensity"]["traces"] if t["mode"] == "markers"]
    assert [(t["name"], t["marker"]["symbol"], t["x"]) for t in marks] == [
        ("target for CO2, scope until 2025", "diamond", [2030]),
        ("target for CO2, scope from 2026 (approximate)", "diamond-open", [2026, 2030]),
    ]
    by_text = {text: (x, y) for t in marks for text, x, y in zip(t["text"], t["x"], t["y"], strict=True)}
    assert by_text["CO2 per unit of GDP, cut from 2005, 2030: 65 %, energy"] == (2030, 35.0)
    scope = traces(page, "run-1-intensity")["CO2, scope from 2026 (approximate)"]
    fall = by_text["CO2 per unit of GDP, cut 2026-2030: 17 %, combustion-process"]
    assert fall == (2030, pytest.approx(scope[2025] * 0.83, abs=0.006))


def test_scenarios_side_by_side_share_the_past(page: Element, runs: list[dc.Run]) -> None:
    shown = traces(page, "compared-eip_co2")
    assert list(shown) == ["history", "rapid-decline", "current-policies"]
    base = runs[0].results.base_year
    assert max(shown["history"]) == min(shown["rapid-decline"]) == base
    assert shown["rapid-decline"][2060] == pytest.approx(runs[0]["eip_co2"][-1] / 1e3, rel=1e-4)


def test_the_numbers_of_a_chart_are_in_its_table(page: Element) -> None:
    figure = page.all("figure")[4]
    rows = {row[0]: row[1:] for row in figure.only("table").rows()}
    years = [int(year) for year in rows.pop("")]
    assert {2005, 2020, 2030, 2060} <= set(years)
    shown = traces(page, "run-1-emissions")
    assert rows["coal"] == [f"{shown['coal'][year]:.2f}" for year in years]
    assert rows["net GHG, CO2e"][years.index(2010)] == "–"


def test_one_run_alone_is_not_compared(runs: list[dc.Run], library: Library, tmp_path: Path) -> None:
    files.write_report(runs[:1], tmp_path / "one.html", library)
    page = read_page((tmp_path / "one.html").read_text(encoding="utf-8"))
    assert list(chart_content(page)) == [f"run-1-{panel}" for panel in PANELS]
    assert page.only("h1").text == runs[0].scenario.title


def test_a_run_without_the_years_of_targets_is_drawn(library: Library, tmp_path: Path) -> None:
    short = api.run("plan-pace", end_year=2030, base_year=2024, data=library)
    files.write_report([short], tmp_path / "short.html", library)
    page = read_page((tmp_path / "short.html").read_text(encoding="utf-8"))
    assert "target: neutral" not in traces(page, "run-1-emissions")
    assert set(traces(page, "run-1-shares")["official targets in force"]) == {2030}


def test_fills_beside_each_other_differ_in_grey() -> None:
    stacks = [
        (palette.COAL, palette.OIL, palette.GAS, palette.PROCESS),
        (palette.COAL, palette.OIL, palette.GAS, palette.CLEAN),
        (palette.SINK, palette.CAPTURE),
    ]
    for stack in stacks:
        for below, above in pairwise(stack):
            fills = patterns.PATTERNS.get(below), patterns.PATTERNS.get(above)
            assert fills[0] != fills[1] or abs(grey(below) - grey(above)) > 60


def grey(colour: str) -> float:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_fifty_scenarios_have_lines_of_their_own() -> None:
    styles = [tuple(patterns.line_style(place).items()) for place in range(50)]
    assert len(set(styles)) == 50


# words and tables


def test_the_overview_is_the_comparison_of_the_terminal(page: Element, runs: list[dc.Run]) -> None:
    header, *rows = section(page, "overview").all("table")[0].rows()
    assert header[0] == "scenario"
    assert [row[0] for row in rows] == ["rapid-decline", "current-policies"]
    assert rows[0][1:3] == ["2025", "12.06"]
    for row, run in zip(rows, runs, strict=True):
        official = run.official()
        assert row[-1] == f"{sum(s.verdict == 'met' for s in official)}/{len(official)}"
        assert float(row[4]) == pytest.approx(run["eip_co2"][-1] / 1e3, abs=0.005)


def test_a_scenario_is_shown_as_written(page: Element, runs: list[dc.Run]) -> None:
    part = section(page, "run-1")
    assert part.all("p", **{"class": "lead"})[0].text == runs[0].scenario.title
    assert part.all("p")[1].text == " ".join(runs[0].scenario.description.split())
    settings = dict(part.all("table", **{"class": "words"})[0].rows())
    assert settings["gdp_growth"] == "{2026: 4.6 %, 2030: 4.2 %, 2040: 2.8 %, 2060: 1.7 %}"
    assert settings["non_fossil_share"] == "{curve: logistic, to: 92 %, midpoint: 2038, width: 8}"
    assert settings["land_sink"] == "{scale: 0.9}"
    assert part.all("summary")[0].text.startswith("Extends current-policies: Policies and trends of today")


def test_what_was_set_on_top_is_shown(library: Library, tmp_path: Path) -> None:
    run = api.run("plan-pace", change=["dac=5 Mt"], data=library)
    files.write_report([run], tmp_path / "set.html", library)
    part = section(read_page((tmp_path / "set.html").read_text(encoding="utf-8")), "run-1")
    assert dict(part.all("table", **{"class": "words"})[0].rows())["set"] == "[dac=5 Mt]"


def test_every_target_is_scored_once_those_in_force_first(
    page: Element, runs: list[dc.Run], library: Library
) -> None:
    part = section(page, "targets")
    headings = [h.text for h in part.all("h3")]
    assert headings[0] == "In force"
    assert headings[-1].startswith("Not applicable")
    tables = [table.rows() for table in part.all("table")]
    rows = [row for table in tables for row in table[1:]]
    assert len(rows) == len(library["targets"].rows)
    assert [table[0][2:-1] for table in tables[:2]] == [[run.name for run in runs], ["all scenarios"]]
    for place, run in enumerate(runs):
        shared = [table[0][2] == "all scenarios" for table in tables[:-1]]
        cells = [row[2 + place * (not s)] for s, t in zip(shared, tables[:-1], strict=True) for row in t[1:]]
        for verdict, mark in (("met", "✓ met"), ("missed", "✗ missed")):
            assert sum(c.startswith(mark) for c in cells) == sum(s.verdict == verdict for s in run.scores)
    for score in runs[0].scores:
        row = next(row for row in rows if row[0].startswith(f"{score.target.label} {score.target.label_zh}"))
        if score.verdict != "not applicable" and score.target.unit == "%":
            assert f"{score.value:.2f} ({score.margin:+.2f})".replace("-", "−") in row[2]
        elif score.verdict != "not applicable" and score.target.unit == "year" and score.margin == 5:
            assert f"{score.value:.0f} (+5 years)" in row[2]
        assert all(title in row[-1] for title in titles(library, score.target.documents))


def titles(library: Library, documents: tuple[str, ...]) -> list[str]:
    by_id = {row["id"]: " ".join(row["title"].split()) for row in library["documents"].rows}
    return [by_id[one] for one in documents]


def test_every_table_is_named_with_edition_publisher_licence_and_hash(
    page: Element, library: Library
) -> None:
    *_, table = section(page, "provenance").all("table")
    rows = {row[0]: row for row in table.rows()[1:]}
    assert list(rows) == [f"{one.topic}/{one.name}" for one in library]
    for one in library:
        row = rows[f"{one.topic}/{one.name}"]
        assert row[4] == library.hashes[row[0]]
        assert row[3] == " ".join(one.sidecar["licence"].split())
        assert " ".join(one.sidecar["vintage"].split()) in row[1]
        assert all(source["publisher"] in row[2] for source in one.sidecar["sources"].values())


def test_how_well_the_numbers_are_known_is_counted(page: Element, runs: list[dc.Run]) -> None:
    header, first, *_ = section(page, "provenance").all("table")[0].rows()
    counts = runs[0].results.meta["rests_on"]
    assert header == ["scenario", *counts, "in all"]
    assert first == ["rapid-decline", *map(str, counts.values()), str(sum(counts.values()))]


def test_accounting_gwp_and_versions_are_said(page: Element) -> None:
    words = section(page, "provenance").only("dl").text
    assert "GWP100, IPCC Fifth Assessment Report" in words
    assert "coal-equivalent" in words
    assert f"dualcarbon {dc.__version__}, numpy {np.__version__}" in words


def test_what_is_not_claimed_is_said_in_the_words_of_the_readme(page: Element) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    said = readme.split("## What it does not claim\n")[1].split("\n## ")[0]
    assert " ".join(said.split()) == NOT_CLAIMED
    assert section(page, "not-claimed").only("p").text == NOT_CLAIMED


# refusals


@pytest.mark.parametrize("missing", ["plotly", "jinja2"])
def test_a_missing_package_names_the_extra(
    missing: str, runs: list[dc.Run], library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [n for n in sys.modules if n.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(OutputError, match=rf"reports need {missing}.*: pip install 'dualcarbon\[report\]'"):
        files.write_report(runs, tmp_path / "report.html", library)
    assert not list(tmp_path.iterdir())


def test_two_runs_of_one_name_are_refused(runs: list[dc.Run], library: Library, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="rapid-decline: two runs have this name"):
        files.write_report([runs[0], runs[0]], tmp_path / "report.html", library)
    assert not list(tmp_path.iterdir())


def test_the_scoreboard_file_and_the_page_agree(page: Element, runs: list[dc.Run], tmp_path: Path) -> None:
    files.write_runs(runs[:1], tmp_path)
    with (tmp_path / "rapid-decline" / "targets.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["status"] == "in force" and r["verdict"] == "missed"]
    shown = [r for r in section(page, "targets").all("table")[0].rows() if r[2].startswith("✗ missed")]
    assert len(shown) == len(rows) == 1
    assert shown[0][0].startswith(rows[0]["label"])
