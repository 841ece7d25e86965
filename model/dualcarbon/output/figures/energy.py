"""The energy mix, in the accounting of Chinese statistics or in direct equivalent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dualcarbon.output import palette
from dualcarbon.output.figures import style
from dualcarbon.output.figures.labels import large, say
from dualcarbon.output.figures.style import Part
from dualcarbon.results import Results

ACCOUNTINGS = ("coal-equivalent", "direct")

_FUELS = (
    ("coal", palette.COAL, ""),
    ("oil", palette.OIL, "...."),
    ("gas", palette.GAS, ""),
    ("non_fossil", palette.CLEAN, "////"),
)


def draw(results: Results, title: str, language: str = "en", accounting: str = "coal-equivalent") -> Figure:
    """Energy by source in one accounting, with the total in the other as a line.

    Parameters
    ----------
    results : one pathway with all variables
    title : of the figure
    language : en or zh
    accounting : coal-equivalent (power at the coal rate of plants) or direct (at its heat value)
    """
    with style.style(language, title):
        figure = style.new_figure()
        panel(figure.subplots(), results, language, accounting, legend=style.BESIDE)
        style.finish(figure, title, style.source_of(results, language))
    return figure


def panel(axes: Axes, results: Results, language: str, accounting: str, *, legend: Mapping[str, Any]) -> None:
    """Fuels stacked up to the total, and the total of the other accounting."""
    direct, scale = accounting == "direct", large(language)
    keys = {"non_fossil": "non_fossil_energy_direct" if direct else "non_fossil_energy"}
    parts = [
        Part(results[keys.get(name, f"{name}_energy")] * scale, colour, hatch, say(name, language))
        for name, colour, hatch in _FUELS
    ]
    style.stack(axes, results.years, parts)
    other, label = (
        ("energy_total", "total, coal-equivalent") if direct else ("energy_total_direct", "total, direct")
    )
    axes.plot(
        results.years,
        results[other] * scale,
        color=palette.NET,
        linewidth=1.4,
        linestyle="--",
        label=say(label, language),
    )
    name = say("direct-equivalent" if direct else "coal-equivalent", language)
    axes.set_title(say("energy by source", language, accounting=name))
    axes.set_ylim(bottom=0.0)
    axes.margins(y=0.08)
    style.mark_history(axes, results)
    axes.legend(**legend)
