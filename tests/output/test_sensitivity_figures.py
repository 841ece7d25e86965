"""Tornado and variance tree: bars where the numbers are, nothing overlapping, source and unit on them."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from dualcarbon.output.figures.tornado import TornadoPanel, draw_tornado
from dualcarbon.output.figures.variance_tree import Part, TreePanel, draw_variance_tree


def tornado_panel(**changes):
    content = {
        "title": "Net CO2 in 2060, Gt CO2",
        "is_year": False,
        "scenario": 5.0,
        "scenario_text": "5",
        "ranges": [("GDP growth, %/yr", 4.0, 6.5, "0.9", "2.5"), ("Still", 5.0, 5.0, "1", "2")],
        "steps": [("Energy mix", -3.0, 2.0)],
    }
    return TornadoPanel(**(content | changes))


def part(label, first, total):
    return Part(label, first, total, (first - 0.02, first + 0.02), (total - 0.02, total + 0.02))


def tree_panel(*parts, **changes):
    return TreePanel("Net CO2 in 2060, Gt CO2", "1.4 Gt CO2", parts, **changes)


TREE = tree_panel(
    part("GDP growth", 0.45, 0.6), part("Non-fossil share", 0.3, 0.45), part("Small", 0.01, 0.02)
)
NOTHING = tree_panel(part("GDP growth", math.nan, math.nan), note="does not vary")


def bars(axes):
    return [p for p in axes.patches if isinstance(p, Rectangle)]


def test_bars_run_from_the_scenario_to_where_the_lever_takes_it():
    figure = draw_tornado("A scenario", [tornado_panel()])
    left, right = figure.axes
    ends = sorted(bar.get_x() + bar.get_width() for bar in bars(left))
    assert ends == [4.0, 6.5]
    assert sorted(bar.get_width() for bar in bars(right)) == [-3.0, 2.0]
    assert [label.get_text() for label in left.get_yticklabels()] == ["GDP growth, %/yr"]
    assert left.get_title(loc="left") == "Net CO2 in 2060, Gt CO2: scenario 5"


def test_a_scenario_that_is_the_reference_has_one_column():
    figure = draw_tornado("A scenario", [tornado_panel(steps=[]), tornado_panel(steps=[], ranges=[])])
    assert len(figure.axes) == 2
    assert "no lever by itself moves it" in [text.get_text() for text in figure.axes[1].texts]


def test_a_bar_that_starts_at_the_scenario_leaves_room_for_both_labels():
    panel = tornado_panel(
        is_year=True, scenario=2025.0, ranges=[("Lever", 2025.0, 2030.0, "1", "2")], steps=[]
    )
    axes = draw_tornado("A scenario", [panel]).axes[0]
    low, high = axes.get_xlim()
    assert low < 2025.0 < 2030.0 < high
    assert all(float(tick).is_integer() for tick in axes.get_xticks())


def test_long_titles_are_broken_and_are_no_formulas():
    title = "Costs of $5 and $6, and every other assumption of this scenario, in one title " * 2
    for figure in (draw_tornado(title, [tornado_panel()]), draw_variance_tree(title, [TREE], 64)):
        FigureCanvasAgg(figure).draw()
        heading = next(t for t in figure.findobj(Text) if t.get_text() == figure.get_suptitle())
        assert title.strip() in heading.get_text().replace("\n", " ")
        assert not heading.get_parse_math()
        assert heading.get_window_extent().x1 <= figure.bbox.x1


def test_the_tree_adds_up_to_the_whole_variance():
    axes = draw_variance_tree("A scenario", [TREE], 1024).axes[0]
    filled = [bar for bar in bars(axes) if bar.get_fill()]
    columns: dict[float, float] = {}
    for bar in filled:
        columns[bar.get_x()] = columns.get(bar.get_x(), 0.0) + bar.get_height()
    whole, split, together = (columns[x] for x in sorted(columns))
    assert whole == pytest.approx(1.0)
    assert split == pytest.approx(1.0)
    assert together == pytest.approx(0.24)


def test_indices_that_err_above_one_still_fit():
    over = tree_panel(part("a", 0.7, 0.7), part("b", 0.35, 0.34), part("c", -0.01, 0.0))
    axes = draw_variance_tree("A scenario", [over], 64).axes[0]
    heights = [bar.get_height() for bar in bars(axes)]
    assert max(heights) == pytest.approx(1.05)
    assert min(heights) >= 0.0


def test_an_output_that_does_not_vary_says_so():
    figure = draw_variance_tree("A scenario", [TREE, NOTHING], 64)
    assert "does not vary" in [text.get_text() for text in figure.axes[2].texts]


@pytest.mark.parametrize(
    "figure",
    [
        draw_tornado("A scenario", [tornado_panel(), tornado_panel()]),
        draw_variance_tree("A scenario", [TREE], 64),
    ],
)
def test_texts_do_not_overlap_and_the_source_is_there(figure):
    FigureCanvasAgg(figure).draw()
    assert "Source: dualcarbon" in figure.get_supxlabel()
    for axes in figure.axes:
        boxes = [text.get_window_extent() for text in axes.texts if text.get_text()]
        assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    canvas = np.asarray(figure.canvas.buffer_rgba())
    assert canvas.std() > 0.0
