"""Results as pandas tables, in the registry's units."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from dualcarbon.results import Results
from dualcarbon.tables.variables import Variable


def wide_frame(results: Results, variables: Mapping[str, Variable], scenario: str) -> pd.DataFrame:
    """One row a year, one column a variable; ``attrs`` holds units and the scenario's name."""
    frame = pd.DataFrame(
        {key: results[key] * variables[key].factor for key in results},
        index=pd.Index(results.years, name="year"),
    )
    frame.attrs = {
        "scenario": scenario,
        "base_year": results.base_year,
        "units": {key: variables[key].unit for key in results},
    }
    return frame


def long_frame(results: Results, variables: Mapping[str, Variable], scenario: str) -> pd.DataFrame:
    """One row a number: scenario, variable, unit, year, value; missing years are left out."""
    wide = wide_frame(results, variables, scenario)
    long = wide.reset_index().melt(id_vars="year", var_name="variable", value_name="value").dropna()
    long.insert(0, "scenario", scenario)
    long.insert(2, "unit", long["variable"].map(wide.attrs["units"]))
    return long[["scenario", "variable", "unit", "year", "value"]].reset_index(drop=True)
