"""Figures of an ensemble: fans of indicators, and when CO2 peaks and greenhouse gases reach zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from dualcarbon.axes import Floats, Years
from dualcarbon.output.plots import FOOTER, INK, STYLE, TITLE

BAND, MIDDLE, PRIOR = "#4477aa", "#224466", "#777777"


@dataclass(frozen=True)
class Fan:
    """Quantiles of one indicator over the years.

    Parameters
    ----------
    label : what it is, with its unit
    years : (year)
    quantiles : (5, 25, 50, 75 and 95 %, year)
    prior : (5 and 95 %, year) before history was looked at; None where it was left out
    past_years, past : (past year) what is known
    """

    label: str
    years: Years
    quantiles: Floats
    prior: Floats | None
    past_years: Years
    past: Floats


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


def draw_fans(title: str, fans: Sequence[Fan], source: str) -> Figure:
    """Fan charts, two by two: the middle half and 90 % of all draws, the median, and history."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11.5, 8.2), layout="constrained")
        for panel, fan in zip(figure.subplots(2, 2).flat, fans, strict=True):
            _fan(panel, fan)
        figure.axes[-1].legend(loc="lower right")
        _finish(figure, title, source)
    return figure


def _fan(panel: Axes, fan: Fan) -> None:
    low, first, middle, third, high = fan.quantiles
    panel.fill_between(fan.years, low, high, color=BAND, alpha=0.25, linewidth=0, label="90 % of draws")
    panel.fill_between(fan.years, first, third, color=BAND, alpha=0.45, linewidth=0, label="50 % of draws")
    panel.plot(fan.years, middle, color=MIDDLE, linewidth=2, label="median")
    if fan.prior is not None:
        for edge, label in zip(fan.prior, ("90 % before history is looked at", None), strict=True):
            panel.plot(fan.years, edge, color=PRIOR, linestyle=":", linewidth=1.3, label=label)
    past = np.append(fan.past, middle[0])
    panel.plot(np.append(fan.past_years, fan.years[0]), past, color=INK, linewidth=2.2, label="statistics")
    panel.axvspan(
        int(fan.past_years[0]), int(fan.years[0]), color="#000000", alpha=0.06, linewidth=0, zorder=0
    )
    panel.axvline(int(fan.years[0]), color="#888888", linewidth=0.8)
    panel.set_xlim(int(fan.past_years[0]), int(fan.years[-1]))
    lowest = float(min(np.nanmin(fan.past), low.min(), *(() if fan.prior is None else fan.prior[0])))
    if lowest < 0.0:
        panel.axhline(0.0, color=INK, linewidth=0.8)
    else:
        panel.set_ylim(bottom=0.0)
    panel.set_title(fan.label)


def draw_chances(title: str, panels: Sequence[Chances], source: str) -> Figure:
    """Bars of the probability of each year, one panel above the other."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11.5, 3.4 * len(panels) + 0.9), layout="constrained")
        for panel, chances in zip(np.ravel(figure.subplots(len(panels), 1)), panels, strict=True):
            _bars(panel, chances)
        _finish(figure, title, source)
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
        style: dict[str, Any] = {"color": "white", "edgecolor": PRIOR, "linewidth": 0.8, "hatch": "////"}
        panel.bar(places + 0.2, prior * 100.0, width=0.4, **style)
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


def _finish(figure: Figure, title: str, source: str) -> None:
    figure.suptitle(title, **TITLE)
    figure.supxlabel(source, **FOOTER)
