"""How many points, from which seed, by which estimator: checked before anything is worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from dualcarbon.errors import Fault, InputError
from dualcarbon.explore.sensitivity.indices import ESTIMATORS, Estimator

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

    Raises
    ------
    InputError
        With every fault found.
    """
    faults = []
    points = _whole(n)
    if points is None:
        faults.append(Fault("n", 0, "", f"expected a whole number such as 1024; found {n!r}"))
    elif not FEWEST_POINTS <= points <= MOST_POINTS:
        faults.append(Fault("n", 0, "", f"{points} points are outside {FEWEST_POINTS}-{MOST_POINTS}"))
    start = _whole(seed)
    if start is None or start < 0:
        faults.append(Fault("seed", 0, "", f"expected a whole number from 0 up; found {seed!r}"))
    if estimator not in ESTIMATORS:
        what = f"expected {' or '.join(ESTIMATORS)}; found {estimator!r}"
        faults.append(Fault("estimator", 0, "", what))
    if faults or points is None or start is None:
        raise InputError(faults)
    return Request(1 << (points - 1).bit_length(), start, cast(Estimator, estimator))


def _whole(value: object) -> int | None:
    """A whole number; None for anything else."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    return int(cast(int, value)) if whole else None
