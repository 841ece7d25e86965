"""The figure of a decomposition: a waterfall from the first total to the last, and the periods of a chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dualcarbon.analysis.decomposition import LABELS, Decomposition, joined
from dualcarbon.output.plots import (
    CAPTURE,
    CLEAN,
    FOOTER,
    GAS,
    INK,
    NET,
    OIL,
    PROCESS,
    SINK,
    STYLE,
    TARGET,
    TITLE,
)

_RISE: Mapping[str, Any] = {"color": TARGET, "edgecolor": INK, "linewidth": 0.6}
_FALL: Mapping[str, Any] = {"color": CAPTURE, "edgecolor": "white", "linewidth": 0.6, "hatch": "////"}
_TOTAL: Mapping[str, Any] = {"color": "#777777", "edgecolor": INK, "linewidth": 0.6}

_FACTORS: Mapping[str, tuple[str, str]] = {
    "population": (GAS, ""),
    "affluence": (TARGET, ""),
    "energy_intensity": (CAPTURE, "////"),
    "fuel_mix": (CLEAN, ""),
    "emission_factor": (OIL, "...."),
    "capture": ("#bbbbbb", "xxxx"),
    "process": (PROCESS, "\\\\\\\\"),
    "beccs": (INK, ""),
    "dac": ("#dddddd", ""),
    "land_sink": (SINK, "----"),
}
"""Colour and hatch of a factor in the bars by period; neighbours differ in lightness or hatch."""

_MINUS = "\N{MINUS SIGN}"

_TICKS = 12
"""Periods that are named below the bars; with more of them some names are left out."""

_SOURCE = (
    "Source: dualcarbon. History: National Bureau of Statistics, Global Carbon Project, national "
    "inventories; projection: scenario. Coal-equivalent accounting; land sink as in the national "
    "inventory; GDP in constant 2020 yuan. Contributions without a residual: {method}.{note}"
)
_NO_SINK = " The land sink is not known in every year shown and left out."

_LINE = 200
"""Characters of a line of the footer."""


def draw_decomposition(decomposition: Decomposition, title: str, period_index: int | None = None) -> Figure:
    """Waterfall of one pathway from the first total to the last, one bar a factor, in Gt CO2.

    Of several periods the waterfall shows the sum, and bars below it show each period. Where the land sink is
    not known, it is left out and the totals are those before it.

    Parameters
    ----------
    decomposition : arrays (period), without leading axes
    title : of the figure
    period_index : the period to show alone; all of them when None

    Raises
    ------
    ValueError
        If the decomposition is that of a batch.
    """
    if decomposition.change.ndim != 1:
        raise ValueError("a waterfall shows one pathway; choose a member of the batch before decomposing")
    several = period_index is None and len(decomposition.periods) > 1
    shown = joined(decomposition) if several else decomposition
    place = period_index or 0
    with_sink = bool(np.isfinite(shown.additive["land_sink"][place]))
    names = [name for name in shown.names if with_sink or name != "land_sink"]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11.5, 8.2 if several else 5.4), layout="constrained")
        if several:
            above, below = figure.subplots(2, 1, height_ratios=(1.25, 1.0))
            _waterfall(above, shown, names, place)
            _by_period(below, decomposition, names)
        else:
            _waterfall(figure.subplots(), shown, names, place)
        figure.suptitle(title, **TITLE)
        source = _SOURCE.format(method=shown.methods[place], note="" if with_sink else _NO_SINK)
        figure.supxlabel(fill(source, _LINE), **FOOTER)
    return figure


def _waterfall(panel: Axes, decomposition: Decomposition, names: Sequence[str], p: int) -> None:
    """One bar a factor, hung between the totals."""
    first, last = decomposition.periods[p]
    total, what = (
        ("net_co2", "Net CO2") if "land_sink" in names else ("before_land_sink", "CO2 before land sink")
    )
    start, end = (float(level) / 1e3 for level in decomposition.levels[total][p : p + 2])
    values = [float(decomposition.additive[name][p]) / 1e3 for name in names]
    ends = start + np.cumsum([0.0, *values])
    _bar(panel, 0, 0.0, start, _number(start), _TOTAL)
    for k, value in enumerate(values, start=1):
        text = _signed(value)
        _bar(panel, k, float(ends[k - 1]), value, text, _FALL if text.startswith(_MINUS) else _RISE)
    for k, level in enumerate(ends):
        panel.plot([k - 0.4, k + 1.4], [level, level], color=INK, linewidth=0.6)
    _bar(panel, len(names) + 1, 0.0, end, _number(end), _TOTAL)

    panel.axhline(0.0, color=INK, linewidth=0.8)
    low, high = min(0.0, end, *ends), max(0.0, end, *ends)
    room = 0.08 * (high - low) or 1.0
    under = any(value < 0.0 and level - room < low for value, level in zip(values, ends[1:], strict=True))
    panel.set_ylim(low - room if under or low < 0.0 else low, high + room)
    ticks = [str(first), *(LABELS[name].replace(" ", "\n", 1) for name in names), str(last)]
    panel.set_xticks(range(len(ticks)), ticks)
    panel.tick_params(axis="x", length=0)
    panel.margins(x=0.01)
    panel.set_title(f"{what} in {first} and {last}, and what changed it, Gt a year (hatched: lowers it)")


def _by_period(panel: Axes, decomposition: Decomposition, names: Sequence[str]) -> None:
    """Contributions of each period, those that raise CO2 stacked up and those that lower it stacked down."""
    periods = decomposition.periods
    places = np.arange(len(periods))
    up, down = np.zeros(places.size), np.zeros(places.size)
    for name in names:
        value = decomposition.additive[name] / 1e3
        colour, hatch = _FACTORS[name]
        panel.bar(
            places,
            value,
            bottom=np.where(value > 0.0, up, down),
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.4,
            label=LABELS[name],
        )
        up, down = up + np.maximum(value, 0.0), down + np.minimum(value, 0.0)
    mark: dict[str, Any] = {"marker": "D", "color": NET, "markeredgecolor": "white", "linestyle": "none"}
    panel.plot(places, up + down, label="sum", markersize=6 if places.size <= _TICKS else 4, **mark)
    panel.axhline(0.0, color=INK, linewidth=0.8)
    every = -(-places.size // _TICKS)
    panel.set_xticks(places[::every], [f"{a}-{b}" for a, b in periods[::every]])
    panel.tick_params(axis="x", length=0)
    panel.margins(x=0.01)
    low, high = float(down.min()), float(up.max())
    room = 0.05 * (high - low) or 1.0
    panel.set_ylim(low - room, high + room)
    panel.set_title("The same by period, Gt a year (below zero: lowers it)")
    panel.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _bar(panel: Axes, x: float, bottom: float, value: float, text: str, style: Mapping[str, Any]) -> None:
    """A bar with its number at the end it reaches."""
    panel.bar(x, value, bottom=bottom, **style)
    up = not text.startswith(_MINUS)
    panel.annotate(
        text,
        (x, bottom + value),
        xytext=(0, 3 if up else -3),
        textcoords="offset points",
        ha="center",
        va="bottom" if up else "top",
        fontsize=8,
        color=INK,
        bbox={"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
    )


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", _MINUS)


def _signed(value: float) -> str:
    """Two digits with a sign; zero where they are."""
    text = f"{value:+.2f}"
    return text.replace("-", _MINUS) if float(text) else "0"
