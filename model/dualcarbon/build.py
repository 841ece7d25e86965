"""Scenario and tables to inputs: the only place where names meet numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from dualcarbon.axes import FIRST_YEAR, LATEST_END_YEAR, Floats, Years, at, year_range
from dualcarbon.core.energy import close_shares
from dualcarbon.curves import ANCHORED, growth, logistic
from dualcarbon.curves.history import CurveFit, fit_history, forward
from dualcarbon.errors import Fault, InputError, did_you_mean
from dualcarbon.inputs import Inputs
from dualcarbon.scenario import (
    EARLIEST_END_YEAR,
    Anchors,
    Blend,
    Constant,
    FromHistory,
    Growth,
    Logistic,
    Scale,
    Scenario,
    Setting,
    Shift,
)
from dualcarbon.tables import Library
from dualcarbon.tables.levers import (
    SHARES,
    Lever,
    first_complete_year,
    last_complete_year,
    lever_history,
    lever_pathway,
    read_levers,
)
from dualcarbon.units import in_quotes, parse_number, parse_quantity

MONEY_YEAR = 2020
"""GDP is in constant prices of this year."""

AMBITION_RANGE = (-1.0, 1.0)
SCALE_RANGE = (-10.0, 10.0)
GROWTH_RANGE = (-0.5, 0.5)
MIDPOINT_RANGE = (1950.0, 2150.0)
WIDTH_RANGE = (0.5, 200.0)
"""What a number without a lever's own bounds may be: far beyond any use, close enough to catch a slip."""

SHARE_TOLERANCE = 0.0005
"""How far four shares that are all set may be from 100 % (0.05 points: what rounding to 0.1 % leaves)."""

ROUNDING = 1e-12
"""How far below zero a share may be for no other reason than adding the others up."""

Paths = dict[str, Floats]


@dataclass(frozen=True)
class Built:
    """Inputs of a run and what they were built from.

    Parameters
    ----------
    inputs : arrays of the run
    levers : path of every lever (year), inside units
    from_tables : levers that rest on the reference or ambitious anchors of the lever table
    reference, ambitious : the lever table's pathways (year)
    curves : growth curves that were fitted to levers' pasts
    """

    inputs: Inputs
    levers: Mapping[str, Floats]
    from_tables: frozenset[str]
    reference: Mapping[str, Floats]
    ambitious: Mapping[str, Floats]
    curves: Mapping[str, CurveFit]


@dataclass(frozen=True)
class _Ground:
    """What scenarios stand on: the axis, the levers and their two table pathways."""

    years: Years
    base_year: int
    last_anchor: int
    levers: Mapping[str, Lever]
    reference: Mapping[str, Floats]
    ambitious: Mapping[str, Floats]

    @property
    def future(self) -> Years:
        return self.years[self.years > self.base_year]


class _Rejected(Exception):
    """Values that cannot be used: ``faults`` holds the key path below the lever and the sentence of each."""

    def __init__(self, what: str, *path: object) -> None:
        super().__init__(what)
        self.faults: list[tuple[tuple[object, ...], str]] = [(path, what)]


def build(scenario: Scenario, library: Library) -> Built:
    """Inputs of the run that a scenario describes.

    Raises
    ------
    InputError
        With every fault of the scenario and of the one it extends.
    """
    faults = list(scenario.faults)
    ground, wrong = _ground(scenario, library)
    faults += wrong
    paths = dict(ground.reference)
    if scenario.extends is not None:
        paths, wrong = _apply(scenario.extends, paths, ground)
        faults += wrong
    paths, wrong = _apply(scenario, paths, ground)
    faults += wrong
    if faults:
        raise InputError(faults)
    return Built(
        inputs=_inputs(paths, ground, library),
        levers=paths,
        from_tables=frozenset(_from_tables(scenario, ground)),
        reference=ground.reference,
        ambitious=ground.ambitious,
        curves={
            name: _curve_of_past(setting, ground.levers[name], paths[name], ground)
            for name, setting in _bases(scenario).items()
            if isinstance(setting, FromHistory)
        },
    )


