"""The registry of result variables: key, unit, exchange name, labels, definition."""

from __future__ import annotations

from dataclasses import dataclass

from dualcarbon.tables.library import Library


@dataclass(frozen=True)
class Variable:
    """One variable that a run gives.

    Parameters
    ----------
    key, unit, label, label_zh, accounting, definition : as printed
    factor : inside unit to ``unit`` (percent for shares, one otherwise)
    iamc, iamc_unit : name and unit in the IAMC format
    iamc_factor : ``unit`` to ``iamc_unit``, with the sign of the exchange convention
    custom : whether the name is outside the current common definitions
    """

    key: str
    unit: str
    factor: float
    label: str
    label_zh: str
    accounting: str
    definition: str
    iamc: str
    iamc_unit: str
    iamc_factor: float
    custom: bool


def read_variables(library: Library) -> dict[str, Variable]:
    """All variables by key, in the order of the registry."""
    return {
        row["key"]: Variable(
            key=row["key"],
            unit=row["unit"],
            factor=100.0 if row["unit"].startswith("%") else 1.0,
            label=row["label"],
            label_zh=row["label_zh"],
            accounting=row["accounting"],
            definition=row["definition"],
            iamc=row["iamc"],
            iamc_unit=row["iamc_unit"],
            iamc_factor=float(row["iamc_factor"]) * float(row["iamc_sign"]),
            custom=row["custom"] == "yes",
        )
        for row in library["variables"].rows
    }
