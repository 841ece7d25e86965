"""Figures of a sensitivity: tornado, and the tree of an output's variance."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from dualcarbon.output.plots import FOOTER, INK, LINES, STYLE, TITLE

_LOW: dict[str, Any] = {"facecolor": "#4477aa"}
_HIGH: dict[str, Any] = {"facecolor": "#ee6677", "hatch": "///", "edgecolor": "white", "linewidth": 0.0}
_TOWARDS: dict[str, Any] = {"facecolor": "#228833"}
_BACK: dict[str, Any] = {"facecolor": "#ccbb44", "hatch": "...", "edgecolor": "white", "linewidth": 0.0}

_MOST_BARS = 10
_SHOWN = 0.02
"""Parts of the variance below this are drawn together."""

_TORNADO_SOURCE = (
    "Source: dualcarbon. Left: every other lever on the scenario's pathway, one at the 5 % and 95 % points of "
    "its own uncertainty (numbers at the bars: the lever there in the last year). {steps}Levers that move "
    "nothing are left out; ranges are those of the scenario or the lever table, not held to history."
)
_STEPS = (
    "Right: one lever between the reference pathway and the scenario's, the others on the reference pathway "
    "(to the scenario) or on the scenario's (back). "
)
_TREE_SOURCE = (
    "Source: dualcarbon. Sobol indices over {points} points, uncertainty as in the scenario or the lever table, "
    "not held to history. Tree: the variance, what each lever explains alone (first-order index), and what "
    "only levers together explain, shared out as total less first-order index. Whiskers: 95 % bootstrap "
    "intervals."
)
_LINE = 190


@dataclass(frozen=True)
class TornadoPanel:
    """One output's bars.

    Parameters
    ----------
    title : label and unit
    is_year : whether the output is a year
    scenario : the output on the scenario's pathway
    ranges : label, output at the lever's 5 % and 95 % point, and the lever there as text
    steps : label, change to the scenario, change back to the reference
    """

    title: str
    is_year: bool
    scenario: float
    ranges: Sequence[tuple[str, float, float, str, str]]
    steps: Sequence[tuple[str, float, float]]


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
    spread : standard deviation
    unit : of the spread
    parts : one a factor; NaN where the output does not vary
    note : printed instead of the tree where there is none
    """

    title: str
    spread: float
    unit: str
    parts: Sequence[Part]
    note: str = ""


def draw_tornado(title: str, panels: Sequence[TornadoPanel]) -> Figure:
    """One row an output: levers over their ranges, and beside them the scenario's own steps, if any."""
    with_steps = any(panel.steps for panel in panels)
    heights = [0.9 + 0.27 * max(3, *(len(side) for side in _sides(panel))) for panel in panels]
    with mpl.rc_context({**STYLE, "axes.grid.axis": "x"}):
        figure = Figure(figsize=(11.5, 1.3 + sum(heights)), layout="constrained")
        axes = figure.subplots(len(panels), 2 if with_steps else 1, squeeze=False, height_ratios=heights)
        for row, panel in zip(axes, panels, strict=True):
            _ranges(row[0], panel)
            if with_steps:
                _steps(row[1], panel)
        figure.suptitle(f"{title}: one lever at a time", **TITLE)
        source = _TORNADO_SOURCE.format(steps=_STEPS if with_steps else "")
        figure.supxlabel(fill(source, _LINE), **FOOTER)
    return figure


def _sides(panel: TornadoPanel) -> Iterator[list[Any]]:
    """Bars of both sides that move, widest first."""
    ranges = [one for one in panel.ranges if one[1] != one[2]]
    yield sorted(ranges, key=lambda one: -abs(one[2] - one[1]))[:_MOST_BARS]
    steps = [one for one in panel.steps if one[1] or one[2]]
    yield sorted(steps, key=lambda one: -max(abs(one[1]), abs(one[2])))[:_MOST_BARS]


def _ranges(axes: Axes, panel: TornadoPanel) -> None:
    bars, _ = _sides(panel)
    for k, (_, low, high, at_low, at_high) in enumerate(bars):
        for end, text, style in ((low, at_low, _LOW), (high, at_high, _HIGH)):
            axes.barh(k, end - panel.scenario, left=panel.scenario, height=0.7, **style)
            right = end > panel.scenario or (end == panel.scenario and (low < end or high < end))
            axes.annotate(
                text,
                (end, k),
                xytext=(3 if right else -3, 0),
                textcoords="offset points",
                ha="left" if right else "right",
                va="center",
                fontsize=7,
                color=INK,
            )
    axes.axvline(panel.scenario, color=INK, linewidth=1.0)
    _finish_bars(axes, [label for label, *_ in bars], f"{panel.title}: scenario {_short(panel)}")
    if panel.is_year:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.margins(x=0.12)
    axes.legend(
        handles=[Patch(**_LOW, label="lever at 5 %"), Patch(**_HIGH, label="lever at 95 %")],
        loc="lower right",
    )
    if not bars:
        _empty(axes, "no lever by itself moves it")


