"""How likely each year is: when CO2 peaks, and when greenhouse gases reach zero for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from dualcarbon.axes import Floats, Years
from dualcarbon.output.figures.style import finish, new_figure, style
from dualcarbon.output.palette import BAND, MIDDLE, PRIOR


@dataclass(frozen=True)
class Chances:
    """How likely each year is.

    Parameters
    ----------
    label : what happens in the year
    years : (year)
    now, prior : (year) probability; the prior is None where history was left out
    never, never_prior : probability that it happens in none of them
    can_be_never : whether that is possible at all
    last_observed : years up to it are shaded
    """

    label: str
    years: Years
    now: Floats
    prior: Floats | None
    never: float
    never_prior: float
    can_be_never: bool
    last_observed: int


def draw(title: str, panels: Sequence[Chances], source: str) -> Figure:
    """Bars of the probability of each year, one panel above the other."""
    with style("en", title):
        figure = new_figure((11.5, 3.4 * len(panels) + 0.9))
        for panel, chances in zip(np.ravel(figure.subplots(len(panels), 1)), panels, strict=True):
            _bars(panel, chances)
        finish(figure, title, source)
    return figure


def _bars(panel: Axes, chances: Chances) -> None:
    shown = chances.now + (0.0 if chances.prior is None else chances.prior) > 5e-4
    years = chances.years
    first, last = (
        (int(years[shown][0]), int(years[shown][-1]))
        if shown.any()
        else (int(years[-1]) - 10, int(years[-1]))
    )
    inside = (years >= first) & (years <= last)
    places, now = np.arange(last - first + 1.0), chances.now[inside]
    prior = None if chances.prior is None else chances.prior[inside]
    labels = [str(year) for year in range(first, last + 1)]
    if chances.can_be_never:
        places = np.append(places, places[-1] + 2.0)
        now = np.append(now, chances.never)
        prior = None if prior is None else np.append(prior, chances.never_prior)
        labels.append(f"not by\n{int(years[-1])}")
    every = max(1, len(labels) // 24)
    if prior is None:
        panel.bar(places, now * 100.0, width=0.8, color=BAND, edgecolor=MIDDLE, linewidth=0.6)
    else:
        panel.bar(places - 0.2, now * 100.0, width=0.4, color=BAND, edgecolor=MIDDLE, linewidth=0.6)
        hatched: dict[str, Any] = {"color": "white", "edgecolor": PRIOR, "linewidth": 0.8, "hatch": "////"}
        panel.bar(places + 0.2, prior * 100.0, width=0.4, **hatched)
        handles = [
            Patch(facecolor=BAND, edgecolor=MIDDLE, label="held to history"),
            Patch(facecolor="white", edgecolor=PRIOR, hatch="////", label="before history is looked at"),
        ]
        panel.legend(handles=handles, loc="best")
    if first <= chances.last_observed:
        edge = chances.last_observed - first + 0.5
        panel.axvspan(-0.5, edge, color="#000000", alpha=0.06, linewidth=0, zorder=0)
        panel.text(-0.45, 0.97, "observed", transform=panel.get_xaxis_transform(), va="top", fontsize=8)
    panel.set_xlim(places[0] - 0.5, places[-1] + 0.5)
    ticks = [
        k for k in range(len(labels)) if k % every == 0 or (chances.can_be_never and k == len(labels) - 1)
    ]
    panel.set_xticks(places[ticks], [labels[k] for k in ticks])
    panel.set_title(f"{chances.label}, % of draws")
    panel.set_ylim(0.0, max(5.0, *(now * 110.0), *(() if prior is None else prior * 110.0)))
