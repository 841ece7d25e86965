"""Year-to-year noise of the statistics, as history shows it, and the error of the last observed year.

Noise is what a yearly figure shows beyond its multi-year trend: the residual of the level around a
continuous line with a kink at the end of every five-year plan, as an AR(1) process. Levels are logarithms,
and of the energy mix shares: noise of points, as large as it was while shares change. Slower swings count as
trend, which a scenario's uncertainty spreads already. Sizes, formulas and limits:
``model/decisions/0008-held-to-history.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dualcarbon.axes import Floats, Years
from dualcarbon.build import Built
from dualcarbon.core.drivers import compound
from dualcarbon.explore.ensembles.draws import Memory, Normals, draw_inputs
from dualcarbon.inputs import Inputs
from dualcarbon.tables import Library
from dualcarbon.tables.levers import SHARES

SERIES = ("gdp", "energy_intensity", "oil_share", "gas_share", "non_fossil_share", "process_co2")
"""What has noise: logarithms and, of the mix, points of total energy; coal takes what the others leave."""

_COMPOUNDING = {"gdp": "gdp_growth", "energy_intensity": "energy_intensity_change"}
_TOUCHED = (*_COMPOUNDING.values(), *SHARES, "process_co2")

MIX = ("oil_share", "gas_share", "non_fossil_share")
"""Series that move the energy mix."""

BASE_YEAR = "noise base year"
"""Stream of the base year: its deviation in every series, and the error of its energy total."""

BASE_COLUMNS = len(SERIES) + 1
"""Normals of a member that the base year's stream is asked for."""

PLAN = 5
"""Years of a plan; plans end in 2005, 2010, 2015 …"""

MEMORY = 20
"""Years before the base year that noise is estimated from: four plans, as the ranges of the lever table."""

_NO_FOSSIL = 1e-300
"""Least sum of fossil shares to divide by: without fossil energy its shares are zero, with noise as well."""

REVISED_AFTER = 5
"""Years after which a figure counts as revised: an economic census comes every five years."""


@dataclass(frozen=True)
class Noise:
    """Noise of yearly figures around their trends.

    Parameters
    ----------
    sizes : (series) stationary standard deviation of the level (log or fraction), in the order of `SERIES`
    autoregression : (series) lag-one coefficient, from 0 to below 1
    correlation : (series, series) of one year's shocks
    measurement : standard deviation of the log of the base year's energy total as first published
    central : (projected year) paths of the levers that noise touches, for those that are not drawn
    """

    sizes: Floats
    autoregression: Floats
    correlation: Floats
    measurement: float
    central: Mapping[str, Floats]

    @property
    def names(self) -> tuple[str, ...]:
        """Streams of normals that `apply` and `base_factor` ask for."""
        return (*(f"noise {name}" for name in SERIES), BASE_YEAR)

    def without(self, *series: str) -> Noise:
        """The same noise, but none in these series (of `SERIES`)."""
        keep = np.array([name not in series for name in SERIES])
        return replace(self, sizes=np.where(keep, self.sizes, 0.0))

    def record(self) -> dict[str, Any]:
        """Sizes in percent, of shares in points; ready for JSON."""
        return {
            "sizes": {n: round(100.0 * float(v), 4) for n, v in zip(SERIES, self.sizes, strict=True)},
            "autoregression": {
                n: round(float(v), 4) for n, v in zip(SERIES, self.autoregression, strict=True)
            },
            "correlation": np.round(self.correlation, 4).tolist(),
            "base_year_energy_error": round(100.0 * self.measurement, 4),
        }

    def apply(self, paths: Mapping[str, Floats], normals: Normals) -> dict[str, Floats]:
        """The paths with noise, for every lever that it touches.

        Paths go on from the observed base year, whose own deviation from the trend is drawn like any other
        year's: a level moves by its deviation less the base year's.

        Parameters
        ----------
        paths : (member, projected year) lever paths; a lever that is missing takes its central path
        normals : standard normals by stream

        Returns
        -------
        the given paths, with those of growth rates, shares and process CO2 replaced (member, projected year)
        """
        shocks = [normals(name) for name in self.names[:-1]]
        members, years = shocks[0].shape
        noisy = {name: np.empty((members, years), order="F") for name in _TOUCHED}
        first = deviation = self._first_deviations(normals(BASE_YEAR))
        step = self.sizes * np.sqrt(1.0 - self.autoregression**2)
        root = np.linalg.cholesky(self.correlation)
        for t in range(years):
            before = deviation
            year = [np.ascontiguousarray(shock[:, t]) for shock in shocks]
            deviation = [
                self.autoregression[i] * before[i] + step[i] * _mixed(root[i], year, i)
                for i in range(len(SERIES))
            ]
            now = {name: paths.get(name, self.central[name])[..., t] for name in _TOUCHED}
            out = {name: array[:, t] for name, array in noisy.items()}
            _write_growth(out, now, before, deviation)
            _write_levels(out, now, first, deviation)
        return {**paths, **noisy}

    def _first_deviations(self, normals: Floats) -> list[Floats]:
        """Deviation (member) of the base year by series, correlated as those of any year are."""
        phi = self.autoregression
        shocks = np.sqrt(1.0 - phi**2)
        # stationary AR(1) processes whose shocks are correlated
        both = self.correlation * np.outer(shocks, shocks) / (1.0 - np.outer(phi, phi))
        root = np.linalg.cholesky(both)
        columns = [normals[:, i] for i in range(len(SERIES))]
        return [size * _mixed(root[i], columns, i) for i, size in enumerate(self.sizes)]

    def base_factor(self, normals: Normals) -> Floats:
        """Ratio (member) of the true to the published energy of the base year: lognormal, median 1.

        It scales ``energy_first`` of inputs that begin in the base year, and so every later year's energy.
        """
        return np.asarray(np.exp(self.measurement * normals(BASE_YEAR)[:, len(SERIES)]))


