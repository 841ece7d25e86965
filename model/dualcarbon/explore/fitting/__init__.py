"""Fits: the nearest pathway that meets the targets, and what stands in the way where there is none."""

from dualcarbon.explore.fitting.fitted import Fit, HopelessError, LeverValue, Options, fit_scenario
from dualcarbon.explore.fitting.grid import Cell, sweep_fits
from dualcarbon.explore.fitting.request import check_grid, fault_sayer, read_request

__all__ = [
    "Cell",
    "Fit",
    "HopelessError",
    "LeverValue",
    "Options",
    "check_grid",
    "fault_sayer",
    "fit_scenario",
    "read_request",
    "sweep_fits",
]
