"""What stands in a figure, read back from it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dualcarbon.axes import Floats


def line(axes: Axes, label: str) -> Line2D:
    """The line with a name in the legend."""
    return next(one for one in axes.lines if one.get_label() == label)


def values(axes: Axes, label: str) -> Floats:
    """Heights of the line with a name in the legend."""
    return np.asarray(line(axes, label).get_ydata(), dtype=np.float64)


def thickness(axes: Axes, label: str, year: int) -> float:
    """How thick the layer of a name is in a year; negative for one that hangs below another."""
    layer = next(
        one for one in axes.collections if isinstance(one, PolyCollection) and one.get_label() == label
    )
    heights = [
        float(y) for path in layer.get_paths() for x, y in np.asarray(path.vertices).tolist() if x == year
    ]
    return max(heights) - min(heights) if heights else float("nan")


def marks(axes: Axes, marker: str = "D") -> list[tuple[float, float]]:
    """Places of the marks of a kind."""
    return [
        (float(x), float(y))
        for one in axes.lines
        if one.get_marker() == marker
        for x, y in zip(np.asarray(one.get_xdata()), np.asarray(one.get_ydata()), strict=True)
    ]


def titles(figure: Figure) -> list[str]:
    """Titles of the panels."""
    return [axes.get_title(loc="left").replace("\n", " ") for axes in figure.axes]


def footer(figure: Figure) -> str:
    """The source line, in one line."""
    return figure.get_supxlabel().replace("\n", " ")


def rendered(figure: Figure) -> FigureCanvasAgg:
    """The figure, drawn in memory: warnings of missing characters would be errors."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas
