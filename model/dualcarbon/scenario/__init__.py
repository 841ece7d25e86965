"""Scenarios as people write them: YAML files, checked, with the line of every key."""

from dualcarbon.scenario.reading import (
    bundled_scenarios,
    find_scenario,
    read_list,
    read_scenario,
    read_scenario_text,
)
from dualcarbon.scenario.types import (
    DEFAULT_PLATEAU,
    EARLIEST_END_YEAR,
    LONGEST_NAME,
    OBJECTIVES,
    Anchors,
    Blend,
    Constant,
    FitBlock,
    FromHistory,
    Growth,
    Logistic,
    Scale,
    Scenario,
    Setting,
    Shift,
)

__all__ = [
    "DEFAULT_PLATEAU",
    "EARLIEST_END_YEAR",
    "LONGEST_NAME",
    "OBJECTIVES",
    "Anchors",
    "Blend",
    "Constant",
    "FitBlock",
    "FromHistory",
    "Growth",
    "Logistic",
    "Scale",
    "Scenario",
    "Setting",
    "Shift",
    "bundled_scenarios",
    "find_scenario",
    "read_list",
    "read_scenario",
    "read_scenario_text",
]
