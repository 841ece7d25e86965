"""The indicators of one pathway as a list of rows: what indicators.csv and the terminal table show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from dualcarbon.analysis import indicators
from dualcarbon.axes import at
from dualcarbon.results import Results

MILESTONES = (2025, 2030, 2035, 2040, 2050, 2060)
"""Years that tables show, as far as a run has them."""

CUMULATIVE_FROM = 2020

_LEVELS = (
    ("energy_total", "Mtce", 1.0),
    ("energy_total_direct", "Mtce", 1.0),
    ("coal_share", "%", 100.0),
    ("non_fossil_share", "%", 100.0),
    ("coal_share_direct", "%", 100.0),
    ("non_fossil_share_direct", "%", 100.0),
    ("energy_intensity", "tce/10^4 yuan", 1.0),
    ("energy_intensity_fossil", "tce/10^4 yuan", 1.0),
    ("carbon_intensity_energy", "t CO2/10^4 yuan", 1.0),
    ("carbon_intensity_combustion_process", "t CO2/10^4 yuan", 1.0),
    ("gdp_per_capita", "thousand yuan", 1.0),
    ("energy_per_capita", "tce", 1.0),
    ("co2_per_capita", "t CO2", 1.0),
    ("eip_co2", "Mt CO2", 1.0),
    ("net_co2", "Mt CO2", 1.0),
    ("net_ghg", "Mt CO2e", 1.0),
)
_CHANGES = (
    "energy_intensity",
    "energy_intensity_fossil",
    "carbon_intensity_energy",
    "carbon_intensity_combustion_process",
)


@dataclass(frozen=True)
class Indicator:
    """One number of a pathway.

    Parameters
    ----------
    name : what it is, in the words of the registry where it has a key there
    year : the year it belongs to; None for the pathway as a whole
    value : in ``unit``; NaN where there is none
    note : what a reader should know beside the number
    """

    name: str
    year: int | None
    value: float
    unit: str
    note: str = ""


def milestones(results: Results) -> list[int]:
    """Years to show: the base year and later milestones inside the run."""
    last = int(results.years[-1])
    later = [year for year in MILESTONES if results.base_year < year <= last]
    return sorted({results.base_year, *later, last})


def summarise(results: Results, modelled_sinks: Mapping[str, float]) -> list[Indicator]:
    """Every indicator of one pathway (arrays without leading axes).

    Parameters
    ----------
    results : with all variables
    modelled_sinks : sizes in Mt CO2 of a land sink as models see it, by name
    """
    return [
        *_levels(results),
        *_peak(results),
        *_neutrality(results, modelled_sinks),
        *_cumulative(results),
    ]


def _levels(results: Results) -> Iterator[Indicator]:
    shown = milestones(results)
    for key, unit, factor in _LEVELS:
        for year in shown:
            yield Indicator(key, year, float(results.in_year(key, year)) * factor, unit)
    for key in _CHANGES:
        for base in sorted({2005, 2020, results.base_year}):
            change = indicators.change_since(results[key], results.years, base)
            for year in shown:
                if year > base:
                    value = float(change[at(results.years, year)]) * 100.0
                    yield Indicator(f"{key}_change_since_{base}", year, value, "%")


def _peak(results: Results) -> Iterator[Indicator]:
    for key, unit in (("eip_co2", "Mt CO2"), ("net_ghg", "Mt CO2e"), ("coal_energy", "Mtce")):
        peak = indicators.peak(results[key], results.years, results.base_year)
        note = "provisional: the last observed year" if peak.provisional else ""
        yield Indicator(f"{key}_peak_year", None, float(peak.year), "year", note)
        yield Indicator(f"{key}_peak_level", int(peak.year), float(peak.level), unit)
        plateau = f"within 1 % of the peak from {peak.plateau_first} to {peak.plateau_last}"
        length = float(peak.plateau_last - peak.plateau_first + 1)
        yield Indicator(f"{key}_plateau", None, length, "years", plateau)


def _neutrality(results: Results, modelled_sinks: Mapping[str, float]) -> Iterator[Indicator]:
    last = int(results.years[-1])
    for key in ("net_co2", "net_ghg"):
        year = float(indicators.neutral_year(results[key], results.years))
        note = f"inventory sink; at or below zero to {last}" if not np.isnan(year) else f"never to {last}"
        yield Indicator(f"{key}_neutral_year", None, year, "year", note)
        crossing = float(indicators.zero_crossing(results[key], results.years))
        yield Indicator(f"{key}_zero_crossing", None, crossing, "year", "interpolated between years")
    before_sink = results["net_co2"][-1] + results["land_sink"][-1]
    for name, sink in modelled_sinks.items():
        left = float(before_sink) - sink
        note = f"with a modelled land sink of {sink / 1e3:g} Gt instead of the inventory's"
        yield Indicator(f"net_co2_modelled_sink_{name}", last, left, "Mt CO2", note)
        ghg = left + float(results["non_co2"][-1])
        yield Indicator(f"net_ghg_modelled_sink_{name}", last, ghg, "Mt CO2e", note)


def _cumulative(results: Results) -> Iterator[Indicator]:
    for key in ("eip_co2", "net_co2"):
        for last in milestones(results):
            if last > CUMULATIVE_FROM:
                total = float(indicators.cumulative(results[key], results.years, CUMULATIVE_FROM, last))
                note = f"sum of annual values {CUMULATIVE_FROM}-{last}, both included"
                yield Indicator(f"cumulative_{key}_from_{CUMULATIVE_FROM}", last, total, "Mt CO2", note)
