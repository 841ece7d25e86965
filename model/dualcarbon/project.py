"""Inputs to results at national resolution: the model's diagram, and the only place where the parts meet.

::

    gdp growth ─► gdp ─► energy total ─► fuels ─► energy CO2 ─► gross CO2 ─► eip CO2 ─► net CO2 ─► net GHG
                  ▲          ▲            ▲          ▲             ▲            ▲          ▲          ▲
            population    intensity     shares    factors       process      capture,    DAC,      non-CO2
           (per head)      change                   CO2           CO2         BECCS    land sink

Every variable is worked out only when an output asks for it, tile by tile: a few thousand members and as many
years as fit a core's cache, always in the same memory. A single run is one tile.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from dualcarbon.axes import Floats
from dualcarbon.core import drivers, emissions, energy, removals
from dualcarbon.inputs import Inputs
from dualcarbon.results import Results
from dualcarbon.units import GCE_PER_KWH_DIRECT

BLOCK = 16_000
"""Values of a variable worked out at a time: few enough for a core's cache, enough to hide the calls.

Measured: for 1e5 members 8000 is a fifth slower and 32 000 a tenth faster; for 1000 members 32 000 is a third
slower.
"""


class _given:
    """A variable that is an input of the same name."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name, self._input = name, name.lstrip("_")

    def __get__(self, diagram: _Diagram, owner: type) -> Floats:
        array: Floats = getattr(diagram.inputs, self._input)
        value = vars(diagram)[self._name] = array[..., diagram.years]
        return value


class _worked_out:
    """A variable that its rule writes to an array: the output of this name or scratch."""

    def __init__(self, rule: Callable[[_Diagram, Floats], Floats]) -> None:
        self._rule = rule

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, diagram: _Diagram, owner: type) -> Floats:
        name = self._name
        out = diagram.outputs[name] if name in diagram.outputs else diagram.scratch[name]
        value = vars(diagram)[name] = self._rule(diagram, out)
        return value


class _Diagram:
    """One property a variable; each names what it is made of. Covers one tile: some years of some members.

    Parameters
    ----------
    inputs : of the members
    years : the tile's place on the year axis
    outputs : arrays (…, year) of the tile that are wanted, by variable
    scratch : arrays (…, year) for the other variables, made on first use and handed on from tile to tile
    before : the tile of the same members in the years just before, if any
    """

    def __init__(
        self,
        inputs: Inputs,
        years: slice,
        outputs: Mapping[str, Floats],
        scratch: defaultdict[str, Floats],
        before: _Diagram | None,
    ) -> None:
        self.inputs, self.years = inputs, years
        self.outputs, self.scratch = outputs, scratch
        levels = vars(before) if before else {}
        self.last = {name: levels[name][..., -1] for name in ("gdp", "_intensity_bn") if name in levels}

    def fill(self) -> None:
        """Work out the outputs."""
        for name, out in self.outputs.items():
            value = getattr(self, name)
            if value is not out:
                out[...] = value

    # people and economy
    population = _given()
    gdp_growth = _given()

    @_worked_out
    def gdp(self, out: Floats) -> Floats:
        return drivers.compound(self.inputs.gdp_first, self.gdp_growth, self.last.get("gdp"), out)

    @_worked_out
    def gdp_per_capita(self, out: Floats) -> Floats:
        return emissions.per_capita(self.gdp, self.population, out)

    # energy, coal-equivalent accounting
    _energy_intensity_change = _given()

    @_worked_out
    def _intensity_bn(self, out: Floats) -> Floats:
        """Mtce per bn yuan."""
        first = self.inputs.energy_first / self.inputs.gdp_first
        last = self.last.get("_intensity_bn")
        return drivers.compound(first, self._energy_intensity_change, last, out)

    @_worked_out
    def energy_intensity(self, out: Floats) -> Floats:
        return np.multiply(self._intensity_bn, 10.0, out=out)

    @_worked_out
    def energy_total(self, out: Floats) -> Floats:
        return np.multiply(self.gdp, self._intensity_bn, out=out)

    coal_share = _given()
    oil_share = _given()
    gas_share = _given()
    non_fossil_share = _given()

    @_worked_out
    def coal_energy(self, out: Floats) -> Floats:
        return energy.of_source(self.energy_total, self.coal_share, out)

    @_worked_out
    def oil_energy(self, out: Floats) -> Floats:
        return energy.of_source(self.energy_total, self.oil_share, out)

    @_worked_out
    def gas_energy(self, out: Floats) -> Floats:
        return energy.of_source(self.energy_total, self.gas_share, out)

    @_worked_out
    def non_fossil_energy(self, out: Floats) -> Floats:
        return energy.of_source(self.energy_total, self.non_fossil_share, out)

    @_worked_out
    def _fossil_energy(self, out: Floats) -> Floats:
        return energy.fossil_energy(self.coal_energy, self.oil_energy, self.gas_energy, out)

    @_worked_out
    def energy_intensity_fossil(self, out: Floats) -> Floats:
        return emissions.intensity(self._fossil_energy, self.gdp, out)

    @_worked_out
    def energy_per_capita(self, out: Floats) -> Floats:
        return emissions.per_capita(self.energy_total, self.population, out)

    # energy, direct-equivalent accounting
    _non_fossil_ce_rate = _given()

    @_worked_out
    def non_fossil_power(self, out: Floats) -> Floats:
        return energy.power_from_coal_equivalent(self.non_fossil_energy, self._non_fossil_ce_rate, out)

    @_worked_out
    def non_fossil_energy_direct(self, out: Floats) -> Floats:
        return energy.direct_equivalent(self.non_fossil_power, GCE_PER_KWH_DIRECT, out)

    @_worked_out
    def energy_total_direct(self, out: Floats) -> Floats:
        return np.add(self._fossil_energy, self.non_fossil_energy_direct, out=out)

    @_worked_out
    def coal_share_direct(self, out: Floats) -> Floats:
        return np.divide(self.coal_energy, self.energy_total_direct, out=out)

    @_worked_out
    def non_fossil_share_direct(self, out: Floats) -> Floats:
        return np.divide(self.non_fossil_energy_direct, self.energy_total_direct, out=out)

    # emissions
    _coal_ef = _given()
    _oil_ef = _given()
    _gas_ef = _given()
    _oil_ef_official = _given()

    @_worked_out
    def coal_co2(self, out: Floats) -> Floats:
        return emissions.combustion_co2(self.coal_energy, self._coal_ef, out)

    @_worked_out
    def oil_co2(self, out: Floats) -> Floats:
        return emissions.combustion_co2(self.oil_energy, self._oil_ef, out)

    @_worked_out
    def gas_co2(self, out: Floats) -> Floats:
        return emissions.combustion_co2(self.gas_energy, self._gas_ef, out)

    @_worked_out
    def energy_co2(self, out: Floats) -> Floats:
        return emissions.energy_co2(self.coal_co2, self.oil_co2, self.gas_co2, out)

    @_worked_out
    def _oil_co2_official(self, out: Floats) -> Floats:
        return emissions.combustion_co2(self.oil_energy, self._oil_ef_official, out)

    @_worked_out
    def energy_co2_official(self, out: Floats) -> Floats:
        return emissions.energy_co2(self.coal_co2, self._oil_co2_official, self.gas_co2, out)

    process_co2 = _given()

    @_worked_out
    def gross_co2(self, out: Floats) -> Floats:
        return emissions.gross_co2(self.energy_co2, self.process_co2, out)

    @_worked_out
    def carbon_intensity_energy(self, out: Floats) -> Floats:
        return emissions.intensity(self.energy_co2_official, self.gdp, out)

    @_worked_out
    def carbon_intensity_combustion_process(self, out: Floats) -> Floats:
        return emissions.intensity(self.gross_co2, self.gdp, out)

    # capture, removals, sinks
    capture_rate = _given()

    @_worked_out
    def captured_co2(self, out: Floats) -> Floats:
        return removals.captured_co2(self.gross_co2, self.capture_rate, out)

    beccs = _given()
    dac = _given()

    @_worked_out
    def eip_co2(self, out: Floats) -> Floats:
        return removals.energy_and_process_co2(self.gross_co2, self.captured_co2, self.beccs, out)

    @_worked_out
    def co2_per_capita(self, out: Floats) -> Floats:
        return emissions.per_capita(self.eip_co2, self.population, out)

    land_sink = _given()

    @_worked_out
    def net_co2(self, out: Floats) -> Floats:
        return removals.net_co2(self.eip_co2, self.dac, self.land_sink, out)

    non_co2 = _given()

    @_worked_out
    def net_ghg(self, out: Floats) -> Floats:
        return removals.net_ghg(self.net_co2, self.non_co2, out)


