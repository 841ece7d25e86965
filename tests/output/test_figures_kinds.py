"""Every kind of figure says what it shows, in which unit and from where, and shows the numbers of the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

import dualcarbon as dc
from drawings import footer, line, marks, rendered, thickness, titles, values
from dualcarbon import api, files
from dualcarbon.output import figures
from dualcarbon.output.figures import emissions, energy, fonts, intensity, labels, overview, shares
from dualcarbon.output.figures.labels import say
from dualcarbon.results import Results
from dualcarbon.tables.studies import StudyValue, read_studies
from dualcarbon.tables.variables import read_variables

LIBRARY = api.open_library()
VARIABLES = read_variables(LIBRARY)
SINGLE = [kind for kind in figures.KINDS if kind != figures.COMPARISON]
SCALE = {"en": 1e-3, "zh": 1e-2}
languages = pytest.mark.parametrize("language", labels.LANGUAGES)


@cache
def run(scenario: str = "deep-decarbonisation") -> dc.Run:
    return dc.run(scenario)


def scores(scenario: str = "deep-decarbonisation") -> list[dict[str, str]]:
    return files.scoreboard(scenario, LIBRARY)[1]


@pytest.fixture(autouse=True)
def _a_font_for_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a figure says can be read back without a Chinese font; only drawing it needs one."""
    monkeypatch.setattr(fonts, "chinese_family", lambda: fonts.LATIN)


DRAW: dict[str, Callable[[Results, str], Figure]] = {
    "overview": lambda r, language: overview.draw(r, "A title", scores(), language),
    "emissions": lambda r, language: emissions.draw(r, "A title", scores(), language),
    "energy": lambda r, language: energy.draw(r, "A title", language),
    "shares": lambda r, language: shares.draw(r, "A title", scores(), language),
    "intensity": lambda r, language: intensity.draw(r, "A title", scores(), language),
}


@languages
@pytest.mark.parametrize("kind", SINGLE)
def test_title_units_and_source_are_on_every_kind(kind: str, language: str) -> None:
    figure = figures.draw_kind(kind, run().results, scores(), language)
    assert figure.get_suptitle() == f"deep-decarbonisation: {run().scenario.title}"
    source = "Source: dualcarbon" if language == "en" else "来源：dualcarbon"
    assert footer(figure).startswith(f"{source} {dc.__version__}")
    assert ("National Bureau of Statistics" if language == "en" else "国家统计局") in footer(figure)
    units = ("Gt", "%", "= 100") if language == "en" else ("亿吨", "%", "=100")
    for title in titles(figure):
        assert any(unit in title for unit in units), title


@pytest.mark.parametrize("kind", SINGLE)
def test_chinese_figures_have_no_english_words_left(kind: str) -> None:
    figure = figures.draw_kind(kind, run().results, scores(), "zh")
    legends = [axes.get_legend() for axes in figure.axes]
    texts = [text.get_text() for legend in legends if legend for text in legend.get_texts()]
    texts += titles(figure) + [label.get_text() for axes in figure.axes for label in axes.get_xticklabels()]
    allowed = {"CO2", "GDP", "BECCS", "DAC", "LMDI"}
    for text in texts:
        words = "".join(c if c.isascii() else " " for c in text).replace("、", " ").split()
        left = {word.strip("%,=/-") for word in words if any(c.isalpha() for c in word)} - allowed
        assert not left, text


@languages
def test_emissions_are_stacked_by_source_with_sinks_and_removals_below(language: str) -> None:
    results = run().results
    axes = emissions.draw(results, "A title", scores(), language).axes[0]
    for year in (2010, 2025, 2060):
        keys = {
            "coal": "coal_co2",
            "oil": "oil_co2",
            "gas": "gas_co2",
            "processes": "process_co2",
            "land sink": "land_sink",
            "captured": "captured_co2",
        }
        for label, key in keys.items():
            expected = float(results.in_year(key, year)) * SCALE[language]
            assert thickness(axes, say(label, language), year) == pytest.approx(expected), label
    removed = float(results.in_year("beccs", 2060) + results.in_year("dac", 2060)) * SCALE[language]
    assert thickness(axes, say("removed", language), 2060) == pytest.approx(removed)
    assert axes.get_ylim()[0] < 0.0
    for label, key in (("net co2", "net_co2"), ("net ghg", "net_ghg")):
        np.testing.assert_array_equal(values(axes, say(label, language)), results[key] * SCALE[language])


