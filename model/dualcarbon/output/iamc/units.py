"""Units of IAMC files, converted to those used inside, or refused.

A handful of kinds of quantity with a handful of units each; everything else is refused, so that a unit is
never guessed. Energy: 1 Mtce = 29.3076 PJ (7000 kcal/kg), 1 Mtoe = 41.868 PJ (10 Gcal, International Energy
Agency), 1 TWh = 3.6 PJ. Carbon: 1 t C = 44/12 t CO2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dualcarbon.errors import did_you_mean
from dualcarbon.tables.variables import Variable
from dualcarbon.units import GJ_PER_TCE, MJ_PER_KWH

PJ_PER_MTOE = 41.868
CO2_PER_C = 44.0 / 12.0

_PER_YEAR = re.compile(r"\s*/\s*(?:yr|year|a|annum)$")
_AS_WRITTEN = str.maketrans({"₂": "2", "₄": "4", "–": "-", "−": "-", "\u00a0": " "})
_MONEY = re.compile(r"(million|billion|bn|trillion) (?!.*cap\b)\S.*(?:19|20)\d\d.*")
"""Money of any currency with its price year; which one does not matter, because only ratios are used."""

_SCALES = {"million": 1e-3, "billion": 1.0, "bn": 1.0, "trillion": 1e3}

_PJ = {"TJ": 1e-3, "PJ": 1.0, "EJ": 1e3, "GWh": MJ_PER_KWH * 1e-3, "TWh": MJ_PER_KWH, "PWh": MJ_PER_KWH * 1e3}
_PJ |= {"ktoe": PJ_PER_MTOE * 1e-3, "Mtoe": PJ_PER_MTOE, "Gtoe": PJ_PER_MTOE * 1e3}
_PJ |= {"Mtce": GJ_PER_TCE, "Gtce": GJ_PER_TCE * 1e3}
_MT = {"t": 1e-6, "kt": 1e-3, "Mt": 1.0, "Gt": 1e3, "Tg": 1.0, "Pg": 1e3}


def _gas(*names: str) -> dict[str, float]:
    return {f"{mass} {name}": factor for mass, factor in _MT.items() for name in names}


_CO2E = ("CO2-equiv", "CO2-eq", "CO2eq", "CO2e", "CO2 equiv", "CO2 eq")
_CO2 = _gas("CO2") | {unit: factor * CO2_PER_C for unit, factor in _gas("C").items()}

KINDS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "energy": {unit: factor / GJ_PER_TCE for unit, factor in _PJ.items()},
        "power": {unit: factor / MJ_PER_KWH for unit, factor in _PJ.items()},
        "CO2": _CO2,
        "CO2e": _gas(*_CO2E),
        "CH4": _gas("CH4"),
        "N2O": _gas("N2O"),
        "people": {"thousand": 1e-3, "million": 1.0, "billion": 1e3},
        "share": {"%": 0.01, "percent": 0.01},
        "money": {},
    }
)
"""Units that are understood, without "a year", with the factor to Mtce, TWh, Mt, millions, fractions."""

_SHOWN = {
    "energy": "EJ/yr, PJ/yr, Mtoe/yr, Mtce/yr or TWh/yr",
    "power": "EJ/yr, TWh/yr or GWh/yr",
    "CO2": "Mt CO2/yr, Gt CO2/yr, kt CO2/yr or Mt C/yr",
    "CO2e": "Mt CO2-equiv/yr or Gt CO2-equiv/yr",
    "CH4": "Mt CH4/yr or kt CH4/yr",
    "N2O": "kt N2O/yr or Mt N2O/yr",
    "people": "million, thousand or billion",
    "share": "%",
    "money": "billion USD_2010/yr or another currency with its year",
}

_KIND_OF_UNIT = {
    ("Mtce", "EJ/yr"): "energy",
    ("TWh", "EJ/yr"): "power",
    ("Mt CO2", "Mt CO2/yr"): "CO2",
    ("Mt CO2e", "Mt CO2-equiv/yr"): "CO2e",
    ("million", "million"): "people",
    ("%", "%"): "share",
}
"""Kinds of result variables, by their unit in the registry and in exchange."""


@dataclass(frozen=True)
class Quantity:
    """What a variable of a file is: its key here, and how its unit is read.

    Parameters
    ----------
    name : as the exchange format writes it
    key : result variable, or a key of the table of aliases
    kind : a kind of `KINDS`, or empty where only ``exact`` is understood
    exact : unit of the exchange format that is understood beside those of the kind
    exact_factor : ``exact`` to the inside unit
    sign : -1 where the exchange format has the other sign
    """

    name: str
    key: str
    kind: str
    exact: str = ""
    exact_factor: float = 1.0
    sign: float = 1.0

    def factor(self, unit: str) -> float:
        """What turns a number in ``unit`` into the inside unit; ``ValueError`` with a sentence otherwise."""
        text = " ".join(unit.translate(_AS_WRITTEN).split())
        if self.exact and text == self.exact:
            return self.exact_factor
        bare = _PER_YEAR.sub("", text)
        if self.kind == "money" and (money := _MONEY.fullmatch(bare)):
            return _SCALES[money[1]]
        known = KINDS.get(self.kind, {})
        if bare in known:
            return self.sign * known[bare]
        allowed = _SHOWN.get(self.kind, self.exact)
        if not text:
            raise ValueError(f"no unit; allowed: {allowed}")
        hint = did_you_mean(bare, list(known))
        raise ValueError(f"the unit {unit!r} is not understood here; allowed: {allowed}{hint}")


def quantity_of(variable: Variable) -> Quantity:
    """How a result variable is read under its own exchange name."""
    kind = _KIND_OF_UNIT.get((variable.unit, variable.iamc_unit), "")
    factor = 1.0 / (variable.factor * variable.iamc_factor)
    sign = -1.0 if variable.iamc_factor < 0 else 1.0
    return Quantity(variable.iamc, variable.key, kind, variable.iamc_unit, factor, sign)
