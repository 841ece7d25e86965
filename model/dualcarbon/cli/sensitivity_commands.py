"""`dualcarbon sensitivity`: what drives the spread, as tables for the terminal."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from dualcarbon import api
from dualcarbon.errors import InputError
from dualcarbon.explore.sensitivity import Output, Sensitivity
from dualcarbon.explore.whole_numbers import whole_number
from dualcarbon.output.text import heading, table, wrap, wrap_hanging, wrap_heading

_OPTIONS = {"of": "--of", "n": "-n", "seed": "--seed"}
"""What the parameters of `api.sensitivity` are called on the command line."""

_SMALL = 0.005
"""Factors whose total index is below it are named in one line."""


class Show(Protocol):
    """Writes a value of an output, or a change of it."""

    def __call__(self, value: float, *, change: bool = False) -> str:
        """The value as text."""
        ...


def sensitivity(options: Namespace) -> None:
    """Sobol indices and tornado of a scenario."""
    library = api.open_library(options.data)
    try:
        found = api.sensitivity(
            options.scenario,
            None if options.of is None else [text for text in options.of.split(",") if text.strip()],
            n=options.n,
            seed=options.seed,
            change=options.change,
            data=library,
        )
    except InputError as error:
        named = (replace(one, where=_OPTIONS.get(one.where, one.where)) for one in error.faults)
        raise InputError(named) from None
    print(page(found, asked=whole_number(options.n)))
    if options.output is None:
        print("\nNothing written; add -o DIR for tables and figures.")
        return
    from dualcarbon.files import write_sensitivity

    name = write_sensitivity(found, Path(options.output), api.lever_table(library), force=options.force)
    print(f"\nWritten: {name} in {options.output}")


def page(found: Sensitivity, asked: int | None = None) -> str:
    """Indices, ranges and steps of each output, with what should be known beside them."""
    scenario = found.meta["scenario"]
    rounded = f"{asked} points rounded up to {found.points}; " if asked not in (None, found.points) else ""
    lines = [wrap_heading(heading(scenario["name"], scenario["title"])), ""]
    lines.append(
        wrap(
            "What drives the spread of draws from the levers' uncertainty, not held to history and without "
            f"year-to-year noise. {rounded}"
            f"{found.evaluations:,} pathways of {len(found.factors)} factors, seed {found.seed}; "
            f"{found.intervals}."
        )
    )
    lines += [wrap_hanging(f"  {note}.", 4) for note in found.notes.get("", ())]
    for k, output in enumerate(found.outputs):
        lines += ["", *_output_lines(found, k, output)]
    return "\n".join([*lines, "", _reading(found)])


def _output_lines(found: Sensitivity, k: int, output: Output) -> list[str]:
    show = _format(found, k)
    low, middle, high = found.quantiles[k]
    lines = [f"{output.name} · {output.label}{'' if output.unit == 'year' else ', ' + output.unit}"]
    lines.append(
        f"  scenario {show(found.central[k])}; draws: 5 % {show(low)}, 50 % {show(middle)}, 95 % {show(high)}"
    )
    lines += [wrap_hanging(f"  {note[0].upper()}{note[1:]}.", 4) for note in found.notes.get(output.name, ())]
    if found.indices.varies[k]:
        lines += ["", *_index_table(found, k)]
    lines += ["", *_range_table(found, k, show)]
    return [*lines, "", *_step_table(found, k, show)] if found.steps.groups else lines


def _index_table(found: Sensitivity, k: int) -> list[str]:
    """Factors by total index, the small ones in one line."""
    indices = found.indices
    order = sorted(range(len(found.factors)), key=lambda j: -indices.total[k, j])
    large = [j for j in order if indices.total[k, j] >= _SMALL]
    body = [
        [
            found.factors[j].short(),
            _index(indices.first[k, j]),
            _interval(*indices.first_interval[k, j]),
            _index(indices.total[k, j]),
            _interval(*indices.total_interval[k, j]),
        ]
        for j in large
    ]
    body.append(["together (interactions)", _index(float(indices.interactions[k])), "", "", ""])
    lines = [table(["factor", "first-order", "interval", "total", "interval"], body)]
    small = [found.factors[j].short() for j in order if j not in large]
    if small:
        lines.append(wrap_hanging(f"below {_SMALL}: {', '.join(small)}", 4))
    return lines


def _range_table(found: Sensitivity, k: int, show: Show) -> list[str]:
    """One lever at a time over its own range, widest first."""
    ranges = found.ranges
    moving = [j for j in range(len(ranges.levers)) if ranges.swing[k, j] > 0.0]
    body = [
        [
            ranges.levers[j],
            show(ranges.low[k, j]),
            show(ranges.high[k, j]),
            show(ranges.high[k, j] - ranges.low[k, j], change=True),
        ]
        for j in sorted(moving, key=lambda j: -ranges.swing[k, j])
    ]
    still = [name for j, name in enumerate(ranges.levers) if j not in moving]
    header = ["from the scenario, lever alone", "at its 5 %", "at its 95 %", "difference"]
    return _with_the_rest(header, body, still)


def _step_table(found: Sensitivity, k: int, show: Show) -> list[str]:
    """One lever at a time between the reference pathway and the scenario."""
    steps = found.steps
    moving = [j for j in range(len(steps.groups)) if steps.towards[k, j] or steps.back[k, j]]
    order = sorted(moving, key=lambda j: -max(abs(steps.towards[k, j]), abs(steps.back[k, j])))
    body = [
        [
            steps.groups[j],
            show(steps.towards[k, j], change=True),
            show(steps.back[k, j], change=True),
        ]
        for j in order
    ]
    reference, scenario = show(steps.reference[k]), show(found.central[k])
    header = [
        "scenario's lever alone",
        f"added to reference ({reference})",
        f"taken from scenario ({scenario})",
    ]
    return _with_the_rest(header, body, [name for j, name in enumerate(steps.groups) if j not in moving])


def _with_the_rest(header: list[str], body: list[list[str]], still: list[str]) -> list[str]:
    """A table of levers that move an output, and the names of those that do not."""
    rest = [wrap_hanging(f"no difference: {', '.join(still)}", 4)] if still else []
    if not body:
        return [f"{header[0]}: none makes a difference"]
    return [table(header, body), *rest]


def _reading(found: Sensitivity) -> str:
    """How the tables are read."""
    text = (
        "First-order: part of the variance that goes when the factor is known. Total: part that stays when "
        "all others are known. Estimates of small indices may lie below zero."
    )
    if not found.steps.groups:
        text += " The scenario is the reference pathway of every lever, so no lever of it can be taken back."
    return wrap(text)


def _index(value: float) -> str:
    return f"{value + 0.0:.3f}".replace("-0.000", "0.000")


def _interval(low: float, high: float) -> str:
    return f"{_index(low)} to {_index(high)}"


def _format(found: Sensitivity, k: int) -> Show:
    """Shows values of an output: years whole, other numbers with about four digits of the largest."""
    largest = max(abs(float(found.central[k])), *(abs(float(q)) for q in found.quantiles[k]))
    digits = 0 if largest >= 1e3 or found.outputs[k].unit == "year" else 3 - len(str(int(largest))) + 1

    end = found.meta["end_year"]

    def show(value: float, *, change: bool = False) -> str:
        if found.outputs[k].may_be_missing and not change and value > end:
            return f"after {end}"
        text = f"{value:+.{digits}f}" if change else f"{value:.{digits}f}"
        return text.lstrip("+-") if float(text) == 0.0 else text

    return show
