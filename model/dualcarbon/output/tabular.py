"""A run as plain rows: the pathway in IAMC columns, the indicators, the scoreboard, a comparison."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from dualcarbon.analysis.summary import Indicator
from dualcarbon.analysis.targets import Score
from dualcarbon.results import Results
from dualcarbon.tables.variables import Variable

Cell = str | int | float | None
Rows = list[list[Cell]]

REGION = "China"
IAMC_COLUMNS = ("model", "scenario", "region", "variable", "unit")
"""The first five columns of a pathway file."""

NUMBER = "%.10g"
"""How a number is written in text files: ten significant digits."""


def pathway_rows(
    results: Results, variables: Mapping[str, Variable], scenario: str, model: str
) -> tuple[list[str], Rows]:
    """Header and rows of the pathway, wide, with names and units of the exchange format."""
    header = [*IAMC_COLUMNS, *(str(year) for year in results.years)]
    rows: Rows = []
    for key in results:
        variable = variables[key]
        values = results[key] * (variable.factor * variable.iamc_factor)
        start: list[Cell] = [model, scenario, REGION, variable.iamc, variable.iamc_unit]
        rows.append(start + [None if np.isnan(value) else float(value) for value in values])
    return header, rows


def indicator_rows(indicators: Iterable[Indicator], scenario: str) -> tuple[list[str], Rows]:
    """Header and rows of the indicators."""
    header = ["scenario", "indicator", "year", "value", "unit", "note"]
    return header, [[scenario, i.name, i.year, _number(i.value), i.unit, i.note] for i in indicators]


TARGET_COLUMNS = (
    "scenario",
    "target",
    "label",
    "documents",
    "year",
    "role",
    "status",
    "scope",
    "accounting",
    "comparison",
    "value",
    "unit",
    "pathway",
    "margin",
    "verdict",
    "remark",
)


def target_rows(scores: Iterable[Score], scenario: str) -> tuple[list[str], Rows]:
    """Header and rows of the scoreboard."""
    rows: Rows = []
    for s in scores:
        t = s.target
        pledge: Rows = [[scenario, t.id, t.label, ";".join(t.documents), t.year, t.role, t.status]]
        terms: list[Cell] = [t.scope, t.accounting, t.comparison, t.value, t.unit]
        rows.append([*pledge[0], *terms, _number(s.value), _number(s.margin), s.verdict, s.remark])
    return list(TARGET_COLUMNS), rows


def score_texts(scores: Iterable[Score], scenario: str) -> list[dict[str, str]]:
    """The scoreboard as it stands in targets.csv: texts by column."""
    header, rows = target_rows(scores, scenario)
    return [{k: as_text(v) for k, v in zip(header, row, strict=True)} for row in rows]


def comparison_rows(
    runs: Sequence[tuple[str, Sequence[Indicator]]],
) -> tuple[list[str], Rows]:
    """Header and rows of several scenarios side by side: one row an indicator and year."""
    header = ["indicator", "year", "unit", *(name for name, _ in runs)]
    lookup = [{(i.name, i.year): i.value for i in indicators} for _, indicators in runs]
    keys: dict[tuple[str, int | None], str] = {}
    for _, indicators in runs:
        for i in indicators:
            keys.setdefault((i.name, None if i.name.endswith("_peak_level") else i.year), i.unit)
    for values in lookup:
        values.update(
            {(name, None): v for (name, _), v in list(values.items()) if name.endswith("_peak_level")}
        )
    rows: Rows = [
        [name, year, unit, *(_number(values.get((name, year), math.nan)) for values in lookup)]
        for (name, year), unit in keys.items()
    ]
    return header, rows


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def as_text(cell: Cell) -> str:
    """A cell as it stands in a CSV: ten significant digits, missing values empty."""
    if cell is None:
        return ""
    return NUMBER % cell if isinstance(cell, float) else str(cell)
