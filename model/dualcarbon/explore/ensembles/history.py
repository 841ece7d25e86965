"""History as evidence: how well a draw's near-term trends explain a past window, and the noise of the past.

A draw's trends are those of its first projected years. The trends of neighbouring stretches of history differ
by an amount that history itself shows; with errors of that size, correlated between years and between
variables, the window gives every draw a likelihood. A scenario whose policy changes a trend loses weight but
is not ruled out. Formulas, sizes and limits: ``model/decisions/0008-held-to-history.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dualcarbon.axes import Floats, Years
from dualcarbon.build import Built
from dualcarbon.core.drivers import compound, running_sum
from dualcarbon.errors import fault
from dualcarbon.explore.ensembles.noise import (
    Noise,
    ar1,
    around_plans,
    measurement_error,
    noise_of,
    noise_years,
)
from dualcarbon.explore.ensembles.weighting import relative_weights
from dualcarbon.explore.hindcasting import statistics_until
from dualcarbon.inputs import Inputs
from dualcarbon.tables import Library

JUDGED = ("gdp", "energy_total", "coal_share", "non_fossil_share", "process_co2")
"""What a draw must explain. CO2 from energy follows from energy and the mix: it would count them twice."""

UNITS = ("%/yr", "%/yr", "points/yr", "points/yr", "%/yr")
"""Unit of a hundredth of each trend: log changes, and points of total energy."""

_LEVERS = ("gdp_growth", "energy_intensity_change", "coal_share", "non_fossil_share", "process_co2")

LONGEST = 10
"""Projected years whose mean change is a draw's trend, at most; also the length of the default window."""

SHORTEST = 3
"""Years of change that a window needs."""

_LEAST_RATIO = 1e-3
"""Process CO2 at the horizon as a part of the base year's, at least: a path to zero has no log trend."""


@dataclass(frozen=True)
class Errors:
    """How far the levels of a window may lie from the straight line of a draw's trend.

    After *t* years by *t* times a break of the trend, which the years have in common, and by the difference
    of two years' noise, which is AR(1). Both are correlated between variables.

    Parameters
    ----------
    breaks : (judged) standard deviation of a trend's break, log change or fraction a year
    noise : (judged) stationary standard deviation of the level's noise, log or fraction
    autoregression : lag-one coefficient of the noise
    correlation : (judged, judged)
    """

    breaks: Floats
    noise: Floats
    autoregression: float
    correlation: Floats

    def covariance(self, years: int) -> Floats:
        """Covariance (judged x year, judged x year) of the levels 1, 2 … years after the window's first."""
        after = np.arange(1, years + 1)
        phi = self.autoregression
        # d_t - d_0 of a stationary process: both share the first year's deviation
        noise = phi ** np.abs(np.subtract.outer(after, after)) - np.add.outer(phi**after, phi**after) + 1.0
        of_breaks = np.kron(self.correlation * np.outer(self.breaks, self.breaks), np.outer(after, after))
        return np.asarray(of_breaks + np.kron(self.correlation * np.outer(self.noise, self.noise), noise))


@dataclass(frozen=True)
class Evidence:
    """What a window says about trends: a Gaussian log-likelihood, 0 where a trend explains every year.

    Parameters
    ----------
    trend : (judged) the trend that explains the window best, by generalised least squares
    covariance : (judged, judged) of its error
    misfit : squared standardised errors that it leaves
    """

    trend: Floats
    covariance: Floats
    misfit: float


def evidence(moved: Floats, errors: Errors) -> Evidence:
    """What levels (judged, year) less those of the window's first year say about trends."""
    judged, years = moved.shape
    root = np.linalg.cholesky(errors.covariance(years))
    lines = np.linalg.solve(root, np.kron(np.eye(judged), np.arange(1.0, years + 1.0)[:, None]))
    levels = np.linalg.solve(root, moved.ravel())
    covariance = np.linalg.inv(lines.T @ lines)
    trend = covariance @ (lines.T @ levels)
    return Evidence(trend, covariance, float(np.sum((levels - lines @ trend) ** 2)))


@dataclass(frozen=True)
class TrendBelief:
    """What prior, history and posterior say about one trend, in its unit.

    Parameters
    ----------
    name, unit : of `JUDGED`, `UNITS`
    prior, prior_sd : mean and standard deviation of the draws
    window, window_sd : the trend that explains the window best, and the standard deviation of its error
    posterior, posterior_sd : of the weighted draws
    """

    name: str
    unit: str
    prior: float
    prior_sd: float
    window: float
    window_sd: float
    posterior: float
    posterior_sd: float


