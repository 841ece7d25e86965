"""Hindcasts: what the model would have said in 2010, 2015 and 2020, judged beside naive forecasts.

From a start year on nothing is known: the statistics are cut there before anything else happens, one rule
carries the levers on, and the model's equations do the rest. Judged are CO2 from energy (physical factors),
total energy, and the coal and non-fossil shares (coal-equivalent accounting); observed values are the model's
own accounting of the statistics. These are today's revised statistics, not those known in the start year.
The rule and how it was chosen: ``model/decisions/0002-hindcast-rule.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from dualcarbon import project
from dualcarbon.axes import FIRST_YEAR, Floats, Years, at, year_range
from dualcarbon.core.drivers import change, compound, running_sum
from dualcarbon.inputs import Inputs
from dualcarbon.results import Results
from dualcarbon.tables import Library
from dualcarbon.tables.levers import SHARES, last_complete_year, lever_history

STARTS = (2010, 2015, 2020)

UNITS = MappingProxyType(
    {"energy_co2": "%", "energy_total": "%", "coal_share": "points", "non_fossil_share": "points"}
)
"""What is judged, and the unit of its errors: percent of the observed value, or points of total energy."""

VARIABLES = tuple(UNITS)

CAVEAT = (
    "The statistics are today's revised ones, not those known in the start year (energy of 2010 was first "
    "published a tenth lower). The CO2 factors of coal and gas are constants of the accounting, the same in "
    "forecast and observation. A few overlapping starts in one country show how the rule did, "
    "not how it will do."
)
"""What the numbers do not show, printed with them."""


@dataclass(frozen=True)
class Rule:
    """How every lever goes on: by the mean change of the last years, which may fade.

    The change is relative for GDP, energy intensity and process CO2, and in points for the four shares.

    Parameters
    ----------
    window : number of yearly changes up to the start year that are averaged; fewer where history is shorter
    damping : each year's change as a part of the year before's; 1 keeps it, the first year has the full mean
    """

    window: int
    damping: float


CANDIDATES = tuple(Rule(window, damping) for window in (1, 3, 5, 7) for damping in (1.0, 0.9))
"""Rules to choose from; a window of 1 repeats the last year's change."""

RULE = Rule(window=7, damping=0.9)
"""The rule of every hindcast: what `choose_rule` finds with data up to 2010."""

PSEUDO_STARTS = (2004, 2005, 2006, 2007, 2008)
"""Start years of the choice: from four years of changes on, and at least two years ahead to judge by 2010."""


@dataclass(frozen=True)
class RuleScore:
    """How a candidate did before the choice.

    Parameters
    ----------
    rule : the candidate
    errors : mean error over the pseudo-starts by variable (% or points)
    score : mean of the four errors, a point counted as a percent
    """

    rule: Rule
    errors: Mapping[str, float]
    score: float


@dataclass(frozen=True)
class Skill:
    """Errors of one variable from one start year.

    Parameters
    ----------
    start : last year known
    variable : key of the variable
    unit : ``%`` or ``points``, of every error here
    error : mean absolute error of the model over the years after the start
    naive_errors : the same of each naive forecast, by its name
    skill : 1 − error / naive error, by naive forecast: 1 is perfect, below 0 the naive forecast was better
    end_error : forecast less observed in the last year
    """

    start: int
    variable: str
    unit: str
    error: float
    naive_errors: Mapping[str, float]
    skill: Mapping[str, float]
    end_error: float


@dataclass(frozen=True)
class Hindcast:
    """Hindcasts from several start years and their skill.

    Parameters
    ----------
    starts : last years known
    years : (year) all years of `observed`
    variables : what is judged
    observed : (year) by variable, in the units used inside (Mt CO2, Mtce, fractions)
    forecast : by (start, variable), from the start year, where it is the observed value, to the last year
    naive : by (start, variable, name of the naive forecast), on the same years as `forecast`
    rows : errors and skill, by start and variable
    rule : the rule that carried the levers on
    caveat : what the numbers do not show
    """

    starts: tuple[int, ...]
    years: Years
    variables: tuple[str, ...]
    observed: Mapping[str, Floats]
    forecast: Mapping[tuple[int, str], Floats]
    naive: Mapping[tuple[int, str, str], Floats]
    rows: tuple[Skill, ...]
    rule: Rule = RULE
    caveat: str = CAVEAT

    def __post_init__(self) -> None:
        for name in ("observed", "forecast", "naive"):
            arrays = dict(getattr(self, name))
            for array in arrays.values():
                array.setflags(write=False)
            object.__setattr__(self, name, MappingProxyType(arrays))


