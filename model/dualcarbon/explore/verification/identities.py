"""Arithmetic that ties documented figures to one another: no model, only what they imply together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dualcarbon.explore.verification.documented import Figure, read_figures
from dualcarbon.explore.verification.evidence import Evidence, Span
from dualcarbon.explore.verification.measures import chained
from dualcarbon.results import Results
from dualcarbon.tables import Library

_EXACT = 1e-9

_ANNUAL = ("ci_2021", "ci_2022", "ci_2023", "ci_2024", "ci_2025")

_ROUNDING = "rounding of the printed figure"


@dataclass(frozen=True)
class Identity:
    """One relation between documented figures.

    Parameters
    ----------
    id : short name
    statement : the relation in words
    unit : of all numbers
    implied : what the figures on one side imply
    stated : what is printed, or the range that must hold it; None where nothing is printed
    difference : implied less stated; NaN where nothing is stated
    tolerance, tolerance_reason : largest difference that counts as met, and why
    verdict : ``met``, ``missed`` or ``shown``
    remark : what to know about it
    """

    id: str
    statement: str
    unit: str
    implied: float
    stated: Span | None
    difference: float
    tolerance: float
    tolerance_reason: str
    verdict: str
    remark: str


def check_identities(library: Library, results: Results) -> tuple[Identity, ...]:
    """Every identity between the documented figures and official statements."""
    figures = read_figures(library)
    evidence = Evidence(library, results)
    return (
        _growth_rates(figures),
        _pm25(figures),
        *_annual_changes(evidence),
        _mean_price(figures, evidence),
        _peak_to_neutrality(figures),
        _pledge_exceeded(figures),
        _left_until_2030(figures, evidence),
    )


def _identity(
    key: str,
    statement: str,
    unit: str,
    implied: float,
    stated: Span | None,
    tolerance: float = 0.0,
    reason: str = "",
    remark: str = "",
    met: bool | None = None,
) -> Identity:
    """An identity with its verdict: by the tolerance, unless ``met`` says it."""
    if stated is None:
        return Identity(key, statement, unit, implied, None, math.nan, tolerance, reason, "shown", remark)
    difference = Span.of(implied).beyond(stated)
    if met is None:
        met = abs(difference) <= tolerance + _EXACT
    verdict = "met" if met else "missed"
    return Identity(key, statement, unit, implied, stated, difference, tolerance, reason, verdict, remark)


def _growth_rates(figures: Mapping[str, Figure]) -> Identity:
    intensity, energy = figures["energy_intensity_2012_2023"], figures["energy_growth_since_2012"]
    first, last = intensity.period
    gdp = figures["gdp_growth_since_2012"].stated.low

    def implied(growth: float) -> float:
        return (((100.0 + growth) / (100.0 + gdp)) ** (last - first) - 1.0) * 100.0

    rate = energy.stated.low
    spread = max(abs(implied(rate + sign * energy.tolerance) - implied(rate)) for sign in (-1, 1))
    return _identity(
        "growth-rates",
        "growth of energy and of GDP give the change of energy intensity 2012-2023",
        "%",
        implied(rate),
        intensity.stated,
        spread,
        "rounding of the growth of energy, carried over the years",
        "a weak test: both rates are whole percent, and that of GDP is a lower bound",
    )


def _pm25(figures: Mapping[str, Figure]) -> Identity:
    after, before = figures["pm25_2023"].stated.low, figures["pm25_2016"].stated.low
    stated = figures["pm25_change_2016_2023"]
    return _identity(
        "pm25",
        "PM2.5 of 2016 and 2023 give the change between them",
        "%",
        (after - before) / before * 100.0,
        stated.stated,
        stated.tolerance,
        _ROUNDING,
    )


def _annual_changes(evidence: Evidence) -> tuple[Identity, Identity]:
    implied = chained([evidence.record("intensity", key) for key in _ANNUAL])

    def against(key: str, name: str, tolerance: float, reason: str, remark: str) -> Identity:
        stated = Span.of(evidence.record("intensity", key))
        statement = f"annual changes of carbon intensity 2021-2025 chain to {name}"
        return _identity(f"annual-{key}", statement, "%", implied, stated, tolerance, reason, remark)

    return (
        against(
            "ci_2021_2025_old_scope",
            "the change over the plan on the old scope",
            0.05,
            _ROUNDING,
            "an independent chain of the same annual figures",
        ),
        against(
            "ci_2021_2025_ndrc",
            "the change stated by the National Development and Reform Commission",
            0.5,
            "stated in whole percent",
            "",
        ),
    )


def _mean_price(figures: Mapping[str, Figure], evidence: Evidence) -> Identity:
    value, volume = figures["ets_cumulative_value_2024"], figures["ets_cumulative_volume_2024"]
    first, last = value.period
    before = [
        math.fsum(evidence.table("carbon_market", s, y) for y in range(first, last))
        for s in ("value", "turnover")
    ]
    after = [evidence.table("carbon_market", f"{s}_cumulative", last) for s in ("value", "turnover")]
    prices = sorted(one[0] / one[1] * 1e3 for one in (before, after))
    return _identity(
        "mean-price",
        "value over volume of the carbon market to July 2024 lies between the mean prices at the year ends",
        "yuan/t CO2",
        value.stated.low / volume.stated.low * 1e3,
        Span(prices[0], prices[1]),
        0.0,
        "year ends on both sides: no allowance",
        "an upper estimate, since the volume is printed as a lower bound",
    )


def _peak_to_neutrality(figures: Mapping[str, Figure]) -> Identity:
    peak, neutral = figures["peak_year_pledge"].stated.low, figures["neutrality_year_pledge"].stated.low
    stated = figures["peak_to_neutrality_span"].stated
    return _identity(
        "peak-to-neutrality",
        "pledged years of peak and neutrality give the span",
        "years",
        neutral - peak,
        stated,
    )


def _pledge_exceeded(figures: Mapping[str, Figure]) -> Identity:
    pledge = figures["carbon_intensity_target_2020"].stated
    change = figures["carbon_intensity_2005_2020"].stated.low
    beyond = pledge.low - change
    return _identity(
        "pledge-2020",
        "the change of carbon intensity 2005-2020 reaches the pledged range",
        "%",
        change,
        pledge,
        0.0,
        "a pledge: its weak end must be reached",
        f"exceeds the strong end of {pledge.low:g} % by {beyond:.1f} points" if beyond > 0.0 else "",
        met=change <= pledge.high,
    )


def _left_until_2030(figures: Mapping[str, Figure], evidence: Evidence) -> Identity:
    """(1 - target) = (1 + change to 2020) (1 + change 2020-2025) (1 - what is left)."""
    target = evidence.record("targets", "ndc2030-carbon-intensity")
    so_far = chained(
        [
            figures["carbon_intensity_2005_2020"].stated.low,
            evidence.record("intensity", "ci_2021_2025_old_scope"),
        ]
    )
    left = (1.0 - (100.0 - target) / (100.0 + so_far)) * 100.0
    return _identity(
        "left-until-2030",
        f"what the changes of carbon intensity to 2020 and to 2025 leave for {target:g} % below 2005 by 2030",
        "%",
        left,
        None,
        remark="old scope throughout; the plan target for 2026-2030 is on the new scope and not comparable",
    )
