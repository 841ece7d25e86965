"""Shapes of a lever's uncertainty: quantiles of standard values, from uniform numbers.

A standard value is a deviation before it is given its size: -1 and 1 are the 5 and 95 % points of the shapes
of the lever table. Every quantile works element by element, so that a draw is the same in any block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import special

from dualcarbon.axes import Floats

Z95 = 1.6448536269514722
"""95 % point of the standard normal distribution."""


class Shape(Protocol):
    """A distribution of standard values."""

    def quantile(self, uniform: Floats) -> Floats:
        """Standard values (member) below which a part ``uniform`` (member) of the distribution lies."""
        ...

    def at_score(self, score: Floats) -> Floats:
        """The same from normal scores (member) instead of uniform numbers."""
        ...


class _ByUniform:
    """A shape whose quantile starts from uniform numbers."""

    def quantile(self, uniform: Floats) -> Floats:
        raise NotImplementedError

    def at_score(self, score: Floats) -> Floats:
        return self.quantile(special.ndtr(score))


@dataclass(frozen=True)
class Normal:
    """A normal distribution around 0 whose 95 % point is 1."""

    def quantile(self, uniform: Floats) -> Floats:
        """Standard values (member) at ``uniform`` (member)."""
        return self.at_score(special.ndtri(uniform))

    def at_score(self, score: Floats) -> Floats:
        """Standard values (member) at normal scores (member)."""
        return score / Z95


@dataclass(frozen=True)
class TwoTriangles(_ByUniform):
    """A triangle around its median 0 whose 95 % point is 1.

    Each half holds half of the distribution, so that halves of different size keep the median.
    """

    def quantile(self, uniform: Floats) -> Floats:
        """Standard values (member) at ``uniform`` (member)."""
        left = 1.0 - np.sqrt(2.0 * np.minimum(uniform, 0.5))
        right = 1.0 - np.sqrt(2.0 * np.minimum(1.0 - uniform, 0.5))
        standard: Floats = (right - left) / (1.0 - np.sqrt(0.1))
        return standard
