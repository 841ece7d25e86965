"""A sensitivity as plain tables: indices, and one lever at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping

from dualcarbon.explore.sensitivity.analyse import Sensitivity
from dualcarbon.tables.levers import Lever

Cell = str | int | float | None
Table = tuple[list[str], list[list[Cell]]]

INDEX_COLUMNS = [
    "output",
    "factor",
    "first_order",
    "first_order_low",
    "first_order_high",
    "total",
    "total_low",
    "total_high",
]
TORNADO_COLUMNS = [
    "output",
    "unit",
    "lever",
    "scenario",
    "with_lever_at_5",
    "with_lever_at_95",
    "lever_unit",
    "lever_at_5",
    "lever_at_95",
    "reference",
    "towards_scenario",
    "back_to_reference",
]


def index_rows(found: Sensitivity) -> Table:
    """Header and rows: one an output and factor; nothing where an output does not vary."""
    rows: list[list[Cell]] = []
    indices = found.indices
    for k, output in enumerate(found.outputs):
        for j, factor in enumerate(found.factors):
            first = indices.first[k, j], *indices.first_interval[k, j]
            total = indices.total[k, j], *indices.total_interval[k, j]
            rows.append([output.name, factor.name, *map(_number, (*first, *total))])
    return list(INDEX_COLUMNS), rows


def tornado_rows(found: Sensitivity, levers: Mapping[str, Lever]) -> Table:
    """Header and rows: one an output and lever, over its range or between reference and scenario."""
    rows: list[list[Cell]] = []
    ranges, steps = found.ranges, found.steps
    for k, output in enumerate(found.outputs):
        for name in dict.fromkeys((*ranges.levers, *steps.groups)):
            row: list[Cell] = [output.name, output.unit, name, _number(found.central[k])]
            if name in ranges.levers:
                j, one = ranges.levers.index(name), levers[name]
                ends = ranges.lever_low[k, j] / one.factor, ranges.lever_high[k, j] / one.factor
                row += [_number(ranges.low[k, j]), _number(ranges.high[k, j]), one.unit, *map(_number, ends)]
            else:
                row += [None, None, None, None, None]
            if name in steps.groups:
                j = steps.groups.index(name)
                changes = steps.reference[k], steps.towards[k, j], steps.back[k, j]
                row += map(_number, changes)
            else:
                row += [None, None, None]
            rows.append(row)
    return list(TORNADO_COLUMNS), rows


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