def _steps(axes: Axes, panel: TornadoPanel) -> None:
    _, bars = _sides(panel)
    for k, (_, towards, back) in enumerate(bars):
        axes.barh(k - 0.19, towards, height=0.36, **_TOWARDS)
        axes.barh(k + 0.19, back, height=0.36, **_BACK)
    axes.axvline(0.0, color=INK, linewidth=1.0)
    _finish_bars(axes, [label for label, *_ in bars], "Change by the scenario's levers")
    if panel.is_year:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    handles = [Patch(**_TOWARDS, label="to the scenario"), Patch(**_BACK, label="back to reference")]
    axes.legend(handles=handles, loc="lower right")
    if not bars:
        _empty(axes, "no lever by itself moves it")


def _finish_bars(axes: Axes, labels: Sequence[str], title: str) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(max(len(labels), 3) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_title(title)


def _empty(axes: Axes, text: str) -> None:
    axes.set_xticks([])
    axes.text(0.02, 0.6, text, transform=axes.transAxes, color=INK, fontsize=8)


def _short(panel: TornadoPanel) -> str:
    return f"{panel.scenario:.0f}" if panel.is_year or abs(panel.scenario) >= 1e3 else f"{panel.scenario:.3g}"


def draw_tree(title: str, panels: Sequence[TreePanel], points: int) -> Figure:
    """One row an output: its variance split into levers alone and together, and the indices as bars."""
    with mpl.rc_context({**STYLE, "axes.grid.axis": "x"}):
        figure = Figure(figsize=(11.5, 1.2 + 3.3 * len(panels)), layout="constrained")
        axes = figure.subplots(len(panels), 2, squeeze=False, width_ratios=(1.35, 1.0))
        for (left, right), panel in zip(axes, panels, strict=True):
            left.set_title(panel.title)
            if any(math.isnan(part.total) for part in panel.parts):
                for one in (left, right):
                    one.set_axis_off()
                left.text(0.0, 0.8, fill(panel.note, 80), transform=left.transAxes, fontsize=8, va="top")
                continue
            parts = sorted(panel.parts, key=lambda part: -part.total)
            colours = {part.label: LINES[k % len(LINES)] for k, part in enumerate(parts)}
            _tree(left, panel, parts, colours)
            _bars(right, parts, colours)
        figure.suptitle(f"{title}: what drives the spread", **TITLE)
        figure.supxlabel(fill(_TREE_SOURCE.format(points=points), _LINE), **FOOTER)
    return figure


def _tree(axes: Axes, panel: TreePanel, parts: Sequence[Part], colours: dict[str, str]) -> None:
    """Three columns: all, alone and together, and who takes part in what is together."""
    alone = [(part, max(part.first, 0.0)) for part in parts]
    together = [(part, max(part.total - part.first, 0.0)) for part in parts]
    explained = sum(size for _, size in alone)
    left = max(1.0 - explained, 0.0)
    whole = explained + left  # above one where estimates of small indices err upwards
    spread = f"standard deviation\n{panel.spread:.3g} {panel.unit}"
    _block(axes, 0, 0.0, whole, f"all of the variance\n{spread}", "#dddddd")
    top = _column(axes, 1, 0.0, alone, colours, _SHOWN)
    if left > 0.0:
        text = f"only together {left * 100:.0f} %" if left > _SHOWN else ""
        _block(axes, 1, top, left, text, "#ffffff", hatch="////")
        sizes = sum(size for _, size in together)
        if sizes > 0.0 and left > _SHOWN:
            shared = [(part, size / sizes * left) for part, size in together]
            _column(axes, 2, top, shared, colours, _SHOWN, hatch="////")
    axes.set_xlim(0.0, 3.0)
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
    colours: dict[str, str],
    smallest: float,
    hatch: str = "",
) -> float:
    """Blocks below one another, the small ones as one; gives where they end."""
    rest = 0.0
    for part, size in sorted(sizes, key=lambda one: -one[1]):
        if size < smallest:
            rest += size
            continue
        _block(axes, column, top, size, f"{part.label} {size * 100:.0f} %", colours[part.label], hatch)
        top += size
    if rest > 0.0:
        _block(
            axes,
            column,
            top,
            rest,
            f"others {rest * 100:.1f} %" if rest >= smallest else "",
            "#eeeeee",
            hatch,
        )
        top += rest
    return top


def _block(axes: Axes, column: int, top: float, size: float, text: str, colour: str, hatch: str = "") -> None:
    area = Rectangle((column, top), 0.99, size, facecolor=colour, alpha=0.45, edgecolor="white", hatch=hatch)
    axes.add_patch(area)
    frame = Rectangle((column, top), 0.99, size, fill=False, edgecolor="white", linewidth=1.0)
    axes.add_patch(frame)
    if text:
        box = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}
        axes.text(
            column + 0.03,
            top + size / 2.0,
            text,
            va="center",
            fontsize=7 if size < 0.05 else 8,
            color=INK,
            bbox=box if hatch else None,
        )


def _bars(axes: Axes, parts: Sequence[Part], colours: dict[str, str]) -> None:
    """Total index with the first-order index inside it, and both intervals."""
    shown = [part for part in parts if part.total >= 0.001][:_MOST_BARS]
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
    _finish_bars(axes, [part.label for part in shown], "First-order (full) and total index (hatched)")
    axes.set_xlim(left=min(0.0, *(part.first_interval[0] for part in shown), 0.0))
    axes.axvline(0.0, color=INK, linewidth=0.8)
