"""The charts of a report: plotly figures as plain content, with titles, units and the numbers behind them."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dualcarbon.analysis import indicators
from dualcarbon.analysis.summary import milestones
from dualcarbon.analysis.targets import Score, Target
from dualcarbon.axes import at
from dualcarbon.output import palette
from dualcarbon.output.report import patterns
from dualcarbon.output.report.traces import area, layout, line, marks
from dualcarbon.results import Results

ACCOUNTINGS = ("coal-equivalent", "direct equivalent")
"""Between which the chart of energy switches; the first is shown at the start."""


Wanted = tuple[Target, float]
"""A target that stands, with the value that it demands."""


@dataclass(frozen=True)
class Chart:
    """One chart.

    Parameters
    ----------
    key : identifies it in the page
    title : what is shown, with its unit
    note : how to read it; what is special about it
    traces, layout : as plotly.js takes them; a trace's ``meta`` names the choice that shows it, if one does
    choices : between which a reader switches
    years : of the table of numbers
    """

    key: str
    title: str
    note: str
    traces: Sequence[dict[str, Any]]
    layout: dict[str, Any]
    choices: Sequence[str]
    years: Sequence[int]

    @property
    def drawn(self) -> int:
        """Traces that are visible at the start."""
        return sum(trace.get("visible", True) is True for trace in self.traces)

    def numbers(self) -> list[tuple[str, list[str]]]:
        """The name of each line or area and its numbers in the years of the table."""
        rows = []
        for trace in self.traces:
            at_year = dict(zip(trace["x"], trace["y"], strict=True))
            cells = [_cell(at_year.get(year)) for year in self.years]
            if trace["mode"] != "markers":
                choice = f" ({trace['meta']})" if trace.get("meta") else ""
                rows.append((html.unescape(trace["name"]) + choice, cells))
        return rows


def run_charts(key: str, results: Results, scores: Sequence[Score]) -> list[Chart]:
    """CO2 by source, energy by fuel, shares and intensities of one run.

    Parameters
    ----------
    key : begins the keys of the charts
    results : with all variables
    scores : of every official target, for their marks
    """
    standing = [s.target for s in scores if s.target.in_force and s.verdict != "not applicable"]
    wanted = [(t, t.value) for t in standing if t.value is not None and t.role != "range top"]
    return [
        _emissions(key, results, wanted),
        _energy(key, results),
        _shares(key, results, wanted),
        _intensity(key, results, wanted),
    ]


def comparison_charts(runs: Sequence[tuple[str, Results]]) -> list[Chart]:
    """Several runs: CO2, net greenhouse gases, non-fossil share and total energy."""
    shown = (
        ("eip_co2", 1e-3, "CO2 from energy and processes, Gt a year"),
        ("net_ghg", 1e-3, "Net greenhouse gases, Gt CO2e a year"),
        ("non_fossil_share", 100.0, "Non-fossil share of energy, % (coal-equivalent)"),
        ("energy_total", 1e-3, "Total energy, Gtce a year (coal-equivalent)"),
    )
    return [_side_by_side(key, factor, title, runs) for key, factor, title in shown]


def _emissions(key: str, r: Results, wanted: Sequence[Wanted]) -> Chart:
    up = [
        ("coal_co2", palette.COAL, "coal"),
        ("oil_co2", palette.OIL, "oil"),
        ("gas_co2", palette.GAS, "gas"),
        ("process_co2", palette.PROCESS, "processes"),
    ]
    down = {
        "land sink": (-r["land_sink"], palette.SINK),
        "captured, BECCS, DAC": (-(r["captured_co2"] + r["beccs"] + r["dac"]), palette.CAPTURE),
    }
    known = np.isfinite(r["land_sink"])
    traces = [area(r, r[name] / 1e3, label, colour, "up") for name, colour, label in up]
    for label, (values, colour) in down.items():
        traces.append(area(r, np.where(known, values, np.nan) / 1e3, label, colour, "down"))
    traces.append(line(r, r["net_co2"] / 1e3, "net CO2", palette.NET, width=2.6))
    traces.append(line(r, r["net_ghg"] / 1e3, "net GHG, CO2e", palette.NET, dash="dash"))
    peak = indicators.peak(r["eip_co2"], r.years, r.base_year)
    targets = [(t.year, 0.0, t.label) for t, _ in wanted if t.indicator == "neutral_year"]
    traces += marks(r, targets, "target: neutral")
    top = max(float(np.nanmax(r[name])) for name in ("gross_co2", "net_ghg")) / 1e3
    depth = np.nanmin(-(r["land_sink"] + r["captured_co2"] + r["beccs"] + r["dac"])) / 1e3
    low = min(float(depth), float(np.nanmin(r["net_ghg"])) / 1e3)
    axes = layout(r, zero=True)
    axes["yaxis"]["range"] = [round(min(1.15 * low, 0.0), 2), round(1.2 * top, 2)]
    axes["annotations"] = [
        {
            "x": int(peak.year),
            "y": float(peak.level) / 1e3,
            "text": f"CO2 peak {int(peak.year)}",
            "axref": "x",
            "ayref": "y",
            "ax": int(peak.year) + 4,
            "ay": 1.13 * top,
            "xanchor": "left",
            "bgcolor": "rgba(255, 255, 255, 0.85)",
            "arrowhead": 2,
        }
    ]
    note = (
        "Land sink as in the national inventory. The peak is that of CO2 from energy and processes: after "
        "capture and BECCS, before direct air capture (DAC) and the sink."
    )
    return _chart(f"{key}-emissions", "CO2 by source, Gt a year", note, traces, axes, r)


def _energy(key: str, r: Results) -> Chart:
    fuels = [
        ("coal_energy", palette.COAL, "coal"),
        ("oil_energy", palette.OIL, "oil"),
        ("gas_energy", palette.GAS, "gas"),
    ]
    traces = [area(r, r[name] / 1e3, label, colour, "up") for name, colour, label in fuels]
    for choice, suffix in zip(ACCOUNTINGS, ("", "_direct"), strict=True):
        clean = area(r, r[f"non_fossil_energy{suffix}"] / 1e3, "non-fossil", palette.CLEAN, "up")
        total = line(r, r[f"energy_total{suffix}"] / 1e3, "total", palette.NET, width=2.0)
        traces += [{**one, "meta": choice, "visible": choice == ACCOUNTINGS[0]} for one in (clean, total)]
    axes = layout(r)
    axes["yaxis"]["range"] = [0.0, round(float(np.nanmax(r["energy_total"])) / 1e3 * 1.06, 2)]
    note = (
        "Coal-equivalent, as in Chinese statistics and targets: non-fossil power at the coal that power "
        "plants burn for it. Direct equivalent, as in international ones: at its heat, 3.6 MJ a kWh."
    )
    return _chart(f"{key}-energy", "Energy by source, Gtce a year", note, traces, axes, r, ACCOUNTINGS)


def _shares(key: str, r: Results, wanted: Sequence[Wanted]) -> Chart:
    lines = (
        ("coal_share", palette.COAL, "dashdot", "coal"),
        ("coal_share_direct", palette.COAL, "dot", "coal, direct equivalent"),
        ("non_fossil_share", palette.CLEAN, "solid", "non-fossil"),
        ("non_fossil_share_direct", palette.CLEAN, "dash", "non-fossil, direct equivalent"),
    )
    traces = [line(r, r[name] * 100.0, label, colour, dash) for name, colour, dash, label in lines]
    targets = [
        (t.year, value, f"{t.label}: {value:g} %")
        for t, value in wanted
        if t.indicator in ("coal_share", "non_fossil_share") and t.accounting == "coal-equivalent"
    ]
    traces += marks(r, targets, "official targets in force")
    axes = layout(r)
    axes["yaxis"]["range"] = [0.0, 100.0]
    note = "Coal-equivalent accounting, as in the targets, unless direct equivalent is said."
    return _chart(f"{key}-shares", "Shares of total energy, %", note, traces, axes, r)


_INDEX_YEAR = 2005

_MEASURED_BY = {
    ("carbon_intensity_reduction", "energy"): "carbon_intensity_energy",
    ("carbon_intensity_reduction", "combustion-process"): "carbon_intensity_combustion_process",
    ("energy_intensity_reduction", "total"): "energy_intensity",
    ("energy_intensity_reduction", "without-feedstock-and-non-fossil"): "energy_intensity_fossil",
}
"""The variable whose fall a target demands, by its indicator and scope."""

_NEWER_SCOPES = ("carbon_intensity_combustion_process", "energy_intensity_fossil")
"""Their targets have hollow marks."""


def _intensity(key: str, r: Results, wanted: Sequence[Wanted]) -> Chart:
    lines = (
        ("energy_intensity", palette.OIL, "dashdot", "energy, total"),
        ("energy_intensity_fossil", palette.OIL, "dash", "energy, without non-fossil"),
        ("carbon_intensity_energy", palette.CAPTURE, "solid", "CO2, scope until 2025"),
        (
            "carbon_intensity_combustion_process",
            palette.CAPTURE,
            "dot",
            "CO2, scope from 2026 (approximate)",
        ),
    )
    index = {n: (indicators.change_since(r[n], r.years, _INDEX_YEAR) + 1.0) * 100.0 for n, *_ in lines}
    traces = [line(r, index[name], label, colour, dash) for name, colour, dash, label in lines]
    for name, _, _, label in lines:
        targets = []
        for t, value in wanted:
            if _MEASURED_BY.get((t.indicator, t.scope)) == name and isinstance(t.base, int):
                start = float(index[name][at(r.years, t.base)])
                targets.append((t.year, start * (1.0 - value / 100.0), f"{t.label}: {value:g} %, {t.scope}"))
        traces += marks(r, targets, f"target for {label}", hollow=name in _NEWER_SCOPES)
    note = (
        "Two scopes of CO2: until 2025 official figures count energy CO2 with non-energy use in; from 2026 "
        "combustion without it and industrial processes, approximated here. A target belongs to one of them."
    )
    title = f"Intensity per GDP, {_INDEX_YEAR} = 100"
    return _chart(f"{key}-intensity", title, note, traces, layout(r), r)


def _side_by_side(key: str, factor: float, title: str, runs: Sequence[tuple[str, Results]]) -> Chart:
    first = runs[0][1]
    past = np.where(first.years <= first.base_year, first[key], np.nan) * factor
    traces = [line(first, past, "history", palette.INK, width=2.6)]
    for place, (name, r) in enumerate(runs):
        ahead = np.where(r.years >= r.base_year, r[key], np.nan) * factor
        traces.append({**line(r, ahead, name, ""), "line": patterns.line_style(place)})
    longest = max((r for _, r in runs), key=lambda r: int(r.years[-1]))
    below = any(float(np.nanmin(r[key])) < 0.0 for _, r in runs)
    return _chart(f"compared-{key}", title, "", traces, layout(longest, zero=below), longest)


def _chart(
    key: str,
    title: str,
    note: str,
    traces: Sequence[dict[str, Any]],
    layout: dict[str, Any],
    results: Results,
    choices: Sequence[str] = (),
) -> Chart:
    """The chart, after plotly has checked every name and value of it."""
    import plotly.graph_objects as go

    figure = go.Figure(data=list(traces), layout=layout).to_plotly_json()
    figure["layout"].pop("template", None)  # seven thousand characters of defaults that are not ours
    years = [year for year in (2005, 2010, 2015, 2020, *milestones(results)) if year >= int(results.years[0])]
    drawn = [dict(trace) for trace in figure["data"]]
    return Chart(key, title, note, drawn, figure["layout"], choices, sorted(set(years)))


def _cell(value: float | None) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:.2f}"
