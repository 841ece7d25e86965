"""What is captured, removed and absorbed, and what is left."""

from __future__ import annotations

import numpy as np

from dualcarbon.axes import Floats


def captured_co2(gross_mtco2: Floats, capture_rate: Floats) -> Floats:
    """CO2 in Mt captured from fossil fuels and processes; never more than the gross emissions."""
    return gross_mtco2 * np.clip(capture_rate, 0.0, 1.0)


def energy_and_process_co2(gross: Floats, captured: Floats, beccs: Floats) -> Floats:
    """CO2 in Mt of energy and industrial processes after capture, less bioenergy capture (BECCS)."""
    return gross - captured - beccs


def net_co2(energy_and_process: Floats, dac: Floats, land_sink: Floats) -> Floats:
    """Net CO2 in Mt with direct air capture and the land sink (positive = removal) taken off."""
    return energy_and_process - dac - land_sink


def net_ghg(net_co2_mt: Floats, non_co2_mtco2e: Floats) -> Floats:
    """Net greenhouse gases in Mt CO2e."""
    return net_co2_mt + non_co2_mtco2e
