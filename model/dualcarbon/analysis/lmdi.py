"""Index decomposition: the change of a product, shared out exactly among its factors.

`contributions` takes the additive logarithmic mean Divisia index (LMDI-I), its analytic limit where a factor
is zero, and the Shapley form where one is negative. The factors of a product are two lists of arrays: their
values at the start and at the end. Sums and products run left to right.

Sources
-------
LMDI-I
    B. W. Ang, Decomposition analysis for policymaking in energy, Energy Policy 32 (2004); The LMDI
    approach to decomposition analysis: a practical guide, Energy Policy 33 (2005); LMDI decomposition
    approach: a guide for implementation, Energy Policy 86 (2015)
zero values
    B. W. Ang and N. Liu, Handling zero values in the logarithmic mean Divisia index decomposition approach,
    Energy Policy 35 (2007)
Shapley form
    J. W. Sun, Changes in energy consumption and energy intensity: a complete decomposition model, Energy
    Economics 20 (1998); it is the Shapley value of the factors
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from dualcarbon.axes import Floats

_NEAR = 0.1
"""Relative distance of two numbers below which their logarithmic mean is taken from their difference."""


def contributions(start: Sequence[Floats], end: Sequence[Floats]) -> list[Floats]:
    """What each factor adds to the change of the product; together they are the change.

    Parameters
    ----------
    start, end : values of each factor; either sign, zero allowed

    Returns
    -------
    an array for each factor, in the unit of the product: the Shapley form where `any_negative`, else LMDI-I
    """
    result = _lmdi(start, end)
    negative = any_negative(start, end)
    if not negative.any():
        return result
    other = _shapley(start, end)
    return [np.where(negative, other[k], part) for k, part in enumerate(result)]


def any_negative(start: Sequence[Floats], end: Sequence[Floats]) -> NDArray[np.bool_]:
    """Whether any factor is below zero at either end."""
    below = start[0] < 0.0
    for factor in (*start[1:], *end):
        below = below | (factor < 0.0)
    return below


def _lmdi(start: Sequence[Floats], end: Sequence[Floats]) -> list[Floats]:
    """Additive LMDI-I: the logarithmic mean of the product times the logarithm of each factor's ratio.

    Where the product is zero at one end, its change goes in equal parts to the factors that are zero there:
    the limit for factors that vanish together. Where it is zero at both, nothing contributes.
    """
    before, after = product(start), product(end)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = [np.log(b / a) for a, b in zip(start, end, strict=True)]
        weight = log_mean(before, after, total(logs))
        zero = [(a == 0.0) | (b == 0.0) for a, b in zip(start, end, strict=True)]
        count = total([one.astype(np.float64) for one in zero])
        limit = (after - before) / count
        shares = [
            np.where(count > 0.0, np.where(one, limit, 0.0), weight * log)
            for one, log in zip(zero, logs, strict=True)
        ]
    nothing = (before == 0.0) & (after == 0.0)
    return [np.where(nothing, 0.0, share) for share in shares]


def log_mean(a: Floats, b: Floats, log: Floats | None = None) -> Floats:
    """Logarithmic mean ``(b - a) / ln(b / a)`` of numbers of one sign; L(a, a) = a.

    Close to each other it is their arithmetic mean times ``z / artanh(z)``, with ``z = (b - a) / (a + b)``,
    which keeps the digits that the quotient loses.

    Parameters
    ----------
    a, b : above zero, or both below it
    log : ``ln(b / a)`` where the caller has it
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (b - a) / (a + b)
        near = (a + b) * 0.5 * np.where(z == 0.0, 1.0, z / np.arctanh(z))
        return np.where(np.abs(z) < _NEAR, near, (b - a) / (np.log(b / a) if log is None else log))


def _shapley(start: Sequence[Floats], end: Sequence[Floats]) -> list[Floats]:
    """Shapley value of each factor: what its change adds, over all orders in which the factors may change."""
    count = len(start)
    result = []
    for k in range(count):
        others = [j for j in range(count) if j != k]
        terms = []
        for size in range(count):
            weight = 1.0 / (count * comb(count - 1, size))
            for changed in combinations(others, size):
                rest = product([end[j] if j in changed else start[j] for j in others])
                terms.append(rest * (end[k] - start[k]) * weight)
        result.append(total(terms))
    return result


def product(factors: Sequence[Floats]) -> Floats:
    """Product from left to right."""
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def total(terms: Sequence[Floats]) -> Floats:
    """Sum from left to right."""
    result = terms[0]
    for term in terms[1:]:
        result = result + term
    return result
