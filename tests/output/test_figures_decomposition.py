"""The decomposition figure: bars that add up, told apart in grey, no overlaps, source and unit on it."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation, Text

import dualcarbon as dc
from dualcarbon.analysis.decomposition import LABELS, NAMES, Decomposition, decompose, joined
from dualcarbon.axes import year_range
from dualcarbon.output.figures import save
from dualcarbon.output.figures.decomposition import draw as draw_decomposition
from dualcarbon.project import pathway
from dualcarbon.results import Results
from strategies import random_inputs

What = tuple[str, int, int] | tuple[str, int, int, int]


@cache
def of(scenario: str, first: int, last: int, step: int | None = None) -> Decomposition:
    return decompose(dc.run(scenario).results, first, last, step)


FIGURES: dict[str, tuple[What, int | None]] = {
    "one period": (("current-policies", 2025, 2060), None),
    "periods": (("rapid-decline", 2025, 2060, 5), None),
    "below zero": (("deep-decarbonisation", 2025, 2060, 5), None),
    "one of several periods": (("rapid-decline", 2025, 2060, 5), 2),
    "history without land sink": (("current-policies", 2000, 2010, 5), None),
    "history and projection by year": (("deep-decarbonisation", 2000, 2060, 1), None),
}
figures = pytest.mark.parametrize(("what", "index"), FIGURES.values(), ids=FIGURES)


def bars(panel: Axes) -> list[Rectangle]:
    return [patch for patch in panel.patches if isinstance(patch, Rectangle)]


def drawn(figure: Figure) -> FigureCanvasAgg:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas


@figures
def test_bars_lead_from_the_first_total_to_the_last(what: What, index: int | None) -> None:
    figure = draw_decomposition(of(*what), "why", period_index=index, version="1")
    first, *steps, last = bars(figure.axes[0])
    assert first.get_height() + sum(bar.get_height() for bar in steps) == pytest.approx(last.get_height())
    at = first.get_height()
    for bar in steps:
        assert bar.get_y() == pytest.approx(at, abs=1e-9)
        at += bar.get_height()
    shown = of(*what) if index is not None else joined(of(*what))
    values = [float(shown.additive[name][index or 0]) / 1e3 for name in NAMES]
    values = [value for value in values if np.isfinite(value)]
    np.testing.assert_allclose([bar.get_height() for bar in steps], values, atol=1e-12)


@figures
def test_rising_and_falling_bars_differ_in_grey(what: What, index: int | None) -> None:
    for bar in bars(draw_decomposition(of(*what), "why", period_index=index, version="1").axes[0])[1:-1]:
        if abs(bar.get_height()) > 0.006:
            assert bool(bar.get_hatch()) == (bar.get_height() < 0.0)
        elif abs(bar.get_height()) < 0.004:  # the number on it is zero
            assert not bar.get_hatch()


@figures
def test_nothing_overlaps_or_is_cut(what: What, index: int | None) -> None:
    figure = draw_decomposition(of(*what), "why", period_index=index, version="1")
    canvas = drawn(figure)
    page = figure.bbox
    for panel in figure.axes:
        texts: list[Text] = [child for child in panel.get_children() if isinstance(child, Annotation)]
        texts += [label for label in panel.get_xticklabels() if label.get_text()]
        texts += [text for text in panel.findobj(Text) if text.get_text() == panel.get_title(loc="left")]
        renderer = canvas.get_renderer()
        boxes = {f"{text.get_text()} ({k})": text.get_window_extent(renderer) for k, text in enumerate(texts)}
        for (one, box), (other, another) in combinations(boxes.items(), 2):
            assert not box.overlaps(another), f"{one} and {other}"
        for one, box in boxes.items():
            assert page.x0 <= box.x0, one
            assert box.x1 <= page.x1, one


@figures
def test_title_unit_source_and_method_are_on_it(what: What, index: int | None) -> None:
    figure = draw_decomposition(of(*what), "Why CO2 changes", period_index=index, version="1")
    assert figure.get_suptitle() == "Why CO2 changes"
    footer = figure.get_supxlabel().replace("\n", " ")
    assert footer.startswith("Source: dualcarbon 1. History: National Bureau of Statistics")
    assert "LMDI-I" in footer
    for panel in figure.axes:
        assert ", Gt a year" in panel.get_title(loc="left")
    sink = of(*what).additive["land_sink"]
    unknown = bool(np.isnan(sink if index is None else sink[index]).any())
    assert ("land sink is not known" in footer) == unknown
    assert figure.axes[0].get_title(loc="left").startswith("CO2 before land sink" if unknown else "Net CO2")


def test_ticks_name_the_years_and_the_factors() -> None:
    figure = draw_decomposition(of("current-policies", 2025, 2060), "why", version="1")
    ticks = [label.get_text().replace("\n", " ") for label in figure.axes[0].get_xticklabels()]
    assert ticks == ["2025", *LABELS.values(), "2060"]


def test_periods_stack_up_to_their_change() -> None:
    decomposition = of("deep-decarbonisation", 2020, 2060, 5)
    above, below = draw_decomposition(decomposition, "why", version="1").axes
    heights = np.array([bar.get_height() for bar in bars(below)]).reshape(len(NAMES), -1)
    np.testing.assert_allclose(heights.sum(axis=0), decomposition.change / 1e3, rtol=1e-9)
    marks = next(line for line in below.lines if line.get_label() == "sum")
    np.testing.assert_allclose(np.asarray(marks.get_ydata()), decomposition.change / 1e3, rtol=1e-9)
    assert above.get_title(loc="left").startswith("Net CO2 in 2020 and 2060")
    low, high = below.get_ylim()
    ends = [y for bar in bars(below) for y in (bar.get_y(), bar.get_y() + bar.get_height())]
    assert low < min(ends)
    assert max(ends) < high


def test_a_chosen_period_is_shown_alone() -> None:
    figure = draw_decomposition(of("rapid-decline", 2025, 2060, 5), "why", period_index=1, version="1")
    assert len(figure.axes) == 1
    assert figure.axes[0].get_title(loc="left").startswith("Net CO2 in 2030 and 2035")


def test_a_pathway_that_does_not_change_is_drawn() -> None:
    steady = {key: np.repeat(value[:1], 3) for key, value in dc.run("current-policies").results.items()}
    steady = {key: np.zeros(3) if np.isnan(value).any() else value for key, value in steady.items()}
    steady["net_co2"] = steady["eip_co2"] - steady["dac"] - steady["land_sink"]
    decomposition = decompose(Results(year_range(2025, 2027), 2025, steady), 2025, 2027, 1)
    drawn(draw_decomposition(decomposition, "why", version="1"))


def test_a_batch_is_refused() -> None:
    batch = pathway(random_inputs(1, (3,)))
    with pytest.raises(ValueError, match="shows one pathway"):
        draw_decomposition(decompose(batch, 2000, 2005), "why", version="1")


def test_the_same_figure_gives_the_same_bytes(tmp_path: Path) -> None:
    for kind in ("png", "svg", "pdf"):
        files = [tmp_path / f"{k}.{kind}" for k in (1, 2)]
        for file in files:
            save(draw_decomposition(of("rapid-decline", 2025, 2060, 5), "why", version="1"), file)
        assert files[0].read_bytes() == files[1].read_bytes()
