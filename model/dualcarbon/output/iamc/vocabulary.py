"""Names and units under which results are exchanged: the current common definitions, or those of AR6."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dualcarbon.axes import Floats
from dualcarbon.errors import fault
from dualcarbon.results import Results
from dualcarbon.tables import Library
from dualcarbon.tables.variables import Variable, read_variables

VOCABULARIES = ("current", "ar6")


@dataclass(frozen=True)
class Name:
    """One exported variable: a result variable, or a sum of some.

    Parameters
    ----------
    iamc, unit : as written
    custom : whether the name is outside the vocabulary
    terms : factor from inside units to ``unit``, with the sign of the exchange convention, by result variable
    """

    iamc: str
    unit: str
    custom: bool
    terms: Mapping[str, float]

    def values(self, results: Results) -> Floats:
        """Values (…, year) in the exchange unit."""
        total: Floats = np.zeros(results.years.size)  # from 0, not -0: a sink of nothing is written as 0
        for key, factor in self.terms.items():
            total = total + results[key] * factor
        return total


@dataclass(frozen=True)
class Vocabulary:
    """The names of an export, and those that it has no counterpart for.

    Parameters
    ----------
    title : which vocabulary
    names : what is written
    left_out : current names without a counterpart
    """

    title: str
    names: tuple[Name, ...]
    left_out: tuple[str, ...]


def read_vocabulary(library: Library, which: str = "current") -> Vocabulary:
    """The vocabulary ``current`` (every name) or ``ar6`` (only names that the AR6 database knows)."""
    current = _current_names(library)
    if which == "current":
        source = library["variables"].sidecar["vintage"]
        return Vocabulary(f"IAMC {source}", tuple(current), ())
    renamed = {row["iamc"]: row for row in library["ar6_names"].rows}
    names = [
        replace(name, iamc=renamed[name.iamc]["ar6"], unit=renamed[name.iamc]["ar6_unit"], custom=False)
        for name in current
        if name.iamc in renamed
    ]
    left_out = tuple(name.iamc for name in current if name.iamc not in renamed)
    return Vocabulary(library["ar6_names"].sidecar["vintage"], tuple(names), left_out)


def _current_names(library: Library) -> list[Name]:
    """Result variables, then sums of some, in the order of the two tables."""
    variables = read_variables(library)
    names = [
        Name(v.iamc, v.iamc_unit, v.custom, {v.key: v.factor * v.iamc_factor}) for v in variables.values()
    ]
    table = library["derived_names"]
    for line, row in table.numbered_rows():
        try:
            terms = _read_terms(row["terms"], row["unit"], variables)
        except ValueError as error:
            raise fault(str(error), where=table.csv_path.name, line=line, key="terms") from None
        names.append(Name(row["iamc"], row["unit"], row["custom"] == "yes", terms))
    return names


def _read_terms(text: str, unit: str, variables: Mapping[str, Variable]) -> dict[str, float]:
    """``- dac`` or ``beccs + dac`` as factors by variable, every term in the same exchange unit."""
    terms: dict[str, float] = {}
    sign = 1.0
    for word in text.split():
        if word in ("+", "-"):
            sign = 1.0 if word == "+" else -1.0
        elif word not in variables:
            raise ValueError(f"{word!r} is not a result variable")
        elif variables[word].iamc_unit != unit:
            raise ValueError(f"{word} is exchanged in {variables[word].iamc_unit}, not {unit}")
        else:
            terms[word] = sign * variables[word].factor * variables[word].iamc_factor
    return terms
