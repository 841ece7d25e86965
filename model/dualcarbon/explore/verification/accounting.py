"""Carbon accounting beside independent books: Global Carbon Budget by year, and the official inventory."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dualcarbon.explore.verification.evidence import change, past
from dualcarbon.results import Results
from dualcarbon.tables import Library

BUDGET_GOAL = 3.5
"""Largest difference to the Global Carbon Budget, percent."""

INVENTORY_GOAL = 1.0
"""Largest difference to the official inventory, percent."""

REVISED_YEARS = range(2004, 2010)

_REVISED = (
    "energy statistics of these years were revised upward after later censuses, "
    "the Budget's early series not to the same extent"
)

_BY_FUEL_YEARS = 5

_FUELS = {
    "coal": "the Budget's coal rests on physical quantities and its own factors",
    "oil": "the official factor averages out carbon kept in products; the Budget takes it out by year",
    "gas": "the official factor is below the IPCC default",
}
"""Fuels and why their books differ."""

_PROCESS_SCOPE = "official industrial-process CO2 is wider than the process scope here"

_NOT_INDEPENDENT = "non-CO2 and land sink stand on the same report: only the CO2 part is independent"


@dataclass(frozen=True)
class AccountingCheck:
    """One entry of ours beside that of an independent book.

    Parameters
    ----------
    what : what is counted
    year : year of the entry
    ours, theirs : Mt CO2 or Mt CO2e
    difference : ours against theirs, percent
    goal : largest difference that counts as met, percent; None where the entry is only shown
    verdict : ``met``, ``missed`` or ``shown``
    remark : the reason of a known difference
    """

    what: str
    year: int
    ours: float
    theirs: float
    difference: float
    goal: float | None
    verdict: str
    remark: str


def _entry(
    what: str, year: int, ours: float, theirs: float, goal: float | None, remark: str = ""
) -> AccountingCheck:
    difference = change(theirs, ours)
    verdict = "shown"
    if goal is not None:
        verdict = "met" if abs(difference) <= goal else "missed"
    return AccountingCheck(what, year, ours, theirs, difference, goal, verdict, remark)


def check_accounting(library: Library, results: Results) -> tuple[AccountingCheck, ...]:
    """Energy by official factors against coal, oil and gas of Global Carbon Budget 2025.

    Totals of every year that both have, then the fuels of the last years.
    """
    budget = library["co2_gcb2025"]
    theirs = {
        fuel: dict(zip(*(a.tolist() for a in budget.series(f"{fuel}_co2")), strict=True)) for fuel in _FUELS
    }
    years = [year for year in theirs["coal"] if not math.isnan(past(results, "energy_co2_official", year))]
    totals = []
    for year in years:
        revised = year in REVISED_YEARS
        total = math.fsum(theirs[fuel][year] for fuel in _FUELS)
        ours = past(results, "energy_co2_official", year)
        goal, remark = (None, _REVISED) if revised else (BUDGET_GOAL, "")
        totals.append(_entry("coal, oil and gas", year, ours, total, goal, remark))
    fuels = [
        _entry(fuel, year, _by_official_factor(results, fuel, year), theirs[fuel][year], None, remark)
        for year in years[-_BY_FUEL_YEARS:]
        for fuel, remark in _FUELS.items()
    ]
    return (*totals, *fuels)


def _by_official_factor(results: Results, fuel: str, year: int) -> float:
    """CO2 of a fuel by its official factor, Mt."""
    if fuel != "oil":
        return past(results, f"{fuel}_co2", year)
    # The run's own oil CO2 is by the physical factor; coal and gas have one factor only.
    others = past(results, "coal_co2", year) + past(results, "gas_co2", year)
    return past(results, "energy_co2_official", year) - others


_INVENTORY = (
    ("net GHG", "net_ghg", "total_incl_lulucf", INVENTORY_GOAL),
    ("net CO2", "net_co2", "co2_incl_lulucf", None),
    ("energy and process CO2", "eip_co2", "co2_fuel_combustion_plus_ippu", None),
)
"""What, variable of the run, item of the inventory, goal."""


def check_inventory(library: Library, results: Results) -> tuple[AccountingCheck, ...]:
    """Net GHG, and its CO2, against the official inventory of the First Biennial Transparency Report."""
    checks = []
    for what, variable, item, goal in _INVENTORY:
        for row in library["inventory"].rows:
            if row["document"] != "BTR1" or row["item"] != item:
                continue
            year = int(row["year"])
            ours = past(results, variable, year)
            if math.isnan(ours):
                continue
            remark = f"{_PROCESS_SCOPE}; {_NOT_INDEPENDENT}" if variable == "net_ghg" else _PROCESS_SCOPE
            checks.append(_entry(what, year, ours, float(row["value"]), goal, remark))
    return tuple(checks)
