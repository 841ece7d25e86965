"""For tests of scenarios: are two pathways close, and if not, what moved and which lever moved it?

Example
-------
>>> from dualcarbon.testing import assert_pathways_close
>>> assert_pathways_close("rapid-decline", "rapid-decline", variables=["net_co2"])

Where they are not close, the error says so in words::

    pathways are not close (rtol 1e-06): actual rapid-decline+land_sink, expected out/rapid-decline
      net_co2 [Mt CO2] in 2060: actual 466.108, expected 551.108; relative difference 0.15; 35 years differ
    levers that moved:
      land_sink [Mt CO2] in 2026: actual 1328, expected 1195.2; 35 years differ
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dualcarbon import api, output
from dualcarbon.analysis.differences import YEARS, Move, moved
from dualcarbon.axes import Floats, Years
from dualcarbon.errors import Fault, InputError, did_you_mean, fault
from dualcarbon.results import Results
from dualcarbon.tables import Library
from dualcarbon.tables.variables import Variable, read_variables
from dualcarbon.units import in_quotes

Pathways = api.Run | Results | str | Path
"""A run, results, or in words: a run folder, an expected pathway (``.csv``), a scenario's name or file."""

ROUNDING = 1e-9
"""Two values that are no further apart (inside units: Mt, Mtce, fractions) differ by rounding only."""

_LEVER_RTOL = 1e-8
"""Levers are recorded to ten digits; a change beyond that is named, since small ones add up over years."""

_SHOWN = 3
_NAMED = 8
"""Variables that a message shows with their values, and then by their names."""

_LEVER = "Lever|"
"""Begins the name of a lever among the variables of an expected pathway."""


@dataclass(frozen=True)
class _Levers:
    """Paths of levers (projected year) in the units of the lever table."""

    paths: Results
    units: Mapping[str, str]


@dataclass(frozen=True)
class _Side:
    """One of the two pathways: its name in messages, its numbers, its levers if they are known."""

    label: str
    results: Results
    levers: _Levers | None


def assert_pathways_close(
    actual: Pathways,
    expected: Pathways,
    rtol: float = 1e-6,
    variables: Iterable[str] | None = None,
    *,
    atol: float = ROUNDING,
) -> None:
    """Fail with what moved unless two pathways are close in every year and variable.

    Parameters
    ----------
    actual, expected : a run, its results, a run folder, or a scenario's name or file, which is run
    rtol : relative tolerance, of the larger absolute value; files hold ten digits
    variables : keys to compare; default all that either side has
    atol : what is closer in inside units (Mt, Mtce, fractions) is the same

    Raises
    ------
    AssertionError
        Names the variables that moved most with year and both values in the registry's units, how many more
        moved, and the levers that moved where both sides know them.
    InputError
        If a side cannot be read or run, or a variable does not exist.

    Examples
    --------
    >>> import dualcarbon as dc
    >>> r = dc.run("rapid-decline")
    >>> assert_pathways_close(r, "rapid-decline", variables=["net_co2", "coal_share"])
    """
    __tracebackhide__ = True
    registry = read_variables(_library(actual))
    one, other = _side(actual, registry), _side(expected, registry)
    names = _known(variables, [*one.results, *other.results])
    moves = moved(other.results, one.results, rtol, atol, names)
    if moves:
        raise AssertionError(_message(one, other, moves, rtol, registry))


def write_expected(path: Path, pathways: Pathways, variables: Iterable[str] | None = None) -> None:
    """Store a pathway to compare with later: a CSV in IAMC columns, levers below the variables.

    Parameters
    ----------
    path : file to write, whole or not at all; its folder is made
    pathways : one pathway, as for `assert_pathways_close`
    variables : keys to store; default all

    Raises
    ------
    InputError
        If the pathway cannot be read or run, or a variable is not in the registry.
    OutputError
        If the file cannot be written.
    """
    registry = read_variables(_library(pathways))
    side = _side(pathways, registry)
    results = side.results
    names = _known(variables, list(results))
    foreign = [name for name in names if name not in registry or results[name].ndim > 1]
    if foreign:
        what = "only single pathways of registered variables can be stored"
        raise InputError(Fault(str(path), 0, name, what) for name in foreign)
    kept = Results(results.years, results.base_year, {name: results[name] for name in names})
    header, rows = output.tabular.pathway_rows(kept, registry, side.label, "dualcarbon")
    if side.levers:
        rows += _lever_rows(side.levers, results, side.label)
    with output.folder.whole_file(path, force=True) as draft:
        output.folder.write_csv(draft, (header, rows))


