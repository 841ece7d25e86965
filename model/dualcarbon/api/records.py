"""What a run records of itself: the scenario as written, lever values, curves, accounting, data, versions."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

import dualcarbon
from dualcarbon.build import MONEY_YEAR, Built
from dualcarbon.curves.history import LEVELS, CurveFit
from dualcarbon.scenario import Scenario
from dualcarbon.tables import Library
from dualcarbon.tables.levers import Lever, read_levers
from dualcarbon.tables.provenance import count_statuses

ACCOUNTING = {
    "energy": "coal-equivalent (non-fossil power at the coal rate of plants); *_direct: direct equivalent",
    "carbon_intensity_energy": "official scope until 2025: energy CO2 by official factors, non-energy use in",
    "carbon_intensity_combustion_process": "official scope from 2026, approximated at national resolution",
    "land_sink": "national greenhouse-gas inventory (net LULUCF)",
    "gwp": "GWP100, IPCC Fifth Assessment Report",
    "money": f"constant {MONEY_YEAR} yuan",
}
"""What the numbers of a run mean, written with every run."""


def metadata(scenario: Scenario, built: Built, library: Library) -> dict[str, Any]:
    """What is needed to repeat the run, ready for JSON."""
    levers = read_levers(library)
    future = built.inputs.years > built.inputs.base_year
    first = int(built.inputs.years[0])
    return {
        "scenario": scenario_record(scenario),
        "resolution": scenario.resolution,
        "base_year": built.inputs.base_year,
        "end_year": int(built.inputs.years[-1]),
        "levers": {
            name: {
                "unit": levers[name].unit,
                "values": {
                    str(year): round(float(value) / levers[name].factor, 10)
                    for year, value in zip(built.inputs.years[future], path[future], strict=True)
                },
            }
            for name, path in built.levers.items()
        },
        "curves": {name: _curve_record(curve, levers[name]) for name, curve in built.curves.items()},
        "accounting": ACCOUNTING,
        "rests_on": count_statuses(library, first, built.inputs.base_year, built.from_tables),
        "data": library.hashes,
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Versions that numbers may depend on."""
    return {
        "dualcarbon": dualcarbon.__version__,
        "numpy": np.__version__,
        "python": sys.version.split()[0],
    }


def _curve_record(curve: CurveFit, lever: Lever) -> dict[str, Any]:
    """A growth curve fitted to a lever's past; levels in the lever's unit."""
    factors = dict.fromkeys(LEVELS, 1.0 / lever.factor)
    return {
        "curve": curve.kind,
        "fitted_to": [curve.first, curve.last],
        "unit": lever.unit,
        "parameters": {n: round(v * factors.get(n, 1.0), 10) for n, v in curve.parameters.items()},
        "standard_errors": {n: round(v * factors.get(n, 1.0), 10) for n, v in curve.errors.items()},
        "at_bound": list(curve.at_bound),
        "residual": round(curve.residual / lever.factor, 10),
    }


def scenario_record(scenario: Scenario) -> dict[str, Any]:
    """A scenario as written, with the one it extends."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "as_written": _plain(scenario.raw),
        "extends": scenario_record(scenario.extends) if scenario.extends else None,
    }


def _plain(value: Any) -> Any:
    """YAML content with text keys, for JSON."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value if isinstance(value, (str, int, float, bool, list)) or value is None else str(value)
