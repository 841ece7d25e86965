"""Why CO2 changed between two years: people, affluence, intensity, fuels, capture, sinks, without a residual.

The contributions are those of `dualcarbon.analysis.kaya` to the change of each period.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from dualcarbon.analysis.kaya import (
    FACTORS,
    LABELS,
    NAMES,
    NEEDED,
    OWN_TERMS,
    Factors,
    Values,
    kept,
    method_of,
    split,
)
from dualcarbon.analysis.lmdi import log_mean, product, total
from dualcarbon.axes import Floats, at
from dualcarbon.results import Results

__all__ = [
    "FACTORS",
    "LABELS",
    "NAMES",
    "OWN_TERMS",
    "Contribution",
    "Decomposition",
    "decompose",
    "joined",
    "rows",
]


@dataclass(frozen=True)
class Decomposition:
    """Contributions to the change of net CO2, period by period.

    Parameters
    ----------
    periods : first and last year of each period; one begins where the one before ends
    names : of the contributions, in order
    additive : (…, period) Mt CO2 that each name adds to net CO2; NaN where it is not known
    multiplicative : (…, period) what each of `FACTORS` multiplies energy CO2 after capture by; their product
        is ``ratio``; NaN where that is zero, negative or not defined
    levels : (…, period + 1) Mt CO2 in the years between which the periods lie: ``net_co2``,
        ``before_land_sink`` (net CO2 but for the land sink), ``energy_co2`` (from energy, after capture)
    change : (…, period) change of net CO2 in Mt; NaN where the land sink of an end is not known
    ratio : (…, period) energy CO2 after capture at the end by that at the start
    residual : (…, period) contributions less the change in Mt; without the land sink where it is not known
    methods : which form was used, a text for each period
    missing : what is left out for want of data; empty when nothing is
    """

    periods: Sequence[tuple[int, int]]
    names: tuple[str, ...]
    additive: Mapping[str, Floats]
    multiplicative: Mapping[str, Floats]
    levels: Mapping[str, Floats]
    change: Floats
    ratio: Floats
    residual: Floats
    methods: Sequence[str]
    missing: str


class Contribution(NamedTuple):
    """One row of a decomposition: the last row of each period is the change of net CO2.

    Parameters
    ----------
    period : such as ``2025-2030``
    factor : a name of the decomposition, or ``change``
    mtco2 : contribution in Mt CO2; NaN where it is not known
    share : part of the change, as a fraction; NaN where the change is zero or not known
    """

    period: str
    factor: str
    mtco2: float
    share: float


def decompose(results: Results, first: int, last: int, step: int | None = None) -> Decomposition:
    """Contributions to the change of net CO2 from ``first`` to ``last``, exactly, for one pathway or a batch.

    History and projection are one chain. The changes of its periods add up to the change over the whole span,
    but the contributions of a factor do not add up to its contribution over the whole span: LMDI weighs each
    period by its own emissions, so what it says depends on the path. Steps of one year use all that is known
    and are the usual choice (Ang 2015); `joined` adds them up.

    Where a factor is zero at one end, its product takes the analytic limit: the change goes to that factor,
    in equal parts where several are zero (Ang and Liu 2007). Where a factor is negative at one end, its
    product takes the Shapley form (Sun 1998). Either is said in ``methods``. The emission factor of a fuel
    that is not burnt in one year is taken as that of the other.

    Parameters
    ----------
    results : with arrays (…, year); needs fuels, energy CO2, capture, removals and net CO2
    first, last : years of the pathway
    step : years of a period; the whole span when None; the last period is shorter where they do not divide it

    Returns
    -------
    `Decomposition` with arrays (…, period); member k of a batch is the decomposition of pathway k bit for bit

    Raises
    ------
    KeyError
        If a year is outside the pathway, or a variable is not among the results.
    ValueError
        If ``last`` does not follow ``first``, or ``step`` is below one year.
    """
    ends = _ends(first, last, step)
    places = [at(results.years, year) for year in ends]
    values = {key: np.take(results[key], places, axis=-1) for key in NEEDED}
    start = {key: np.ascontiguousarray(value[..., :-1]) for key, value in values.items()}
    end = {key: np.ascontiguousarray(value[..., 1:]) for key, value in values.items()}

    additive, energy, products = split(start, end)
    levels = {
        "net_co2": values["net_co2"],
        "before_land_sink": values["eip_co2"] - values["dac"],
        "energy_co2": values["energy_co2"] * kept(values),
    }
    change = end["net_co2"] - start["net_co2"]
    periods = list(pairwise(ends))
    ratio, multiplicative = _multiplicative(levels["energy_co2"], energy)
    return Decomposition(
        periods=periods,
        names=NAMES,
        additive=MappingProxyType(additive),
        multiplicative=MappingProxyType(multiplicative),
        levels=MappingProxyType(levels),
        change=change,
        ratio=ratio,
        residual=_residual(additive, levels, change),
        methods=[method_of(products, p, ratio) for p in range(len(periods))],
        missing=_missing(additive["land_sink"], periods),
    )


def joined(decomposition: Decomposition) -> Decomposition:
    """The periods of a chain as one: contributions added up, multiplicative effects multiplied."""
    d = decomposition
    ends = [0, -1]
    additive = {name: _sum_over_periods(value) for name, value in d.additive.items()}
    multiplicative = {name: _product_over_periods(value) for name, value in d.multiplicative.items()}
    levels = {name: value[..., ends] for name, value in d.levels.items()}
    change = levels["net_co2"][..., 1:] - levels["net_co2"][..., :1]
    periods = [(d.periods[0][0], d.periods[-1][1])]
    count = len(d.periods)
    methods = "; ".join(dict.fromkeys(d.methods))
    return Decomposition(
        periods=periods,
        names=d.names,
        additive=MappingProxyType(additive),
        multiplicative=MappingProxyType(multiplicative),
        levels=MappingProxyType(levels),
        change=change,
        ratio=_product_over_periods(d.ratio),
        residual=_residual(additive, levels, change),
        methods=[methods if count == 1 else f"sum of {count} periods: {methods}"],
        missing=_missing(additive["land_sink"], periods),
    )


def rows(decomposition: Decomposition) -> list[Contribution]:
    """Plain rows of the decomposition of one pathway (arrays without leading axes)."""
    result = []
    for p, (first, last) in enumerate(decomposition.periods):
        period = f"{first}-{last}"
        change = float(decomposition.change[p])
        for name in decomposition.names:
            value = float(decomposition.additive[name][p])
            result.append(Contribution(period, name, value, _part(value, change)))
        result.append(Contribution(period, "change", change, _part(change, change)))
    return result


def _part(value: float, whole: float) -> float:
    return value / whole if whole else float("nan")


def _ends(first: int, last: int, step: int | None) -> list[int]:
    """Years at which periods begin and end."""
    if last <= first:
        raise ValueError(f"the last year ({last}) must come after the first ({first})")
    if step is not None and step < 1:
        raise ValueError(f"a step of {step} years is not a period; allowed: 1 or more")
    return [*range(first, last, step or last - first), last]


# totals


def _multiplicative(energy_co2: Floats, additive: Factors) -> tuple[Floats, dict[str, Floats]]:
    """Ratio of energy CO2, and the effect of each factor on it: multiplicative LMDI-I.

    The effect is ``exp(contribution / logarithmic mean of the totals)`` (Ang 2004): LMDI-I where the
    contribution is, and exact for any contributions that add up.
    """
    before = np.ascontiguousarray(energy_co2[..., :-1])
    after = np.ascontiguousarray(energy_co2[..., 1:])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(before == 0.0, np.nan, after / before)
        mean = np.where(ratio > 0.0, log_mean(before, after), np.nan)
    with np.errstate(over="ignore"):
        return ratio, {name: np.exp(part / mean) for name, part in zip(FACTORS, additive, strict=True)}


def _residual(additive: Values, levels: Values, change: Floats) -> Floats:
    """Contributions less the change; both without the land sink where it is not known."""
    others = total([additive[name] for name in NAMES if name != "land_sink"])
    before_sink = levels["before_land_sink"][..., 1:] - levels["before_land_sink"][..., :-1]
    sink = additive["land_sink"]
    return np.where(np.isnan(sink + change), others - before_sink, others + sink - change)


def _sum_over_periods(value: Floats) -> Floats:
    return total([value[..., p : p + 1] for p in range(value.shape[-1])])


def _product_over_periods(value: Floats) -> Floats:
    return product([value[..., p : p + 1] for p in range(value.shape[-1])])


# what is said


def _missing(land_sink: Floats, periods: Sequence[tuple[int, int]]) -> str:
    unknown = np.isnan(land_sink)
    left_out = [f"{a}-{b}" for p, (a, b) in enumerate(periods) if unknown[..., p].any()]
    if not left_out:
        return ""
    return f"land sink not known throughout: it and the net total are left out of {', '.join(left_out)}"