def _bases(scenario: Scenario) -> dict[str, Setting]:
    """What each lever's path rests on: its own setting, or the extended one where it is scaled or shifted."""
    inherited = dict(scenario.extends.levers) if scenario.extends else {}
    relative = (Scale, Shift)
    return inherited | {n: s for n, s in scenario.levers.items() if not isinstance(s, relative)}


def build_faults(scenario: Scenario, library: Library) -> list[Fault]:
    """What is wrong with a scenario, as far as its inputs can tell."""
    try:
        build(scenario, library)
    except InputError as error:
        return list(error.faults)
    return []


def vary(built: Built, paths: Mapping[str, Floats]) -> Inputs:
    """The inputs with some levers replaced, for one pathway or a batch.

    Parameters
    ----------
    paths : (…, future year) of the levers that change, inside units. Shares close by the rule of scenarios:
        those given are honoured, the others fill the rest in the scenario's proportions.
    """
    years = built.inputs.years
    future = years > built.inputs.base_year
    given = {name: path for name, path in paths.items() if name in SHARES}
    changed = {name: path for name, path in paths.items() if name not in SHARES}
    if given:
        lead = np.broadcast_shapes(*(path.shape[:-1] for path in given.values()))
        mix = {n: np.broadcast_to(built.levers[n][future], (*lead, int(future.sum()))) for n in SHARES}
        changed |= close_shares(given, mix, "non_fossil_share")
    whole: dict[str, Any] = {}
    for name, path in changed.items():
        array = np.empty((*path.shape[:-1], years.size), order="F")
        array[..., ~future] = built.levers[name][~future]
        array[..., future] = path
        whole[name] = array
    return replace(built.inputs, **whole)


def _ground(scenario: Scenario, library: Library) -> tuple[_Ground, list[Fault]]:
    """The axis and the levers; years with faults are replaced, so that the rest can still be checked."""
    last, first = last_complete_year(library), first_complete_year(library)
    base = last if scenario.base_year is None else scenario.base_year
    end = scenario.end_year
    faults = []
    if not first <= base <= last:
        what = f"{base} is outside {first}-{last}, the years with every statistic that a run starts from"
        faults.append(scenario.fault(("base_year",), what))
        base = first
    if not EARLIEST_END_YEAR <= end <= LATEST_END_YEAR:
        what = f"{end} is outside {EARLIEST_END_YEAR}-{LATEST_END_YEAR}"
        faults.append(scenario.fault(("end_year",), what))
        end = LATEST_END_YEAR
    years = year_range(FIRST_YEAR, end)
    levers = read_levers(library)
    reference, ambitious = {}, {}
    for name, lever in levers.items():
        past = lever_history(library, name, years)
        reference[name] = lever_pathway(library, lever, "reference", past, years, last)
        ambitious[name] = lever_pathway(library, lever, "ambitious", past, years, last)
    return _Ground(years, base, end, levers, reference, ambitious), faults


def _from_tables(scenario: Scenario, ground: _Ground) -> list[str]:
    """Levers whose path still rests on the lever table's anchors."""
    free = (Constant, Anchors, Logistic, Growth, FromHistory)
    names = []
    for name in ground.levers:
        own = scenario.levers.get(name)
        inherited = scenario.extends.levers.get(name) if scenario.extends else None
        if isinstance(own, free) or (not isinstance(own, Blend) and isinstance(inherited, free)):
            continue
        names.append(name)
    return names


