"""CO2 by source above zero, sinks and removals below it, and the net lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dualcarbon.analysis import indicators
from dualcarbon.output import palette
from dualcarbon.output.figures import style
from dualcarbon.output.figures.labels import large, say
from dualcarbon.output.figures.style import Part
from dualcarbon.results import Results


def draw(results: Results, title: str, scores: Sequence[Mapping[str, str]], language: str = "en") -> Figure:
    """CO2 by source with the net lines, alone in a figure.

    Parameters
    ----------
    results : one pathway with all variables
    title : of the figure
    scores : rows of the scoreboard, for the target marks
    language : en or zh
    """
    with style.style(language, title):
        figure = style.new_figure()
        axes = figure.subplots()
        panel(axes, results, scores, language, headroom=1.08, legend=style.BESIDE)
        style.finish(figure, title, style.source_of(results, language))
    return figure


def panel(
    axes: Axes,
    results: Results,
    scores: Sequence[Mapping[str, str]],
    language: str,
    *,
    headroom: float,
    legend: Mapping[str, Any],
) -> None:
    """The panel; ``headroom`` is the height of the axis over the highest value."""
    years, scale = results.years, large(language)

    def part(key: str, colour: str, hatch: str, label: str) -> Part:
        return Part(np.nan_to_num(results[key]) * scale, colour, hatch, say(label, language))

    style.stack(
        axes,
        years,
        [
            part("coal_co2", palette.COAL, "", "coal"),
            part("oil_co2", palette.OIL, "....", "oil"),
            part("gas_co2", palette.GAS, "", "gas"),
            part("process_co2", palette.PROCESS, "\\\\\\\\", "processes"),
        ],
    )
    removed = results["beccs"] + results["dac"]
    style.stack(
        axes,
        years,
        [
            Part(-results["land_sink"] * scale, palette.SINK, "", say("land sink", language)),
            Part(-results["captured_co2"] * scale, palette.CAPTURE, "////", say("captured", language)),
            Part(-removed * scale, "#bbbbbb", "xxxx", say("removed", language)),
        ],
    )
    axes.plot(
        years, results["net_co2"] * scale, color=palette.NET, linewidth=2.2, label=say("net co2", language)
    )
    dashed: dict[str, Any] = {"color": palette.NET, "linewidth": 1.4, "linestyle": "--"}
    axes.plot(years, results["net_ghg"] * scale, label=say("net ghg", language), **dashed)
    axes.axhline(0.0, color=palette.INK, linewidth=0.8)
    style.mark_history(axes, results)
    _mark_peak(axes, results, language)
    axes.set_title(say("co2 by source", language))
    top = max(float(np.nanmax(results[key])) for key in ("gross_co2", "net_ghg"))
    axes.set_ylim(top=top * scale * headroom)
    for row in scores:
        if row["target"] == "neutral-2060" and int(row["year"]) <= int(years[-1]):
            _mark_neutral(axes, int(row["year"]), language)
    axes.legend(**legend)


def _mark_peak(axes: Axes, results: Results, language: str) -> None:
    """Where CO2 from energy and processes is highest: a result, so not in the colour of targets."""
    peak = indicators.peak(results["eip_co2"], results.years, results.base_year)
    place = int(peak.year), float(peak.level) * large(language)
    axes.plot(*place, marker="v", color=palette.INK, markersize=7, linestyle="none")
    axes.annotate(
        say("peak", language, year=place[0]),
        place,
        xytext=(10, -16),
        textcoords="offset points",
        color=palette.INK,
        fontsize=8,
        bbox=style.LABEL_BOX,
    )


_ROOM = 0.15
"""Part of the panel's height that is kept below all data for the name of the target."""


def _mark_neutral(axes: Axes, year: int, language: str) -> None:
    """The year pledged for neutrality, whatever the pathway does; the name stands below all data."""
    low, high = axes.get_ylim()
    axes.set_ylim(bottom=low - _ROOM * (high - low))
    style.diamond(axes, year, 0.0)
    axes.annotate(
        say("neutral", language, year=year),
        (year, 0.0),
        xytext=(year, low),
        ha="right",
        va="top",
        color="#bb3344",
        fontsize=8,
        bbox=style.NUMBER_BOX,
        arrowprops={"arrowstyle": "-", "color": "#bb3344", "linewidth": 0.8, "relpos": (1.0, 1.0)},
    )