def _mixed(weights: Floats, shocks: list[Floats], last: int) -> Floats:
    """Correlated shock (member): a weighted sum of independent ones, added left to right."""
    total = np.asarray(weights[0] * shocks[0])
    for j in range(1, last + 1):
        total += weights[j] * shocks[j]
    return total


def _write_growth(
    out: Mapping[str, Floats], now: Mapping[str, Floats], before: list[Floats], deviation: list[Floats]
) -> None:
    """One year's growth rates (member): levels compound, so that rates move by the deviation's change."""
    for series, lever in _COMPOUNDING.items():
        i = SERIES.index(series)
        np.subtract((1.0 + now[lever]) * np.exp(deviation[i] - before[i]), 1.0, out=out[lever])


def _write_levels(
    out: Mapping[str, Floats], now: Mapping[str, Floats], first: list[Floats], deviation: list[Floats]
) -> None:
    """One year's shares and process CO2 (member), moved by the deviation less the base year's.

    No share moves by more than half of itself, nor non-fossil by more than half of what it leaves, so that
    all stay inside 0 and 1. Where that cuts one, the fossil shares fill the rest in proportion.
    """
    oil, gas, non_fossil, process = (deviation[i] - first[i] for i in range(len(_COMPOUNDING), len(SERIES)))
    np.multiply(now["process_co2"], np.exp(process), out=out["process_co2"])
    middle = now["non_fossil_share"]
    clean = middle + _within(non_fossil, 0.5 * np.minimum(middle, 1.0 - middle))
    points = {"coal_share": -(oil + gas + non_fossil), "oil_share": oil, "gas_share": gas}
    fuels = {name: now[name] + _within(step, 0.5 * now[name]) for name, step in points.items()}
    total = np.maximum(fuels["coal_share"] + fuels["oil_share"] + fuels["gas_share"], _NO_FOSSIL)
    scale = (1.0 - clean) / total
    out["non_fossil_share"][...] = clean
    for name, fuel in fuels.items():
        np.multiply(fuel, scale, out=out[name])


def _within(values: Floats, most: Floats) -> Floats:
    """Values cut to plus and minus the most."""
    cut = np.minimum(values, most)
    return np.asarray(np.maximum(cut, -most, out=cut))


