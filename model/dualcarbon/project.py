"""Inputs to results at national resolution: the model's diagram, and the only place where the parts meet.

::

    gdp growth ─► gdp ─► energy total ─► fuels ─► energy CO2 ─► gross CO2 ─► eip CO2 ─► net CO2 ─► net GHG
                  ▲          ▲            ▲          ▲             ▲            ▲          ▲          ▲
            population    intensity     shares    factors       process      capture,    DAC,      non-CO2
           (per head)      change                   CO2           CO2         BECCS    land sink

Every variable is worked out only when an output asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from dualcarbon.axes import Floats
from dualcarbon.core import drivers, emissions, energy, removals
from dualcarbon.inputs import Inputs
from dualcarbon.results import Results
from dualcarbon.units import GCE_PER_KWH_DIRECT

BLOCK = 1024
"""Members worked out at a time: small enough for a core's cache, large enough to hide the calls."""


class _Diagram:
    """One property a variable; each names what it is made of."""

    def __init__(self, inputs: Inputs) -> None:
        self._in = inputs

    # people and economy
    @cached_property
    def population(self) -> Floats:
        return self._in.population

    @cached_property
    def gdp_growth(self) -> Floats:
        return self._in.gdp_growth

    @cached_property
    def gdp(self) -> Floats:
        return drivers.compound(self._in.gdp_first, self._in.gdp_growth)

    @cached_property
    def gdp_per_capita(self) -> Floats:
        return emissions.per_capita(self.gdp, self.population)

    # energy, coal-equivalent accounting
    @cached_property
    def _intensity_bn(self) -> Floats:
        """Mtce per bn yuan."""
        return drivers.compound(self._in.energy_first / self._in.gdp_first, self._in.energy_intensity_change)

    @cached_property
    def energy_intensity(self) -> Floats:
        return self._intensity_bn * 10.0

    @cached_property
    def energy_total(self) -> Floats:
        return self.gdp * self._intensity_bn

    @cached_property
    def coal_share(self) -> Floats:
        return self._in.coal_share

    @cached_property
    def oil_share(self) -> Floats:
        return self._in.oil_share

    @cached_property
    def gas_share(self) -> Floats:
        return self._in.gas_share

    @cached_property
    def non_fossil_share(self) -> Floats:
        return self._in.non_fossil_share

    @cached_property
    def coal_energy(self) -> Floats:
        return self.energy_total * self._in.coal_share

    @cached_property
    def oil_energy(self) -> Floats:
        return self.energy_total * self._in.oil_share

    @cached_property
    def gas_energy(self) -> Floats:
        return self.energy_total * self._in.gas_share

    @cached_property
    def non_fossil_energy(self) -> Floats:
        return self.energy_total * self._in.non_fossil_share

    @cached_property
    def energy_intensity_fossil(self) -> Floats:
        return emissions.intensity(self.coal_energy + self.oil_energy + self.gas_energy, self.gdp)

    @cached_property
    def energy_per_capita(self) -> Floats:
        return emissions.per_capita(self.energy_total, self.population)

    # energy, direct-equivalent accounting
    @cached_property
    def non_fossil_power(self) -> Floats:
        return energy.power_from_coal_equivalent(self.non_fossil_energy, self._in.non_fossil_ce_rate)

    @cached_property
    def non_fossil_energy_direct(self) -> Floats:
        return energy.direct_equivalent(self.non_fossil_power, GCE_PER_KWH_DIRECT)

    @cached_property
    def energy_total_direct(self) -> Floats:
        return self.coal_energy + self.oil_energy + self.gas_energy + self.non_fossil_energy_direct

    @cached_property
    def coal_share_direct(self) -> Floats:
        return self.coal_energy / self.energy_total_direct

    @cached_property
    def non_fossil_share_direct(self) -> Floats:
        return self.non_fossil_energy_direct / self.energy_total_direct

    # emissions
    @cached_property
    def coal_co2(self) -> Floats:
        return emissions.combustion_co2(self.coal_energy, self._in.coal_ef)

    @cached_property
    def oil_co2(self) -> Floats:
        return emissions.combustion_co2(self.oil_energy, self._in.oil_ef)

    @cached_property
    def gas_co2(self) -> Floats:
        return emissions.combustion_co2(self.gas_energy, self._in.gas_ef)

    @cached_property
    def energy_co2(self) -> Floats:
        return self.coal_co2 + self.oil_co2 + self.gas_co2

    @cached_property
    def energy_co2_official(self) -> Floats:
        official_oil = emissions.combustion_co2(self.oil_energy, self._in.oil_ef_official)
        return self.coal_co2 + official_oil + self.gas_co2

    @cached_property
    def process_co2(self) -> Floats:
        return self._in.process_co2

    @cached_property
    def gross_co2(self) -> Floats:
        return self.energy_co2 + self._in.process_co2

    @cached_property
    def carbon_intensity_energy(self) -> Floats:
        return emissions.intensity(self.energy_co2_official, self.gdp)

    @cached_property
    def carbon_intensity_combustion_process(self) -> Floats:
        return emissions.intensity(self.gross_co2, self.gdp)

    # capture, removals, sinks
    @cached_property
    def capture_rate(self) -> Floats:
        return self._in.capture_rate

    @cached_property
    def captured_co2(self) -> Floats:
        return removals.captured_co2(self.gross_co2, self._in.capture_rate)

    @cached_property
    def beccs(self) -> Floats:
        return self._in.beccs

    @cached_property
    def dac(self) -> Floats:
        return self._in.dac

    @cached_property
    def eip_co2(self) -> Floats:
        return removals.energy_and_process_co2(self.gross_co2, self.captured_co2, self._in.beccs)

    @cached_property
    def co2_per_capita(self) -> Floats:
        return emissions.per_capita(self.eip_co2, self.population)

    @cached_property
    def land_sink(self) -> Floats:
        return self._in.land_sink

    @cached_property
    def net_co2(self) -> Floats:
        return removals.net_co2(self.eip_co2, self._in.dac, self._in.land_sink)

    @cached_property
    def non_co2(self) -> Floats:
        return self._in.non_co2

    @cached_property
    def net_ghg(self) -> Floats:
        return removals.net_ghg(self.net_co2, self._in.non_co2)


