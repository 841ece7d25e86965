"""How a deviation runs over the years: straight lines between anchors, or wandering around the path."""

from __future__ import annotations

from itertools import pairwise
from typing import Protocol

import numpy as np

from dualcarbon.axes import Floats, Years
from dualcarbon.explore.ensembles.marginals import Marginal


class Course(Protocol):
    """Deviations over the years, asked for from the first year to the last."""

    def write(self, first: int, out: Floats) -> None:
        """Write the deviations (member, year) of some years from the ``first`` on."""
        ...


class Lines:
    """Straight lines from the base year to the first anchor and on, held after the last."""

    def __init__(self, marginal: Marginal, drawn: Floats, base_year: int, years: Years) -> None:
        none = 1.0 if marginal.multiplicative else 0.0
        known = np.array([base_year, *marginal.years])
        self._values: list[Floats | float] = [none, *drawn[:, :, None]]
        self._steps = [drawn[0] - none, *(later - before for before, later in pairwise(drawn))]
        starts = np.searchsorted(years, known)
        self._spans = list(zip(starts, [*starts[1:], years.size], strict=True))
        segment = np.searchsorted(known, years, side="right") - 1
        after = np.minimum(segment + 1, known.size - 1)
        self._parts = (years - known[segment]) / np.maximum(known[after] - known[segment], 1)

    def write(self, first: int, out: Floats) -> None:
        """Write the deviations (member, year) of some years."""
        for segment, (start, stop) in enumerate(self._spans):
            start, stop = max(start, first), min(stop, first + out.shape[1])
            if start >= stop:
                continue
            here = out[:, start - first : stop - first]
            if segment == len(self._steps):
                here[...] = self._values[segment]
                continue
            np.multiply(self._steps[segment][:, None], self._parts[start:stop], out=here)
            np.add(here, self._values[segment], out=here)


class Wandering:
    """A first-order autoregression of the score that starts at the path in the base year.

    Its variance tends to one, so that the stated distribution holds once the start is forgotten.
    """

    def __init__(self, marginal: Marginal, coefficient: float, shocks: Floats) -> None:
        self._marginal, self._shocks = marginal, shocks
        self._coefficient = coefficient
        self._size = (1.0 - coefficient * coefficient) ** 0.5
        self._score = np.zeros(shocks.shape[0])

    def write(self, first: int, out: Floats) -> None:
        """Write the deviations (member, year) of some years."""
        for column in range(out.shape[1]):
            shock = self._shocks[:, first + column]
            self._score = self._coefficient * self._score + self._size * shock
            out[:, column] = self._marginal.deviation_at_score(self._score)
