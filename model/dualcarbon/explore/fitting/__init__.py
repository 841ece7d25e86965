"""Fits: the nearest pathway that meets the targets, and what stands in the way where there is none."""

from dualcarbon.explore.fitting.fitted import Fit, HopelessError, LeverValue, Options, fit_scenario
from dualcarbon.explore.fitting.grid import Cell, sweep_fits

__all__ = ["Cell", "Fit", "HopelessError", "LeverValue", "Options", "fit_scenario", "sweep_fits"]
