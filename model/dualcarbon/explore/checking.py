"""The check of pathways that others made, and what they are judged by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dualcarbon.analysis.targets import OWN, Target
from dualcarbon.analysis.vetting.deriving import Derived, with_aliases
from dualcarbon.analysis.vetting.history import Criterion, check_history
from dualcarbon.analysis.vetting.placing import place_among_studies
from dualcarbon.analysis.vetting.reported import YEARS, Reported
from dualcarbon.analysis.vetting.result import PathwayCheck, ScenarioCheck
from dualcarbon.analysis.vetting.scoring import score_targets
from dualcarbon.axes import Floats
from dualcarbon.build import build
from dualcarbon.explore.official import official_targets
from dualcarbon.project import pathway
from dualcarbon.scenario import find_scenario, read_scenario
from dualcarbon.tables import Library
from dualcarbon.tables.criteria import read_criteria_rows
from dualcarbon.tables.studies import read_studies
from dualcarbon.tables.variables import read_variables
from dualcarbon.units import GCE_PER_KWH_DIRECT

REFERENCE = "current-policies"
"""The scenario whose past is history, and whose coal rate turns power into coal equivalent."""

_GENERATION = {
    "electricity": ("generation_total",),
    "nuclear_energy": ("generation_nuclear",),
    "wind_solar_energy": ("generation_wind", "generation_solar"),
}
"""History from the statistics of power, by key: TWh for ``electricity``, else turned to direct equivalent."""

_UNIT_OF_KIND = {
    "energy": "Mtce",
    "power": "TWh",
    "CO2": "Mt CO2",
    "CO2e": "Mt CO2e",
    "CH4": "Mt CH4",
    "N2O": "Mt N2O",
    "money": "billion",
}


@dataclass(frozen=True)
class Past:
    """China's history on the years of what files report.

    Parameters
    ----------
    base_year : last year of history
    arrays : (year) by key, NaN where there are no statistics
    coal_rate : (year) coal rate of power: statistics, then the reference, held after its end; gce/kWh
    """

    base_year: int
    arrays: dict[str, Floats]
    coal_rate: Floats


def read_past(library: Library) -> Past:
    """History as the model has it, and the statistics of power."""
    built = build(read_scenario(find_scenario(REFERENCE)), library)
    results = pathway(built.inputs)
    observed = int(results.base_year - results.years[0]) + 1

    def on_axis(values: Floats, count: int, after: float) -> Floats:
        array = np.full(YEARS.size, np.nan)
        start = int(results.years[0] - YEARS[0])
        array[start : start + count] = values[:count]
        array[start + count :] = after
        return array

    arrays = with_aliases({key: on_axis(results[key], observed, np.nan) for key in results})
    power = library["power"]
    for key, series in _GENERATION.items():
        total = np.zeros(YEARS.size)
        for name in series:
            total = total + power.on_axis(name, YEARS)
        arrays[key] = total if key == "electricity" else total * GCE_PER_KWH_DIRECT * 1e-3
    rate = built.levers["non_fossil_ce_rate"]
    return Past(results.base_year, arrays, on_axis(rate, rate.size, float(rate[-1])))


def read_criteria(library: Library) -> list[Criterion]:
    """How far a pathway may be off history, in the order of the table."""
    return [Criterion(**row) for row in read_criteria_rows(library)]


def judged_targets(library: Library) -> list[Target]:
    """Official targets in force that can be measured on a national pathway."""
    return [
        target
        for target in official_targets(library)
        if target.in_force
        and target.computable
        and target.value is not None
        and target.role not in ("qualitative", OWN)
    ]


def check_reported(reported: Reported, library: Library) -> PathwayCheck:
    """Every pathway of a file beside history, official targets and published studies."""
    past = read_past(library)
    criteria = read_criteria(library)
    derived = Derived(reported, past.coal_rate)
    history = check_history(derived, past.arrays, criteria)
    targets = score_targets(derived, past.arrays, past.base_year, judged_targets(library))
    studies = place_among_studies(derived, read_studies(library))
    scenarios = []
    for number, (model, scenario) in enumerate(reported.scenarios):
        compared = {check.criterion.variable for check in history[number]}
        missing = tuple(one for one in criteria if one.variable not in compared)
        scenarios.append(
            ScenarioCheck(
                model,
                scenario,
                tuple(history[number]),
                tuple(targets[number]),
                tuple(studies[number]),
                missing,
            )
        )
    labels = {key: variable.label for key, variable in read_variables(library).items()}
    labels |= {one.variable: one.label for one in criteria}  # shorter, made for tables
    return PathwayCheck(reported, tuple(scenarios), _units(library), labels)


def _units(library: Library) -> dict[str, tuple[str, float]]:
    """Printed unit of every key that is read or worked out, and the factor to it from the inside unit."""
    units = {row["key"]: (_UNIT_OF_KIND[row["kind"]], 1.0) for row in library["aliases"].rows}
    units |= {"wind_solar_energy": ("Mtce", 1.0)}
    return units | {key: (v.unit, v.factor) for key, v in read_variables(library).items()}
