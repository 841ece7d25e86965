"""What charts are made of: areas, lines, marks of targets and axes, as plotly takes them."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

import numpy as np

from dualcarbon.axes import Floats
from dualcarbon.output import palette
from dualcarbon.output.report import patterns
from dualcarbon.results import Results

_DIGITS = 5
_PLAIN = "%{y:.2f}"


def area(r: Results, values: Floats, label: str, colour: str, stack: str) -> dict[str, Any]:
    """One layer of a stack; values (year)."""
    fill: dict[str, Any] = {"fillcolor": colour}
    if colour in patterns.PATTERNS:
        shape = patterns.PATTERNS[colour]
        pattern = {"shape": shape, "fgcolor": "white", "bgcolor": colour, "size": 7, "solidity": 0.18}
        fill["fillpattern"] = pattern
    edge = {"color": "white", "width": 0.6}
    return {**_points(r, values, label), "stackgroup": stack, "line": edge, **fill, "hovertemplate": _PLAIN}


def line(
    r: Results, values: Floats, label: str, colour: str, dash: str = "solid", width: float = 2.0
) -> dict[str, Any]:
    """One line; values (year)."""
    style = {"color": colour, "dash": dash, "width": width}
    return {**_points(r, values, label), "line": style, "hovertemplate": _PLAIN}


def _points(r: Results, values: Floats, label: str) -> dict[str, Any]:
    """Years and values of a trace; missing years are left out. Labels are plain text, not plotly's HTML."""
    known = np.isfinite(values)
    rounded = [float(f"{value:.{_DIGITS}g}") for value in values[known]]
    years = [int(year) for year in r.years[known]]
    return {"type": "scatter", "mode": "lines", "name": html.escape(label), "x": years, "y": rounded}


def marks(
    r: Results, targets: Iterable[tuple[int, float, str]], label: str, *, hollow: bool = False
) -> list[dict[str, Any]]:
    """Diamonds of targets within the run's years, as a trace; none if there are none."""
    inside = [mark for mark in targets if r.years[0] <= mark[0] <= r.years[-1]]
    if not inside:
        return []
    diamond = {
        "symbol": "diamond-open" if hollow else "diamond",
        "size": 11,
        "color": palette.TARGET,
        "line": {"color": palette.TARGET if hollow else "white", "width": 2 if hollow else 1},
    }
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": label,
            "x": [year for year, _, _ in inside],
            "y": [round(value, 2) for _, value, _ in inside],
            "text": [html.escape(text) for _, _, text in inside],
            "marker": diamond,
            "cliponaxis": False,
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]


def layout(r: Results, *, zero: bool = False) -> dict[str, Any]:
    """Axes in years and from zero up, the past shaded, the legend below."""
    first, last = int(r.years[0]), int(r.years[-1])
    past = {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": first,
        "x1": r.base_year,
        "y0": 0,
        "y1": 1,
        "fillcolor": patterns.HISTORY,
        "line": {"width": 0},
        "layer": "below",
    }
    border = {**past, "type": "line", "x0": r.base_year, "line": {"color": patterns.BORDER, "width": 1}}
    border.pop("fillcolor")
    return {
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": palette.INK},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "margin": {"l": 8, "r": 24, "t": 12, "b": 8},
        "hovermode": "x unified",
        "legend": {"orientation": "h", "x": 0, "y": -0.12, "yanchor": "top", "traceorder": "normal"},
        "xaxis": {
            "range": [first, last],
            "tick0": first,
            "dtick": 10,
            "ticks": "outside",
            "showgrid": False,
            "automargin": True,
        },
        "yaxis": {
            "gridcolor": patterns.GRID,
            "rangemode": "normal" if zero else "tozero",
            "zeroline": True,
            "zerolinecolor": palette.INK,
            "zerolinewidth": 1,
            "automargin": True,
        },
        "shapes": [past, border],
    }
