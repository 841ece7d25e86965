"""A grid of fits: what earlier peaks and earlier neutrality demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dualcarbon.axes import Floats
from dualcarbon.output.figures import style


def draw(name: str, cells: Sequence[Mapping[str, Any]]) -> Figure:
    """A grid of fits: peak level, cumulative CO2, non-fossil share and intensity decline over what was swept.

    Parameters
    ----------
    name : of the scenario
    cells : settings (one or two keys), feasible, peak_level, cumulative, non_fossil_share and
        intensity_decline by year
    """
    keys = list(cells[0]["settings"])
    columns = sorted({c["settings"][keys[0]] for c in cells})
    rows = sorted({c["settings"][keys[1]] for c in cells}) if len(keys) > 1 else [None]
    year = min((y for c in cells for y in c["non_fossil_share"]), default=None)
    shown: list[tuple[str, Any]] = [
        ("Peak level, Gt CO2", lambda c: c["peak_level"] / 1e3),
        ("Cumulative CO2 to the end, Gt", lambda c: c["cumulative"] / 1e3),
        (f"Non-fossil share in {year}, %", lambda c: c["non_fossil_share"].get(year, np.nan) * 100.0),
        (
            f"Energy intensity, mean decline to {year}, % a year",
            lambda c: c["intensity_decline"].get(year, np.nan) * 100.0,
        ),
    ]
    with style.style("en", **{"axes.grid": False}):
        figure = style.new_figure((11.5, 1.6 + 2.0 * max(1.6, 0.55 * len(rows))))
        for panel, (label, value) in zip(figure.subplots(2, 2).flat, shown, strict=True):
            numbers = np.full((len(rows), len(columns)), np.nan)
            feasible = np.zeros_like(numbers, dtype=bool)
            for cell in cells:
                row = rows.index(cell["settings"][keys[1]]) if len(keys) > 1 else 0
                place = row, columns.index(cell["settings"][keys[0]])
                numbers[place], feasible[place] = value(cell), cell["feasible"]
            _heat(panel, numbers, feasible)
            panel.set_title(label)
            panel.set_xticks(range(len(columns)), [str(c) for c in columns])
            panel.set_xlabel(keys[0].replace("_", " "))
            panel.set_yticks(range(len(rows)), ["" if r is None else str(r) for r in rows])
            panel.set_ylabel(keys[1].replace("_", " ") if len(keys) > 1 else "")
        source = "Source: dualcarbon. Hatched: cannot be met; the nearest pathway is shown."
        style.finish(figure, f"{name}: what earlier peaks and earlier neutrality demand", source)
    return figure


def _heat(panel: Axes, numbers: Floats, feasible: Any) -> None:
    """Numbers on a colour scale that also reads in grey; cells that cannot be met are hatched."""
    panel.imshow(np.ma.masked_invalid(numbers), cmap="cividis", aspect="auto", alpha=0.85)
    middle = np.nanmean([np.nanmin(numbers), np.nanmax(numbers)]) if np.isfinite(numbers).any() else 0.0
    for (row, column), number in np.ndenumerate(numbers):
        if not feasible[row, column]:
            corner = (column - 0.5, row - 0.5)
            panel.add_patch(Rectangle(corner, 1, 1, fill=False, hatch="///", edgecolor="white", linewidth=0))
        if np.isfinite(number):
            ink = "white" if number < middle else "black"
            panel.text(column, row, f"{number:.4g}", ha="center", va="center", color=ink, fontsize=8.5)
