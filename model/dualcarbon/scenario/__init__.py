"""Scenarios as people write them: YAML files, checked, with the line of every key."""

from dualcarbon.scenario.reading import bundled_scenarios, find_scenario, read_scenario, read_scenario_text
from dualcarbon.scenario.types import (
    EARLIEST_END_YEAR,
    Anchors,
    Blend,
    Constant,
    Growth,
    Logistic,
    Scale,
    Scenario,
    Setting,
    Shift,
)

__all__ = [
    "EARLIEST_END_YEAR",
    "Anchors",
    "Blend",
    "Constant",
    "Growth",
    "Logistic",
    "Scale",
    "Scenario",
    "Setting",
    "Shift",
    "bundled_scenarios",
    "find_scenario",
    "read_scenario",
    "read_scenario_text",
]
