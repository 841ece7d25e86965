"""What is captured, removed and absorbed, and what is left."""

from __future__ import annotations

import numpy as np

from dualcarbon.axes import Floats


def captured_co2(gross_mtco2: Floats, capture_rate: Floats, out: Floats | None = None) -> Floats:
    """CO2 in Mt captured from fossil fuels and processes; never more than the gross emissions."""
    return np.multiply(gross_mtco2, np.clip(capture_rate, 0.0, 1.0, out=out), out=out)


def energy_and_process_co2(
    gross: Floats, captured: Floats, beccs: Floats, out: Floats | None = None
) -> Floats:
    """CO2 in Mt of energy and industrial processes after capture; bioenergy capture (BECCS) is taken off."""
    return np.subtract(np.subtract(gross, captured, out=out), beccs, out=out)


def net_co2(energy_and_process: Floats, dac: Floats, land_sink: Floats, out: Floats | None = None) -> Floats:
    """Net CO2 in Mt with direct air capture and the land sink (positive = removal) taken off."""
    return np.subtract(np.subtract(energy_and_process, dac, out=out), land_sink, out=out)


def net_ghg(net_co2_mt: Floats, non_co2_mtco2e: Floats, out: Floats | None = None) -> Floats:
    """Net greenhouse gases in Mt CO2e."""
    return np.add(net_co2_mt, non_co2_mtco2e, out=out)
