"""What happened, and what the model would have said from earlier years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from dualcarbon.axes import Floats, Years
from dualcarbon.output import palette
from dualcarbon.output.figures import style
from dualcarbon.output.figures.labels import say, titled
from dualcarbon.tables.variables import Variable

_SHOWN = ("energy_co2", "energy_total", "coal_share", "non_fossil_share")


def draw(
    years: Years,
    starts: Sequence[int],
    observed: Mapping[str, Floats],
    forecast: Mapping[tuple[int, str], Floats],
    variables: Mapping[str, Variable],
    language: str = "en",
    *,
    version: str,
) -> Figure:
    """Statistics and the forecasts of each start year, in four panels.

    Parameters
    ----------
    years : (year) years of the observed series
    starts : last years known
    observed : (year) by variable, inside units
    forecast : by start and variable, from the start year to the last year
    variables : the registry, for labels and units
    language : en or zh
    version : of dualcarbon that made the forecasts
    """
    with style.style(language):
        figure = style.new_figure((11.5, 7.4))
        for axes, key in zip(figure.subplots(2, 2).flat, _SHOWN, strict=True):
            title, factor = titled(variables[key], language)
            known = say("statistics", language)
            axes.plot(years, observed[key] * factor, color=palette.INK, linewidth=2.2, label=known)
            for k, start in enumerate(starts):
                path = forecast[start, key] * factor
                ahead = np.arange(start, start + path.size)
                look = {**style.line_style(k), "linestyle": style.DASHES[k + 1]}
                axes.plot(ahead, path, label=say("known to", language, year=start), **look)
                axes.plot([start], [path[0]], marker="o", color=look["color"], markersize=5, linestyle="none")
            axes.set_title(title)
            axes.set_ylim(bottom=0.0)
            axes.set_xlim(int(years[0]), int(years[-1]))
        figure.axes[0].legend(loc="upper left")
        source = say("source, hindcast", language, version=version)
        style.finish(figure, say("hindcast", language), source)
    return figure
