"""What a window of history says about trends: a Gaussian likelihood, its errors as large as history shows.

Levels run along a straight line, up to a break of the trend and year-to-year noise. Formulas, sizes and
limits: ``model/decisions/0008-held-to-history.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dualcarbon.axes import Floats, Years
from dualcarbon.core.drivers import compound
from dualcarbon.explore.ensembles.noise import ar1, around_plans, noise_years
from dualcarbon.inputs import Inputs

JUDGED = ("gdp", "energy_total", "coal_share", "non_fossil_share", "process_co2")
"""What a draw must explain. CO2 from energy follows from energy and the mix: it would count them twice."""

UNITS = ("%/yr", "%/yr", "points/yr", "points/yr", "%/yr")
"""Unit of a hundredth of each trend: log changes, and points of total energy."""


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