def test_emissions_mark_the_peak_and_the_year_of_neutrality() -> None:
    axes = emissions.draw(run().results, "A title", scores()).axes[0]
    assert marks(axes) == [(2060.0, 0.0)]
    highest = int(np.nanargmax(run()["eip_co2"]))
    peak = float(run().years[highest]), pytest.approx(float(run()["eip_co2"][highest]) / 1e3)
    assert marks(axes, "v") == [peak]


@languages
@pytest.mark.parametrize("accounting", energy.ACCOUNTINGS)
def test_energy_is_stacked_up_to_the_total_of_its_accounting(accounting: str, language: str) -> None:
    results = run().results
    axes = energy.draw(results, "A title", language, accounting).axes[0]
    direct = accounting == "direct"
    keys = ("energy_total_direct", "energy_total") if direct else ("energy_total", "energy_total_direct")
    for year in (2010, 2060):
        whole = sum(
            thickness(axes, say(name, language), year) for name in ("coal", "oil", "gas", "non_fossil")
        )
        assert whole == pytest.approx(float(results.in_year(keys[0], year)) * SCALE[language])
    label = say("total, coal-equivalent" if direct else "total, direct", language)
    np.testing.assert_array_equal(values(axes, label), results[keys[1]] * SCALE[language])
    named = {"en": ("coal-equivalent", "direct equivalent"), "zh": ("发电煤耗法", "电热当量法")}
    assert named[language][direct] in axes.get_title(loc="left")


def test_shares_have_the_official_targets() -> None:
    figure = shares.draw(run().results, "A title", scores())
    axes = figure.axes[0]
    np.testing.assert_array_equal(values(axes, "non-fossil"), run()["non_fossil_share"] * 100.0)
    np.testing.assert_array_equal(values(axes, "coal"), run()["coal_share"] * 100.0)
    pledged = [
        (t.target.year, t.target.value) for t in run().scores if t.target.indicator == "non_fossil_share"
    ]
    assert {(2030.0, 25.0), (2035.0, 30.0), (2060.0, 80.0)} <= set(marks(axes)) <= set(pledged)
    assert "official targets" in [text.get_text() for text in axes.get_legend().get_texts()]


def test_intensity_has_both_scopes_of_both_and_their_targets() -> None:
    axes = intensity.draw(run().results, "A title", scores()).axes[0]
    keys = {
        "energy, total": "energy_intensity",
        "energy, fossil": "energy_intensity_fossil",
        "co2, old scope": "carbon_intensity_energy",
        "co2, new scope": "carbon_intensity_combustion_process",
    }
    for label, key in keys.items():
        index = run()[key] / run().results.in_year(key, 2005) * 100.0
        np.testing.assert_allclose(values(axes, say(label, "en")), index, rtol=1e-12)
    new = values(axes, say("co2, new scope", "en"))[25]  # 2025
    old = (2030.0, pytest.approx(35.0))
    assert marks(axes) == [old, (2026.0, pytest.approx(new * 0.962)), (2030.0, pytest.approx(new * 0.83))]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert [name for name in legend if name.startswith("target")] == [
        "target for CO2, scope until 2025",
        "target for CO2, scope from 2026",
    ]


@languages
@pytest.mark.parametrize("scenario", ["current-policies", "rapid-decline", "deep-decarbonisation"])
@pytest.mark.parametrize("kind", ["emissions", "overview"])
def test_the_year_of_neutrality_is_named_as_a_target_below_all_data(
    kind: str, scenario: str, language: str
) -> None:
    results = run(scenario).results
    figure = figures.draw_kind(kind, results, scores(scenario), language)
    axes = figure.axes[0]
    name = next(text for text in axes.texts if isinstance(text, Annotation) and "2060" in text.get_text())
    assert ("target" if language == "en" else "目标") in name.get_text()
    low = -(results["land_sink"] + results["captured_co2"] + results["beccs"] + results["dac"])
    lowest = min(float(np.nanmin(low)), float(np.nanmin(results["net_ghg"]))) * SCALE[language]
    assert name.xyann[1] < lowest


def test_overview_has_the_four_panels() -> None:
    alone = [
        titles(DRAW[kind](run().results, "en"))[0] for kind in ("emissions", "energy", "shares", "intensity")
    ]
    assert titles(overview.draw(run().results, "A title", scores())) == alone


def test_lines_of_one_panel_differ_in_dashes_or_width() -> None:
    for kind in ("shares", "intensity"):
        axes = DRAW[kind](run().results, "en").axes[0]
        named = [one for one in axes.lines if one.get_marker() == "None" and str(one.get_label())[0] != "_"]
        assert len({(str(one._dash_pattern), one.get_linewidth()) for one in named}) == len(named)


