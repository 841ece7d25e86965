"""How many points, from which seed, by which estimator: checked before anything is worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from dualcarbon.errors import Fault, InputError
from dualcarbon.explore.sensitivity.indices import ESTIMATORS, Estimator
from dualcarbon.explore.whole_numbers import whole_number

FEWEST_POINTS = 64
"""Points of a sample at least: below them intervals say nothing."""

MOST_POINTS = 2**17
"""Points of a sample at most: two million pathways for fifteen levers, and errors in the fourth digit."""


@dataclass(frozen=True)
class Request:
    """What indices rest on: points of each sample (a power of two), seed, estimator of the first order."""

    points: int
    seed: int
    estimator: Estimator


def read_request(n: object, seed: object, estimator: object) -> Request:
    """The request, with the points rounded up to a power of two.

    Parameters
    ----------
    n, seed : whole numbers, also as text such as ``1e3``

    Raises
    ------
    InputError
        With every fault found.
    """
    faults = []
    points = whole_number(n)
    if points is None:
        faults.append(Fault("n", 0, "", f"expected a whole number such as 1024; found {n!r}"))
    elif not FEWEST_POINTS <= points <= MOST_POINTS:
        faults.append(Fault("n", 0, "", f"{points} points are outside {FEWEST_POINTS}-{MOST_POINTS}"))
    start = whole_number(seed)
    if start is None or start < 0:
        faults.append(Fault("seed", 0, "", f"expected a whole number from 0 up; found {seed!r}"))
    if estimator not in ESTIMATORS:
        what = f"expected {' or '.join(ESTIMATORS)}; found {estimator!r}"
        faults.append(Fault("estimator", 0, "", what))
    if faults or points is None or start is None:
        raise InputError(faults)
    return Request(1 << (points - 1).bit_length(), start, cast(Estimator, estimator))
