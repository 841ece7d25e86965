"""Several scenarios side by side, among the ranges of published studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dualcarbon.axes import Floats
from dualcarbon.output import palette
from dualcarbon.output.figures import style
from dualcarbon.output.figures.labels import say, titled
from dualcarbon.results import Results
from dualcarbon.tables.studies import StudyValue
from dualcarbon.tables.variables import Variable

_SHOWN = ("eip_co2", "energy_co2", "net_ghg", "energy_total", "non_fossil_share", "captured_co2+beccs+dac")
"""What the panels show; a study is drawn where its figure is of exactly that."""

_MARKERS = "os^DvP*X<>hp"
_STUDY = "#555555"

_LINE = 40
"""Characters of a panel's title in a line."""


def draw(
    runs: Sequence[tuple[str, Results]],
    variables: Mapping[str, Variable],
    studies: Sequence[StudyValue] = (),
    language: str = "en",
) -> Figure:
    """Lines of the scenarios in six panels, and marks and ranges of the studies.

    Parameters
    ----------
    runs : name and results of each scenario
    variables : the registry, for labels and units
    studies : published figures; those of another definition than a panel's are left out
    language : en or zh
    """
    with style.style(language):
        figure = style.new_figure((13.5, 8.2))
        looks = _looks(studies)
        for axes, shown in zip(figure.subplots(2, 3).flat, _SHOWN, strict=True):
            title, factor = _title(shown, variables, language)
            _scenarios(axes, runs, shown, factor, language)
            published = [s for s in studies if s.variable == shown and s.year is not None]
            lowest = _studies(axes, published, factor, looks)
            axes.set_title(fill(title, _LINE))
            lows = [float(np.nanmin(_of(results, shown))) for _, results in runs]
            if min(lowest, *lows) < 0.0:
                axes.axhline(0.0, color=palette.INK, linewidth=0.8)
            else:
                axes.set_ylim(bottom=0.0)
            style.mark_history(axes, runs[0][1])
        lines, names = figure.axes[0].get_legend_handles_labels()
        marks = [Line2D([], [], color=_STUDY, marker=mark, linestyle="none") for mark in looks.values()]
        figure.legend([*lines, *marks], [*names, *looks], loc="outside right upper", fontsize=8)
        source = style.source_of(runs[0][1], language)
        if looks:
            source += say("source, studies", language)
        heading = "among studies" if looks else "side by side"
        style.finish(figure, say(heading, language), source)
    return figure


def _of(results: Results, shown: str) -> Floats:
    """The variable of a panel (year), or the sum of several."""
    first, *others = shown.split("+")
    values = results[first]
    for key in others:
        values = values + results[key]
    return values


def _title(shown: str, variables: Mapping[str, Variable], language: str) -> tuple[str, float]:
    first, *others = shown.split("+")
    title, factor = titled(variables[first], language)
    return (say("captured and removed", language), factor) if others else (title, factor)


def _scenarios(
    axes: Axes, runs: Sequence[tuple[str, Results]], shown: str, factor: float, language: str
) -> None:
    for k, (name, results) in enumerate(runs):
        future = results.years >= results.base_year
        line = _of(results, shown)[future] * factor
        axes.plot(results.years[future], line, label=name, **style.line_style(k))
    first = runs[0][1]
    past = first.years <= first.base_year
    known = _of(first, shown)[past] * factor
    axes.plot(first.years[past], known, color=palette.INK, linewidth=2, label=say("history", language))


def _looks(studies: Sequence[StudyValue]) -> dict[str, str]:
    """A marker for every study that has a panel."""
    names = dict.fromkeys(s.study for s in studies if s.variable in _SHOWN and s.year is not None)
    return {name: _MARKERS[k % len(_MARKERS)] for k, name in enumerate(names)}


def _studies(axes: Axes, published: Sequence[StudyValue], factor: float, looks: Mapping[str, str]) -> float:
    """Marks of single figures, bars of ranges; the figures of one study and year are joined. The lowest."""
    groups: dict[tuple[str, int], list[StudyValue]] = {}
    for one in published:
        assert one.year is not None
        groups.setdefault((one.study, one.year), []).append(one)
    for (study, year), members in groups.items():
        ends = [factor * end for one in members for end in (one.low, one.high)]
        axes.plot([year, year], [min(ends), max(ends)], color=_STUDY, linewidth=1.2, zorder=4, clip_on=False)
        for one in members:
            places = sorted({one.low, one.high})
            look: dict[str, Any] = {"marker": looks[study], "color": _STUDY, "linestyle": "none"}
            face = "white" if one.status == "unverified" else _STUDY
            at = [value * factor for value in places]
            axes.plot(
                [year] * len(at), at, markersize=6, markerfacecolor=face, zorder=5, clip_on=False, **look
            )
    return min((factor * one.low for one in published), default=0.0)
