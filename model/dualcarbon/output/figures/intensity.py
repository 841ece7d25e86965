"""Energy and carbon intensity in both official scopes of each, against 2005."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dualcarbon.analysis import indicators
from dualcarbon.axes import at
from dualcarbon.output import palette
from dualcarbon.output.figures import style
from dualcarbon.output.figures.labels import say
from dualcarbon.results import Results

_INDEX = 2005
_LINES = (
    ("energy_intensity", palette.OIL, "-", "energy, total"),
    ("energy_intensity_fossil", palette.OIL, "--", "energy, fossil"),
    ("carbon_intensity_energy", palette.CAPTURE, "-.", "co2, old scope"),
    ("carbon_intensity_combustion_process", palette.CAPTURE, ":", "co2, new scope"),
)
_TARGETS = (
    ("ndc2030-carbon-intensity", "carbon_intensity_energy", 2005, "target, old scope", False),
    ("plan2026-carbon-intensity", "carbon_intensity_combustion_process", 2025, "target, new scope", True),
    ("fyp15-carbon-intensity", "carbon_intensity_combustion_process", 2025, "target, new scope", True),
)
"""Targets in force on a scope: the line that each belongs to, its base year, whether its mark is hollow."""


def draw(results: Results, title: str, scores: Sequence[Mapping[str, str]], language: str = "en") -> Figure:
    """Intensities as an index, alone in a figure.

    Parameters
    ----------
    results : one pathway with all variables
    title : of the figure
    scores : rows of the scoreboard, for the target marks
    language : en or zh
    """
    with style.style(language, title):
        figure = style.new_figure()
        panel(figure.subplots(), results, scores, language, legend=style.BESIDE)
        style.finish(figure, title, style.source_of(results, language))
    return figure


def panel(
    axes: Axes,
    results: Results,
    scores: Sequence[Mapping[str, str]],
    language: str,
    *,
    legend: Mapping[str, Any],
) -> None:
    """Four lines, 2005 = 100, and the carbon-intensity targets on the line of their scope."""
    pledged = {row["target"]: row for row in scores if row["value"]}
    for key, colour, dash, label in _LINES:
        index = (indicators.change_since(results[key], results.years, _INDEX) + 1.0) * 100.0
        axes.plot(
            results.years, index, color=colour, linestyle=dash, linewidth=1.8, label=say(label, language)
        )
        for target, of, base, name, hollow in _TARGETS:
            if of == key and target in pledged:
                row = pledged[target]
                level = index[at(results.years, base)] * (1.0 - float(row["value"]) / 100.0)
                text = say(name, language)
                named = any(line.get_label() == text for line in axes.lines)
                mark = None if named else text
                style.diamond(axes, int(row["year"]), float(level), mark, hollow=hollow)
    style.mark_history(axes, results)
    axes.set_title(say("intensity", language))
    axes.set_ylim(bottom=0)
    axes.legend(**legend)
