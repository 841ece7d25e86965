"""Why two pathways differ: waterfalls from the first to the second, a panel for each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dualcarbon.analysis.splits import Split
from dualcarbon.axes import Floats
from dualcarbon.output import palette
from dualcarbon.output.figures import style
from dualcarbon.output.figures.labels import large, method_text, say
from dualcarbon.output.figures.style import MINUS, signed

MOST_YEARS = 6
"""Years that a figure has room for."""


class Rows(NamedTuple):
    """One way to split the difference: a row of panels.

    Parameters
    ----------
    title : a key of the texts, ``by levers`` or ``by kaya``
    labels : of the groups, in the language of the figure
    annual, cumulative : the difference in net CO2 in parts
    """

    title: str
    labels: Mapping[str, str]
    annual: Split
    cumulative: Split


def draw(
    names: tuple[str, str],
    rows: Sequence[Rows],
    base_year: int,
    method: str = "",
    language: str = "en",
    *,
    version: str,
) -> Figure:
    """The difference in net CO2 in parts that add up, in each year and summed to the last.

    Parameters
    ----------
    names : of the first and the second pathway
    rows : the ways to split it, one below the other
    base_year : last year of history; sums begin in the year after it
    method : what the decomposition says of its form, for the footer
    language : en or zh
    version : of dualcarbon that projected them

    Raises
    ------
    ValueError
        If there are more than `MOST_YEARS` years.
    """
    years = [int(year) for year in rows[0].annual.years]
    if len(years) > MOST_YEARS:
        raise ValueError(f"a figure has room for {MOST_YEARS} years, not for {len(years)}")
    counts = [len(_shown(row)) + 1 for row in rows]
    with style.style(language, **{"axes.grid.axis": "x"}):
        figure = style.new_figure((3.2 + 2.1 * (len(years) + 1), 1.9 + 0.3 * (sum(counts) + 3 * len(counts))))
        panels = figure.subplots(
            len(rows), len(years) + 1, squeeze=False, sharey="row", height_ratios=[n + 1.0 for n in counts]
        )
        for line, row in zip(panels, rows, strict=True):
            for k, year in enumerate(years):
                title = say("in the year", language, **_ends(row.annual, k, language), year=year)
                _waterfall(line[k], row, row.annual.parts[:, k], title, language)
            title = say(
                "summed", language, **_ends(row.cumulative, -1, language), first=base_year + 1, last=years[-1]
            )
            _waterfall(line[-1], row, row.cumulative.parts[:, -1], title, language, digits=1)
            _name_bars(line[0], row, language)
        figure.align_ylabels(panels[:, 0])
        for axes in panels[-1]:
            axes.set_xlabel(say("difference, unit", language), fontsize=7.5)
        first, second = names
        said = f" ({method_text(method, language)})" if method else ""
        source = say("source, difference", language, version=version, first=first, second=second, method=said)
        style.finish(figure, say("why they differ", language, first=first, second=second), source)
    return figure


def _shown(row: Rows) -> list[int]:
    """Groups that make any difference, in their order."""
    both = np.concatenate([row.annual.parts, row.cumulative.parts], axis=1)
    return [k for k in range(len(row.annual.groups)) if np.any(np.abs(both[k]) >= _NOTHING)]


_NOTHING = 0.05
"""Mt of CO2 below which a part is not drawn."""


def _ends(split: Split, k: int, language: str) -> dict[str, str]:
    """Levels of both pathways at a place, ready for a title."""
    levels = (split.before[k], split.after[k])
    return dict(
        zip(("before", "after"), (style.number(float(v) * large(language), 1) for v in levels), strict=True)
    )


def _waterfall(axes: Axes, row: Rows, parts: Floats, title: str, language: str, digits: int = 2) -> None:
    """Bars from zero to the difference, one below the other, and the difference below them."""
    values = [float(parts[k]) * large(language) for k in _shown(row)]
    ends = np.cumsum([0.0, *values])
    for place, value in enumerate(values):
        look = style.FALL if signed(value, digits).startswith(MINUS) else style.RISE
        axes.barh(place, value, left=ends[place], height=0.7, **look)
        axes.plot([ends[place + 1]] * 2, [place - 0.35, place + 1.35], color=palette.INK, linewidth=0.6)
    axes.barh(len(values), ends[-1], height=0.7, **style.TOTAL)
    axes.axvline(0.0, color=palette.INK, linewidth=0.8)
    low, high = float(min(ends)), float(max(ends))
    room = 0.42 * (high - low) or 1.0
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(len(values) + 0.6, -0.6)
    for place, value in enumerate([*values, float(ends[-1])]):
        reach = float(ends[place + 1]) if place < len(values) else value
        left = signed(value, digits).startswith(MINUS)
        axes.annotate(
            signed(value, digits),
            (reach, place),
            xytext=(-3 if left else 3, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            fontsize=7.5,
            bbox=style.NUMBER_BOX,
        )
    axes.set_title(title, fontsize=8.5)
    axes.locator_params(axis="x", nbins=4)
    axes.tick_params(axis="y", length=0)


def _name_bars(axes: Axes, row: Rows, language: str) -> None:
    names = [row.labels[row.annual.groups[k]] for k in _shown(row)]
    axes.set_yticks(range(len(names) + 1), [*names, say("all", language)])
    axes.set_ylabel(say(row.title, language))