def _lever_rows(levers: _Levers, results: Results, scenario: str) -> output.tabular.Rows:
    """Levers as rows like those of variables, on the years of the results."""
    place = {int(year): k for k, year in enumerate(levers.paths.years)}
    rows: output.tabular.Rows = []
    for name, path in levers.paths.items():
        values = [float(path[place[year]]) if year in place else None for year in map(int, results.years)]
        start = ["dualcarbon", scenario, output.tabular.REGION, _LEVER + name, levers.units[name]]
        rows.append([*start, *values])
    return rows


# the two sides


def _library(pathways: object) -> Library:
    return pathways.library if isinstance(pathways, api.Run) else api.open_library()


def _side(pathways: object, registry: Mapping[str, Variable]) -> _Side:
    """What a user may give, with its numbers."""
    if isinstance(pathways, api.Run):
        return _Side(pathways.name, pathways.results, _levers(pathways.results.meta))
    if isinstance(pathways, Results):
        scenario = pathways.meta.get("scenario")
        label = str(scenario.get("name")) if isinstance(scenario, Mapping) else "results"
        return _Side(label, pathways, _levers(pathways.meta))
    if not isinstance(pathways, (str, Path)):
        found = type(pathways).__name__
        raise TypeError(f"expected a run, results, a run folder or a scenario; found {found}")
    path = Path(pathways)
    if path.suffix.lower() == ".csv":
        return _read_expected(path, registry)
    if path.is_dir():
        results, _ = output.folder.read_run(path, registry)
        return _Side(str(path), results, _levers(results.meta))
    run = api.run(pathways)
    return _Side(run.name, run.results, _levers(run.results.meta))