# several scenarios


def comparison(language: str = "en", studies: tuple[StudyValue, ...] = ()) -> Figure:
    runs = [(name, run(name).results) for name in ("current-policies", "rapid-decline")]
    return figures.comparison.draw(runs, VARIABLES, studies, language)


@languages
def test_comparison_shows_the_lines_of_every_scenario(language: str) -> None:
    figure = comparison(language)
    first = figure.axes[0]
    future = run("rapid-decline").years >= 2025
    expected = run("rapid-decline")["eip_co2"][future] * SCALE[language]
    np.testing.assert_allclose(values(first, "rapid-decline"), expected, rtol=1e-15)
    np.testing.assert_allclose(
        values(first, say("history", language)), run("rapid-decline")["eip_co2"][:26] * SCALE[language]
    )
    label = VARIABLES["eip_co2"].label_zh if language == "zh" else VARIABLES["eip_co2"].label
    assert titles(figure)[0].startswith(label)
    assert len(figure.axes) == 6
    assert figure.get_suptitle() == say("side by side", language)


def test_studies_stand_only_where_they_have_the_definition_of_the_panel() -> None:
    studies = tuple(read_studies(LIBRARY))
    figure = comparison(studies=studies)
    for axes, shown in zip(figure.axes, figures.comparison._SHOWN, strict=True):
        places = {
            (float(x), round(float(y), 9))
            for one in axes.lines
            if one.get_color() == "#555555" and one.get_marker() != "None"
            for x, y in zip(np.asarray(one.get_xdata()), np.asarray(one.get_ydata()), strict=True)
        }
        factor = 100.0 if shown == "non_fossil_share" else 1e-3
        ends = {
            (float(s.year), round(end * factor, 9))
            for s in studies
            if s.variable == shown and s.year is not None
            for end in (s.low, s.high)
        }
        assert places == ends, shown
    assert figure.get_suptitle() == "Scenarios among published ranges"
    assert "not verified" in footer(figure)
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    drawn = {s.study for s in studies if s.variable in figures.comparison._SHOWN and s.year is not None}
    assert legend == ["current-policies", "rapid-decline", "history", *dict.fromkeys(s for s in legend[3:])]
    assert set(legend[3:]) == drawn


def test_unverified_figures_are_hollow() -> None:
    one, *_ = (s for s in read_studies(LIBRARY) if s.variable == "energy_co2" and s.status == "unverified")
    axes = comparison(studies=(one,)).axes[1]
    mark = next(line for line in axes.lines if line.get_marker() not in ("None", None))
    assert mark.get_markerfacecolor() == "white"


# hindcast


@languages
def test_hindcast_shows_what_was_forecast_from_each_year(language: str) -> None:
    found = api.hindcast(LIBRARY)
    figure = figures.hindcasts.draw(
        found.years, found.starts, found.observed, found.forecast, VARIABLES, language, version="7.5"
    )
    axes = figure.axes[1]
    factor = SCALE[language]
    np.testing.assert_array_equal(
        values(axes, say("statistics", language)), found.observed["energy_total"] * factor
    )
    for start in found.starts:
        drawn = line(axes, say("known to", language, year=start))
        np.testing.assert_array_equal(drawn.get_ydata(), found.forecast[start, "energy_total"] * factor)
        assert drawn.get_xdata()[0] == start
    source = "Source: dualcarbon" if language == "en" else "来源：dualcarbon"
    assert footer(figure).startswith(f"{source} 7.5")


# sweep


def test_a_sweep_shows_the_numbers_of_every_cell_and_hatches_what_cannot_be_met() -> None:
    cells = [
        {
            "settings": {"peak_year": peak, "neutral_year": neutral},
            "feasible": neutral > 2050,
            "peak_level": 12000.0 + peak,
            "cumulative": 300e3 + neutral,
            "non_fossil_share": {2035: 0.3},
            "intensity_decline": {2035: 0.034},
        }
        for peak in (2027, 2030)
        for neutral in (2050, 2055, 2060)
    ]
    figure = figures.sweeps.draw("mine", cells)
    level = figure.axes[0]
    texts = [text.get_text() for text in level.texts]
    assert sorted(texts) == sorted(f"{(12000.0 + cell['settings']['peak_year']) / 1e3:.4g}" for cell in cells)
    assert len(level.patches) == 2
    assert all(patch.get_hatch() for patch in level.patches)
    assert titles(figure)[0] == "Peak level, Gt CO2"
    assert "Hatched: cannot be met" in footer(figure)
    rendered(figure)


