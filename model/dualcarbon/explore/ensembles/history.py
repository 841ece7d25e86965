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

from dualcarbon.axes import Floats
from dualcarbon.build import Built
from dualcarbon.core.drivers import running_sum
from dualcarbon.errors import fault
from dualcarbon.explore.ensembles.evidence import (
    JUDGED,
    UNITS,
    Errors,
    Evidence,
    errors_of,
    evidence,
    judged_levels,
)
from dualcarbon.explore.ensembles.noise import Noise, measurement_error, noise_of
from dualcarbon.explore.ensembles.weighting import relative_weights
from dualcarbon.explore.hindcasting import statistics_until
from dualcarbon.inputs import Inputs
from dualcarbon.tables import Library

_LEVERS = ("gdp_growth", "energy_intensity_change", "coal_share", "non_fossil_share", "process_co2")

LONGEST = 10
"""Projected years whose mean change is a draw's trend, at most; also the length of the default window."""

SHORTEST = 3
"""Years of change that a window needs."""

_LEAST_RATIO = 1e-3
"""Process CO2 at the horizon as a part of the base year's, at least: a path to zero has no log trend."""


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