def _apply(scenario: Scenario, start: Paths, ground: _Ground) -> tuple[Paths, list[Fault]]:
    """Paths of every lever after a scenario's settings; faults where a setting cannot be used."""
    faults: list[Fault] = []
    ground = replace(ground, last_anchor=max(int(ground.years[-1]), scenario.last_anchor))
    paths = dict(start)
    mix = {name: start[name] for name in SHARES}
    honoured: Paths = {}
    for name, setting in scenario.levers.items():
        lever = ground.levers.get(name)
        if lever is None or lever.kind == "accounting":
            faults.append(scenario.fault(("levers", name), _no_lever(name, ground)))
            continue
        try:
            path = _future_path(setting, lever, start[name], ground)
            if name == "non_fossil_share" and isinstance(setting, Blend):
                mix = {n: _blend(setting, ground, n) for n in SHARES}
        except _Rejected as no:
            faults += [scenario.fault(("levers", name, *place), what) for place, what in no.faults]
            continue
        wrong = _out_of_bounds(path, lever, ground)
        if wrong:
            faults.append(scenario.fault(("levers", name), wrong))
            continue
        whole = start[name].copy()
        whole[ground.years > ground.base_year] = path
        paths[name] = whole
        if name in SHARES:
            honoured[name] = path
    if honoured and not faults and not scenario.faults:
        closed, wrong_shares = _close(honoured, mix, ground, scenario)
        faults += wrong_shares
        future = ground.years > ground.base_year
        for name, path in closed.items():
            whole = start[name].copy()
            whole[future] = path
            paths[name] = whole
    return paths, faults


def _no_lever(name: str, ground: _Ground) -> str:
    if name in ground.levers:
        return "is an accounting parameter of the statistics, not a lever; it cannot be set"
    known = [lever.name for lever in ground.levers.values() if lever.kind != "accounting"]
    return "there is no such lever" + (did_you_mean(name, known) or f"; levers: {', '.join(known)}")


def _close(honoured: Paths, mix: Paths, ground: _Ground, scenario: Scenario) -> tuple[Paths, list[Fault]]:
    """The four shares closed to one in the projected years, by the rule of `close_shares`."""
    future = ground.years > ground.base_year
    before = {name: mix[name][future] for name in SHARES}
    closed = close_shares(honoured, before, "non_fossil_share")
    total = closed["coal_share"] + closed["oil_share"] + closed["gas_share"] + closed["non_fossil_share"]
    off = np.abs(total - 1.0) > SHARE_TOLERANCE
    set_here = [name for name in scenario.levers if name in honoured]
    key = ("levers", set_here[-1])
    if off.any():
        worst = int(np.argmax(np.abs(total - 1.0)))
        what = (
            f"the four shares as set add up to {total[worst] * 100:.1f} % in {ground.future[worst]}; "
            f"they must add up to 100 % (and do not in {_spans(ground.future[off])})"
        )
        return {}, [scenario.fault(key, what)]
    negative = np.zeros(total.size, dtype=bool)
    for name in SHARES:
        negative |= closed[name] < -ROUNDING
    if negative.any():
        lowest = min(SHARES, key=lambda name: float(closed[name].min()))
        worst = int(np.argmin(closed[lowest]))
        what = (
            f"with {' and '.join(set_here)} as set, {lowest} would be {closed[lowest][worst] * 100:.1f} % "
            f"in {ground.future[worst]}; no share may go below 0 % (one would in "
            f"{_spans(ground.future[negative])})"
        )
        return {}, [scenario.fault(key, what)]
    return {name: np.maximum(path, 0.0) / total for name, path in closed.items()}, []


def _future_path(setting: Setting, lever: Lever, start: Floats, ground: _Ground) -> Floats:
    """Values (year) of a lever in the projected years."""
    future = ground.future
    base_value = start[at(ground.years, ground.base_year)]
    inherited = start[ground.years > ground.base_year]
    if isinstance(setting, Constant):
        return np.full(future.size, _quantity(setting.value, lever))
    if isinstance(setting, Anchors):
        return _anchored(setting, lever, base_value, ground)
    if isinstance(setting, Logistic):
        to, midpoint, width = _each(
            [
                lambda: _quantity(setting.to, lever, "to"),
                lambda: _within(setting.midpoint, MIDPOINT_RANGE, "midpoint"),
                lambda: _within(setting.width, WIDTH_RANGE, "width"),
            ]
        )
        return logistic(ground.base_year, np.asarray(base_value), np.asarray(to), midpoint, width, future)
    if isinstance(setting, Growth):
        rate = _convert(lambda: parse_quantity(setting.rate, "rate"), "rate")
        _within(rate, GROWTH_RANGE, "rate", factor=0.01, unit=" %")
        return growth(ground.base_year, np.asarray(base_value), np.asarray(rate), future)
    if isinstance(setting, Blend):
        return _blend(setting, ground, lever.name)[ground.years > ground.base_year]
    if isinstance(setting, Scale):
        return inherited * _by_year(setting.scale, "scale", "0.9", SCALE_RANGE, ground, 1.0)
    if isinstance(setting, FromHistory):
        return forward(_curve_of_past(setting, lever, start, ground), ground.base_year, base_value, future)
    dimension = "points" if lever.dimension in ("share", "rate") else lever.dimension
    assert isinstance(setting, Shift)
    return inherited + _convert(lambda: parse_quantity(setting.shift, dimension), "shift")


