"""Fits for the terminal: the report of one, the table of a sweep."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from dualcarbon.errors import Fault, InputError, did_you_mean
from dualcarbon.explore.fitting import Fit
from dualcarbon.explore.fitting.explain import difference
from dualcarbon.explore.fitting.fitted import MARGINS
from dualcarbon.explore.fitting.grid import KEYS
from dualcarbon.output.tabular import Rows
from dualcarbon.output.text import WIDTH, table, wrap, wrap_hanging
from dualcarbon.tables.levers import Lever

_SHOWN_BLOCKS = 5


def summary(fit: Fit) -> str:
    """One paragraph: whether the targets are met, and if not, by how much they are missed."""
    count = len(fit.scores)
    targets = "the target" if count == 1 else f"all {count} targets"
    if fit.feasible and fit.iterations == 0:
        return f"Fit         the scenario meets {targets} as it is; nothing was moved"
    if fit.feasible:
        return f"Fit         meets {targets}, by the pathway of the scenario as written"
    short = "; ".join(map(str, fit.gaps))
    return wrap_hanging(f"Fit         cannot meet {targets}; in the nearest pathway {short}", 12)


def report(fit: Fit, levers: Mapping[str, Lever]) -> str:
    """The whole report of a fit."""
    parts = [summary(fit), _targets(fit)]
    if fit.binding:
        parts.append(_weights(fit))
    if not fit.feasible:
        parts.append(_in_the_way(fit, levers))
    if fit.iterations:
        parts += [_levers(fit, levers), _solver(fit)]
    if fit.left_out:
        names = ", ".join(fit.left_out)
        parts.append(
            wrap_hanging(f"Left out    past, qualitative, beyond the end or not computable here: {names}", 12)
        )
    return "\n\n".join(parts)


def _targets(fit: Fit) -> str:
    rows = []
    for before, after in zip(fit.scores_before, fit.scores, strict=True):
        target = after.target
        sign = {"at_least": "≥", "at_most": "≤", "equals": "="}[target.comparison]
        mark = "✓" if after.verdict == "met" else "✗"
        digits = 0 if target.unit == "year" else 2
        numbers = [_number(n, digits) for n in (before.value, after.value, after.margin)]
        unit = "" if target.unit == "year" else f" {target.unit}"
        rows.append([mark, target.id, f"{sign} {target.value:g}{unit}", *numbers])
    header = ["", "target", "wanted", "before", "after", "margin"]
    other = sum(2 + max(len(row[k]) for row in [header, *rows]) for k in (2, 3, 4, 5))
    room = WIDTH - 3 - other
    for row in rows:
        row[1] = row[1] if len(row[1]) <= room else row[1][: room - 1] + "…"
    return table(header, rows, left=3)


def _number(value: float, digits: int) -> str:
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def _weights(fit: Fit) -> str:
    end = int(fit.results.years[-1])
    lines = [
        wrap_hanging(
            f"  {w.target}: relaxed by {difference(w.step, w.unit)}, the objective falls by "
            f"{-w.objective:.3g} and CO2 in {end} changes by {w.co2:+.0f} Mt",
            4,
        )
        for w in sorted(fit.binding, key=lambda w: w.objective)
    ]
    return "\n".join(["What binds, and what a step of it costs", *lines])


def _in_the_way(fit: Fit, levers: Mapping[str, Lever]) -> str:
    lines: list[str] = []
    for gap in fit.gaps:
        lines.append(f"{gap}")
        if gap.past:
            years = ", ".join(map(str, gap.past))
            lines.append(f"  the statistics of {years} break it already; no lever changes them")
        elif gap.fixed:
            lines.append("  no free lever changes some of the years that miss it")
        own = [b for b in fit.blocks if b.target == gap.target and not gap.past]
        if own:
            lines.append("  bounds in the way, and where each alone would have to be to meet it:")
        for block in own[:_SHOWN_BLOCKS]:
            lever = levers[block.lever]
            here, there = block.bound / lever.factor, block.needed / lever.factor
            enough = "no possible value is enough" if math.isnan(there) else f"{there:.4g} {lever.unit}"
            lines.append(f"    {block.lever} {block.year}: {here:.4g} → {enough}")
        helping = [h for h in fit.held if h.target == gap.target and not gap.past]
        if helping:
            lines.append("  levers that were not free, and what their ambitious pathway would bring:")
        lines += [f"    {h.lever}: {difference(h.gain, gap.unit)}" for h in helping[:_SHOWN_BLOCKS]]
    hurried = [f"{v.lever} {v.year}" for v in fit.levers if v.rests == "pace"]
    if hurried:
        lines.append(f"as fast as history and the ambitious pathway go: {', '.join(hurried)}")
    for one, other in fit.contradictions:
        lines.append(f"{one} and {other} can each be met, but not together")
    return "\n".join(["What stands in the way", *(wrap_hanging(f"  {line}", 6) for line in lines)])


def _levers(fit: Fit, levers: Mapping[str, Lever]) -> str:
    """Reference, before, fitted and ambitious value of each lever at its anchors; marks for bounds."""
    years = sorted({v.year for v in fit.levers})
    rows = []
    for name in dict.fromkeys(v.lever for v in fit.levers):
        lever = levers[name]
        own = {v.year: v for v in fit.levers if v.lever == name}
        for k, (label, key) in enumerate(
            (
                ("reference", "reference"),
                ("before", "before"),
                ("fitted", "fitted"),
                ("ambitious", "ambitious"),
            )
        ):
            cells = []
            for year in years:
                star = _MARKS[own[year].rests] if key == "fitted" else ""
                cells.append(f"{round(getattr(own[year], key) / lever.factor, 4):.4g}{star}")
            rows.append([f"{name}, {lever.unit}" if k == 0 else "", label, *cells])
    header = ["lever", "", *map(str, years)]
    legend = {"*": "* rests on a bound", "'": "' changes as fast as history and the ambitious pathway do"}
    used = {_MARKS[v.rests] for v in fit.levers}
    return "\n".join([table(header, rows, left=2), *(text for mark, text in legend.items() if mark in used)])


_MARKS = {"": "", "lower": "*", "upper": "*", "pace": "'"}


def _solver(fit: Fit) -> str:
    aims = ", ".join(difference(value, unit) for unit, value in MARGINS.items() if unit in ("%", "Mt CO2"))
    spread = (
        f"; answers from several starts agree within {fit.spread:.1g} of the way between the pathways"
        if fit.spread < 0.01
        else f"; the answer depends on the start (they differ by up to {fit.spread:.2f} of the way)"
    )
    return wrap_hanging(
        f"Solver      {fit.iterations} iterations, {fit.evaluations} pathways, {fit.seconds * 1e3:.0f} ms, "
        f"aiming {aims} inside each target{'' if math.isnan(fit.spread) else spread}",
        12,
    )


def read_grid(texts: Sequence[str]) -> dict[str, list[int]]:
    """Values of each swept key, from texts such as ``peak_year=2026..2030`` or ``neutral_year=2050,2060``.

    Raises
    ------
    InputError
        If a text cannot be read.
    """
    grid: dict[str, list[int]] = {}
    faults = []
    for text in texts:
        key, _, values = text.partition("=")
        if key not in KEYS:
            hint = did_you_mean(key, KEYS) or f"; allowed: {', '.join(KEYS)}"
            faults.append(Fault(f"--sweep {text}", 0, "", f"there is no {key!r} to sweep over{hint}"))
        elif key in grid:
            faults.append(Fault(f"--sweep {text}", 0, key, "set twice"))
        elif match := re.fullmatch(r"(\d{4})\.\.(\d{4})", values.strip()):
            first, last = sorted((int(match[1]), int(match[2])))
            grid[key] = list(range(first, last + 1))
            if first != int(match[1]):
                what = f"{last} is after {first}; write {key}={first}..{last}"
                faults.append(Fault(f"--sweep {text}", 0, key, what))
        elif re.fullmatch(r"\d{4}(\s*,\s*\d{4})*", values.strip()):
            grid[key] = sorted({int(value) for value in values.split(",")})
        if key in KEYS and not grid.get(key):
            what = f"write years such as {key}=2026..2030 or {key}=2050,2060"
            faults.append(Fault(f"--sweep {text}", 0, key, what))
    if faults:
        raise InputError(faults)
    return grid


def sweep_table(rows: tuple[list[str], Rows]) -> str:
    """The cells of a sweep; those that cannot be met are marked and explained below."""
    header, body = rows
    shown, why = [], []
    for row in body:
        cells = dict(zip(header, row, strict=True))
        shown.append([_sweep_cell(key, cells[key]) for key in header[:-1]])
        if cells["why"]:
            settings = ", ".join(f"{k} {cells[k]}" for k in KEYS if k in cells)
            why.append(wrap_hanging(f"  ✗ {settings}: {cells['why']}", 4))
    caption = wrap(
        "peak, sum: CO2 from energy and processes at its peak and from the base year to the end, Gt; "
        "share: non-fossil energy, %; fall: mean decline of energy per GDP from the base year, % a year; "
        "✗: cannot be met, and the nearest pathway is shown"
    )
    return "\n".join([table([_sweep_head(key) for key in header[:-1]], shown, left=0), caption, *why])


def _sweep_head(key: str) -> str:
    for long, short in _SWEEP_HEADS.items():
        key = key.replace(long, short)
    return key.replace("_", " ")


_SWEEP_HEADS = {
    "feasible": "",
    "peak_level": "peak",
    "cumulative_co2": "sum",
    "non_fossil_share": "share",
    "intensity_decline_to": "fall",
}


def _sweep_cell(key: str, value: str | float | None) -> str:
    if key == "feasible":
        return "✓" if value == "yes" else "✗"
    if isinstance(value, float):
        return f"{value / 1e3:.2f}" if key in ("peak_level", "cumulative_co2") else f"{value:.1f}"
    return "–" if value is None else str(value)
