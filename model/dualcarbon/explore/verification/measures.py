"""How each documented figure is worked out or found again: one small function a figure, by its id.

All return values in the unit of the figure (percent, percent per year, Gt CO2, years …).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from dualcarbon.explore.verification.documented import Figure
from dualcarbon.explore.verification.evidence import Evidence, Span, change

Measure = Callable[[Evidence, Figure], float | Span]


def _change(variable: str) -> Measure:
    """Change of a variable of the run over the figure's period, percent."""

    def measure(e: Evidence, f: Figure) -> float:
        first, last = f.period
        return change(e.past(variable, first), e.past(variable, last))

    return measure


def _growth(variable: str) -> Measure:
    """Compound yearly growth of a variable of the run over the figure's period, percent."""

    def measure(e: Evidence, f: Figure) -> float:
        first, last = f.period
        ratio = e.past(variable, last) / e.past(variable, first)
        return (math.pow(ratio, 1.0 / (last - first)) - 1.0) * 100.0

    return measure


def _avoided_in(e: Evidence, base: int, year: int) -> float:
    """CO2 of ``year`` at the intensity of ``base`` less actual CO2, Gt (energy CO2, official factors)."""
    ratio = e.past("carbon_intensity_energy", base) / e.past("carbon_intensity_energy", year)
    return e.past("energy_co2_official", year) * (ratio - 1.0) / 1e3


def _avoided(base: int, first: int, last: int) -> Measure:
    """Avoided CO2 against one base year, summed over ``first`` to ``last``, Gt."""
    return lambda e, f: math.fsum(_avoided_in(e, base, year) for year in range(first, last + 1))


def _avoided_year_on_year(e: Evidence, f: Figure) -> float:
    """Avoided CO2 of each year against the year before, summed over the period, Gt."""
    first, last = f.period
    return math.fsum(_avoided_in(e, year - 1, year) for year in range(first + 1, last + 1))


def _avoided_year_on_year_official(e: Evidence, f: Figure) -> float:
    """As `_avoided_year_on_year`, each year's fall scaled so that the period gives the official change."""
    first, last = f.period
    key = "carbon_intensity_energy"
    official = math.log1p(e.record("intensity", "ci_2005_2020") / 100.0)
    scale = official / math.log(e.past(key, last) / e.past(key, first))
    total = 0.0
    for year in range(first + 1, last + 1):
        ratio = (e.past(key, year - 1) / e.past(key, year)) ** scale
        total += e.past("energy_co2_official", year) * (ratio - 1.0) / 1e3
    return total


def _years_from_peak_to_neutrality(e: Evidence, f: Figure) -> float:
    return e.record("targets", "neutral-2060") - e.record("targets", "peak-2030")


def _table(table: str, series: str) -> Measure:
    """A number of another source in the figure's last year."""

    def measure(e: Evidence, f: Figure) -> float:
        assert f.year_to is not None
        return e.table(table, series, f.year_to)

    return measure


def _latest(table: str, series: str) -> Measure:
    """The last number of another source up to the figure's last year."""

    def measure(e: Evidence, f: Figure) -> float:
        assert f.year_to is not None
        return e.latest(table, series, f.year_to)

    return measure


def _pledge(target: str) -> Measure:
    return lambda e, f: e.record("targets", target)


def _renewable_capacity_share(e: Evidence, f: Figure) -> float:
    year = f.period[0]
    parts = [e.table("capacity", f"capacity_{kind}", year) for kind in ("hydro", "wind", "solar", "biomass")]
    return math.fsum(parts) / e.table("capacity", "capacity_total", year) * 100.0


def _covered_emissions(year: int) -> Measure:
    return lambda e, f: e.table("carbon_market", "covered_emissions", year) / 1e3


def _between_year_ends(yearly: str, cumulative: str) -> Measure:
    """Cumulative trade at the year ends around a date in the figure's last year: a range."""

    def measure(e: Evidence, f: Figure) -> Span:
        first, last = f.period
        before = math.fsum(e.table("carbon_market", yearly, year) for year in range(first, last))
        return Span(before, e.table("carbon_market", cumulative, last))

    return measure


COMPUTED: Mapping[str, Measure] = {
    "carbon_intensity_2005_2020": _change("carbon_intensity_energy"),
    "carbon_intensity_target_2020": _change("carbon_intensity_energy"),
    "co2_avoided_2005_2020": _avoided(2005, 2020, 2020),
    "peak_to_neutrality_span": _years_from_peak_to_neutrality,
    "energy_growth_since_2012": _growth("energy_total"),
    "gdp_growth_since_2012": _growth("gdp"),
    "energy_intensity_2012_2023": _change("energy_intensity"),
    "carbon_intensity_2012_2023": _change("carbon_intensity_energy"),
}
"""Figures that the model's equations give from the tables."""

