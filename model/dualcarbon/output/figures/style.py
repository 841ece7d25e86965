"""The one style of all figures: colours that all readers and grey printers tell apart, title, source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dualcarbon.axes import Floats, Years
from dualcarbon.output.figures.fonts import family_list
from dualcarbon.output.figures.labels import say
from dualcarbon.output.lines import in_lines
from dualcarbon.output.palette import CAPTURE, INK, LINES, TARGET
from dualcarbon.results import Results

DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))

RISE: Mapping[str, Any] = {"color": TARGET, "edgecolor": INK, "linewidth": 0.6}
FALL: Mapping[str, Any] = {"color": CAPTURE, "edgecolor": "white", "linewidth": 0.6, "hatch": "////"}
TOTAL: Mapping[str, Any] = {"color": "#777777", "edgecolor": INK, "linewidth": 0.6}
MINUS = "\N{MINUS SIGN}"

STYLE: dict[str, Any] = {
    "figure.dpi": 110,
    "savefig.dpi": 150,
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": 7.5,
    "hatch.linewidth": 0.4,
    "text.parse_math": False,  # titles and names are the user's, and a $ in them is a $
}

TITLE: dict[str, Any] = {"x": 0.01, "ha": "left", "fontsize": 12}
FOOTER: dict[str, Any] = {"x": 0.01, "ha": "left", "fontsize": 7, "color": "#555555"}
LABEL_BOX = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
NUMBER_BOX = {"boxstyle": "square,pad=0.2", "facecolor": "white", "edgecolor": "none"}
"""Keeps lines from striking through the number at the end of a bar."""

BESIDE: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.0, 1.0)}
"""A legend to the right of its panel."""

ALONE = (9.2, 5.2)
"""Size of a figure with one panel, inches."""

_TITLE_PER_INCH, _FOOTER_PER_INCH = 9.4, 17.0
"""Latin characters of the title and of the footer that fit into an inch."""

_WIDE = 1.77
"""Width of a Chinese character in Latin ones, on average."""


class Part(NamedTuple):
    """One layer of a stack: its values (year), fill and name."""

    values: Floats
    colour: str
    hatch: str
    label: str


def style(language: str, *texts: str, **more: Any) -> AbstractContextManager[None]:
    """The style while a figure is drawn or written.

    Parameters
    ----------
    language : en or zh
    texts : what the figure says besides its labels, such as its title
    more : matplotlib settings that differ for this figure

    Raises
    ------
    OutputError
        If no font can draw the labels.
    """
    families = family_list(language, *texts)
    weight = "bold" if len(families) == 1 else "normal"  # few Chinese fonts have a bold face
    settings = {**STYLE, "axes.titleweight": weight, "figure.titleweight": weight, "font.family": families}
    full: dict[Any, Any] = {**settings, **more}
    return mpl.rc_context(full)


def new_figure(size: tuple[float, float] = ALONE) -> Figure:
    """An empty figure that makes room for its title, legends and source."""
    return Figure(figsize=size, layout="constrained")


def save(figure: Figure, path: Path, language: str = "en") -> None:
    """Write a figure; the ending says the kind (png, svg, pdf). The same figure gives the same bytes."""
    kind = path.suffix.removeprefix(".").lower()
    metadata: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind, {})
    with style(language, **{"svg.hashsalt": "dualcarbon"}):
        figure.savefig(path, format=kind, metadata=metadata)


def finish(figure: Figure, title: str, source: str) -> None:
    """Title above, source below, in lines as long as the figure is wide."""
    width = float(figure.get_figwidth())
    figure.suptitle("\n".join(in_lines(title, width * _TITLE_PER_INCH, _WIDE)), **TITLE)
    figure.supxlabel("\n".join(in_lines(source, width * _FOOTER_PER_INCH, _WIDE)), **FOOTER)


def source_of(results: Results, language: str) -> str:
    """Where the numbers of a run's figure come from."""
    return say("source", language, version=version_of(results))


def version_of(results: Results) -> str:
    """The version of dualcarbon that projected a run."""
    return str(results.meta.get("versions", {}).get("dualcarbon", ""))


def stack(panel: Axes, years: Years, parts: Sequence[Part]) -> None:
    """Layers (year) on top of one another from zero, upwards or downwards; what is not known is left open.

    Where a layer is not known, those after it have nothing to stand on and are left out as well.
    """
    base = np.zeros(years.size)
    for part in parts:
        top = base + part.values
        panel.fill_between(
            years,
            base,
            top,
            facecolor=part.colour,
            hatch=part.hatch,
            edgecolor="white",
            linewidth=0.4,
            label=part.label,
        )
        base = top


def diamond(panel: Axes, year: int, value: float, label: str | None = None, *, hollow: bool = False) -> None:
    """The mark of an official target; whole also at the border of the panel."""
    panel.plot(
        [year],
        [value],
        marker="D",
        color=TARGET,
        markerfacecolor="none" if hollow else TARGET,
        markeredgecolor=TARGET if hollow else "white",
        markersize=10 if hollow else 7,
        linestyle="none",
        label=label,
        clip_on=False,
        zorder=5,
    )


def mark_history(panel: Axes, results: Results) -> None:
    """Shade the past, draw the border, and keep whole years on the axis."""
    panel.axvspan(
        int(results.years[0]), results.base_year, color="#000000", alpha=0.06, linewidth=0, zorder=0
    )
    panel.axvline(results.base_year, color="#888888", linewidth=0.8)
    panel.set_xlim(int(results.years[0]), int(results.years[-1]))


def line_style(k: int) -> dict[str, Any]:
    """Colour and dashes of the k-th line; together they stay apart in grey."""
    return {"color": LINES[k % len(LINES)], "linestyle": DASHES[k % len(DASHES)], "linewidth": 1.8}


def number(value: float, digits: int = 2) -> str:
    """A number with a typographic minus."""
    return f"{value:.{digits}f}".replace("-", MINUS)


def signed(value: float, digits: int = 2) -> str:
    """A number with a sign; zero where its digits are zero."""
    text = f"{value:+.{digits}f}"
    return text.replace("-", MINUS) if float(text) else "0"