def noisy_inputs(
    built: Built,
    paths: Mapping[str, Floats],
    noise: Noise,
    normals: Normals,
    memory: Memory | None = None,
) -> Inputs:
    """Inputs of a batch from the base year on, with noise and with the base year's error.

    Parameters
    ----------
    built : the scenario that the paths belong to
    paths : (member, projected year) lever paths without noise, shares closed
    noise : of the same scenario
    normals : standard normals by stream
    memory : that of the paths, if they are not needed afterwards
    """
    inputs = draw_inputs(built, noise.apply(paths, normals), memory)
    return replace(inputs, energy_first=inputs.energy_first * noise.base_factor(normals))


def noise_of(
    known: Inputs, central: Mapping[str, Floats], measurement: float, first: int | None = None
) -> Noise:
    """Noise estimated from the known years.

    Parameters
    ----------
    known : statistics (year) that end in the base year
    central : (projected year) paths of the levers that noise touches
    measurement : standard deviation of the log of the base year's energy total
    first : first year to estimate from; `MEMORY` years before the base year unless given
    """
    since = noise_years(known.years, first)
    years = known.years[since]
    residuals = [around_plans(level[since], years) for level in _levels(known)]
    estimates = [ar1(residual, years) for residual in residuals]
    sizes, autoregression = (np.array(column) for column in zip(*estimates, strict=True))
    shocks = [r[1:] - phi * r[:-1] for r, phi in zip(residuals, autoregression, strict=True)]
    return Noise(
        sizes=sizes,
        autoregression=autoregression,
        correlation=np.corrcoef(np.array(shocks)),
        measurement=measurement,
        central={name: central[name] for name in _TOUCHED},
    )


def noise_years(years: Years, first: int | None = None) -> slice:
    """Place of the years to estimate noise from: `MEMORY` years to the last, unless a first year is given."""
    start, last = int(years[0]), int(years[-1])
    first = max(start, last - MEMORY) if first is None else first
    return slice(first - start, None)


def _levels(known: Inputs) -> list[Floats]:
    """Levels (year) in the order of `SERIES`."""
    gdp = np.log(compound(known.gdp_first, known.gdp_growth))
    intensity = np.log(compound(known.energy_first, known.energy_intensity_change))
    arrays = known.arrays()
    return [gdp, intensity, *(arrays[name] for name in MIX), np.log(known.process_co2)]


def _plan_lines(years: Years) -> Floats:
    """Regressors (year, coefficient) of a continuous line with a kink at each plan end inside the years."""
    ends = [end for end in range(int(years[0]) + 1, int(years[-1])) if end % PLAN == 0]
    kinks = [np.maximum(years - end, 0) for end in ends]
    return np.column_stack([np.ones(years.size), years - years[0], *kinks]).astype(np.float64)


def around_plans(level: Floats, years: Years) -> Floats:
    """Residual (year) of a level around the least-squares line with kinks at the plan ends."""
    lines = _plan_lines(years)
    coefficients, *_ = np.linalg.lstsq(lines, level, rcond=None)
    return np.asarray(level - lines @ coefficients)


def ar1(residual: Floats, years: Years) -> tuple[float, float]:
    """Size and lag-one coefficient of a residual (year) around the plans' lines.

    The size is the standard deviation with as many degrees of freedom as the lines leave; a coefficient below
    zero is taken as zero.
    """
    free = years.size - _plan_lines(years).shape[1]
    size = np.sqrt(np.sum(residual**2) / free)
    coefficient = np.sum(residual[1:] * residual[:-1]) / np.sum(residual**2)
    return float(size), float(np.clip(coefficient, 0.0, 0.99))


def measurement_error(library: Library, base_year: int) -> float:
    """Standard deviation of the log of a year's energy total when first published.

    The root mean square difference between the growth first published and that of today's statistics, over
    the years that a census has revised since. A revision that moves all years together (10 % in 2014) does
    not count: it changes the level of history as well.
    """
    years, first = library["energy_revisions"].series("energy_growth_communique")
    totals = dict(zip(*library["energy_balance"].series("energy_total"), strict=True))
    errors = [
        np.log(totals[year] / totals[year - 1]) - np.log1p(growth / 100.0)
        for year, growth in zip(years, first, strict=True)
        if year <= base_year - REVISED_AFTER and year - 1 in totals
    ]
    return float(np.sqrt(np.mean(np.square(errors))))
