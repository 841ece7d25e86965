"""What can be worked out from reported variables, exactly or as an approximation that is said.

A rule fills a result variable only for scenarios that do not report it themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dualcarbon.analysis.vetting.reported import Reported
from dualcarbon.axes import Floats
from dualcarbon.units import GCE_PER_KWH_DIRECT

GWP100_AR5 = {"ch4": 28.0, "n2o": 265.0}
"""Global warming potentials of the IPCC Fifth Assessment Report (Working Group I, table 8.A.1)."""

_MODELLED_SINK = "land as models see it, not as the national inventory does"
_COAL_EQUIVALENT = (
    "from direct-equivalent energy, with non-fossil power at the coal rate of our reference pathway and "
    "traditional biomass where the file has it, not the coal-equivalent figure of the statistics"
)
_BEFORE_CAPTURE = "CO2 before capture is taken as what the file emits plus what it captures"
_FACTORS = f"{_BEFORE_CAPTURE}, by its own factors and not the official ones"

WANTED = {
    "eip_co2": "Emissions|CO2|Energy and Industrial Processes",
    "coal_energy": "Primary Energy|Coal",
    "non_fossil_share": "Primary Energy with its parts Coal, Oil and Gas",
    "carbon_intensity_energy": "Emissions|CO2|Energy and GDP",
    "carbon_intensity_combustion_process": "Emissions|CO2|Energy and Industrial Processes and GDP",
    "net_ghg": "Emissions|Kyoto Gases",
}
"""What a file is to report, at the least, for a variable that targets are measured by."""


class Derived:
    """Reported and worked-out variables of the pathways of a file.

    Parameters
    ----------
    reported : the file
    coal_rate : (year) coal rate at which non-fossil power is counted, gce/kWh, on the reported years

    Attributes
    ----------
    arrays : (scenario, year) by key, NaN where there is nothing
    """

    def __init__(self, reported: Reported, coal_rate: Floats) -> None:
        self.count = len(reported.scenarios)
        self.arrays: dict[str, Floats] = {key: array.copy() for key, array in reported.arrays.items()}
        self._nothing = np.full((self.count, coal_rate.size), np.nan)
        self._has: dict[str, NDArray[np.bool_]] = {}
        self._said: dict[str, list[tuple[NDArray[np.bool_], str]]] = {}
        for rules in (self._removals, self._emissions, self._sinks, self._energy, self._economy):
            rules(coal_rate)

    def __getitem__(self, key: str) -> Floats:
        """A variable (scenario, year); NaN throughout where nobody reports it."""
        return self.arrays.get(key, self._nothing)

    def has(self, key: str) -> NDArray[np.bool_]:
        """Scenarios (scenario) that have any value of a variable."""
        if key not in self._has:
            self._has[key] = np.asarray(~np.isnan(self[key]).all(axis=-1))
        return self._has[key]

    def remarks(self, keys: Sequence[str], scenario: int) -> list[str]:
        """In what way variables are approximations for a scenario; empty where they are not."""
        found = (text for key in keys for mask, text in self._said.get(key, ()) if mask[scenario])
        return list(dict.fromkeys(found))

    def fill(self, key: str, values: Floats, text: str = "", inherits: Sequence[str] = ()) -> None:
        """Give a variable to the scenarios that lack it.

        Parameters
        ----------
        values : (scenario, year)
        text : in what way it is an approximation; empty where it is exact
        inherits : variables whose approximations carry over
        """
        use = ~self.has(key) & ~np.isnan(values).all(axis=-1)
        if not use.any():
            return
        self.arrays[key] = np.where(use[:, None], values, self[key])
        self._has.pop(key, None)
        said = self._said.setdefault(key, [])
        if text:
            said.append((use, text))
        for other in inherits:
            said += [(use & mask, words) for mask, words in self._said.get(other, ())]

    def _or_zero(self, key: str) -> Floats:
        """A variable, and zero for scenarios that do not report it at all."""
        return np.where(self.has(key)[:, None], self[key], 0.0)

    # the rules

    def _removals(self, _: Floats) -> None:
        self.fill("captured_co2", self["ccs_fossil"] + self._or_zero("ccs_process"))
        self.fill("captured_co2", self["ccs_total"] - self._or_zero("beccs"))
        self.fill("captured_co2", self["capture_total"] - self._or_zero("beccs") - self._or_zero("dac"))

    def _emissions(self, _: Floats) -> None:
        self.fill("eip_co2", self["energy_co2_net"] + self["process_co2_net"])
        captured = self._or_zero("captured_co2") + self._or_zero("beccs")
        self.fill("energy_co2", self["energy_co2_net"] + captured, _BEFORE_CAPTURE)
        self.fill("gross_co2", self["eip_co2"] + captured)
        gases = GWP100_AR5["ch4"] * self["ch4"] + GWP100_AR5["n2o"] * self["n2o"]
        self.fill("non_co2", gases + self["f_gases"])

    def _sinks(self, _: Floats) -> None:
        net = self["eip_co2"] - self._or_zero("dac") - self["land_sink"]
        self.fill("net_co2", net)
        self.fill("net_ghg", net + self["non_co2"])
        self.fill("net_co2", self["co2_modelled_sink"], _MODELLED_SINK)
        self.fill("net_ghg", self["ghg_modelled_sink"], f"{_MODELLED_SINK}, and GWP as its author chose")
        self.fill("net_ghg", self["co2_modelled_sink"] + self["non_co2"], _MODELLED_SINK)

    def _energy(self, coal_rate: Floats) -> None:
        self.fill("fossil_energy", self["coal_energy"] + self["oil_energy"] + self["gas_energy"])
        self.fill(
            "solar_energy", self["solar_primary"], "solar heat is in, which statistics of power leave out"
        )
        both = self["wind_energy"] + self["solar_energy"]
        self.fill("wind_solar_energy", both, inherits=["solar_energy"])
        self.fill("non_fossil_energy_direct", self["energy_total_direct"] - self["fossil_energy"])
        biomass = self._or_zero("biomass_energy")
        power = (self["non_fossil_energy_direct"] - biomass) / GCE_PER_KWH_DIRECT
        self.fill("non_fossil_energy", biomass + power * coal_rate, _COAL_EQUIVALENT)
        self.fill(
            "energy_total", self["fossil_energy"] + self["non_fossil_energy"], inherits=["non_fossil_energy"]
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            for part, share in (("coal_energy", "coal_share"), ("non_fossil_energy", "non_fossil_share")):
                self.fill(share, self[part] / self["energy_total"], inherits=[part, "energy_total"])
                direct = part if part == "coal_energy" else f"{part}_direct"
                self.fill(f"{share}_direct", self[direct] / self["energy_total_direct"])

    def _economy(self, _: Floats) -> None:
        self.fill("gdp", self["gdp_abroad"])
        with np.errstate(divide="ignore", invalid="ignore"):
            gdp = self["gdp"]
            self.fill("energy_intensity", self["energy_total"] / gdp, inherits=["energy_total"])
            self.fill("energy_intensity_fossil", self["fossil_energy"] / gdp)
            self.fill("carbon_intensity_combustion_process", self["gross_co2"] / gdp, _BEFORE_CAPTURE)
            self.fill("carbon_intensity_energy", self["energy_co2"] / gdp, _FACTORS)


def with_aliases(history: Mapping[str, Floats]) -> dict[str, Floats]:
    """History (year) with the keys that only files have, worked out as the model does."""
    known = dict(history)
    known["energy_co2_net"] = known["energy_co2"] - known["captured_co2"] - known["beccs"]
    known["process_co2_net"] = known["process_co2"]
    known["fossil_energy"] = known["coal_energy"] + known["oil_energy"] + known["gas_energy"]
    return known
