"""`compare` by levers and by Kaya factors: tables, rows, figure."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dualcarbon import api
from dualcarbon.output import figures
from dualcarbon.output.figures import fonts

PAIR = ("current-policies", "rapid-decline")


def rows_of(path):
    return list(csv.DictReader(Path(path).read_text(encoding="utf-8").splitlines()))


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "shown", "hidden"),
    [
        ((), ["lever ", "by Kaya factor", "Set differently"], []),
        (("--by", "levers"), ["lever ", "Set differently"], ["by Kaya factor"]),
        (("--by", "kaya"), ["by Kaya factor", "LMDI-I", "Set differently"], ["lever "]),
    ],
    ids=["both", "levers", "kaya"],
)
def test_by_chooses_the_tables(words, shown, hidden, typed):
    result = typed("compare", *PAIR, "--at", "2030,2060", *words)
    assert (result.code, result.err) == (0, "")
    assert all(text in result.out for text in shown)
    assert not [text for text in hidden if text in result.out]


def test_rows_of_both_splits_add_up_to_the_difference(here, typed):
    assert typed("compare", *PAIR, "--at", "2030,2060", "-o", "why.csv").code == 0
    one, other = (api.run(name).results for name in PAIR)
    future = other.years > other.base_year
    for by in ("levers", "kaya"):
        for year in (2030, 2060):
            rows = [
                r
                for r in rows_of("why.csv")
                if (r["by"], r["variable"], r["year"]) == (by, "net_co2", str(year))
            ]
            until = future & (other.years <= year)
            change = other["net_co2"] - one["net_co2"]
            annual = float(other.in_year("net_co2", year) - one.in_year("net_co2", year))
            assert sum(float(r["difference"]) for r in rows) == pytest.approx(annual, abs=1e-5)
            summed = sum(float(r["cumulative_difference"]) for r in rows)
            assert summed == pytest.approx(float(change[until].sum()), abs=1e-4)


@pytest.mark.parametrize("by", ["levers", "kaya"])
def test_by_chooses_the_rows(by, here, typed):
    assert typed("compare", *PAIR, "--at", "2060", "--by", by, "-o", "why.csv").code == 0
    assert {row["by"] for row in rows_of("why.csv")} == {by}


def test_kaya_names_what_differs_and_nothing_else(typed):
    out = typed("compare", *PAIR, "--at", "2060", "--by", "kaya").out
    table = out[out.index("by Kaya factor") :].split("\n\n")[0]
    assert "fuel mix" in table
    assert "population" not in table  # the same in both


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_figure(ending, here, typed):
    result = typed("compare", *PAIR, "--at", "2060", "-o", f"why.{ending}")
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith(f"\nWritten: why.{ending}\n")
    assert Path(f"why.{ending}").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-o", "why.txt"), "why.txt: a table file ends in .csv, a figure file in .png, .svg, .pdf\n"),
        (
            ("--at", "2026,2027,2028,2029,2030,2031,2032", "-o", "why.png"),
            "why.png: a figure has room for 6 years; choose them with --at\n",
        ),
        (("--by", "sectors"), "dualcarbon compare: there is no --by 'sectors'; allowed: levers, kaya\n"),
    ],
)
def test_what_is_refused(words, message, here, typed):
    result = typed("compare", *PAIR, *words)
    assert (result.code, result.out) == (2, "")
    assert result.err == message
    assert not list(here.iterdir())


def test_two_of_the_same_have_nothing_to_draw(here, typed):
    result = typed("compare", "plan-pace", "plan-pace", "-o", "why.png")
    assert result.code == 2
    assert (
        result.err
        == "plan-pace and plan-pace: the two pathways have the same levers; there is nothing to draw\n"
    )
    assert not list(here.iterdir())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_bars_lead_from_nothing_to_the_difference(language, here, typed, monkeypatch):
    drawn = []
    monkeypatch.setattr(fonts, "chinese_family", lambda: fonts.LATIN)
    monkeypatch.setattr(figures, "save", lambda figure, path, language: (drawn.append(figure), path.touch()))
    assert typed("compare", *PAIR, "--at", "2030,2060", "-o", "why.png", "--lang", language).code == 0
    figure, scale = drawn[0], {"en": 1e-3, "zh": 1e-2}[language]
    found = api.compare(*map(api.run, PAIR), [2030, 2060])
    splits = (found.attribution.annual["net_co2"], found.kaya.annual)
    assert len(figure.axes) == 6
    for axes, split, k in zip(figure.axes, [splits[0]] * 3 + [splits[1]] * 3, [0, 1, -1] * 2, strict=True):
        *steps, total = axes.patches
        assert sum(bar.get_width() for bar in steps) == pytest.approx(total.get_width(), abs=1e-4)
        for bar in steps:
            clear = abs(bar.get_width()) > 0.06
            assert not clear or bool(bar.get_hatch()) == (bar.get_width() < 0.0)
        if k >= 0:
            assert total.get_width() == pytest.approx(split.difference[k] * scale, abs=1e-4)
            before, after = (f"{value * scale:.1f}" for value in (split.before[k], split.after[k]))
            assert f"{before} → {after}" in axes.get_title(loc="left")
    ticks = [label.get_text() for label in figure.axes[3].get_yticklabels()]
    assert ("fuel mix" if language == "en" else "能源结构") in ticks
    levers = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert ("CO2 capture rate" if language == "en" else "二氧化碳捕集率") in levers
    source = figure.get_supxlabel()
    assert "current-policies" in source
    assert "LMDI-I" in source
