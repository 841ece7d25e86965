"""Figures: one style, colours that all readers and grey printers tell apart, units and source on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dualcarbon.analysis import indicators
from dualcarbon.axes import Floats, Years
from dualcarbon.results import Results

# Paul Tol's bright scheme (2021), safe for the common colour deficiencies, ordered by lightness in stacks.
INK = "#222222"
COAL, OIL, GAS, CLEAN, PROCESS = "#4d4d4d", "#aa3377", "#66ccee", "#228833", "#ccbb44"
CAPTURE, SINK, NET, TARGET = "#4477aa", "#99ddaa", "#000000", "#ee6677"
LINES = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#777777", "#000000")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))

STYLE: dict[Any, Any] = {
    "figure.dpi": 110,
    "savefig.dpi": 150,
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
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
}

SOURCE = (
    "Source: dualcarbon {version}. History (shaded): National Bureau of Statistics, Global Carbon Project, "
    "national inventories; projection: scenario.\n"
    "Coal-equivalent accounting unless said; greenhouse gases in GWP100 AR5; "
    "land sink as in the national inventory; GDP in constant 2020 yuan."
)


def draw_run(results: Results, title: str, scores: Sequence[Mapping[str, str]]) -> Figure:
    """Four panels of one run: CO2 by source, energy by fuel, shares, intensities.

    Parameters
    ----------
    results : with all variables
    title : of the figure
    scores : rows of the scoreboard, for the target marks
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11.5, 8.2), layout="constrained")
        panels = figure.subplots(2, 2)
        _co2(panels[0, 0], results, scores)
        _energy(panels[0, 1], results)
        _shares(panels[1, 0], results, scores)
        _intensity(panels[1, 1], results, scores)
        for panel in panels.flat:
            _mark_history(panel, results)
        _finish(figure, title, results)
    return figure


def draw_comparison(runs: Sequence[tuple[str, Results]]) -> Figure:
    """Several runs: CO2, net greenhouse gases, non-fossil share and total energy."""
    shown = (
        ("eip_co2", 1e-3, "CO2 from energy and processes, Gt"),
        ("net_ghg", 1e-3, "Net greenhouse gases, Gt CO2e"),
        ("non_fossil_share", 100.0, "Non-fossil share, % (coal-equivalent)"),
        ("energy_total", 1e-3, "Total energy, Gtce (coal-equivalent)"),
    )
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11.5, 8.2), layout="constrained")
        panels = figure.subplots(2, 2)
        for panel, (key, factor, label) in zip(panels.flat, shown, strict=True):
            for k, (name, results) in enumerate(runs):
                future = results.years >= results.base_year
                style = {
                    "color": LINES[k % len(LINES)],
                    "linestyle": DASHES[k % len(DASHES)],
                    "linewidth": 1.8,
                }
                panel.plot(results.years[future], results[key][future] * factor, label=name, **style)
            first = runs[0][1]
            past = first.years <= first.base_year
            panel.plot(first.years[past], first[key][past] * factor, color=INK, linewidth=2, label="history")
            panel.set_title(label)
            if min(float(np.nanmin(r[key])) for _, r in runs) < 0.0:
                panel.axhline(0.0, color=INK, linewidth=0.8)
            else:
                panel.set_ylim(bottom=0.0)
            _mark_history(panel, first)
        panels[1, 1].legend(loc="lower right", ncols=2, fontsize=8)
        _finish(figure, "Scenarios side by side", runs[0][1])
    return figure


def draw_hindcast(
    years: Years,
    starts: Sequence[int],
    observed: Mapping[str, Floats],
    forecast: Mapping[tuple[int, str], Floats],
) -> Figure:
    """What happened, and what the model would have said from each start year.

    Parameters
    ----------
    years : (year) years of the observed series
    starts : last years known
    observed : (year) by variable, inside units
    forecast : by start and variable, from the start year to the last year
    """
    shown = (
        ("energy_co2", 1e-3, "CO2 from energy, Gt"),
        ("energy_total", 1e-3, "Total energy, Gtce (coal-equivalent)"),
        ("coal_share", 100.0, "Coal share, % (coal-equivalent)"),
        ("non_fossil_share", 100.0, "Non-fossil share, % (coal-equivalent)"),
    )
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11.5, 7.4), layout="constrained")
        panels = figure.subplots(2, 2)
        for panel, (key, factor, label) in zip(panels.flat, shown, strict=True):
            panel.plot(years, observed[key] * factor, color=INK, linewidth=2.2, label="statistics")
            for k, start in enumerate(starts):
                path = forecast[start, key] * factor
                ahead = np.arange(start, start + path.size)
                style = {"color": LINES[k], "linestyle": DASHES[k + 1], "linewidth": 1.8}
                panel.plot(ahead, path, label=f"known to {start}", **style)
                panel.plot([start], [path[0]], marker="o", color=LINES[k], markersize=5, linestyle="none")
            panel.set_title(label)
            panel.set_ylim(bottom=0.0)
            panel.set_xlim(int(years[0]), int(years[-1]))
        panels[0, 0].legend(loc="upper left")
        figure.suptitle("Hindcasts: nothing after the start year is known", **TITLE)
        figure.supxlabel(_HINDCAST_SOURCE, **FOOTER)
    return figure


