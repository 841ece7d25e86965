"""Sobol indices of many outputs at once, with bootstrap intervals.

The first-order index of a factor is the part of an output's variance that is gone, on average, once the
factor is known; the total index is the part that is left, on average, when all other factors are known [1]_.
Their difference is what the factor does together with others. Over independent factors the first-order
indices add up to at most one, the total ones to at least one.

Everything is a mean over the points of products of evaluations. A resample counts how often each point is
drawn, so all resamples of all outputs are one product of matrices: (resample, point) by (point, product).

.. [1] Sobol', I. M. (2001): Global sensitivity indices for nonlinear mathematical models and their Monte
   Carlo estimates. Mathematics and Computers in Simulation 55, 271-280.
.. [2] Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M., Tarantola, S. (2010): Variance based
   sensitivity analysis of model output. Computer Physics Communications 181, 259-270, table 2 (b), (c), (f).
.. [3] Jansen, M. J. W. (1999): Analysis of variance designs for model output. Computer Physics Communications
   117, 35-43.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dualcarbon.axes import Floats

LEVEL = 0.95
"""Part of the resamples that an interval covers."""

RESAMPLES = 1000

Estimator = Literal["saltelli", "jansen"]
ESTIMATORS: tuple[Estimator, ...] = ("saltelli", "jansen")

_AT_ONCE = 4_000_000
"""Numbers of a matrix at a time (32 MB)."""

_CONSTANT = 1e-12
"""An output whose values differ by less, relative to the largest, is constant but for rounding."""


@dataclass(frozen=True)
class Indices:
    """Sobol indices of several outputs for several factors.

    Parameters
    ----------
    first, total : (output, factor); NaN for an output that does not vary. Estimates of small indices may be
        a little below zero
    first_interval, total_interval : (output, factor, 2) lower and upper end
    mean, variance : (output) over A and B
    """

    first: Floats
    total: Floats
    first_interval: Floats
    total_interval: Floats
    mean: Floats
    variance: Floats

    @property
    def varies(self) -> NDArray[np.bool_]:
        """Whether an output (output) varies at all."""
        return self.variance > 0.0

    @property
    def interactions(self) -> Floats:
        """Part of the variance (output) that no factor explains by itself."""
        left = np.ones(self.mean.size)
        for k in range(self.first.shape[1]):
            left = left - self.first[:, k]
        return left


def sobol_indices(
    a: Floats,
    b: Floats,
    ab: Floats,
    rng: np.random.Generator,
    *,
    first: Estimator = "saltelli",
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Indices:
    """First-order and total indices with percentile bootstrap intervals.

    Parameters
    ----------
    a, b : (output, point) values at the samples A and B
    ab : (factor, output, point) values at A with one factor taken from B
    rng : draws the resamples
    first : estimator of the first-order index: Saltelli's, mean of b (ab - a) [2]_, or Jansen's, variance
        less half the mean of (b - ab)² [3]_. The total index is always Jansen's, half the mean of (a - ab)²
    resamples : of the points, with all evaluations that belong to a point
    level : part of the resamples inside an interval

    Raises
    ------
    ValueError
        If a value is not finite.
    """
    if not (np.isfinite(a).all() and np.isfinite(b).all() and np.isfinite(ab).all()):
        raise ValueError("values must be finite")
    outputs, points = a.shape
    factors = ab.shape[0]
    mean = (a.mean(axis=-1) + b.mean(axis=-1)) / 2.0
    centre = (a.sum(axis=-1) + b.sum(axis=-1) + ab.sum(axis=(0, -1))) / ((2 + factors) * points)
    a, b, ab = a - centre[:, None], b - centre[:, None], ab - centre[:, None]
    largest = np.maximum(np.abs(centre), np.maximum(np.abs(a).max(axis=-1), np.abs(b).max(axis=-1)))
    constant = np.maximum(np.ptp(a, axis=-1), np.ptp(b, axis=-1)) <= _CONSTANT * largest

    every = np.full((1, points), 1.0 / points)
    pairs = np.empty((2, 1 + resamples, outputs, factors))
    variance = np.empty(outputs)
    at_once = max(1, _AT_ONCE // (points * (2 + 2 * factors)))
    parts = [slice(k, k + at_once) for k in range(0, outputs, at_once)]
    rows = max(1, _AT_ONCE // points)
    blocks = [slice(k, min(k + rows, 1 + resamples)) for k in range(1, 1 + resamples, rows)]
    for block in (slice(0, 1), *blocks):
        weights = every if block.start == 0 else _resampled(points, block.stop - block.start, rng)
        for part in parts:
            spread, pairs[:, block, part] = _estimates(weights, a[part], b[part], ab[:, part], first)
            if block.start == 0:
                variance[part] = spread[0]
    variance[constant] = 0.0
    pairs[:, :, constant] = np.nan

    tail = (1.0 - level) / 2.0
    if resamples:
        ends = np.moveaxis(np.quantile(pairs[:, 1:], (tail, 1.0 - tail), axis=1), 0, -1)
    else:
        ends = np.full((2, outputs, factors, 2), np.nan)
    return Indices(pairs[0, 0], pairs[1, 0], ends[0], ends[1], mean, variance)


def _resampled(points: int, resamples: int, rng: np.random.Generator) -> Floats:
    """Weights (resample, point): how often each point is drawn, divided by the number of points."""
    drawn = rng.integers(0, points, size=(resamples, points), dtype=np.int64)
    drawn += np.arange(resamples)[:, None] * points
    counts = np.bincount(drawn.ravel(), minlength=resamples * points).reshape(resamples, points)
    return counts / points


def _estimates(weights: Floats, a: Floats, b: Floats, ab: Floats, first: Estimator) -> tuple[Floats, Floats]:
    """Variance (resample, output), and first and total index (2, resample, output, factor)."""
    factors, outputs, points = ab.shape
    products = np.empty((2 + 2 * factors, outputs, points))
    np.add(a, b, out=products[0])
    np.add(a * a, b * b, out=products[1])
    firsts, totals = products[2 : 2 + factors], products[2 + factors :]
    if first == "saltelli":
        np.multiply(np.subtract(ab, a, out=firsts), b, out=firsts)
    else:
        np.square(np.subtract(ab, b, out=firsts), out=firsts)
    np.square(np.subtract(ab, a, out=totals), out=totals)

    means = weights @ products.reshape(-1, points).T
    means = means.reshape(len(weights), 2 + 2 * factors, outputs).transpose(1, 0, 2)
    variance = means[1] / 2.0 - np.square(means[0] / 2.0)
    parts = np.moveaxis(means[2 : 2 + factors], 0, -1), np.moveaxis(means[2 + factors :], 0, -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        one = parts[0] / variance[..., None]
        if first == "jansen":
            one = 1.0 - one / 2.0
        return variance, np.stack([one, parts[1] / (2.0 * variance[..., None])])