CROSS_CHECKED: Mapping[str, Measure] = {
    "coal_share_2005": _table("energy_balance", "coal_share"),
    "coal_share_2020": _table("energy_balance", "coal_share"),
    "coal_share_2023": _table("energy_balance", "coal_share"),
    "non_fossil_share_2005": _table("energy_balance", "non_fossil_share"),
    "non_fossil_share_2020": _table("energy_balance", "non_fossil_share"),
    "non_fossil_share_2023": _table("energy_balance", "non_fossil_share"),
    "forest_cover_2020": _table("forest", "forest_cover"),
    "forest_cover_2023": _latest("forest", "forest_cover"),
    "peak_year_pledge": _pledge("peak-2030"),
    "neutrality_year_pledge": _pledge("neutral-2060"),
    "renewable_capacity_share_2023": _renewable_capacity_share,
    "ets_coverage": _covered_emissions(2023),
    "ets_cumulative_volume_2024": _between_year_ends("turnover", "turnover_cumulative"),
    "ets_cumulative_value_2024": _between_year_ends("value", "value_cumulative"),
}
"""Figures that another source gives."""


def _with_revised_growth(variable: str) -> Measure:
    """`_change` of an intensity with the later revised GDP growth in the years where one was found.

    It mixes two vintages of growth, so it only shows how much the revisions are worth.
    """

    def measure(e: Evidence, f: Figure) -> float:
        first, last = f.period
        factor = 1.0
        for year in range(first + 1, last + 1):
            revised = e.table("gdp", "gdp_growth_revised", year)
            if not math.isnan(revised):
                factor *= (100.0 + revised) / (100.0 + e.table("gdp", "gdp_growth", year))
        ratio = e.past(variable, last) / e.past(variable, first)
        return (ratio / factor - 1.0) * 100.0

    return measure


def _chain(*statements: str) -> Measure:
    return lambda e, f: chained([e.record("intensity", key) for key in statements])


def chained(changes: list[float]) -> float:
    """Successive changes in percent as one change in percent."""
    return (math.prod(1.0 + one / 100.0 for one in changes) - 1.0) * 100.0


READINGS: Mapping[str, Mapping[str, Measure]] = {
    "carbon_intensity_2005_2020": {
        "white paper of October 2021 (another document)": _chain("ci_2005_2020"),
        "chain of the official plan periods, as first stated": _chain(
            "ci_2006_2010", "ci_2011_2015", "ci_2016_2020"
        ),
        "with the later revised GDP growth where found": _with_revised_growth("carbon_intensity_energy"),
    },
    "co2_avoided_2005_2020": {
        "in 2020 at the 2005 intensity": _avoided(2005, 2020, 2020),
        "sum over 2006-2020 at the 2005 intensity": _avoided(2005, 2006, 2020),
        "in 2015 at the 2005 intensity": _avoided(2005, 2015, 2015),
        "in 2020 at the 2015 intensity": _avoided(2015, 2020, 2020),
        "sum over 2016-2020 at the 2015 intensity": _avoided(2015, 2016, 2020),
        "sum over 2006-2020, each year at the intensity of the year before": _avoided_year_on_year,
        "the same, scaled to the official change of intensity": _avoided_year_on_year_official,
    },
    "coal_share_2020": {"communique of 2020": _table("energy_revisions", "coal_share_communique")},
    "energy_intensity_2012_2023": {
        "chain of official statements 2012-2021, 2022, 2023": _chain("ei_2012_2021", "ei_2022", "ei_2023"),
        "with the later revised GDP growth where found": _with_revised_growth("energy_intensity"),
    },
    "coal_share_2023": {"fifth-census base": _table("energy_revisions", "coal_share_census5")},
    "non_fossil_share_2023": {"fifth-census base": _table("energy_revisions", "non_fossil_share_census5")},
    "carbon_intensity_2012_2023": {
        "with the later revised GDP growth where found": _with_revised_growth("carbon_intensity_energy"),
    },
    "ets_coverage": {"first compliance cycle, stated in 2021": _covered_emissions(2021)},
}
"""Other vintages and readings of a figure, shown beside the verdict and without weight in it."""