VARIABLES: tuple[str, ...] = tuple(
    name for name, value in vars(_Diagram).items() if isinstance(value, cached_property) and name[0] != "_"
)
"""Every variable that a run can give, in the order of the diagram."""


def pathway(inputs: Inputs, outputs: Sequence[str] = VARIABLES, block: int = BLOCK) -> Results:
    """Work out the pathway, or a batch of pathways, that the inputs describe.

    Parameters
    ----------
    inputs : arrays with any leading axes
    outputs : keys of `VARIABLES` to give back; only what they need is worked out
    block : members worked out at a time along the longest leading axis

    Returns
    -------
    `Results` with one array (``…, year``) an output; batches in Fortran order, so that a year is contiguous

    Raises
    ------
    KeyError
        If an output is not a variable.
    """
    for name in outputs:
        if name not in VARIABLES:
            raise KeyError(name)
    shape = inputs.leading_shape()
    full = (*shape, inputs.years.size)
    longest = max(range(len(shape)), key=lambda k: shape[k], default=-1)
    others = int(np.prod(shape)) // shape[longest] if shape and shape[longest] else 1
    if not shape or shape[longest] * others <= block:
        diagram = _Diagram(inputs)
        arrays = {name: np.array(np.broadcast_to(getattr(diagram, name), full)) for name in outputs}
        return Results(inputs.years.copy(), inputs.base_year, arrays)

    arrays = {name: np.empty(full, order="F") for name in outputs}
    step = max(1, block // others)
    for first in range(0, shape[longest], step):
        part = slice(first, min(first + step, shape[longest]))
        diagram = _Diagram(inputs.members(longest - len(shape), part))
        place = (slice(None),) * longest + (part,)
        for name in outputs:
            arrays[name][place] = getattr(diagram, name)
    return Results(inputs.years.copy(), inputs.base_year, arrays)