def _levers(meta: Mapping[str, Any]) -> _Levers | None:
    """Paths of the levers in a run's metadata; None where it has none that can be read."""
    try:
        levers = {name: (str(one["unit"]), one["values"]) for name, one in meta["levers"].items()}
        years = sorted({int(year) for _, values in levers.values() for year in values})
        paths = {
            name: np.array([float(values[str(year)]) for year in years])
            for name, (_, values) in levers.items()
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    units = {name: unit for name, (unit, _) in levers.items()}
    return _lever_paths(np.array(years, dtype=np.int64), paths, units)


def _lever_paths(years: Years, paths: Mapping[str, Floats], units: Mapping[str, str]) -> _Levers | None:
    return _Levers(Results(years, int(years[0]) - 1, paths), units) if years.size else None


def _read_expected(path: Path, registry: Mapping[str, Variable]) -> _Side:
    """A pathway that `write_expected` stored.

    Raises
    ------
    InputError
        If the file is not one or does not fit the registry.
    """
    first = len(output.tabular.IAMC_COLUMNS)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = list(csv.reader(file))
        if tuple(header[:first]) != output.tabular.IAMC_COLUMNS:
            raise ValueError(f"its columns do not begin with {', '.join(output.tabular.IAMC_COLUMNS)}")
        years = np.array([int(cell) for cell in header[first:]], dtype=np.int64)
    except (OSError, ValueError, csv.Error) as error:
        raise fault(f"cannot be read as an expected pathway ({error})", where=str(path)) from None
    by_name = {one.iamc: one for one in registry.values()}
    arrays: dict[str, Floats] = {}
    levers: dict[str, Floats] = {}
    units: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        try:
            name, unit, numbers = _read_row(row, first, years.size)
            if name in units:
                raise ValueError(f"{name} stands here twice")
            units[name] = unit
            if name.startswith(_LEVER):
                levers[name] = numbers
            else:
                variable = _registered(name, unit, by_name)
                arrays[variable.key] = numbers / (variable.factor * variable.iamc_factor)
        except ValueError as error:
            what = f"the expected pathway is damaged, or older than this version: store it anew ({error})"
            raise fault(what, where=str(path), line=line) from None
    known = np.zeros(years.size, dtype=np.bool_)
    for numbers in levers.values():
        known |= ~np.isnan(numbers)
    paths = {name.removeprefix(_LEVER): numbers[known] for name, numbers in levers.items()}
    base_year = int(years[known][0]) - 1 if known.any() else int(years[-1])
    return _Side(
        str(path),
        Results(years, base_year, arrays),
        _lever_paths(years[known], paths, {name: units[_LEVER + name] for name in paths}),
    )


def _read_row(row: Sequence[str], first: int, count: int) -> tuple[str, str, Floats]:
    """Name, unit and numbers (year) of a row whose numbers start in column ``first``."""
    if len(row) != first + count:
        raise ValueError(f"{len(row)} columns, not {first + count}")
    return row[3], row[4], np.array([float(cell) if cell else np.nan for cell in row[first:]])


def _registered(name: str, unit: str, by_name: Mapping[str, Variable]) -> Variable:
    """The variable of an exchange name, if it has that unit."""
    if name not in by_name:
        raise ValueError(f"{name} is not a variable{did_you_mean(name, list(by_name))}")
    if by_name[name].iamc_unit != unit:
        raise ValueError(f"{name} is in {unit}, not {by_name[name].iamc_unit}")
    return by_name[name]


def _known(variables: Iterable[str] | None, known: Sequence[str]) -> list[str]:
    """The variables to compare: at least one, each known."""
    asked = known if variables is None else [variables] if isinstance(variables, str) else variables
    names = list(dict.fromkeys(asked))
    if not names:
        raise fault("nothing to compare: no variables", where="variables")
    faults = [
        Fault("variables", 0, "", f"{in_quotes(str(name))} is not a variable{did_you_mean(str(name), known)}")
        for name in names
        if name not in known
    ]
    if faults:
        raise InputError(faults)
    return names


# what a failure says


def _message(
    actual: _Side, expected: _Side, moves: Sequence[Move], rtol: float, registry: Mapping[str, Variable]
) -> str:
    """What moved, most first, and the levers that moved."""
    ranked = sorted(moves, key=lambda move: -move.relative)
    lines = [f"pathways are not close (rtol {rtol:g}): actual {actual.label}, expected {expected.label}"]
    lines += [f"  {_variable_line(move, registry)}" for move in ranked[:_SHOWN]]
    rest = [move.variable for move in ranked[_SHOWN:]]
    if rest:
        names = ", ".join(rest[:_NAMED]) + (", …" if len(rest) > _NAMED else "")
        lines.append(f"  {_count(len(rest), 'more variable')} moved: {names}")
    if any(not move.only_in for move in moves):
        lines += _lever_lines(actual.levers, expected.levers)
    return "\n".join(lines)


def _variable_line(move: Move, registry: Mapping[str, Variable]) -> str:
    """One variable that moved, in the registry's unit; ``before`` is the expected side."""
    if move.only_in:
        side = "expected" if move.only_in == "before" else "actual"
        if move.variable == YEARS:
            return f"only {side} has {_count(move.count, 'year')} from {move.year} on"
        return f"{move.variable}: only {side} has it"
    variable = registry.get(move.variable)
    factor = variable.factor if variable else 1.0
    unit = f" [{variable.unit}]" if variable else ""
    gap = "" if math.isinf(move.relative) else f" relative difference {move.relative:.2g};"
    values = _both(move, factor)
    return f"{move.variable}{unit} in {move.year}: {values};{gap} {_differ(move.count)}"


def _lever_lines(actual: _Levers | None, expected: _Levers | None) -> list[str]:
    """The levers that moved, or why they cannot be named."""
    if actual is None or expected is None:
        unknown = [side for side, one in (("actual", actual), ("expected", expected)) if one is None]
        return [f"levers: not known for {' and '.join(unknown)}"]
    moves = [move for move in moved(expected.paths, actual.paths, _LEVER_RTOL, ROUNDING) if not move.only_in]
    if not moves:
        return ["no lever moved: the model or its data did"]
    return [
        "levers that moved:",
        *(
            f"  {move.variable} [{actual.units[move.variable]}] in {move.year}: "
            f"{_both(move)}; {_differ(move.count)}"
            for move in moves
        ),
    ]


def _both(move: Move, factor: float = 1.0) -> str:
    """Both values, with as many digits as show their difference."""
    fine = 0.0 < move.relative < 1e-4
    digits = 2 - math.floor(math.log10(move.relative)) if fine else 6
    actual, expected = (
        "missing" if math.isnan(value) else f"{value * factor:.{digits}g}"
        for value in (move.after, move.before)
    )
    return f"actual {actual}, expected {expected}"


def _differ(years: int) -> str:
    return f"{_count(years, 'year')} {'differs' if years == 1 else 'differ'}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
