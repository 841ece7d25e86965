"""Growth curves fitted to a lever's past, with standard errors, and used forward.

Logistic ``K / (1 + exp(-(t - m) / w))``, Gompertz ``K exp(-exp(-(t - m) / w))`` and exponential
``a exp(r (t - t0))``, by least squares (``scipy.optimize.curve_fit``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dualcarbon.axes import Floats, Years

KINDS = ("logistic", "gompertz", "exponential")
LEVELS = ("level", "start_2000")
"""Parameters in the unit of the data; the others are in years, or a rate a year."""


@dataclass(frozen=True)
class CurveFit:
    """A curve fitted to the past.

    Parameters
    ----------
    kind : one of `KINDS`
    parameters, errors : best values and standard errors, by name; levels in the unit of the data
    at_bound : parameters that rest on a bound, such as a level at 100 %; their errors say little
    residual : root mean square of the residuals, in the unit of the data
    first, last : years of the data
    """

    kind: str
    parameters: Mapping[str, float]
    errors: Mapping[str, float]
    at_bound: tuple[str, ...]
    residual: float
    first: int
    last: int


def _logistic(t: Floats, level: float, midpoint: float, width: float) -> Floats:
    return np.asarray(level * np.exp(-np.logaddexp(0.0, -(t - midpoint) / width)))


def _gompertz(t: Floats, level: float, midpoint: float, width: float) -> Floats:
    return np.asarray(level * np.exp(-np.exp(np.minimum(-(t - midpoint) / width, 700.0))))


def _exponential(t: Floats, start: float, rate: float) -> Floats:
    return np.asarray(start * np.exp(rate * (t - _ORIGIN)))


_ORIGIN = 2000.0
_FASTEST = 0.5
"""Largest rate of an exponential, a year."""

_FLAT = 0.99
"""A curve whose residuals are this part of those of a flat line, or more, does not follow the past."""

_SHAPES: Mapping[str, tuple[Callable[..., Floats], tuple[str, ...]]] = {
    "logistic": (_logistic, ("level", "midpoint", "width")),
    "gompertz": (_gompertz, ("level", "midpoint", "width")),
    "exponential": (_exponential, ("start_2000", "rate")),
}


def fit_history(kind: str, years: Years, values: Floats, highest: float) -> CurveFit:
    """Fit a curve to a series.

    Parameters
    ----------
    years, values : (year) the past; positive values
    highest : upper bound of the saturation level

    Raises
    ------
    ValueError
        If there are too few years or values that are not positive, or if the past does not follow the curve.
    """
    shape, names = _SHAPES[kind]
    if years.size < len(names) + 2:
        raise ValueError(f"has only {years.size} years of history; {len(names) + 2} are needed")
    if not np.all(values > 0.0):
        raise ValueError("has values at or below zero in its history")
    from scipy.optimize import OptimizeWarning, curve_fit  # slow to load, and rarely needed

    t = years.astype(np.float64)
    scale = float(values.max())
    if kind == "exponential":
        start = [float(values[0]) / scale, float(np.log(values[-1] / values[0]) / (t[-1] - t[0]))]
        start[1] = min(max(start[1], -_FASTEST), _FASTEST)
        bounds: tuple[list[float], list[float]] = ([0.0, -_FASTEST], [np.inf, _FASTEST])
        start[0] *= float(np.exp(-start[1] * (t[0] - _ORIGIN)))
    else:
        start = [min(1.5, highest / scale * 0.9), t[-1], 10.0]
        bounds = ([1e-6, 1900.0, 0.5], [highest / scale, 2200.0, 200.0])
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", OptimizeWarning)
            best, covariance = curve_fit(shape, t, values / scale, p0=start, bounds=bounds, maxfev=5000)
    except (RuntimeError, OptimizeWarning):
        raise ValueError(_no_curve(kind)) from None
    errors = np.sqrt(np.diag(covariance))
    residual = float(np.sqrt(np.mean((shape(t, *best) - values / scale) ** 2))) * scale
    held = tuple(
        name
        for name, value, low, high in zip(names, best, *bounds, strict=True)
        if min(value - low, high - value) <= _AT_BOUND * max(1.0, abs(value))
    )
    flat = residual > _EXACT * scale and residual >= _FLAT * float(np.std(values))
    if flat or set(held) - set(LEVELS):
        raise ValueError(_no_curve(kind))
    factors = [scale if name in LEVELS else 1.0 for name in names]
    return CurveFit(
        kind=kind,
        parameters={n: float(b) * f for n, b, f in zip(names, best, factors, strict=True)},
        errors={n: float(e) * f for n, e, f in zip(names, errors, factors, strict=True)},
        at_bound=held,
        residual=residual,
        first=int(years[0]),
        last=int(years[-1]),
    )


_AT_BOUND = 1e-6
_EXACT = 1e-9


def _no_curve(kind: str) -> str:
    return f"does not follow a {kind} curve in its history; choose another curve or set anchors"


def forward(fit: CurveFit, base_year: int, base_value: float, years: Years) -> Floats:
    """The fitted curve at ``years``, in proportion to the base year's value so that it joins the past."""
    shape, names = _SHAPES[fit.kind]
    values = [fit.parameters[name] for name in names]
    t = np.concatenate([[base_year], years]).astype(np.float64)
    curve = shape(t, *values)
    return np.asarray(curve[1:] * (base_value / curve[0]))