def _curve_of_past(setting: FromHistory, lever: Lever, path: Floats, ground: _Ground) -> CurveFit:
    """The growth curve that fits a lever's observed years."""
    if lever.kind == "growth":
        raise _Rejected("a growth lever is a rate, not a level that grows along a curve", "fit")
    known = (ground.years <= ground.base_year) & ~np.isnan(path)
    try:
        return fit_history(setting.curve, ground.years[known], path[known], lever.upper)
    except ValueError as error:
        raise _Rejected(f"{lever.name} {error}", "fit") from None


def _anchored(setting: Anchors, lever: Lever, base_value: float, ground: _Ground) -> Floats:
    """Anchors joined by their curve.

    Levels and shares start from the base year's value. A growth lever's rate in a single observed year is no
    anchor (it swings with the weather and the business cycle): before its first anchor the rate is that one.
    """
    if setting.averages and lever.kind != "growth":
        raise _Rejected("only growth levers have averages since the last anchor", "rates")

    def read(year: int, value: object) -> float:
        _check_year(year, ground, year)
        return _quantity(value, lever, year)

    years = list(setting.values)
    values = _each([partial(read, year, value) for year, value in setting.values.items()])
    if lever.kind != "growth":
        years, values = [ground.base_year, *years], [float(base_value), *values]
    curve = ANCHORED["average" if setting.averages else setting.curve]
    return curve(np.array(years, dtype=np.int64), np.array(values), ground.future)


def _blend(setting: Blend, ground: _Ground, name: str) -> Floats:
    """Between the reference and the ambitious pathway, on the whole axis."""
    if ground.levers[name].mitigating == "none":
        raise _Rejected(f"{name} has no ambitious pathway; set a value instead", "ambition")
    path = ground.reference[name].copy()
    future = ground.years > ground.base_year
    ambition = _by_year(setting.ambition, "ambition", "0.5", AMBITION_RANGE, ground, None)
    path[future] += ambition * (ground.ambitious[name][future] - ground.reference[name][future])
    return path


def _by_year(
    setting: float | Mapping[int, float],
    key: str,
    example: str,
    limits: tuple[float, float],
    ground: _Ground,
    at_base: float | None,
) -> Floats:
    """One number, or anchors by year joined smoothly (from ``at_base`` in the base year, if given)."""

    def number(value: object, *path: object) -> float:
        return _within(_convert(lambda: parse_number(value, example), key, *path), limits, key, *path)

    def read(position: int) -> float:
        year = years[position]
        _check_year(year, ground, key, year)
        before = years[position - 1] if position else 0
        if isinstance(before, int) and year <= before:
            raise _Rejected(f"years must increase; {year} stands after {before}", key, year)
        return number(values_by_year[year], year)

    future = ground.future
    if not isinstance(setting, Mapping):
        return np.full(future.size, number(setting))
    if not setting:
        raise _Rejected(f"no years; write a number such as {example}, or years with numbers", key)
    values_by_year, years = setting, list(setting)
    values = _each([partial(read, position) for position in range(len(years))])
    if at_base is not None:
        years, values = [ground.base_year, *years], [at_base, *values]
    return ANCHORED["pchip"](np.array(years, dtype=np.int64), np.array(values), future)


