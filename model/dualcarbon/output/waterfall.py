"""The figure of a decomposition: a waterfall from the first total to the last, and the periods of a chain."""

from __future__ import annotations

from collections.abc import Mapping
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

_TICKS = 12
"""Periods that are named below the bars; with more of them some names are left out."""

_SOURCE = (
    "Source: dualcarbon. History: National Bureau of Statistics, Global Carbon Project, national inventories; "
    "projection: scenario. Coal-equivalent accounting; land sink as in the national inventory; GDP in constant "
    "2020 yuan. Contributions are exact: {method}."
)


def draw_decomposition(decomposition: Decomposition, title: str, period_index: int | None = None) -> Figure:
    """Waterfall of one pathway from the first total to the last, one bar a factor, in Gt CO2.

    Where the land sink is not known the totals are those before it. Of several periods the waterfall shows the
    sum, and bars below it show each period.

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
    place = 0 if several or period_index is None else period_index
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11.5, 8.2 if several else 5.2), layout="constrained")
        if several:
            above, below = figure.subplots(2, 1, height_ratios=(1.25, 1.0))
            _waterfall(above, shown, place)
            _by_period(below, decomposition)
        else:
            _waterfall(figure.subplots(), shown, place)
        figure.suptitle(title, **TITLE)
        source = _SOURCE.format(method=shown.methods[place])
        notes = [source, *([f"Missing: {decomposition.missing}."] if decomposition.missing else [])]
        figure.supxlabel("\n".join(fill(note, 175) for note in notes), **FOOTER)
    return figure


def _waterfall(panel: Axes, decomposition: Decomposition, p: int) -> None:
    """One bar a factor, hung between the totals; falling bars are hatched."""
    d = decomposition
    first, last = d.periods[p]
    with_sink = bool(np.isfinite(d.change[p]) and np.isfinite(d.additive["land_sink"][p]))
    what = "Net CO2" if with_sink else "CO2 before the land sink"
    level = d.levels["net_co2" if with_sink else "before_land_sink"] / 1e3
    start, end = float(level[..., p]), float(level[..., p + 1])
    names = [name for name in d.names if with_sink or name != "land_sink"]

    panel.bar(0, start, **_TOTAL)
    _label(panel, 0, start, f"{start:.2f}", above=start >= 0.0)
    at = start
    for k, name in enumerate(names, start=1):
        value = float(d.additive[name][p]) / 1e3
        rises = value >= 0.0
        panel.plot([k - 1.4, k + 0.4], [at, at], color=INK, linewidth=0.6)
        panel.bar(k, value, bottom=at, **(_RISE if rises else _FALL))
        at += value
        _label(panel, k, at, _signed(value), above=rises)
    panel.plot([len(names) - 0.4, len(names) + 1.4], [at, at], color=INK, linewidth=0.6)
    panel.bar(len(names) + 1, end, **_TOTAL)
    _label(panel, len(names) + 1, end, f"{end:.2f}", above=end >= 0.0)

    panel.axhline(0.0, color=INK, linewidth=0.8)
    ticks = [str(first), *(LABELS[name].replace(" ", "\n", 1) for name in names), str(last)]
    panel.set_xticks(range(len(ticks)), ticks)
    panel.tick_params(axis="x", length=0)
    panel.margins(x=0.01, y=0.12)
    panel.set_title(f"{what} in {first} and {last}, and what changed it, Gt a year (hatched: lowers it)")


def _by_period(panel: Axes, decomposition: Decomposition) -> None:
    """Contributions of each period, those that raise CO2 stacked up and those that lower it stacked down."""
    d = decomposition
    places = np.arange(len(d.periods))
    up, down = np.zeros(places.size), np.zeros(places.size)
    for name in d.names:
        value = np.nan_to_num(d.additive[name]) / 1e3
        colour, hatch = _FACTORS[name]
        rising = value > 0.0
        panel.bar(
            places,
            value,
            bottom=np.where(rising, up, down),
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.4,
            label=LABELS[name],
        )
        up, down = up + np.where(rising, value, 0.0), down + np.where(rising, 0.0, value)
    panel.plot(
        places,
        (up + down),
        marker="D",
        color=NET,
        markeredgecolor="white",
        markersize=6,
        linestyle="none",
        label="sum",
    )
    panel.axhline(0.0, color=INK, linewidth=0.8)
    every = -(-places.size // _TICKS)
    names = [f"{a}-{b}" if k % every == 0 else "" for k, (a, b) in enumerate(d.periods)]
    panel.set_xticks(places, names)
    panel.tick_params(axis="x", length=0)
    panel.margins(x=0.01)
    panel.set_title("The same by period, Gt (below zero: lowers it)")
    panel.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _label(panel: Axes, x: float, y: float, text: str, above: bool) -> None:
    panel.annotate(
        text,
        (x, y),
        xytext=(0, 3 if above else -3),
        textcoords="offset points",
        ha="center",
        va="bottom" if above else "top",
        fontsize=8,
        color=INK,
    )


def _signed(value: float) -> str:
    """Two digits with a sign, and no sign on what rounds to zero."""
    text = f"{value:+.2f}"
    return "0" if float(text) == 0.0 else text.replace("-", "−")
