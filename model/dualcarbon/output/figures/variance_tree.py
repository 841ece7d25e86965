"""The tree of an output's variance: what each lever explains alone, and what only levers together explain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dualcarbon.output.figures.style import finish, style
from dualcarbon.output.figures.tornado import name_bars
from dualcarbon.output.palette import INK, LINES

_MOST_BARS = 10
_SMALL = 0.045
"""Parts of the variance below this have no room for a name and are drawn as one."""

_EDGES = (0.0, 0.55, 1.6, 2.65)
"""Left edges of the tree's columns, and the right edge of the last."""

_GREY = "#999999"
_SOURCE = (
    "Source: dualcarbon. Sobol indices over {points} points, uncertainty as in the scenario or the lever "
    "table, not held to history and without year-to-year noise. Tree: the variance, what each lever explains "
    "alone (first-order index), and what only levers together explain, shared out as total less first-order "
    "index. Whiskers: 95 % bootstrap intervals."
)


@dataclass(frozen=True)
class Part:
    """What one factor explains of a variance: indices with their intervals."""

    label: str
    first: float
    total: float
    first_interval: tuple[float, float]
    total_interval: tuple[float, float]


@dataclass(frozen=True)
class TreePanel:
    """One output's variance.

    Parameters
    ----------
    title : label and unit
    spread : standard deviation, as text
    parts : one a factor; NaN where the output does not vary
    note : printed below the tree, or instead of it where there is none
    """

    title: str
    spread: str
    parts: Sequence[Part]
    note: str = ""


def draw_variance_tree(title: str, panels: Sequence[TreePanel], points: int) -> Figure:
    """One row an output: its variance split into levers alone and together, and the indices as bars.

    Parameters
    ----------
    points : of the samples that the indices rest on
    """
    colours = _colours(panels)
    with style("en", title, **{"axes.grid.axis": "x"}):
        varying = [not any(math.isnan(part.total) for part in panel.parts) for panel in panels]
        heights = [3.3 if varies else 0.8 for varies in varying]
        figure = Figure(figsize=(11.5, 1.2 + sum(heights)), layout="constrained")
        axes = figure.subplots(len(panels), 2, squeeze=False, width_ratios=(1.7, 1.0), height_ratios=heights)
        for (left, right), panel, varies in zip(axes, panels, varying, strict=True):
            left.set_title(panel.title)
            if varies:
                _tree(left, panel, colours)
                left.set_xlabel(fill(panel.note, 110), loc="left", fontsize=7)
                _bars(right, panel.parts, colours)
            else:
                left.set_axis_off()
                right.set_axis_off()
                left.text(0.0, 0.9, fill(panel.note, 90), transform=left.transAxes, fontsize=8, va="top")
        finish(figure, f"{title}: what drives the spread", _SOURCE.format(points=points))
    return figure


def _colours(panels: Sequence[TreePanel]) -> dict[str, str]:
    """One colour a factor in all panels, those that explain most alone first; grey when they run out."""
    explained: dict[str, float] = {}
    for panel in panels:
        for part in panel.parts:
            first = 0.0 if math.isnan(part.first) else part.first
            explained[part.label] = explained.get(part.label, 0.0) + first
    ranked = sorted(explained, key=lambda label: -explained[label])
    return {label: LINES[k] if k < len(LINES) - 2 else _GREY for k, label in enumerate(ranked)}


def _tree(axes: Axes, panel: TreePanel, colours: Mapping[str, str]) -> None:
    """Three columns: all; each lever alone, and what is only together; who takes part in that."""
    alone = [(part, max(part.first, 0.0)) for part in panel.parts]
    explained = sum(size for _, size in alone)
    left = max(1.0 - explained, 0.0)
    whole = explained + left  # above one where the estimates err upwards
    text = f"all of the\nvariance\n\nstandard\ndeviation\n{panel.spread}"
    _block(axes, 0, 0.0, whole, text, "#bbbbbb")
    top = _column(axes, 1, 0.0, alone, colours)
    last = 2
    if left > 0.0:
        named = left > _SMALL
        _block(axes, 1, top, left, f"only together {left * 100:.0f} %" if named else "", "#bbbbbb", "////")
        together = [(part, max(part.total - part.first, 0.0)) for part in panel.parts]
        sizes = sum(size for _, size in together)
        if named and sizes > 0.0:
            _column(axes, 2, top, [(part, size / sizes * left) for part, size in together], colours, "////")
            last = 3
    axes.set_xlim(_EDGES[0], _EDGES[last])
    axes.set_ylim(whole, 0.0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _column(
    axes: Axes,
    column: int,
    top: float,
    sizes: Sequence[tuple[Part, float]],
    colours: Mapping[str, str],
    hatch: str = "",
) -> float:
    """Blocks below one another, the small ones as one; gives where they end."""
    rest = 0.0
    for part, size in sorted(sizes, key=lambda one: -one[1]):
        if size < _SMALL:
            rest += size
            continue
        _block(axes, column, top, size, f"{part.label} {size * 100:.0f} %", colours[part.label], hatch)
        top += size
    if rest > 0.0:
        _block(axes, column, top, rest, f"others {rest * 100:.0f} %" if rest >= _SMALL else "", _GREY, hatch)
    return top + rest


def _block(axes: Axes, column: int, top: float, size: float, text: str, colour: str, hatch: str = "") -> None:
    """A rectangle with its name in it."""
    place, width = (_EDGES[column], top), _EDGES[column + 1] - _EDGES[column] - 0.01
    style: dict[str, Any] = {"facecolor": colour, "alpha": 0.45, "edgecolor": "#555555", "linewidth": 0.0}
    axes.add_patch(Rectangle(place, width, size, hatch=hatch, **style))
    axes.add_patch(Rectangle(place, width, size, fill=False, edgecolor="white", linewidth=1.0))
    box = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8}
    centre = top + size / 2.0
    axes.text(
        place[0] + 0.03, centre, text, va="center", fontsize=7.5, color=INK, bbox=box if hatch else None
    )


def _bars(axes: Axes, parts: Sequence[Part], colours: Mapping[str, str]) -> None:
    """Total index with the first-order index inside it, and both intervals."""
    ranked = sorted(parts, key=lambda part: -part.total)
    shown = [part for part in ranked if part.total >= 0.001][:_MOST_BARS]
    for k, part in enumerate(shown):
        colour = colours[part.label]
        axes.barh(k, part.total, height=0.7, color=colour, alpha=0.35, hatch="////", edgecolor="white")
        axes.barh(k, max(part.first, 0.0), height=0.7, color=colour, alpha=0.8)
        for value, (low, high), offset in (
            (part.first, part.first_interval, -0.15),
            (part.total, part.total_interval, 0.15),
        ):
            axes.plot([low, high], [k + offset] * 2, color=INK, linewidth=0.9)
            axes.plot([value], [k + offset], marker="o", color=INK, markersize=2.5)
    name_bars(axes, [part.label for part in shown])
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.set_title("First-order index (full) and total (hatched)")