@dataclass(frozen=True)
class Past:
    """What the past says about draws: frozen, picklable, the same for every block of members.

    Parameters
    ----------
    window : first and last year
    horizon : projected years whose mean change is a draw's trend
    central : (projected year) paths of the levers that are judged, for those not drawn
    base : their values in the base year
    errors : how far levels may lie from a trend's line
    evidence : what the window says about trends
    root : (judged, judged) upper triangular; its product with a trend's error has unit errors
    noise : of the years after the base year
    """

    window: tuple[int, int]
    horizon: int
    central: Mapping[str, Floats]
    base: Mapping[str, float]
    errors: Errors
    evidence: Evidence
    root: Floats
    noise: Noise

    def trends(self, paths: Mapping[str, Floats]) -> Floats:
        """Mean yearly changes (judged, member) over the first projected years of lever paths.

        Parameters
        ----------
        paths : (member, projected year); a lever that is missing takes its central path
        """

        def path(lever: str) -> Floats:
            return paths.get(lever, self.central[lever])[..., : self.horizon]

        def per_year(lever: str) -> Floats:
            return np.asarray((path(lever)[..., -1] - self.base[lever]) / self.horizon)

        gdp = np.log1p(running_sum(path("gdp_growth")) / self.horizon)
        intensity = np.log1p(running_sum(path("energy_intensity_change")) / self.horizon)
        ratio = np.maximum(path("process_co2")[..., -1] / self.base["process_co2"], _LEAST_RATIO)
        process = np.log(ratio) / self.horizon
        rows = [gdp, gdp + intensity, per_year("coal_share"), per_year("non_fossil_share"), process]
        members = np.broadcast_shapes(*(path.shape[:-1] for path in paths.values()))
        result = np.empty((len(rows), *members))
        for row, values in zip(result, rows, strict=True):
            row[...] = values
        return result

    def log_weights(self, paths: Mapping[str, Floats]) -> Floats:
        """Log-likelihood (member) of the window, 0 for a draw that explains every year of it.

        Parameters
        ----------
        paths : (member, projected year) by lever; at least one with members
        """
        return self.log_likelihood(self.trends(paths))

    def log_likelihood(self, trends: Floats) -> Floats:
        """Log-likelihood (member) of the window for trends (judged, member), 0 for a perfect one."""
        apart = [row - expected for row, expected in zip(trends, self.evidence.trend, strict=True)]
        total = np.full(trends.shape[1:], self.evidence.misfit)
        for i in range(len(apart)):
            error = self.root[i, i] * apart[i]
            for j in range(i + 1, len(apart)):
                error = error + self.root[i, j] * apart[j]
            total = total + error * error
        return -0.5 * total

    def record(self) -> dict[str, Any]:
        """What draws were held to, ready for JSON; sizes in percent, percent a year and points."""

        def shown(values: Floats) -> dict[str, float]:
            return {name: round(100.0 * float(v), 4) for name, v in zip(JUDGED, values, strict=True)}

        return {
            "window": list(self.window),
            "trend_over_first_years": self.horizon,
            "trend": shown(self.evidence.trend),
            "trend_error": shown(np.sqrt(np.diag(self.evidence.covariance))),
            "trend_breaks": shown(self.errors.breaks),
            "correlation": np.round(self.errors.correlation, 4).tolist(),
            "noise": self.noise.record(),
        }

    def beliefs(self, trends: Floats, log_weights: Floats) -> tuple[TrendBelief, ...]:
        """Prior, window and posterior of every trend, side by side.

        Parameters
        ----------
        trends : (judged, member) of draws from the prior
        log_weights : (member), widened where they are
        """
        weights = relative_weights(log_weights)
        weights = weights / np.sum(weights)
        spread = np.sqrt(np.diag(self.evidence.covariance))
        rows = []
        for i, (name, unit) in enumerate(zip(JUDGED, UNITS, strict=True)):
            values = trends[i] * 100.0
            mean = float(np.sum(weights * values))
            rows.append(
                TrendBelief(
                    name=name,
                    unit=unit,
                    prior=float(np.mean(values)),
                    prior_sd=float(np.std(values)),
                    window=float(self.evidence.trend[i]) * 100.0,
                    window_sd=float(spread[i]) * 100.0,
                    posterior=mean,
                    posterior_sd=float(np.sqrt(np.sum(weights * (values - mean) ** 2))),
                )
            )
        return tuple(rows)


def parse_window(text: str, where: str = "--window") -> tuple[int, int]:
    """First and last year of a window written as ``2015-2025``.

    Raises
    ------
    InputError
        If it is not written so.
    """
    match = re.fullmatch(r"\s*(\d{4})\s*[-–]\s*(\d{4})\s*", text)
    if match is None:
        raise fault(f"{text!r} is not a window of years; write it as 2015-2025", where=where)
    return int(match[1]), int(match[2])


