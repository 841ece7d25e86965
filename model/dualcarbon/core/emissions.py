"""CO2 from burning fuels and from industrial processes."""

from __future__ import annotations

from dualcarbon.axes import Floats


def combustion_co2(fuel_mtce: Floats, factor_t_per_tce: Floats) -> Floats:
    """CO2 in Mt from ``fuel_mtce`` at an emission factor in t CO2/tce."""
    return fuel_mtce * factor_t_per_tce


def intensity(flow: Floats, gdp_bn_yuan: Floats) -> Floats:
    """A flow per GDP: Mt per bn yuan times ten, that is t per 10 000 yuan."""
    return flow / gdp_bn_yuan * 10.0


def per_capita(flow: Floats, population_million: Floats) -> Floats:
    """A flow per head: Mt per million people, that is t per person."""
    return flow / population_million