def hindcast_all(library: Library, starts: Sequence[int] = STARTS, rule: Rule = RULE) -> Hindcast:
    """Hindcasts from each start year to the last complete year, and their skill.

    Parameters
    ----------
    library : data tables
    starts : last years known; two years of history before them and one after them at least
    rule : how levers go on

    Raises
    ------
    ValueError
        If a start year leaves no history to extrapolate or no year to judge.
    """
    end = last_complete_year(library)
    observed = _judged(statistics_until(library, end))
    forecast: dict[tuple[int, str], Floats] = {}
    naive: dict[tuple[int, str, str], Floats] = {}
    rows = []
    for start in starts:
        if not FIRST_YEAR + 2 <= start < end:
            raise ValueError(f"start year {start} is outside {FIRST_YEAR + 2}-{end - 1}")
        known = statistics_until(library, start)
        past, ahead = _judged(known), _judged(carried_on(known, rule, end))
        since = slice(at(ahead.years, start), None)
        for name in VARIABLES:
            forecast[start, name] = ahead[name][since]
            others = _naive_paths(past[name], rule.window, end - start)
            naive.update({(start, name, naive_name): path for naive_name, path in others.items()})
            rows.append(_skill_row(start, name, ahead[name][since], others, observed[name][since]))
    return Hindcast(tuple(starts), observed.years, VARIABLES, observed, forecast, naive, tuple(rows), rule)


def statistics_until(library: Library, last: int) -> Inputs:
    """The statistics of ``FIRST_YEAR`` to ``last`` as inputs; no later year is read.

    GDP is an index, 1 in the first year: the judged variables need its growth only, and its level in
    constant yuan is chained back from a year that may lie after ``last``. The coal and gas factors are
    constants of the accounting, whatever year their row is placed at. What the judged variables do not need
    is NaN.
    """
    years = year_range(FIRST_YEAR, last)
    unknown = np.full(years.size, np.nan)

    def constant(series: str) -> Floats:
        return np.full(years.size, library["factors"].series(series)[1][-1])

    def past(lever: str) -> Floats:
        return lever_history(library, lever, years)

    return Inputs(
        years=years,
        base_year=last,
        population=unknown,
        gdp_first=np.asarray(1.0),
        gdp_growth=past("gdp_growth"),
        energy_first=np.asarray(library["energy_balance"].on_axis("energy_total", years)[0]),
        energy_intensity_change=past("energy_intensity_change"),
        coal_share=past("coal_share"),
        oil_share=past("oil_share"),
        gas_share=past("gas_share"),
        non_fossil_share=past("non_fossil_share"),
        coal_ef=constant("coal_ef"),
        oil_ef=past("oil_ef"),
        gas_ef=constant("gas_ef"),
        oil_ef_official=constant("oil_ef_official"),
        non_fossil_ce_rate=unknown,
        process_co2=past("process_co2"),
        capture_rate=unknown,
        beccs=unknown,
        dac=unknown,
        land_sink=unknown,
        non_co2=unknown,
    )


def carried_on(known: Inputs, rule: Rule, end: int) -> Inputs:
    """Inputs to the year ``end`` that go on by a rule from what is known; factors stay at their last value.

    Parameters
    ----------
    known : inputs (year) that end in their base year
    rule : how levers go on
    end : last year
    """
    count = end - known.base_year
    past = known.arrays()
    ahead = {name: np.full(count, array[-1]) for name, array in past.items() if array.ndim > 0}
    for rate in ("gdp_growth", "energy_intensity_change"):
        ahead[rate] = _next_changes(past[rate][1:], rule, count)
    growth = _next_changes(change(known.process_co2)[1:], rule, count)
    ahead["process_co2"] = compound(np.asarray(known.process_co2[-1]), np.append(0.0, growth))[1:]
    ahead |= _next_shares({name: past[name] for name in SHARES}, rule, count)
    longer = {name: np.concatenate([past[name], values]) for name, values in ahead.items()}
    years = year_range(int(known.years[0]), end)
    return replace(known, years=years, **longer)  # type: ignore[arg-type]


def _next_changes(changes: Floats, rule: Rule, count: int) -> Floats:
    """The next yearly changes (count): the mean of the last ones, fading by the rule."""
    recent = changes[-rule.window :]
    return running_sum(recent) / recent.size * rule.damping ** np.arange(count)


