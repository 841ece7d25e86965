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

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*")


@dataclass(frozen=True)
class Dimension:
    """A kind of quantity: what it is called, how it is written, and its units' factors to the inside unit."""

    name: str
    example: str
    factors: dict[str, float]


_MASS = {"kt": 1e-3, "Mt": 1.0, "Gt": 1e3}

DIMENSIONS: dict[str, Dimension] = {
    "share": Dimension("a share", "25 %", {"%": 0.01, "percent": 0.01}),
    "rate": Dimension("a yearly rate", "4.5 %", {"%": 0.01, "percent": 0.01, "%/yr": 0.01, "%/year": 0.01}),
    "points": Dimension("a difference in percentage points", "2 pp", {"pp": 0.01, "points": 0.01}),
    "mass": Dimension(
        "a mass of CO2",
        "1200 Mt",
        {
            f"{unit}{gas}{per}": factor
            for unit, factor in _MASS.items()
            for gas in ("", " CO2", " CO2e", "CO2", "CO2e")
            for per in ("", "/yr", "/year")
        },
    ),
    "people": Dimension("a number of people", "1300 million", {"million": 1.0, "billion": 1e3}),
    "factor": Dimension(
        "an emission factor",
        "1.6 t CO2/tce",
        {"t CO2/tce": 1.0, "tCO2/tce": 1.0, "t CO2/TJ": GJ_PER_TCE / 1e3, "tCO2/TJ": GJ_PER_TCE / 1e3},
    ),
    "coal rate": Dimension(
        "a coal rate of power", "300 gce/kWh", {"gce/kWh": 1.0, "g/kWh": 1.0, "kgce/kWh": 1e3}
    ),
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
    if isinstance(text, bool):
        raise ValueError(
            f"YAML reads this as {str(text).lower()} (yes, no, on and off are not numbers); "
            f"write {wanted.name} such as {wanted.example}"
        )
    if isinstance(text, (int, float)):
        if not math.isfinite(text):
            raise ValueError(f"{text} is not a finite number; write {wanted.name} such as {wanted.example}")
        units = next(iter(wanted.factors))
        raise ValueError(f"{text:g} has no unit; write {text:g} {units} (this is {wanted.name})")
    if not isinstance(text, str):
        raise ValueError(f"expected {wanted.name} such as {wanted.example}, found {_kind(text)}")
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is not a number with a unit; write {wanted.name} such as {wanted.example}"
        )
    number, unit = float(match[1]), " ".join(match[2].split())
    if unit in wanted.factors:
        value = number * wanted.factors[unit]
        if not math.isfinite(value):
            raise ValueError(f"{text!r} is too large; write {wanted.name} such as {wanted.example}")
        return value
    if not unit:
        raise ValueError(f"{text!r} has no unit; write {wanted.name} such as {wanted.example}")
    for other in DIMENSIONS.values():
        if unit in other.factors:
            raise ValueError(
                f"{text!r} is {other.name}; here {wanted.name} is needed, such as {wanted.example}"
            )
    raise ValueError(f"{unit!r} is not a known unit; write {wanted.name} such as {wanted.example}")


def parse_number(value: object, what: str, example: str) -> float:
    """A plain finite number without a unit; ``ValueError`` with a sentence otherwise."""
    if isinstance(value, bool):
        raise ValueError(
            f"YAML reads this as {str(value).lower()} (yes, no, on and off are not numbers); "
            f"write {what} such as {example}"
        )
    if not isinstance(value, (int, float)):
        raise ValueError(f"expected {what} such as {example}, found {_kind(value)}")
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a finite number; write {what} such as {example}")
    return float(value)


def _kind(value: object) -> str:
    """What a YAML value is, in words."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"the text {value!r}"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else repr(value)
