"""Shapes of a lever's uncertainty: quantiles of standard values, from uniform numbers.

A standard value is a deviation before it is given its size: -1 and 1 are the 5 and 95 % points of the shapes
of the lever table. Every quantile works element by element, so that a draw is the same in any block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy import special

from dualcarbon.axes import Floats

Z95 = 1.6448536269514722
"""95 % point of the standard normal distribution."""


NEAREST = 2.0**-53
"""How near to 0 and 1 a uniform number may come, so that every quantile is finite."""


class Shape(Protocol):
    """A distribution of standard values."""

    def quantile(self, uniform: Floats) -> Floats:
        """Standard values (member) below which a part ``uniform`` (member) of the distribution lies."""
        ...

    def at_score(self, score: Floats) -> Floats:
        """The same from normal scores (member) instead of uniform numbers."""
        ...

    def cumulative(self, value: Floats) -> Floats:
        """Part of the distribution below ``value`` (member)."""
        ...


class _ByUniform:
    """A shape whose quantile starts from uniform numbers."""

    def quantile(self, uniform: Floats) -> Floats:
        """Values (member) at ``uniform`` (member)."""
        raise NotImplementedError

    def at_score(self, score: Floats) -> Floats:
        """Values (member) at normal scores (member)."""
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

    def cumulative(self, value: Floats) -> Floats:
        """Part of the distribution below ``value`` (member)."""
        return np.asarray(special.ndtr(value * Z95))


@dataclass(frozen=True)
class TwoTriangles(_ByUniform):
    """A triangle around its median 0 whose 95 % point is 1.

    Each half holds half of the distribution, so that halves of different size keep the median.
    """

    def quantile(self, uniform: Floats) -> Floats:
        """Standard values (member) at ``uniform`` (member)."""
        left = 1.0 - np.sqrt(2.0 * np.minimum(uniform, 0.5))
        right = 1.0 - np.sqrt(2.0 * np.minimum(1.0 - uniform, 0.5))
        return np.asarray((right - left) / _TO_95)

    def cumulative(self, value: Floats) -> Floats:
        """Part of the distribution below ``value`` (member)."""
        beyond = np.maximum(1.0 - np.abs(value) * _TO_95, 0.0)
        tail = 0.5 * beyond * beyond
        return np.where(value < 0.0, tail, 1.0 - tail)


_TO_95 = 1.0 - 0.1**0.5
"""Where the 95 % point lies between the median and the end of a half triangle."""


@dataclass(frozen=True)
class Uniform(_ByUniform):
    """All values between two, alike."""

    low: float
    high: float

    def quantile(self, uniform: Floats) -> Floats:
        """Values (member) at ``uniform`` (member)."""
        return self.low + (self.high - self.low) * uniform

    def cumulative(self, value: Floats) -> Floats:
        """Part of the distribution below ``value``."""
        return np.clip((value - self.low) / (self.high - self.low), 0.0, 1.0)


@dataclass(frozen=True)
class Triangular(_ByUniform):
    """A triangle over low, mode and high."""

    low: float
    mode: float
    high: float

    def quantile(self, uniform: Floats) -> Floats:
        """Values (member) at ``uniform`` (member)."""
        width, rise, fall = self.high - self.low, self.mode - self.low, self.high - self.mode
        left = self.low + np.sqrt(uniform * width * rise)
        right = self.high - np.sqrt((1.0 - uniform) * width * fall)
        return np.where(uniform * width <= rise, left, right)

    def cumulative(self, value: Floats) -> Floats:
        """Part of the distribution below ``value``."""
        width, rise, fall = self.high - self.low, self.mode - self.low, self.high - self.mode
        inside = np.clip(value, self.low, self.high)
        with np.errstate(divide="ignore", invalid="ignore"):
            left = (inside - self.low) ** 2 / (width * rise)
            right = 1.0 - (self.high - inside) ** 2 / (width * fall)
        return np.where(inside < self.mode, left, right) if fall > 0.0 else left


@dataclass(frozen=True)
class Pert(_ByUniform):
    """A beta distribution between low and high with mean (low + 4 mode + high) / 6.

    scipy's inverse of the incomplete beta function takes half a microsecond a number, too long for millions
    of draws. Between nodes on the axis of normal scores, cubics with its values and slopes take its place.
    """

    low: float
    mode: float
    high: float

    @property
    def exponents(self) -> tuple[float, float]:
        """The two parameters of the beta distribution."""
        width = self.high - self.low
        return 1.0 + 4.0 * (self.mode - self.low) / width, 1.0 + 4.0 * (self.high - self.mode) / width

    def quantile(self, uniform: Floats) -> Floats:
        """Values (member) at ``uniform`` (member)."""
        return self.at_score(special.ndtri(uniform))

    def at_score(self, score: Floats) -> Floats:
        """Values (member) at normal scores (member)."""
        place = (np.clip(score, -_LAST_SCORE, _LAST_SCORE) + _LAST_SCORE) * (_HALF / _LAST_SCORE)
        cell = np.minimum(place.astype(np.int64), 2 * _HALF - 1)
        part = place - cell
        c0, c1, c2, c3 = (row[cell] for row in self._cubics)
        value: Floats = c0 + part * (c1 + part * (c2 + part * c3))
        return self.low + (self.high - self.low) * value

    def cumulative(self, value: Floats) -> Floats:
        """Part of the distribution below ``value``."""
        part = np.clip((value - self.low) / (self.high - self.low), 0.0, 1.0)
        return np.asarray(special.betainc(*self.exponents, part))

    @cached_property
    def _cubics(self) -> Floats:
        """Coefficients (4, cell) of the quantile of the standard beta distribution over normal scores."""
        a, b = self.exponents
        score = np.arange(-_HALF, _HALF + 1) * (_LAST_SCORE / _HALF)
        lower = special.betaincinv(a, b, special.ndtr(score))
        upper = special.betaincinv(b, a, special.ndtr(-score))
        value = np.where(score < 0.0, lower, 1.0 - upper)
        if a == b:
            value[_HALF] = 0.5
        rest = np.where(score < 0.0, 1.0 - lower, upper)
        log_density = (a - 1.0) * np.log(value) + (b - 1.0) * np.log(rest) - special.betaln(a, b)
        slope = np.exp(-0.5 * score * score - log_density) / np.sqrt(2.0 * np.pi) * (_LAST_SCORE / _HALF)
        step = np.diff(value)
        first, last = slope[:-1], slope[1:]
        return np.stack([value[:-1], first, 3.0 * step - 2.0 * first - last, first + last - 2.0 * step])


_LAST_SCORE = 8.25
"""No uniform number in double precision has a normal score beyond this."""

_HALF = 2048
"""Cells on either side of the median."""


@dataclass(frozen=True)
class Discrete(_ByUniform):
    """Some values, each with its part of the distribution.

    Parameters
    ----------
    values : (value) in rising order
    upto : (value) part of the distribution at or below each
    """

    values: Floats
    upto: Floats

    @classmethod
    def of(cls, values: Floats, weights: Sequence[float] | Floats | None = None) -> Discrete:
        """Values with weights, all alike without them."""
        order = np.argsort(values, kind="stable")
        weight = np.ones(values.size) if weights is None else np.array(weights, dtype=np.float64)
        upto = np.cumsum(weight[order])
        return cls(values[order], upto / upto[-1])

    def quantile(self, uniform: Floats) -> Floats:
        """Values (member) at ``uniform`` (member)."""
        return self.values[np.searchsorted(self.upto[:-1], uniform, side="right")]

    def cumulative(self, value: Floats) -> Floats:
        """Part of the distribution at or below ``value``."""
        return np.concatenate([[0.0], self.upto])[np.searchsorted(self.values, value, side="right")]

    def between(self, low: float, high: float) -> Discrete | None:
        """Its values from low to high; None if there is none with any weight."""
        weights = np.diff(self.upto, prepend=0.0)
        kept = (self.values >= low) & (self.values <= high)
        return Discrete.of(self.values[kept], weights[kept]) if weights[kept].any() else None


@dataclass(frozen=True)
class Truncated(_ByUniform):
    """A shape between two of its quantiles.

    Parameters
    ----------
    low, high : parts of the distribution below the bounds
    """

    shape: Shape
    low: float
    high: float

    def quantile(self, uniform: Floats) -> Floats:
        """Values (member) at ``uniform`` (member)."""
        middle = 0.5 * (self.low + self.high)  # so that the median of a symmetric shape stays what it is
        inside = middle + (uniform - 0.5) * (self.high - self.low)
        return self.shape.quantile(np.clip(inside, NEAREST, 1.0 - NEAREST))

    def cumulative(self, value: Floats) -> Floats:
        """Part of the distribution below ``value``."""
        return np.clip((self.shape.cumulative(value) - self.low) / (self.high - self.low), 0.0, 1.0)
