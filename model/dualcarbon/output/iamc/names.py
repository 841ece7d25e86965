"""Variable and region names of other people's files, and what they are here."""

from __future__ import annotations

import re

from dualcarbon.output.iamc.units import Quantity, quantity_of
from dualcarbon.tables.library import Library
from dualcarbon.tables.variables import read_variables

_CHINA = frozenset({"china", "chn", "cn", "people's republic of china", "p.r. china", "中国"})
_LARGER = re.compile(r"china\s*\+|r\d+\s*china|china.*\(r\d+\)|centrally.planned asia|\bcpa\b|\bcas\b", re.I)


def known_names(library: Library) -> dict[str, Quantity]:
    """How each name that is read is understood, by the name in lower case; the registry comes first."""
    known = {v.iamc.lower(): quantity_of(v) for v in read_variables(library).values()}
    for row in library["aliases"].rows:
        known.setdefault(row["name"].lower(), Quantity(row["name"], row["key"], row["kind"]))
    return known


def is_china(region: str) -> bool:
    """Whether a region is China, under its name or code, or as a model's own region ``model|China``."""
    return region.rpartition("|")[2].strip().lower() in _CHINA


def holds_more(region: str) -> bool:
    """Whether a region holds China and other countries."""
    return bool(_LARGER.search(region))
