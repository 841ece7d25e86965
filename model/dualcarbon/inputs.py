"""Everything a run needs, as arrays: frozen, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from dualcarbon.axes import Floats, Years


@dataclass(frozen=True)
class Inputs:
    """Arrays of one run or of a batch. Year is the last axis; every axis before it is free and broadcasts.

    Shares, rates and the capture rate are fractions. Years for which statistics are missing hold NaN.

    Parameters
    ----------
    years : (year) all years of the run
    base_year : last year of history; after it the scenario speaks
    population : (…, year) million
    gdp_first : (…) GDP of the first year, bn yuan at constant 2020 prices
    gdp_growth, energy_intensity_change : (…, year) yearly change; the first entry is not used
    energy_first : (…) total energy of the first year, Mtce in coal-equivalent accounting
    coal_share, oil_share, gas_share, non_fossil_share : (…, year) of total energy, summing to one
    coal_ef, oil_ef, gas_ef : (…, year) physical emission factors, t CO2/tce
    oil_ef_official : (…, year) the constant official oil factor of the old carbon-intensity scope, t CO2/tce
    non_fossil_ce_rate : (…, year) coal rate at which non-fossil power is counted, gce/kWh
    process_co2, beccs, dac, land_sink : (…, year) Mt CO2 a year; the sink is positive when it removes
    capture_rate : (…, year) captured part of gross energy and process CO2
    non_co2 : (…, year) Mt CO2e a year, GWP100 AR5
    """

    years: Years
    base_year: int
    population: Floats
    gdp_first: Floats
    gdp_growth: Floats
    energy_first: Floats
    energy_intensity_change: Floats
    coal_share: Floats
    oil_share: Floats
    gas_share: Floats
    non_fossil_share: Floats
    coal_ef: Floats
    oil_ef: Floats
    gas_ef: Floats
    oil_ef_official: Floats
    non_fossil_ce_rate: Floats
    process_co2: Floats
    capture_rate: Floats
    beccs: Floats
    dac: Floats
    land_sink: Floats
    non_co2: Floats

    def arrays(self) -> dict[str, Floats]:
        """Every array but the years, by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("years", "base_year")}

    def leading_shape(self) -> tuple[int, ...]:
        """The common shape of all axes before the year."""
        scalars = ("gdp_first", "energy_first")
        return np.broadcast_shapes(
            *(a.shape if name in scalars else a.shape[:-1] for name, a in self.arrays().items())
        )

    def members(self, axis: int, part: slice) -> Inputs:
        """The inputs of some members only.

        Parameters
        ----------
        axis : axis to cut, counted from the last leading axis (-1, -2, …), so that it means the same in
            arrays with fewer leading axes
        part : which members
        """
        cut: dict[str, Any] = {}
        for name, array in self.arrays().items():
            position = array.ndim + axis - (name not in ("gdp_first", "energy_first"))
            if position >= 0 and array.shape[position] > 1:
                cut[name] = array[(slice(None),) * position + (part,)]
        return replace(self, **cut)
