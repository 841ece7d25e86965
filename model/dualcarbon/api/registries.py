"""The registries: result variables, levers, and the schema of scenario files."""

from __future__ import annotations

from typing import Any

from dualcarbon.tables import Library
from dualcarbon.tables.levers import Lever, lever_anchors, read_levers
from dualcarbon.tables.variables import Variable, read_variables


def variables(library: Library) -> list[Variable]:
    """The registry of result variables."""
    return list(read_variables(library).values())


def lever_table(library: Library) -> dict[str, Lever]:
    """The levers by name."""
    return read_levers(library)


def lever_rows(library: Library) -> list[tuple[str, str, str, str, str]]:
    """Name, unit, bounds, ends of both pathways and meaning of every lever."""
    rows = []
    for lever in read_levers(library).values():
        ends = []
        for pathway_name in ("reference", "ambitious"):
            years, values = lever_anchors(library, lever, pathway_name)
            ends.append(f"{values[-1] / lever.factor:g}")
        at_end = f"{int(years[-1])}: {ends[0]}" + (f" → {ends[1]}" if lever.mitigating != "none" else "")
        bounds = f"{lever.lower / lever.factor:g} to {lever.upper / lever.factor:g}"
        settable = "" if lever.kind != "accounting" else " Not settable: an accounting parameter."
        rows.append((lever.name, lever.unit, bounds, at_end, f"{lever.label}. {lever.meaning}{settable}"))
    return rows


def scenario_schema(library: Library) -> dict[str, Any]:
    """JSON Schema of scenario files, with every lever's name and meaning."""
    from dualcarbon.scenario.schema import json_schema

    table = read_levers(library)
    meaning = {name: f"{lever.meaning} Unit: {lever.unit}." for name, lever in table.items()}
    return json_schema({n: text for n, text in meaning.items() if table[n].kind != "accounting"}, meaning)
