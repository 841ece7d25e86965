"""A decomposition: a waterfall from the first total to the last, and the periods of a chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dualcarbon.analysis.decomposition import Decomposition, joined
from dualcarbon.output import palette
from dualcarbon.output.figures import style
from dualcarbon.output.figures.labels import large, method_text, say
from dualcarbon.output.figures.style import MINUS, number, signed

_FACTORS: Mapping[str, tuple[str, str]] = {
    "population": (palette.GAS, ""),
    "affluence": (palette.TARGET, ""),
    "energy_intensity": (palette.CAPTURE, "////"),
    "fuel_mix": (palette.CLEAN, ""),
    "emission_factor": (palette.OIL, "...."),
    "capture": ("#bbbbbb", "xxxx"),
    "process": (palette.PROCESS, "\\\\\\\\"),
    "beccs": (palette.INK, ""),
    "dac": ("#dddddd", ""),
    "land_sink": (palette.SINK, "----"),
}
"""Colour and hatch of a factor in the bars by period; neighbours differ in lightness or hatch."""

_TICKS = 12
"""Periods that are named below the bars; with more of them some names are left out."""


def draw(
    decomposition: Decomposition,
    title: str,
    language: str = "en",
    period_index: int | None = None,
    *,
    version: str,
) -> Figure:
    """Waterfall of one pathway from the first total to the last, one bar a factor.

    Of several periods the waterfall shows the sum, and bars below it show each period. Where the land sink is
    not known, it is left out and the totals are those before it.

    Parameters
    ----------
    decomposition : arrays (period), without leading axes
    title : of the figure
    language : en or zh
    period_index : the period to show alone; all of them when None
    version : of dualcarbon that projected the pathway

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
    with style.style(language, title):
        figure = style.new_figure((11.5, 8.2 if several else 5.4))
        if several:
            above, below = figure.subplots(2, 1, height_ratios=(1.25, 1.0))
            _waterfall(above, shown, names, place, language)
            _by_period(below, decomposition, names, language)
        else:
            _waterfall(figure.subplots(), shown, names, place, language)
        method = method_text(shown.methods[place], language)
        note = "" if with_sink else say("no sink", language)
        source = say("source, decomposition", language, version=version, method=method, note=note)
        style.finish(figure, title, source)
    return figure


def _waterfall(
    panel: Axes, decomposition: Decomposition, names: Sequence[str], p: int, language: str
) -> None:
    """One bar a factor, hung between the totals."""
    first, last = decomposition.periods[p]
    with_sink, scale = "land_sink" in names, large(language)
    levels = decomposition.levels["net_co2" if with_sink else "before_land_sink"]
    start, end = (float(level) * scale for level in levels[p : p + 2])
    values = [float(decomposition.additive[name][p]) * scale for name in names]
    ends = start + np.cumsum([0.0, *values])
    _bar(panel, 0, 0.0, start, number(start), style.TOTAL)
    for k, value in enumerate(values, start=1):
        text = signed(value)
        look = style.FALL if text.startswith(MINUS) else style.RISE
        _bar(panel, k, float(ends[k - 1]), value, text, look)
    for k, level in enumerate(ends):
        panel.plot([k - 0.4, k + 1.4], [level, level], color=palette.INK, linewidth=0.6)
    _bar(panel, len(names) + 1, 0.0, end, number(end), style.TOTAL)

    panel.axhline(0.0, color=palette.INK, linewidth=0.8)
    low, high = min(0.0, end, *ends), max(0.0, end, *ends)
    room = 0.08 * (high - low) or 1.0
    under = any(value < 0.0 and level - room < low for value, level in zip(values, ends[1:], strict=True))
    panel.set_ylim(low - room if under or low < 0.0 else low, high + room)
    ticks = [str(first), *(say(name, language).replace(" ", "\n", 1) for name in names), str(last)]
    panel.set_xticks(range(len(ticks)), ticks)
    panel.tick_params(axis="x", length=0)
    panel.margins(x=0.01)
    what = say("net total" if with_sink else "total before sink", language)
    panel.set_title(say("waterfall", language, what=what, first=first, last=last))


def _by_period(panel: Axes, decomposition: Decomposition, names: Sequence[str], language: str) -> None:
    """Contributions of each period, those that raise CO2 stacked up and those that lower it stacked down."""
    periods = decomposition.periods
    places = np.arange(len(periods))
    up, down = np.zeros(places.size), np.zeros(places.size)
    for name in names:
        value = decomposition.additive[name] * large(language)
        colour, hatch = _FACTORS[name]
        panel.bar(
            places,
            value,
            bottom=np.where(value > 0.0, up, down),
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.4,
            label=say(name, language),
        )
        up, down = up + np.maximum(value, 0.0), down + np.minimum(value, 0.0)
    mark: dict[str, Any] = {
        "marker": "D",
        "color": palette.NET,
        "markeredgecolor": "white",
        "linestyle": "none",
    }
    panel.plot(
        places, up + down, label=say("sum", language), markersize=6 if places.size <= _TICKS else 4, **mark
    )
    panel.axhline(0.0, color=palette.INK, linewidth=0.8)
    every = -(-places.size // _TICKS)
    panel.set_xticks(places[::every], [f"{a}-{b}" for a, b in periods[::every]])
    panel.tick_params(axis="x", length=0)
    panel.margins(x=0.01)
    low, high = float(down.min()), float(up.max())
    room = 0.05 * (high - low) or 1.0
    panel.set_ylim(low - room, high + room)
    panel.set_title(say("by period", language))
    panel.legend(**style.BESIDE)


def _bar(panel: Axes, x: float, bottom: float, value: float, text: str, look: Mapping[str, Any]) -> None:
    """A bar with its number at the end it reaches."""
    panel.bar(x, value, bottom=bottom, **look)
    up = not text.startswith(MINUS)
    panel.annotate(
        text,
        (x, bottom + value),
        xytext=(0, 3 if up else -3),
        textcoords="offset points",
        ha="center",
        va="bottom" if up else "top",
        fontsize=8,
        color=palette.INK,
        bbox=style.NUMBER_BOX,
    )
