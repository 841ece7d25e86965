"""Weights of draws: how many they are worth, how they are widened, and what chance they give."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dualcarbon.axes import Floats

WANTED = 1000
"""Effective draws below which weights are widened."""

MOST_OF = 0.5
"""Part of the draws that widening asks for at most, where there are fewer than twice `WANTED`."""

_STEPS = 60
"""Bisections: the factor is then as exact as a float64."""


def relative_weights(log_weights: Floats, reference: float | None = None) -> Floats:
    """Weights (member), the largest 1, or ``exp(0)`` at the reference log weight."""
    top = np.max(log_weights) if reference is None else reference
    return np.asarray(np.exp(log_weights - top))


def effective_size(log_weights: Floats) -> float:
    """Number of equally weighted draws that are worth as much as these (member).

    Kish's effective sample size: the squared sum of the weights over the sum of their squares.

    Source: L. Kish, Survey Sampling (Wiley, 1965).
    """
    weights = relative_weights(log_weights)
    return float(np.sum(weights) ** 2 / np.sum(weights**2))


def widening(log_weights: Floats, count: int, wanted: int = WANTED) -> float:
    """The smallest factor on the error sizes, at least 1, that leaves enough effective draws.

    Log weights divided by the square of the factor are those of errors so much larger. Enough is ``wanted``,
    or half the draws where there are fewer than twice as many. Found by bisection: the effective size grows
    with the factor.

    Parameters
    ----------
    log_weights : (member) of the first draws
    count : all draws; the effective share of the first ones is taken for all
    wanted : effective draws among them

    Raises
    ------
    ValueError
        If no factor can help, because too few log weights are finite.
    """
    share = min(wanted / count, MOST_OF)

    def enough(factor: float) -> bool:
        return effective_size(log_weights / factor**2) >= share * log_weights.size

    if enough(1.0):
        return 1.0
    low, high = 1.0, 2.0
    while not enough(high):
        low, high = high, high * 2.0
        if high > 1e9:
            raise ValueError("too few draws have a weight above zero")
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def chance(hit: NDArray[np.bool_], weights: Floats) -> tuple[float, float]:
    """Weighted share of draws (member) that hit, and its standard error.

    The error is that of a ratio of weighted sums (self-normalised importance sampling); for equal weights it
    is the binomial one.

    Source: A. B. Owen, Monte Carlo theory, methods and examples, chapter 9.2 (2013).
    """
    total = np.sum(weights)
    share = np.sum(np.where(hit, weights, 0.0)) / total
    error = np.sqrt(np.sum((weights * (hit - share)) ** 2)) / total
    return float(share), float(error)


def weighted_quantiles(values: Floats, weights: Floats, levels: tuple[float, ...]) -> Floats:
    """Quantiles (level, …) of values (member, …): the smallest value that enough weight does not pass."""
    return np.asarray(
        np.quantile(values, levels, axis=0, weights=weights, method="inverted_cdf"), dtype=np.float64
    )