def _next_shares(shares: Mapping[str, Floats], rule: Rule, count: int) -> dict[str, Floats]:
    """The next values (count) of shares of one whole: never below zero, summing to one."""
    ahead = {
        name: np.maximum(share[-1] + np.cumsum(_next_changes(np.diff(share), rule, count)), 0.0)
        for name, share in shares.items()
    }
    total = np.zeros(count)
    for share in ahead.values():
        total = total + share
    return {name: share / total for name, share in ahead.items()}


def _judged(inputs: Inputs) -> Results:
    return project.pathway(inputs, outputs=VARIABLES)


def persistence(levels: Floats, window: int, count: int) -> Floats:
    """The next values (count) if the last of ``levels`` (year) stays; ``window`` is not used."""
    return np.full(count, levels[-1])


def linear_trend(levels: Floats, window: int, count: int) -> Floats:
    """The next values (count) on the least-squares line through the last ``window`` + 1 ``levels`` (year)."""
    recent = levels[-(window + 1) :]
    time = np.arange(recent.size) - (recent.size - 1) / 2
    middle = running_sum(recent) / recent.size
    slope = running_sum(time * (recent - middle)) / running_sum(time * time)
    return np.asarray(middle + slope * (time[-1] + np.arange(1, count + 1)))


def constant_growth(levels: Floats, window: int, count: int) -> Floats:
    """The next values (count) at the compound growth of positive ``levels`` (year) over ``window`` years."""
    recent = levels[-(window + 1) :]
    factor = (recent[-1] / recent[0]) ** (1 / (recent.size - 1))
    return np.asarray(recent[-1] * factor ** np.arange(1, count + 1))


NAIVE: Mapping[str, Callable[[Floats, int, int], Floats]] = MappingProxyType(
    {"persistence": persistence, "linear trend": linear_trend, "constant growth": constant_growth}
)
"""Naive forecasts of a judged variable from its own past, over the same window as the rule's."""


def _naive_paths(levels: Floats, window: int, count: int) -> dict[str, Floats]:
    """Naive paths from the last of ``levels`` (year), which they all begin with, on (count + 1) years."""
    return {name: np.append(levels[-1:], method(levels, window, count)) for name, method in NAIVE.items()}


def differences(forecast: Floats, observed: Floats, unit: str) -> Floats:
    """Forecast less observed (year), in percent of the observed or in points of a share."""
    if unit == "points":
        return (forecast - observed) * 100.0
    return (forecast / observed - 1.0) * 100.0


def mean_error(forecast: Floats, observed: Floats, unit: str) -> float:
    """Mean absolute error over the years (year), in percent or points."""
    return float(running_sum(np.abs(differences(forecast, observed, unit))) / forecast.size)


def skill_score(error: float, naive_error: float) -> float:
    """1 − error / naive error, whatever its sign; NaN where the naive forecast was perfect."""
    return 1.0 - error / naive_error if naive_error > 0.0 else float("nan")


def _skill_row(
    start: int, name: str, forecast: Floats, naive: Mapping[str, Floats], observed: Floats
) -> Skill:
    """Errors after the start year; paths (year) begin in it and all agree there."""
    unit = UNITS[name]
    error = mean_error(forecast[1:], observed[1:], unit)
    naive_errors = {n: mean_error(path[1:], observed[1:], unit) for n, path in naive.items()}
    return Skill(
        start=start,
        variable=name,
        unit=unit,
        error=error,
        naive_errors=naive_errors,
        skill={n: skill_score(error, naive_error) for n, naive_error in naive_errors.items()},
        end_error=float(differences(forecast, observed, unit)[-1]),
    )


def choose_rule(library: Library, last: int = 2010) -> Rule:
    """The candidate with the lowest score on data up to ``last``; the first of equals."""
    return min(score_rules(library, last), key=lambda scored: scored.score).rule


def score_rules(library: Library, last: int = 2010) -> tuple[RuleScore, ...]:
    """Scores of all candidates from the pseudo-starts to ``last``, in the order of `CANDIDATES`."""
    observed = _judged(statistics_until(library, last))
    pasts = [statistics_until(library, start) for start in PSEUDO_STARTS]
    return tuple(_score(rule, pasts, observed, last) for rule in CANDIDATES)


def _score(rule: Rule, pasts: Sequence[Inputs], observed: Mapping[str, Floats], last: int) -> RuleScore:
    errors = dict.fromkeys(VARIABLES, 0.0)
    for known in pasts:
        ahead = _judged(carried_on(known, rule, last))
        for name, unit in UNITS.items():
            after = slice(known.years.size, None)
            errors[name] += mean_error(ahead[name][after], observed[name][after], unit) / len(pasts)
    return RuleScore(rule, errors, sum(errors.values()) / len(errors))
