"""Figures from Python: several runs among studies, an ensemble, a sensitivity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import dualcarbon
from dualcarbon import output
from dualcarbon.api.opening import open_library
from dualcarbon.api.runs import Run
from dualcarbon.explore.attribution import MIX
from dualcarbon.explore.ensembles.result import HINDCASTS, PROBABILITIES, Ensemble
from dualcarbon.tables import Library
from dualcarbon.tables.levers import Lever, read_levers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from dualcarbon.explore.sensitivity import Factor, Output, Sensitivity


def plot_comparison(runs: Sequence[Run], *, language: str = "en") -> Figure:
    """Several runs among what studies have published; ``language`` is en or zh."""
    pathways = [(run.name, run.results) for run in runs]
    return output.plotting.draw_comparison(pathways, runs[0].library, language)


def plot_fans(ensemble: Ensemble) -> Figure:
    """Fan charts of an ensemble: half and 90 % of all draws, the median, history, and 90 % before history."""
    fans = [_fan(ensemble, key, label, factor) for key, label, factor in _FANS]
    return output.figures.fans.draw(ensemble.title, fans, _ensemble_source(ensemble))


def plot_years(ensemble: Ensemble) -> Figure:
    """How likely each peak year and each neutral year of an ensemble is."""
    chances = [_chances(ensemble, name, label) for name, label in _CHANCES]
    return output.figures.year_chances.draw(ensemble.title, chances, _ensemble_source(ensemble))


def plot_tornado(found: Sensitivity, *, data: str | Path | Library | None = None) -> Figure:
    """One lever at a time, over its own range and between two pathways."""
    return draw_tornado(found, read_levers(open_library(data)))


def plot_tree(found: Sensitivity, *, data: str | Path | Library | None = None) -> Figure:
    """How the variance splits over the levers, alone and together."""
    return draw_tree(found, read_levers(open_library(data)))


def draw_tornado(found: Sensitivity, levers: Mapping[str, Lever]) -> Figure:
    """`plot_tornado` with the levers at hand."""
    panels = [_tornado(found, k, levers) for k in range(len(found.outputs))]
    return output.figures.tornado.draw_tornado(str(found.meta["scenario"]["title"]), panels)


def draw_tree(found: Sensitivity, levers: Mapping[str, Lever]) -> Figure:
    """`plot_tree` with the levers at hand."""
    trees = [_tree(found, k, levers) for k in range(len(found.outputs))]
    title = str(found.meta["scenario"]["title"])
    return output.figures.variance_tree.draw_variance_tree(title, trees, found.points)


_FANS = (
    ("eip_co2", "CO2 from energy and processes, Gt", 1e-3),
    ("net_ghg", "Net greenhouse gases, Gt CO2e", 1e-3),
    ("non_fossil_share", "Non-fossil share, % (coal-equivalent)", 100.0),
    ("energy_total", "Total energy, Gtce (coal-equivalent)", 1e-3),
)
_CHANCES = (
    ("eip_co2_peak_year", "Year in which CO2 from energy and processes peaks"),
    ("net_ghg_neutral_year", "First year with net greenhouse gases at or below zero to the end"),
)


def _fan(one: Ensemble, key: str, label: str, factor: float) -> output.figures.fans.Fan:
    middle = [PROBABILITIES.index(p) for p in (0.05, 0.25, 0.5, 0.75, 0.95)]
    prior = None if one.prior is None else one.prior.quantiles[key][[middle[0], middle[-1]]] * factor
    return output.figures.fans.Fan(
        label=label,
        years=one.years,
        quantiles=one.now.quantiles[key][middle] * factor,
        prior=prior,
        past_years=one.past_years,
        past=one.past[key] * factor,
    )


def _chances(one: Ensemble, name: str, label: str) -> output.figures.year_chances.Chances:
    now = one.now.years[name]
    prior = None if one.prior is None else one.prior.years[name]
    return output.figures.year_chances.Chances(
        label=label,
        years=now.years,
        now=now.probability,
        prior=None if prior is None else prior.probability,
        never=now.never,
        never_prior=0.0 if prior is None else prior.never,
        can_be_never="neutral" in name,
        last_observed=int(one.years[0]),
    )


def _ensemble_source(one: Ensemble) -> str:
    window = one.settings["window"]
    held = "not held to history"
    if window:
        held = (
            f"held to history {window[0]}-{window[1]} ({one.now.effective:,.0f} effective draws), with the "
            "year-to-year noise of the statistics"
        )
    draws = f"{one.n:,} draws ({one.settings['method']}, seed {one.seed})"
    return (
        f"Source: dualcarbon {dualcarbon.__version__}; {draws}, {held}; {HINDCASTS}. "
        "Statistics: National Bureau of Statistics, Global Carbon Project, national inventories. "
        "Coal-equivalent accounting; greenhouse gases in GWP100 AR5; land sink as in the national inventory."
    )


def _tornado(found: Sensitivity, k: int, levers: Mapping[str, Lever]) -> output.figures.tornado.TornadoPanel:
    """One output's bars: over each lever's range, and between reference and scenario."""
    ranges, steps, one = found.ranges, found.steps, found.outputs[k]
    _, scale = _unit(one)
    scenario = float(found.central[k]) * scale
    end = found.meta["end_year"]
    return output.figures.tornado.TornadoPanel(
        title=_heading(one),
        is_year=one.unit == "year",
        scenario=scenario,
        scenario_text=f"after {end}" if one.may_be_missing and scenario > end else _digits(scenario),
        ranges=[
            (
                f"{levers[name].label}, {levers[name].unit}",
                float(ranges.low[k, j]) * scale,
                float(ranges.high[k, j]) * scale,
                _digits(float(ranges.lever_low[k, j]) / levers[name].factor),
                _digits(float(ranges.lever_high[k, j]) / levers[name].factor),
            )
            for j, name in enumerate(ranges.levers)
        ],
        steps=[
            (
                "Energy mix" if name == MIX else levers[name].label,
                float(steps.towards[k, j]) * scale,
                float(steps.back[k, j]) * scale,
            )
            for j, name in enumerate(steps.groups)
        ],
    )


def _tree(found: Sensitivity, k: int, levers: Mapping[str, Lever]) -> output.figures.variance_tree.TreePanel:
    """One output's variance and its parts."""
    indices, one = found.indices, found.outputs[k]
    unit, scale = _unit(one)
    labels = {name: lever.label for name, lever in levers.items()}
    spread = _digits(float(np.sqrt(indices.variance[k])) * scale)

    def part(j: int, factor: Factor) -> output.figures.variance_tree.Part:
        return output.figures.variance_tree.Part(
            label=factor.short(labels),
            first=float(indices.first[k, j]),
            total=float(indices.total[k, j]),
            first_interval=(float(indices.first_interval[k, j, 0]), float(indices.first_interval[k, j, 1])),
            total_interval=(float(indices.total_interval[k, j, 0]), float(indices.total_interval[k, j, 1])),
        )

    return output.figures.variance_tree.TreePanel(
        title=_heading(one),
        spread=f"{spread} {'years' if one.unit == 'year' else unit}",
        parts=[part(j, factor) for j, factor in enumerate(found.factors)],
        note="; ".join(found.notes.get(one.name, ())),
    )


def _unit(one: Output) -> tuple[str, float]:
    """Unit of an output in figures, and what its values are multiplied by: Gt instead of Mt."""
    return ("G" + one.unit[1:], 1e-3) if one.unit.startswith("Mt") else (one.unit, 1.0)


def _heading(one: Output) -> str:
    return one.label if one.unit == "year" else f"{one.label}, {_unit(one)[0]}"


def _digits(value: float) -> str:
    """Three significant digits, never in powers of ten."""
    return (f"{value:.0f}" if abs(value) >= 100.0 else f"{value:.3g}").replace("-", "−")