def draw_sweep(name: str, cells: Sequence[Mapping[str, Any]]) -> Figure:
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
    with mpl.rc_context({**STYLE, "axes.grid": False}):
        figure = Figure(figsize=(11.5, 1.6 + 2.0 * max(1.6, 0.55 * len(rows))), layout="constrained")
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
        figure.suptitle(f"{name}: what earlier peaks and earlier neutrality demand", **TITLE)
        figure.supxlabel(
            "Source: dualcarbon. Hatched: cannot be met; the nearest pathway is shown.", **FOOTER
        )
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


TITLE: dict[str, Any] = {"x": 0.01, "ha": "left", "fontsize": 12, "fontweight": "bold"}
FOOTER: dict[str, Any] = {"x": 0.01, "ha": "left", "fontsize": 7, "color": "#555555"}
_HINDCAST_SOURCE = (
    "Source: dualcarbon; statistics: National Bureau of Statistics, as revised since. "
    "The rule was chosen on data up to 2010."
)


def save(figure: Figure, path: Path) -> None:
    """Write a figure; the ending says the kind (png, svg, pdf). The same figure gives the same bytes."""
    kind = path.suffix.removeprefix(".").lower()
    metadata: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind, {})
    with mpl.rc_context({**STYLE, "svg.hashsalt": "dualcarbon"}):
        figure.savefig(path, format=kind, metadata=metadata)


def _co2(panel: Axes, results: Results, scores: Sequence[Mapping[str, str]]) -> None:
    years = results.years
    sources = ("coal_co2", "oil_co2", "gas_co2", "process_co2")
    above = [np.nan_to_num(results[key]) / 1e3 for key in sources]
    panel.stackplot(
        years,
        above,
        colors=(COAL, OIL, GAS, PROCESS),
        labels=("coal", "oil", "gas", "processes"),
        edgecolor="white",
        linewidth=0.4,
    )
    taken = results["captured_co2"] + results["beccs"] + results["dac"]
    below = [-results["land_sink"] / 1e3, -taken / 1e3]
    panel.stackplot(
        years,
        below,
        colors=(SINK, CAPTURE),
        labels=("land sink", "captured, BECCS, DAC"),
        edgecolor="white",
        linewidth=0.4,
    )
    panel.plot(years, results["net_co2"] / 1e3, color=NET, linewidth=2.2, label="net CO2")
    panel.plot(
        years, results["net_ghg"] / 1e3, color=NET, linewidth=1.4, linestyle="--", label="net GHG, CO2e"
    )
    panel.axhline(0.0, color=INK, linewidth=0.8)
    peak = indicators.peak(results["eip_co2"], years, results.base_year)
    panel.plot([peak.year], [peak.level / 1e3], marker="v", color=TARGET, markersize=7, linestyle="none")
    panel.annotate(
        f"peak {peak.year}",
        (float(peak.year), float(peak.level) / 1e3),
        xytext=(10, -16),
        textcoords="offset points",
        ha="left",
        color=TARGET,
        fontsize=8,
        bbox=_LABEL_BOX,
    )
    for row in scores:
        if row["target"] == "neutral-2060" and int(row["year"]) <= int(years[-1]):
            _diamond(panel, int(row["year"]), 0.0)
            panel.annotate(
                "neutral\n2060",
                (int(row["year"]), 0.0),
                xytext=(-9, 12),
                textcoords="offset points",
                ha="right",
                color=TARGET,
                fontsize=8,
                bbox=_LABEL_BOX,
            )
    panel.set_title("CO2 by source, Gt a year")
    panel.set_ylim(top=max(float(np.nanmax(results[key])) for key in ("gross_co2", "net_ghg")) / 1e3 * 1.32)
    panel.legend(loc="upper right", ncols=4, fontsize=7)


