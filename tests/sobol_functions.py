"""Functions whose Sobol indices are known, for tests and benchmarks."""

from __future__ import annotations

import numpy as np

from dualcarbon.explore.sensitivity.sampling import exchanged, two_samples


def ishigami(u):
    """Ishigami and Homma (1990) with a = 7, b = 0.1; u (factor, point) in the unit cube."""
    x = (2.0 * u - 1.0) * np.pi
    return np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def ishigami_answer():
    """First-order and total indices."""
    one = 0.5 * (1.0 + 0.1 * np.pi**4 / 5.0) ** 2
    two = 7.0**2 / 8.0
    both = 0.1**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    variance = one + two + both
    return np.array([one, two, 0.0]) / variance, np.array([one + both, two, both]) / variance


G = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
"""Coefficients of the G function as in Saltelli et al. (2010), section 5."""


def sobol_g(u):
    return np.prod((np.abs(4.0 * u - 2.0) + G[:, None]) / (1.0 + G[:, None]), axis=0)


def sobol_g_answer():
    parts = 1.0 / 3.0 / (1.0 + G) ** 2
    variance = np.prod(1.0 + parts) - 1.0
    return parts / variance, parts * np.prod(1.0 + parts) / (1.0 + parts) / variance


def evaluated(function, factors, points=1024, seed=3, groups=None):
    """Values (output, point), (output, point), (factor, output, point) of one or several outputs."""
    a, b = two_samples(factors, points, np.random.default_rng(seed))
    rows = groups or [[k] for k in range(factors)]
    at = [np.atleast_2d(function(u)) for u in (a, b, *(exchanged(a, b, one) for one in rows))]
    return at[0], at[1], np.stack(at[2:])