VARIABLES: tuple[str, ...] = tuple(
    name
    for name, value in vars(_Diagram).items()
    if isinstance(value, (_given, _worked_out)) and name[0] != "_"
)
"""Every variable that a run can give, in the order of the diagram."""


def pathway(inputs: Inputs, outputs: Sequence[str] = VARIABLES, block: int = BLOCK) -> Results:
    """Work out the pathway, or a batch of pathways, that the inputs describe.

    Parameters
    ----------
    inputs : arrays with any leading axes; fastest in Fortran order
    outputs : keys of `VARIABLES` to give back; only what they need is worked out
    block : values of a variable worked out at a time: members along the longest leading axis, then years

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
    shape, count = inputs.leading_shape(), inputs.years.size
    arrays = {name: np.empty((*shape, count), order="F") for name in outputs}
    if not arrays:
        return Results(inputs.years.copy(), inputs.base_year, arrays)
    scratch: dict[tuple[int, ...], defaultdict[str, Floats]] = {}
    for place, members, years_at_once in _parts(inputs, shape, block):
        wanted = {name: array[place] for name, array in arrays.items()}
        tile = None
        for first in range(0, count, years_at_once):
            years = slice(first, first + years_at_once)
            here = {name: array[..., years] for name, array in wanted.items()}
            size = next(iter(here.values())).shape
            if size not in scratch:
                scratch[size] = defaultdict(partial(np.empty, size, order="F"))
            tile = _Diagram(members, years, here, scratch[size], tile)
            tile.fill()
    return Results(inputs.years.copy(), inputs.base_year, arrays)


def _parts(
    inputs: Inputs, shape: tuple[int, ...], block: int
) -> Iterator[tuple[tuple[slice, ...], Inputs, int]]:
    """Members to work out together: their place in (…), their inputs, and how many years fit the block."""
    if not shape:
        yield (), inputs, max(1, block)
        return
    longest = max(range(len(shape)), key=lambda k: shape[k])
    others = max(1, math.prod(shape[:longest] + shape[longest + 1 :]))
    step = max(1, min(shape[longest], block // others))
    for first in range(0, shape[longest], step):
        part = slice(first, first + step)
        place = (slice(None),) * longest + (part,)
        yield place, inputs.members(longest - len(shape), part), max(1, block // (step * others))