def read_past(
    library: Library,
    built: Built,
    window: tuple[int, int] | None = None,
    *,
    noise_from: int | None = None,
    where: str = "--window",
) -> Past:
    """What the statistics until the base year say about draws around a scenario.

    Parameters
    ----------
    library : data tables
    built : the scenario; its central paths stand for levers that are not drawn
    window : first and last year that draws must explain; the last ten years to the base year unless given
    noise_from : first year that noise is estimated from; twenty years before the base year unless given
    where : what an error calls the window

    Raises
    ------
    InputError
        If the window is too short or leaves the statistics.
    """
    base = built.inputs.base_year
    known = statistics_until(library, base)
    ahead = built.inputs.years > base
    central = {name: path[ahead] for name, path in built.levers.items()}
    window = window or (base - LONGEST, base)
    _check_window(window, int(known.years[0]), base, where)
    return past_of(known, central, window, measurement_error(library, base), noise_from)


def _check_window(window: tuple[int, int], first: int, last: int, where: str) -> None:
    text = f"{window[0]}-{window[1]}"
    if not first <= window[0] <= last or not first <= window[1] <= last:
        raise fault(f"{text} leaves the years of the statistics, {first}-{last}", where=where)
    if window[1] - window[0] < SHORTEST:
        raise fault(f"{text} is too short; a window spans at least {SHORTEST} years of change", where=where)


def past_of(
    known: Inputs,
    central: Mapping[str, Floats],
    window: tuple[int, int],
    measurement: float,
    noise_from: int | None = None,
) -> Past:
    """The past from statistics that end in the base year.

    Parameters
    ----------
    known : statistics (year)
    central : (projected year) central paths by lever
    window : first and last year, within the statistics
    measurement : standard deviation of the log of the base year's energy total
    noise_from : first year that noise is estimated from; twenty years before the base year unless given
    """
    levels = judged_levels(known)
    first, last = (year - int(known.years[0]) for year in window)
    length = last - first
    errors = errors_of(levels, known.years, min(length, (known.years.size - 1) // 2), noise_from)
    found = evidence(levels[:, first + 1 : last + 1] - levels[:, first, None], errors)
    ahead = next(iter(central.values())).size
    arrays = known.arrays()
    return Past(
        window=window,
        horizon=min(length, LONGEST, ahead),
        central={name: central[name] for name in _LEVERS},
        base={name: float(arrays[name][-1]) for name in _LEVERS},
        errors=errors,
        evidence=found,
        root=np.linalg.cholesky(np.linalg.inv(found.covariance)).T,
        noise=noise_of(known, central, measurement, noise_from),
    )


def judged_levels(known: Inputs) -> Floats:
    """Levels (judged, year) whose yearly changes are trends: logs, and shares as fractions."""
    gdp = np.log(compound(known.gdp_first, known.gdp_growth))
    energy = gdp + np.log(compound(known.energy_first / known.gdp_first, known.energy_intensity_change))
    return np.array([gdp, energy, known.coal_share, known.non_fossil_share, np.log(known.process_co2)])


def errors_of(levels: Floats, years: Years, length: int, noise_from: int | None = None) -> Errors:
    """Errors of a window, from what history shows of breaks and noise.

    The correlation between variables is that of their yearly changes, of which there are more than of breaks.

    Parameters
    ----------
    levels : (judged, year)
    years : (year)
    length : years of change whose mean is a trend
    noise_from : first year that noise is estimated from
    """
    since = noise_years(years, noise_from)
    noise = [ar1(around_plans(level[since], years[since]), years[since]) for level in levels]
    sizes, coefficients = zip(*noise, strict=True)
    return Errors(
        breaks=trend_breaks(levels, length),
        noise=np.array(sizes),
        autoregression=float(np.mean(coefficients)),
        correlation=np.corrcoef(np.diff(levels, axis=1)),
    )


def trend_breaks(levels: Floats, length: int) -> Floats:
    """Standard deviation (judged) of the difference between a trend and the one that follows.

    From every year with enough years before it, the mean change of those is carried on as far again, or to
    the last year; what it misses after *t* years is divided by *t*. The size is the root mean square over all
    starts and years: about zero, because a trend that slows down everywhere breaks as well.

    Parameters
    ----------
    levels : (judged, year)
    length : years of change whose mean is a trend
    """
    count = levels.shape[1]
    missed = []
    for start in range(length, count - 1):
        slope = (levels[:, start] - levels[:, start - length]) / length
        ahead = np.arange(1, min(length, count - 1 - start) + 1)
        missed.append((levels[:, start + ahead] - levels[:, start, None]) / ahead - slope[:, None])
    return np.asarray(np.sqrt(np.mean(np.concatenate(missed, axis=1) ** 2, axis=1)))
