"""Scenario and tables to inputs: the only place where names meet numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from dualcarbon.axes import FIRST_YEAR, Floats, Years, at, year_range
from dualcarbon.core.energy import close_shares
from dualcarbon.curves import ANCHORED, growth, logistic
from dualcarbon.errors import Fault, InputError, did_you_mean
from dualcarbon.inputs import Inputs
from dualcarbon.scenario import Anchors, Blend, Constant, Growth, Logistic, Scale, Scenario, Setting, Shift
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
from dualcarbon.units import parse_number, parse_quantity

MONEY_YEAR = 2020
"""GDP is in constant prices of this year."""

AMBITION_RANGE = (-1.0, 1.0)

SHARE_TOLERANCE = 0.0005
"""How far four shares that are all set may be from 100 % (0.05 points: what rounding to 0.1 % leaves)."""

Paths = dict[str, Floats]


@dataclass(frozen=True)
class Built:
    """Inputs of a run and what they were built from.

    Parameters
    ----------
    inputs : arrays of the run
    levers : path of every lever (year), inside units
    from_tables : levers that rest on the reference or ambitious anchors of the lever table
    """

    inputs: Inputs
    levers: Mapping[str, Floats]
    from_tables: frozenset[str]


@dataclass(frozen=True)
class _Ground:
    """What scenarios stand on: the axis, the levers and their two table pathways."""

    years: Years
    base_year: int
    levers: Mapping[str, Lever]
    reference: Mapping[str, Floats]
    ambitious: Mapping[str, Floats]

    @property
    def future(self) -> Years:
        return self.years[self.years > self.base_year]


class _Rejected(Exception):
    """A value cannot be used; carries the key path below the lever and the sentence."""

    def __init__(self, what: str, *path: object) -> None:
        super().__init__(what)
        self.what, self.path = what, path


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
    if ground is None:
        raise InputError(faults)
    paths = dict(ground.reference)
    if scenario.extends is not None:
        paths, wrong = _apply(scenario.extends, paths, ground)
        faults += wrong
    paths, wrong = _apply(scenario, paths, ground)
    faults += wrong
    if faults:
        raise InputError(faults)
    return Built(_inputs(paths, ground, library), paths, frozenset(_from_tables(scenario, ground)))


def _ground(scenario: Scenario, library: Library) -> tuple[_Ground | None, list[Fault]]:
    last, first = last_complete_year(library), first_complete_year(library)
    base = last if scenario.base_year is None else scenario.base_year
    if not first <= base <= last:
        what = f"{base} is outside {first}-{last}, the years with every statistic that a run starts from"
        return None, [scenario.fault(("base_year",), what)]
    years = year_range(FIRST_YEAR, scenario.end_year)
    levers = read_levers(library)
    reference, ambitious = {}, {}
    for name, lever in levers.items():
        past = lever_history(library, name, years)
        reference[name] = lever_pathway(library, lever, "reference", past, years, last)
        ambitious[name] = lever_pathway(library, lever, "ambitious", past, years, last)
    return _Ground(years, base, levers, reference, ambitious), []


def _from_tables(scenario: Scenario, ground: _Ground) -> list[str]:
    """Levers whose path still rests on the lever table's anchors."""
    free = (Constant, Anchors, Logistic, Growth)
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
    paths = dict(start)
    mix = {name: start[name] for name in SHARES}
    honoured: Paths = {}
    for name, setting in scenario.levers.items():
        lever = ground.levers.get(name)
        if lever is None or lever.kind == "accounting":
            known = [n for n, one in ground.levers.items() if one.kind != "accounting"]
            hint = did_you_mean(name, known) or f"; levers: {', '.join(known)}"
            faults.append(scenario.fault(("levers", name), f"there is no such lever{hint}"))
            continue
        try:
            path = _future_path(setting, lever, start[name], ground)
            if name == "non_fossil_share" and isinstance(setting, Blend):
                mix = {n: _blend(setting, ground, n) for n in SHARES}
        except _Rejected as no:
            faults.append(scenario.fault(("levers", name, *no.path), no.what))
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
    if honoured and not faults:
        closed, wrong_shares = _close(honoured, mix, ground, scenario)
        faults += wrong_shares
        future = ground.years > ground.base_year
        for name, path in closed.items():
            whole = start[name].copy()
            whole[future] = path
            paths[name] = whole
    return paths, faults


