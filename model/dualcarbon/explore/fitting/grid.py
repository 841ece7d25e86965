"""A grid of fits: what earlier peaks and earlier neutrality demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from dualcarbon.analysis import indicators
from dualcarbon.analysis.targets import Target, own_target
from dualcarbon.axes import at
from dualcarbon.explore.fitting.fitted import Fit, HopelessError, Options, fit_scenario
from dualcarbon.results import Results
from dualcarbon.scenario import Scenario
from dualcarbon.tables import Library
from dualcarbon.tables.levers import Lever

KEYS = ("peak_year", "neutral_year")
"""What can be swept: the year of the CO2 peak (exactly), and the first year of net-zero greenhouse gases."""

_REPLACES = {"peak_year": "co2_peak_year", "neutral_year": "neutral_year"}


@dataclass(frozen=True)
class Cell:
    """One fit of a sweep.

    Parameters
    ----------
    settings : value of each swept key
    feasible : whether all targets can be met
    peak_level : Mt CO2 from energy and processes in the peak year
    cumulative : Mt CO2 from the year after the base year to the end
    non_fossil_share, intensity_decline : fraction in 2035 and 2060, and mean yearly decline to 2035 and 2060
    why : what is missed, or which target is in the way; empty where feasible
    """

    settings: Mapping[str, int]
    feasible: bool
    peak_level: float
    cumulative: float
    non_fossil_share: Mapping[int, float]
    intensity_decline: Mapping[int, float]
    why: str


_SHOWN = (2035, 2060)


def sweep_fits(
    scenario: Scenario,
    library: Library,
    levers: Mapping[str, Lever],
    targets: Sequence[Target],
    options: Options,
    grid: Mapping[str, Sequence[int]],
    progress: Callable[[int, int, str], None] | None = None,
) -> list[Cell]:
    """A fit for every combination of swept values.

    Parameters
    ----------
    targets : kept in every cell, except those that a swept key replaces
    grid : values of each key of `KEYS`
    progress : called with cells done, cells in all and what is being fitted
    """
    kept = [t for t in targets if t.indicator not in {_REPLACES[key] for key in grid}]
    if "peak_year" in grid:
        options = replace(options, slow=max(options.slow, 1.0))
    cells = []
    combinations = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
    for done, settings in enumerate(combinations):
        if progress is not None:
            progress(done, len(combinations), ", ".join(f"{k} {v}" for k, v in settings.items()))
        wanted = [*kept, *(swept_target(key, year) for key, year in settings.items())]
        cells.append(_cell(settings, scenario, library, levers, wanted, options))
    if progress is not None:
        progress(len(combinations), len(combinations), "done")
    return cells


def swept_target(key: str, year: int) -> Target:
    """The target that a swept value stands for."""
    exact = key == "peak_year"
    label = f"CO2 peaks in {year}" if exact else f"Greenhouse-gas neutral from {year} on"
    return replace(
        own_target(_REPLACES[key], year, id=f"{key}-{year}", label=label),
        scope="energy-and-process" if exact else "ghg",
        comparison="equals" if exact else "at_most",
        value=float(year),
        unit="year",
    )


def _cell(
    settings: Mapping[str, int],
    scenario: Scenario,
    library: Library,
    levers: Mapping[str, Lever],
    targets: Sequence[Target],
    options: Options,
) -> Cell:
    try:
        fit = fit_scenario(scenario, library, levers, targets, options, starts=2, explain=False)
    except HopelessError as error:
        return Cell(settings, False, np.nan, np.nan, {}, {}, str(error))
    return Cell(
        settings=settings,
        feasible=fit.feasible,
        peak_level=float(indicators.peak(fit.results["eip_co2"], fit.results.years, 0).level),
        cumulative=_cumulative(fit.results),
        non_fossil_share={y: float(fit.results.in_year("non_fossil_share", y)) for y in _known(fit.results)},
        intensity_decline={y: _decline(fit.results, y) for y in _known(fit.results)},
        why=_why(fit),
    )


def _known(results: Results) -> list[int]:
    return [year for year in _SHOWN if results.base_year < year <= int(results.years[-1])]


def _cumulative(results: Results) -> float:
    last = int(results.years[-1])
    return float(indicators.cumulative(results["eip_co2"], results.years, results.base_year + 1, last))


def _decline(results: Results, year: int) -> float:
    series = results["energy_intensity"]
    ratio = float(series[at(results.years, year)] / series[at(results.years, results.base_year)])
    return float(1.0 - ratio ** (1.0 / (year - results.base_year)))


def _why(fit: Fit) -> str:
    return "; ".join(map(str, fit.gaps))
