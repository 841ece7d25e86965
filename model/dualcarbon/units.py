"""Quantities as people write them, converted to the units used inside.

Inside: shares and rates are fractions, emissions Mt CO2 (or Mt CO2e), people million, factors t CO2/tce,
the coal rate gce/kWh. Conversion happens here and nowhere else on the way in.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

GJ_PER_TCE = 29.3076
"""Energy of one tonne of coal equivalent (7000 kcal/kg x 4.1868 kJ/kcal)."""

MJ_PER_KWH = 3.6

GCE_PER_KWH_DIRECT = MJ_PER_KWH / GJ_PER_TCE * 1000.0
"""Coal equivalent of one kWh by its own energy content, gce/kWh (3.6/29.3076 kgce)."""

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*((?:[^\d\s.,+-].*?)?)\s*")

_AS_TYPED = str.maketrans({"％": "%", "−": "-", "　": " "})
"""What Chinese keyboards and word processors make of the percent sign, the minus sign and the space."""

_LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Dimension:
    """A kind of quantity.

    Parameters
    ----------
    name, units, example : as messages say them
    factors : every unit that is understood, with its factor to the inside unit
    """

    name: str
    units: str
    example: str
    factors: dict[str, float]

    def __str__(self) -> str:
        return f"{self.name} ({self.units}), such as {self.example}"


_MASS = {"kt": 1e-3, "Mt": 1.0, "Gt": 1e3}

DIMENSIONS: dict[str, Dimension] = {
    "share": Dimension("a share", "%", "25 %", {"%": 0.01, "percent": 0.01}),
    "rate": Dimension(
        "a yearly rate", "%", "4.5 %", {"%": 0.01, "percent": 0.01, "%/yr": 0.01, "%/year": 0.01}
    ),
    "points": Dimension("a difference in percentage points", "pp", "2 pp", {"pp": 0.01, "points": 0.01}),
    "mass": Dimension(
        "a mass of CO2",
        "kt, Mt or Gt",
        "1200 Mt",
        {
            f"{unit}{gas}{per}": factor
            for unit, factor in _MASS.items()
            for gas in ("", " CO2", " CO2e", "CO2", "CO2e")
            for per in ("", "/yr", "/year")
        },
    ),
    "energy": Dimension("an amount of energy", "Mtce or Gtce", "6 Gtce", {"Mtce": 1.0, "Gtce": 1e3}),
    "people": Dimension(
        "a number of people", "million or billion", "1300 million", {"million": 1.0, "billion": 1e3}
    ),
    "factor": Dimension(
        "an emission factor",
        "t CO2/tce or t CO2/TJ",
        "1.6 t CO2/tce",
        {"t CO2/tce": 1.0, "tCO2/tce": 1.0, "t CO2/TJ": GJ_PER_TCE / 1e3, "tCO2/TJ": GJ_PER_TCE / 1e3},
    ),
    "coal rate": Dimension(
        "a coal rate of power", "gce/kWh", "300 gce/kWh", {"gce/kWh": 1.0, "g/kWh": 1.0, "kgce/kWh": 1e3}
    ),
    "part": Dimension("a deviation in percent of the path", "%", "5 %", {"%": 0.01, "percent": 0.01}),
}
"""Every kind of quantity that a scenario may hold."""


def parse_quantity(text: object, dimension: str) -> float:
    """The value of ``text`` in the inside unit of ``dimension``.

    Parameters
    ----------
    text : what the user wrote, such as ``"4.5 %"`` or ``"1.2 Gt"``
    dimension : a key of `DIMENSIONS`

    Raises
    ------
    ValueError
        With a sentence that says what is wrong and what is allowed.
    """
    wanted = DIMENSIONS[dimension]
    if isinstance(text, (int, float)) and not isinstance(text, bool) and math.isfinite(text):
        raise ValueError(f"{text:g} has no unit; write {wanted}")
    if not isinstance(text, str):
        raise ValueError(f"expected {wanted}; found {in_words(text)}")
    match = _NUMBER.fullmatch(text.translate(_AS_TYPED))
    if match is None:
        raise ValueError(f"{in_quotes(text)} is not a number with a unit; write {wanted}")
    number, unit = float(match[1]), " ".join(match[2].split())
    if unit in wanted.factors:
        value = number * wanted.factors[unit]
        if not math.isfinite(value):
            raise ValueError(f"{in_quotes(text)} is too large; write {wanted}")
        return value
    if not unit:
        raise ValueError(f"{in_quotes(text)} has no unit; write {wanted}")
    for other in DIMENSIONS.values():
        if unit in other.factors:
            raise ValueError(f"{in_quotes(text)} is {other.name}; write {wanted}")
    raise ValueError(f"{in_quotes(unit)} is not a known unit; write {wanted}")


def parse_number(value: object, example: str) -> float:
    """A plain finite number without a unit; ``ValueError`` with a sentence otherwise."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"expected a number such as {example}; found {in_words(value)}")
    return float(value)


def in_words(value: object) -> str:
    """What a value of a YAML file is, as a message says it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"{'true' if value else 'false'} (YAML reads yes, no, on and off as true and false)"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value}, which is not a finite number"
    if isinstance(value, str):
        return f"the text {in_quotes(value)}"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else repr(value)


def in_quotes(text: str) -> str:
    """Text in quotation marks, cut where it is too long for a message."""
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…")