def _each(reads: Sequence[Callable[[], float]]) -> list[float]:
    """What every function gives; all that is rejected is rejected together."""
    values: list[float] = []
    rejected: list[_Rejected] = []
    for read in reads:
        try:
            values.append(read())
        except _Rejected as no:
            rejected.append(no)
    if rejected:
        rejected[0].faults = [one for no in rejected for one in no.faults]
        raise rejected[0]
    return values


def _check_year(year: object, ground: _Ground, *path: object) -> None:
    if not isinstance(year, int):
        raise _Rejected("is not a year; write years as whole numbers without quotes, such as 2030", *path)
    if not ground.base_year < year <= ground.last_anchor:
        span = f"{ground.base_year + 1}-{ground.last_anchor}"
        raise _Rejected(f"outside the projected years {span}", *path)


def _within(
    value: float, limits: tuple[float, float], *path: object, factor: float = 1.0, unit: str = ""
) -> float:
    """The value, if it is within the limits; ``factor`` and ``unit`` say how a message writes it."""
    low, high = limits
    if not low <= value <= high:
        allowed = f"{low / factor:g} to {high / factor:g}{unit}"
        raise _Rejected(f"{value / factor:g}{unit} is outside {allowed}", *path)
    return value


def _quantity(text: object, lever: Lever, *path: object) -> float:
    """A quantity of a lever within its bounds, in the inside unit."""
    value = _convert(lambda: parse_quantity(text, lever.dimension), *path)
    if not lever.lower <= value <= lever.upper:
        raise _Rejected(f"{in_quotes(str(text))} is outside {_bounds(lever)}", *path)
    return value


def _convert(read: Callable[[], float], *path: object) -> float:
    try:
        return read()
    except ValueError as error:
        raise _Rejected(str(error), *path) from None


def _out_of_bounds(path: Floats, lever: Lever, ground: _Ground) -> str:
    outside = (path < lever.lower) | (path > lever.upper)
    if not outside.any():
        return ""
    first = int(np.argmax(outside))
    value = path[first] / lever.factor
    when = _spans(ground.future[outside])
    return f"outside {_bounds(lever)} in {when} ({value:.4g} {lever.unit} in {ground.future[first]})"


def _bounds(lever: Lever) -> str:
    return f"{lever.lower / lever.factor:g} to {lever.upper / lever.factor:g} {lever.unit}"


def _spans(years: Years) -> str:
    """Years in words: 2031-2040, 2050."""
    parts: list[str] = []
    first = previous = int(years[0])
    for year in [*map(int, years[1:]), None]:
        if year is not None and year == previous + 1:
            previous = year
            continue
        parts.append(str(first) if first == previous else f"{first}-{previous}")
        if year is not None:
            first = previous = year
    return ", ".join(parts)


def _inputs(paths: Mapping[str, Floats], ground: _Ground, library: Library) -> Inputs:
    """The arrays of a run: lever paths, starting levels and constant factors."""
    years = ground.years

    def constant(series: str) -> Floats:
        return np.full(years.size, library["factors"].series(series)[1][-1])

    return Inputs(
        years=years,
        base_year=ground.base_year,
        gdp_first=np.asarray(_gdp_first(library, years)),
        energy_first=np.asarray(library["energy_balance"].on_axis("energy_total", years)[0]),
        coal_ef=constant("coal_ef"),
        gas_ef=constant("gas_ef"),
        oil_ef_official=constant("oil_ef_official"),
        **paths,
    )


def _gdp_first(library: Library, years: Years) -> float:
    """GDP of the first year in bn yuan at constant prices: nominal GDP of the money year, chained back."""
    names, nominal = library["gdp"].series("gdp_nominal")
    level = float(nominal[names == MONEY_YEAR][0])
    rates = lever_history(library, "gdp_growth", years)
    for year in range(int(years[0]) + 1, MONEY_YEAR + 1):
        level /= 1.0 + rates[at(years, year)]
    return level
