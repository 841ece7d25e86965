"""Tornado figures: one lever at a time, over its own range and between two pathways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from dualcarbon.output.figures.style import finish, style
from dualcarbon.output.palette import INK

_LOW: dict[str, Any] = {"facecolor": "#4477aa"}
_HIGH: dict[str, Any] = {"facecolor": "#ee6677", "hatch": "///", "edgecolor": "white", "linewidth": 0.0}
_TOWARDS: dict[str, Any] = {"facecolor": "#228833"}
_BACK: dict[str, Any] = {"facecolor": "#ccbb44", "hatch": "...", "edgecolor": "white", "linewidth": 0.0}

_MOST_BARS = 10
_TITLE_WIDTH = 50
_LEGEND_ROOM = 0.4
"""Part of a bar's place that the legend takes below the bars."""

_SOURCE = (
    "Source: dualcarbon. Left: every other lever on the scenario's pathway, one at the 5 % and 95 % points "
    "of its own uncertainty (numbers at the bars: the lever in the title's year, else in the last). {steps}"
    "Levers that move nothing are left out; ranges are those of the scenario or the lever table, not held to "
    "history and without year-to-year noise."
)
_STEPS = (
    "Right: one lever moved between the reference pathway and the scenario's, all others on the reference "
    "pathway (to the scenario) or on the scenario's (back to reference). "
)


@dataclass(frozen=True)
class TornadoPanel:
    """One output's bars.

    Parameters
    ----------
    title : label and unit
    is_year : whether the output is a year
    scenario, scenario_text : the output on the scenario's pathway
    ranges : label, output at the lever's 5 % and 95 % point, and the lever there as text
    steps : label, change to the scenario, change back to the reference
    """

    title: str
    is_year: bool
    scenario: float
    scenario_text: str
    ranges: Sequence[tuple[str, float, float, str, str]]
    steps: Sequence[tuple[str, float, float]]


def draw_tornado(title: str, panels: Sequence[TornadoPanel]) -> Figure:
    """One row an output: levers over their ranges, and beside them the scenario's own steps, if any."""
    with_steps = any(panel.steps for panel in panels)
    most = [max(len(side) for side in _sides(panel)) for panel in panels]
    heights = [1.0 + 0.27 * bars if bars else 0.4 for bars in most]
    with style("en", title, **{"axes.grid.axis": "x"}):
        figure = Figure(figsize=(11.5, 1.2 + sum(heights)), layout="constrained")
        columns = 2 if with_steps else 1
        axes = figure.subplots(len(panels), columns, squeeze=False, height_ratios=heights)
        for row, panel in zip(axes, panels, strict=True):
            _ranges(row[0], panel)
            if with_steps:
                _steps(row[1], panel)
        finish(figure, f"{title}: one lever at a time", _SOURCE.format(steps=_STEPS if with_steps else ""))
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
        rising = high > low
        _bar(axes, k, panel.scenario, low, at_low, not rising, _LOW)
        _bar(axes, k, panel.scenario, high, at_high, rising, _HIGH)
    axes.axvline(panel.scenario, color=INK, linewidth=1.0)
    axes.use_sticky_edges = False  # else a bar that starts at the scenario hides its other end
    axes.margins(x=0.12)
    handles = [Patch(**_LOW, label="lever at 5 %"), Patch(**_HIGH, label="lever at 95 %")]
    _finish(axes, [label for label, *_ in bars], handles, panel.is_year)
    space = "\n" if len(panel.title) > _TITLE_WIDTH else " "
    axes.set_title(f"{panel.title}:{space}scenario {panel.scenario_text}")


def _bar(
    axes: Axes, place: int, start: float, end: float, text: str, to_the_right: bool, style: dict[str, Any]
) -> None:
    """A bar from the scenario's value, with the lever's value at its end."""
    axes.barh(place, end - start, left=start, height=0.7, **style)
    axes.annotate(
        text,
        (end, place),
        xytext=(3 if to_the_right else -3, 0),
        textcoords="offset points",
        ha="left" if to_the_right else "right",
        va="center",
        fontsize=7,
        color=INK,
    )


def _steps(axes: Axes, panel: TornadoPanel) -> None:
    _, bars = _sides(panel)
    for k, (_, towards, back) in enumerate(bars):
        axes.barh(k - 0.19, towards, height=0.36, **_TOWARDS)
        axes.barh(k + 0.19, back, height=0.36, **_BACK)
    axes.axvline(0.0, color=INK, linewidth=1.0)
    handles = [Patch(**_TOWARDS, label="to the scenario"), Patch(**_BACK, label="back to reference")]
    _finish(axes, [label for label, *_ in bars], handles, panel.is_year)
    axes.set_title("Change by the scenario's levers")


def _finish(axes: Axes, labels: Sequence[str], handles: Sequence[Patch], is_year: bool) -> None:
    """Names of the bars, widest on top; a sentence where there are none."""
    if not labels:
        axes.clear()
        axes.set_axis_off()
        text = "no lever by itself moves it"
        axes.text(0.0, 0.9, text, transform=axes.transAxes, color=INK, fontsize=8, va="top")
        return
    name_bars(axes, labels)
    axes.set_ylim(len(labels) + _LEGEND_ROOM, -0.6)
    if is_year:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(handles=handles, loc="lower right", ncols=2)


def name_bars(axes: Axes, labels: Sequence[str]) -> None:
    """Labels of horizontal bars, the first on top."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
