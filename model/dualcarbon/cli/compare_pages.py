"""Comparisons for the terminal: two pathways by lever, a decomposition, what moved between two runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from dualcarbon.analysis.decomposition import FACTORS, LABELS, Decomposition, rows
from dualcarbon.analysis.differences import YEARS, Move
from dualcarbon.analysis.splits import Split
from dualcarbon.analysis.summary import milestones
from dualcarbon.api import Comparison, Run
from dualcarbon.errors import fault
from dualcarbon.output.tabular import Rows
from dualcarbon.output.text import comparison_table, tables, wrap, wrap_hanging, wrap_heading
from dualcarbon.results import Results
from dualcarbon.tables.variables import Variable

SPLITS = ("levers", "kaya")
"""Ways to split a difference."""

_SHOWN = (("net_co2", "net CO2"), ("net_ghg", "net greenhouse gases"))
_MOST_MOVES = 30
_ROUNDING = 1e-6
"""Mt below which a part is none."""


def read_years(text: str | None, results: Results) -> list[int]:
    """Years typed after ``--at``; without them the projected milestones."""
    if text is None:
        return [year for year in milestones(results) if year > results.base_year]
    years = [part.strip() for part in text.split(",")]
    if not all(year.isdigit() for year in years):
        raise fault("write years between commas, such as 2030,2060", where=f"--at {text}")
    return sorted({int(year) for year in years})


def comparison(first: Run, second: Run, result: Comparison, by: Sequence[str] = SPLITS) -> str:
    """Both runs, the difference in parts in each year and summed up, and what is set differently.

    Parameters
    ----------
    by : of `SPLITS`: over levers, over Kaya factors
    """
    both = [(run.name, run.results, run.indicators, run.official()) for run in (first, second)]
    parts = [comparison_table(both)]
    if not result.attribution.groups:
        return "\n\n".join([*parts, "The two pathways have the same levers."])
    what = f"{second.name} less {first.name}"
    sum_from = result.attribution.base_year + 1
    if "levers" in by:
        for key, label in _SHOWN:
            splits = result.attribution.annual[key], result.attribution.cumulative[key]
            parts.append(_split(*splits, sum_from, "lever", f"{what}: {label}, Mt"))
        if result.attribution.note:
            parts.append(wrap(result.attribution.note))
    if "kaya" in by:
        kaya = result.kaya
        title = f"{what}: net CO2 by Kaya factor, Mt"
        parts.append(_split(kaya.annual, kaya.cumulative, sum_from, "factor", title))
        parts.append(wrap(f"Between the two pathways in each year: {kaya.method}. Sums add the years up."))
    if result.inputs:
        lines = [wrap_hanging(f"  {k}: {a or 'not set'} → {b or 'not set'}", 4) for k, a, b in result.inputs]
        parts.append("\n".join(["Set differently", *lines]))
    return "\n\n".join(parts)


def _split(annual: Split, summed: Split, sum_from: int, what: str, title: str) -> str:
    """A table of parts in each year and summed, largest first; factors in the order of the identity."""
    years = [int(year) for year in annual.years]
    last = years[-1]
    end = summed.in_year(last)
    numbers = {name: [*(annual.in_year(year)[name] for year in years), end[name]] for name in annual.groups}
    order = [name for name in numbers if max(map(abs, numbers[name])) > _ROUNDING]
    if what == "lever":
        order.sort(key=lambda name: -abs(end[name]))
    labels: Mapping[str, str] = {} if what == "lever" else LABELS
    body = [[labels.get(name, name), *(f"{number:+.0f}" for number in numbers[name])] for name in order]
    total = [f"{float(value):+.0f}" for value in (*annual.difference, summed.difference[-1])]
    header = [what, *map(str, years), f"{sum_from}-{last}"]
    return f"{wrap_heading(title)}\n{tables(header, [*body, ['all', *total]])}"


def attribution_rows(
    result: Comparison,
    names: tuple[str, str],
    variables: Mapping[str, Variable],
    by: Sequence[str] = SPLITS,
) -> tuple[list[str], Rows]:
    """Header and rows: of which two pathways, variable, year, split, part, Mt in the year and summed to it.

    Parameters
    ----------
    names : of the first and the second pathway; differences are the second's less the first's
    variables : the registry, for units
    by : of `SPLITS`
    """
    splits: list[tuple[str, str, Split, Split]] = []
    if "levers" in by:
        found = result.attribution
        splits += [("levers", key, found.annual[key], found.cumulative[key]) for key in found.annual]
    if "kaya" in by:
        splits.append(("kaya", "net_co2", result.kaya.annual, result.kaya.cumulative))
    body: Rows = []
    sum_from = result.attribution.base_year + 1
    for kind, key, annual, summed in splits:
        for year in map(int, annual.years):
            for name in annual.groups:
                here, to_date = annual.in_year(year)[name], summed.in_year(year)[name]
                body.append([*names, key, variables[key].unit, year, kind, name, here, sum_from, to_date])
    header = ["first", "second", "variable", "unit", "year", "by", "part"]
    return [*header, "difference", "sum_from", "cumulative_difference"], body


def decomposition(title: str, result: Decomposition) -> str:
    """Contributions by period, additive and multiplicative, with the form that was used."""
    periods = [f"{first}-{last}" for first, last in result.periods]
    body = []
    for name in (*result.names, "change"):
        label = LABELS.get(name, "change of net CO2")
        values = [row.mtco2 for row in rows(result) if row.factor == name]
        body.append([label, *("–" if math.isnan(value) else f"{value:+.0f}" for value in values)])
    times = [[LABELS[name], *map(_times, result.multiplicative[name])] for name in FACTORS] + [
        ["together", *map(_times, result.ratio)]
    ]
    lines = [wrap_heading(title), "", tables(["Mt CO2", *periods], body), ""]
    lines += [tables(["energy CO2 times", *periods], times), ""]
    lines += [wrap(text) for text in dict.fromkeys(result.methods)]
    if result.missing:
        lines.append(wrap(result.missing))
    return "\n".join(lines)


def decomposition_rows(name: str, result: Decomposition) -> tuple[list[str], Rows]:
    """Header and rows: scenario, period, factor, Mt CO2, part of the change, effect on energy CO2, method."""
    body: Rows = []
    for k, row in enumerate(rows(result)):
        period = k // (len(result.names) + 1)
        effects = {**result.multiplicative, "change": result.ratio}
        effect = float(effects[row.factor][period]) if row.factor in effects else math.nan
        numbers = (row.mtco2, row.share, effect)
        cells = (None if math.isnan(n) else n for n in numbers)
        body.append([name, row.period, row.factor, *cells, result.methods[period]])
    header = ["scenario", "period", "factor", "mt_co2", "part_of_change", "times_energy_co2", "method"]
    return header, body


def _times(effect: float) -> str:
    """A multiplicative effect; a dash where it is not defined."""
    return f"{effect:.3f}" if math.isfinite(effect) else "–"


def moves(found: Sequence[Move], variables: Mapping[str, Variable], rtol: float) -> str:
    """What moved, largest first; values in the registry's units."""
    if not found:
        return f"Nothing moved by more than {rtol:g}."
    lines = []
    for move in found[:_MOST_MOVES]:
        if move.variable == YEARS:
            lines.append(f"  {move.year}: only in the {move.only_in} run")
        elif move.only_in:
            lines.append(f"  {move.variable}: only in the {move.only_in} run")
        else:
            one = variables[move.variable]
            before, after = move.before * one.factor, move.after * one.factor
            lines.append(
                f"  {move.variable} {move.year}: {before:.6g} → {after:.6g} {one.unit} "
                f"({move.relative:.2g} relative; {move.count} years differ)"
            )
    more = [f"  and {len(found) - _MOST_MOVES} more"] if len(found) > _MOST_MOVES else []
    return "\n".join([f"Moved by more than {rtol:g}", *lines, *more])