# layout


@pytest.mark.parametrize("kind", SINGLE)
def test_nothing_is_cut_at_the_edge(kind: str) -> None:
    figure = figures.draw_kind(kind, run().results, scores(), "en")
    renderer = rendered(figure).get_renderer()
    page = figure.bbox
    for text in figure.findobj(Text):
        if text.get_text().strip() and text.get_visible():
            box = text.get_window_extent(renderer)
            assert page.x0 - 1 <= box.x0, text.get_text()
            assert box.x1 <= page.x1 + 1, text.get_text()


LONG = "Costs of $5 and $6, and every other assumption of this scenario, in one title " * 3


@pytest.mark.parametrize("kind", SINGLE)
def test_a_title_is_drawn_as_it_is_written_and_broken_before_the_edge(kind: str) -> None:
    meta = {**run().results.meta, "scenario": {**run().results.meta["scenario"], "title": LONG.strip()}}
    results = replace(run().results, meta=meta)
    title_stays_whole(figures.draw_kind(kind, results, scores(), "en"), LONG)


def title_stays_whole(figure: Figure, title: str) -> None:
    text = next(t for t in figure.findobj(Text) if t.get_text() == figure.get_suptitle())
    assert title.strip() in text.get_text().replace("\n", " ")
    box = text.get_window_extent(rendered(figure).get_renderer())
    assert box.x1 <= figure.bbox.x1
    assert not [t.get_text() for t in figure.findobj(Text) if "$" in t.get_text() and t.get_parse_math()]


def test_long_titles_of_ensembles_are_broken_too() -> None:
    years = np.arange(2025, 2031)
    ramp = np.linspace(1.0, 2.0, 6)
    fan = figures.fans.Fan("x", years, np.stack([ramp] * 5), None, years - 6, ramp)
    chances = figures.year_chances.Chances("x", years, ramp / 9.0, None, 0.0, 0.0, False, 2025)
    title_stays_whole(figures.fans.draw(LONG, [fan] * 4, "source"), LONG)
    title_stays_whole(figures.year_chances.draw(LONG, [chances], "source"), LONG)


def test_names_of_scenarios_are_no_formulas() -> None:
    runs = [(name, run().results) for name in ("a$1$", "b$2$")]
    figure = figures.comparison.draw(runs, VARIABLES)
    assert not [t.get_text() for t in figure.findobj(Text) if "$" in t.get_text() and t.get_parse_math()]


def test_numbers_on_a_line_are_not_struck_through() -> None:
    pair = api.compare(run("current-policies"), run("deep-decarbonisation"), [2060])
    names = {name: say(name, "en") for name in pair.kaya.annual.groups}
    rows = [figures.difference.Rows("by kaya", names, pair.kaya.annual, pair.kaya.cumulative)]
    figure = figures.difference.draw(("a", "b"), rows, 2025, version="1")
    for axes in figure.axes:
        for text in axes.texts:
            box = text.get_bbox_patch()
            assert box is not None
            assert box.get_facecolor() == (1.0, 1.0, 1.0, 1.0)
    assert "Source: dualcarbon 1." in footer(figure)
    assert "National Bureau of Statistics" in footer(figure)


def test_numbers_of_a_difference_stay_in_their_panel() -> None:
    pair = api.compare(run("current-policies"), run("deep-decarbonisation"), [2030, 2035, 2060])
    names = {name: say(name, "en") for name in pair.kaya.annual.groups}
    rows = [figures.difference.Rows("by kaya", names, pair.kaya.annual, pair.kaya.cumulative)]
    figure = figures.difference.draw(("a", "b"), rows, 2025, pair.kaya.method, version="1")
    renderer = rendered(figure).get_renderer()
    for axes in figure.axes:
        for text in axes.texts:
            box = text.get_window_extent(renderer)
            assert axes.bbox.x0 - 2 <= box.x0, text.get_text()
            assert box.x1 <= axes.bbox.x1 + 2, text.get_text()


def test_titles_of_the_comparison_do_not_run_into_one_another() -> None:
    figure = comparison(studies=tuple(read_studies(LIBRARY)))
    renderer = rendered(figure).get_renderer()
    for row in (figure.axes[:3], figure.axes[3:]):
        boxes = [
            next(t for t in axes.findobj(Text) if t.get_text() == axes.get_title(loc="left")) for axes in row
        ]
        extents = [text.get_window_extent(renderer) for text in boxes]
        for left, right in pairwise(extents):
            assert left.x1 < right.x0
