"""CO2 from burning fuels and from industrial processes."""

from __future__ import annotations

import numpy as np

from dualcarbon.axes import Floats


def combustion_co2(fuel_mtce: Floats, factor_t_per_tce: Floats, out: Floats | None = None) -> Floats:
    """CO2 in Mt from ``fuel_mtce`` at an emission factor in t CO2/tce."""
    return np.multiply(fuel_mtce, factor_t_per_tce, out=out)


def energy_co2(coal: Floats, oil: Floats, gas: Floats, out: Floats | None = None) -> Floats:
    """CO2 of the three fossil fuels."""
    return np.add(np.add(coal, oil, out=out), gas, out=out)


def gross_co2(energy_mtco2: Floats, process_mtco2: Floats, out: Floats | None = None) -> Floats:
    """CO2 of energy and industrial processes before capture."""
    return np.add(energy_mtco2, process_mtco2, out=out)


def intensity(flow: Floats, gdp_bn_yuan: Floats, out: Floats | None = None) -> Floats:
    """A flow per GDP: Mt per bn yuan times ten, that is t per 10 000 yuan."""
    return np.multiply(np.divide(flow, gdp_bn_yuan, out=out), 10.0, out=out)


def per_capita(flow: Floats, population_million: Floats, out: Floats | None = None) -> Floats:
    """A flow per head: Mt per million people, that is t per person."""
    return np.divide(flow, population_million, out=out)