def _energy(panel: Axes, results: Results) -> None:
    keys = ("coal_energy", "oil_energy", "gas_energy", "non_fossil_energy")
    panel.stackplot(
        results.years,
        [results[key] / 1e3 for key in keys],
        colors=(COAL, OIL, GAS, CLEAN),
        labels=("coal", "oil", "gas", "non-fossil"),
        edgecolor="white",
        linewidth=0.4,
    )
    panel.plot(
        results.years,
        results["energy_total_direct"] / 1e3,
        color=NET,
        linewidth=1.4,
        linestyle="--",
        label="total, direct equivalent",
    )
    panel.set_title("Energy by source, Gtce a year (coal-equivalent)")
    panel.margins(y=0.08)
    panel.legend(loc="upper left")


def _shares(panel: Axes, results: Results, scores: Sequence[Mapping[str, str]]) -> None:
    lines = (("coal_share", COAL, "-", "coal"), ("non_fossil_share", CLEAN, "-", "non-fossil"))
    for key, colour, dash, label in lines:
        panel.plot(results.years, results[key] * 100, color=colour, linestyle=dash, linewidth=2, label=label)
    panel.plot(
        results.years,
        results["non_fossil_share_direct"] * 100,
        color=CLEAN,
        linestyle="--",
        linewidth=1.3,
        label="non-fossil, direct equivalent",
    )
    wanted = [r for r in scores if r["status"] == "in force" and r["value"] and r["role"] != "range top"]
    marks = [r for r in wanted if r["target"] and r["label"] and r["unit"] == "%" and _is_share(r)]
    for k, row in enumerate(marks):
        _diamond(panel, int(row["year"]), float(row["value"]), "official targets" if k == 0 else None)
    panel.set_title("Shares of total energy, %")
    panel.set_ylim(0, 100)
    panel.legend(loc="center left")


def _is_share(row: Mapping[str, str]) -> bool:
    return row["accounting"] == "coal-equivalent" and row["comparison"] == "at_least"


def _intensity(panel: Axes, results: Results, scores: Sequence[Mapping[str, str]]) -> None:
    lines = (
        ("energy_intensity", OIL, "-", "energy, total"),
        ("energy_intensity_fossil", OIL, "--", "energy, without non-fossil"),
        ("carbon_intensity_energy", CAPTURE, "-", "CO2, scope until 2025"),
        ("carbon_intensity_combustion_process", CAPTURE, "--", "CO2, scope from 2026 (approx.)"),
    )
    for key, colour, dash, label in lines:
        index = (indicators.change_since(results[key], results.years, 2005) + 1.0) * 100.0
        panel.plot(results.years, index, color=colour, linestyle=dash, linewidth=1.8, label=label)
    for row in scores:
        if row["target"] == "ndc2030-carbon-intensity":
            value = 100.0 - float(row["value"])
            _diamond(panel, int(row["year"]), value, "target for CO2, scope until 2025")
    panel.set_title("Intensity per GDP, 2005 = 100")
    panel.set_ylim(bottom=0)
    panel.legend(loc="upper right")


_LABEL_BOX = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}


def _diamond(panel: Axes, year: int, value: float, label: str | None = None) -> None:
    """The mark of an official target; whole also at the border of the panel."""
    panel.plot(
        [year],
        [value],
        marker="D",
        color=TARGET,
        markeredgecolor="white",
        markersize=7,
        linestyle="none",
        label=label,
        clip_on=False,
        zorder=5,
    )


def _mark_history(panel: Axes, results: Results) -> None:
    """Shade the past, draw the border, and keep whole years on the axis."""
    panel.axvspan(
        int(results.years[0]), results.base_year, color="#000000", alpha=0.06, linewidth=0, zorder=0
    )
    panel.axvline(results.base_year, color="#888888", linewidth=0.8)
    panel.set_xlim(int(results.years[0]), int(results.years[-1]))


def _finish(figure: Figure, title: str, results: Results) -> None:
    version = results.meta.get("versions", {}).get("dualcarbon", "")
    figure.suptitle(title, **TITLE)
    figure.supxlabel(SOURCE.format(version=version), **FOOTER)