def _close(honoured: Paths, mix: Paths, ground: _Ground, scenario: Scenario) -> tuple[Paths, list[Fault]]:
    """The four shares closed to one in the projected years, by the rule of `close_shares`."""
    future = ground.years > ground.base_year
    before = {name: mix[name][future] for name in SHARES}
    closed = close_shares(honoured, before, "non_fossil_share")
    total = closed["coal_share"] + closed["oil_share"] + closed["gas_share"] + closed["non_fossil_share"]
    off = np.abs(total - 1.0) > SHARE_TOLERANCE
    set_names = ", ".join(name for name in SHARES if name in honoured)
    key = ("levers", next(name for name in scenario.levers if name in honoured))
    if off.any():
        worst = int(np.argmax(np.abs(total - 1.0)))
        what = (
            f"the shares add up to {total[worst] * 100:.1f} % in {ground.future[worst]} "
            f"({_spans(ground.future[off])}); they must add up to 100 %"
        )
        return {}, [scenario.fault(key, what)]
    negative = np.zeros(total.size, dtype=bool)
    for name in SHARES:
        negative |= closed[name] < 0.0
    if negative.any():
        lowest = min(SHARES, key=lambda name: float(closed[name].min()))
        worst = int(np.argmin(closed[lowest]))
        what = (
            f"with {set_names} as set, {lowest} would be {closed[lowest][worst] * 100:.1f} % "
            f"in {ground.future[worst]} ({_spans(ground.future[negative])}); no share may go below 0 %"
        )
        return {}, [scenario.fault(key, what)]
    return {name: path / total for name, path in closed.items()}, []


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
        to = np.asarray(_quantity(setting.to, lever, "to"))
        return logistic(ground.base_year, np.asarray(base_value), to, setting.midpoint, setting.width, future)
    if isinstance(setting, Growth):
        rate = np.asarray(_convert(lambda: parse_quantity(setting.rate, "rate"), "rate"))
        return growth(ground.base_year, np.asarray(base_value), rate, future)
    if isinstance(setting, Blend):
        return _blend(setting, ground, lever.name)[ground.years > ground.base_year]
    if isinstance(setting, Scale):
        return inherited * _by_year(setting.scale, "scale", "0.9", ground, 1.0)
    dimension = "points" if lever.dimension in ("share", "rate") else lever.dimension
    assert isinstance(setting, Shift)
    return inherited + _convert(lambda: parse_quantity(setting.shift, dimension), "shift")


def _anchored(setting: Anchors, lever: Lever, base_value: float, ground: _Ground) -> Floats:
    """Anchors joined by their curve.

    Levels and shares start from the base year's value. A growth lever's rate in a single observed year is no
    anchor (it swings with the weather and the business cycle): before its first anchor the rate is that one.
    """
    if setting.averages and lever.kind != "growth":
        raise _Rejected("only growth levers have averages since the last anchor", "rates")
    for year in setting.values:
        if not ground.base_year < year <= int(ground.years[-1]):
            raise _Rejected(
                f"outside the projected years {ground.base_year + 1}-{int(ground.years[-1])}", year
            )
    years = list(setting.values)
    values = [_quantity(setting.values[year], lever, year) for year in years]
    if lever.kind != "growth":
        years, values = [ground.base_year, *years], [float(base_value), *values]
    curve = ANCHORED["average" if setting.averages else setting.curve]
    return curve(np.array(years, dtype=np.int64), np.array(values), ground.future)


def _blend(setting: Blend, ground: _Ground, name: str) -> Floats:
    """Between the reference and the ambitious pathway, on the whole axis."""
    if ground.levers[name].mitigating == "none":
        raise _Rejected(f"{name} has no ambitious pathway; set a value instead", "ambition")
    low, high = AMBITION_RANGE
    values = setting.ambition.values() if isinstance(setting.ambition, Mapping) else [setting.ambition]
    for value in values:
        number = _convert(partial(parse_number, value, "a number", "0.5"), "ambition")
        if not low <= number <= high:
            raise _Rejected(f"{number:g} is outside {low:g} to {high:g}", "ambition")
    path = ground.reference[name].copy()
    future = ground.years > ground.base_year
    ambition = _by_year(setting.ambition, "ambition", "0.5", ground, None)
    path[future] += ambition * (ground.ambitious[name][future] - ground.reference[name][future])
    return path


def _by_year(
    setting: float | Mapping[int, float], key: str, example: str, ground: _Ground, at_base: float | None
) -> Floats:
    """One number, or anchors by year joined smoothly (from ``at_base`` in the base year, if given)."""
    future = ground.future
    if not isinstance(setting, Mapping):
        number = _convert(lambda: parse_number(setting, "a number", example), key)
        return np.full(future.size, number)
    years: list[int] = []
    values: list[float] = []
    for year, value in setting.items():
        if not isinstance(year, int) or not ground.base_year < year <= int(ground.years[-1]):
            span = f"{ground.base_year + 1}-{int(ground.years[-1])}"
            raise _Rejected(f"{year} is not a year of the projection {span}", key, year)
        if years and year <= years[-1]:
            raise _Rejected(f"years must increase; {year} stands after {years[-1]}", key, year)
        years.append(year)
        values.append(_convert(partial(parse_number, value, "a number", example), key, year))
    if not years:
        raise _Rejected("no years and no number", key)
    if at_base is not None:
        years, values = [ground.base_year, *years], [at_base, *values]
    return ANCHORED["pchip"](np.array(years, dtype=np.int64), np.array(values), future)


def _quantity(text: object, lever: Lever, *path: object) -> float:
    """A quantity of a lever within its bounds, in the inside unit."""
    value = _convert(lambda: parse_quantity(text, lever.dimension), *path)
    if not lever.lower <= value <= lever.upper:
        raise _Rejected(f"{text} is outside {_bounds(lever)}", *path)
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
    return (
        f"{value:.4g} {lever.unit} in {ground.future[first]} ({_spans(ground.future[outside])}) "
        f"is outside {_bounds(lever)}"
    )


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
