"""Fan charts of an ensemble: the middle half and 90 % of all draws, the median, and history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dualcarbon.axes import Floats, Years
from dualcarbon.output.figures.style import finish, new_figure, style
from dualcarbon.output.palette import BAND, INK, MIDDLE, PRIOR


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


def draw(title: str, fans: Sequence[Fan], source: str) -> Figure:
    """Fan charts, two by two: the middle half and 90 % of all draws, the median, and history."""
    with style("en", title):
        figure = new_figure((11.5, 8.2))
        for panel, fan in zip(figure.subplots(2, 2).flat, fans, strict=True):
            _fan(panel, fan)
        figure.axes[-1].legend(loc="lower right")
        finish(figure, title, source)
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
    known = fan.past[np.isfinite(fan.past)]  # nothing, where the statistics begin with the base year
    lowest = float(min(low.min(), *known, *(() if fan.prior is None else fan.prior[0])))
    if lowest < 0.0:
        panel.axhline(0.0, color=INK, linewidth=0.8)
    else:
        panel.set_ylim(bottom=0.0)
    panel.set_title(fan.label)
