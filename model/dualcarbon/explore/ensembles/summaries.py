"""Summaries that take draws as they come and merge exactly in any order.

Everything that is added up is a whole number, so that the same draws give the same bits however they are
divided: counts of draws or their weights, and sums over one aligned chunk (the same draws) in fixed point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dualcarbon.axes import Floats
from dualcarbon.errors import DualcarbonError

BINS = 8192
"""Bins of a quantity: a normal one then has some 4000 between its 5 % and 95 % quantiles."""

MARGIN = 0.25
"""How far bins go beyond the pilot's 0.5 % and 99.5 % quantiles, in widths of its 5-95 % range."""

UNIT_WEIGHT = 2**32
"""The whole number that stands for the weight of the pilot's heaviest draw."""

HEAVIEST = 16
"""A draw weighs at most so many times the pilot's heaviest."""

ROWS = 16
"""Quantities that are summarised together: few enough for a core's cache, enough to hide the calls."""

_FIXED = 2.0**24
"""Steps of the fixed point: sums of 2^30 draws fit 64 bits."""

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """Bins of equal width for every quantity.

    Parameters
    ----------
    low, width : (quantity) lower end of the first bin and width of each
    """

    low: Floats
    width: Floats

    @classmethod
    def around(cls, pilot: Floats, weights: Floats | None = None, *, whole: bool = False) -> Grid:
        """Bins around the first draws of an ensemble.

        Parameters
        ----------
        pilot : (quantity, member)
        weights : (member)
        whole : whether bins cover all of these draws and not only most of their weight
        """
        low, high = _ends(pilot, np.ones(pilot.shape[1]) if weights is None else weights)
        if whole:
            low, high = np.minimum(low, pilot.min(axis=1)), np.maximum(high, pilot.max(axis=1))
        return cls(low, (high - low) / BINS)


def _ends(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Where bins (quantity) should begin and end."""
    q = _spots(values, weights)
    spread = q[3] - q[2]
    spread = np.where(spread > 0.0, spread, q[5] - q[0])  # nearly all draws at one value
    spread = np.where(spread > 0.0, spread, np.maximum(np.abs(q[0]) * 1e-6, 1e-12))  # all of them
    return q[1] - MARGIN * spread, q[4] + MARGIN * spread


def _spots(values: Floats, weights: Floats) -> Floats:
    """Lowest, 0.5, 5, 95 and 99.5 %, and highest value (spot, quantity) of the first draws."""
    found = np.empty((6, len(values)))
    for k, row in enumerate(values):
        order = np.argsort(row)
        reached = np.cumsum(weights[order])
        places = np.searchsorted(reached, np.array((0.0, 0.005, 0.05, 0.95, 0.995, 1.0)) * reached[-1])
        found[:, k] = row[order[np.minimum(places, row.size - 1)]]
    return found


class Tally:
    """Histograms, moments and counts of draws.

    Parameters
    ----------
    quantities : how many quantities have bins
    classes : by name, how many classes its draws are counted in (peak years, targets met)
    few : whether fewer than 2^32 draws without weights come; then bins of 32 bits do, which are faster

    Attributes
    ----------
    cut : draws whose weight was cut to the most that `whole_weights` gives
    """

    def __init__(self, quantities: int, classes: Mapping[str, int], *, few: bool = False) -> None:
        self.draws = 0
        self.total = 0
        self.squares = 0
        self.bins: NDArray[Any] = np.zeros((quantities, BINS + 2), np.uint32 if few else np.int64)
        self.sums: Whole = np.zeros((2, quantities), np.int64)
        self.lowest: Floats = np.full(quantities, np.inf)
        self.highest: Floats = np.full(quantities, -np.inf)
        self.cut = 0
        self.classes: dict[str, Whole] = {name: np.zeros(n, np.int64) for name, n in classes.items()}
        self.class_squares: dict[str, Whole] = {name: np.zeros(n, np.int64) for name, n in classes.items()}

    def add(
        self,
        blocks: Sequence[Floats],
        grid: Grid,
        classes: Mapping[str, NDArray[np.int64] | NDArray[np.bool_]],
        weights: Whole | None = None,
    ) -> None:
        """Take in the draws of one aligned chunk.

        Parameters
        ----------
        blocks : (quantity, member), together all quantities
        classes : by name, each member's class (member); or whether it is in class 0, 1, … (class, member)
        weights : (member) in units of 1 / `UNIT_WEIGHT`; without them every draw counts one

        Raises
        ------
        DualcarbonError
            If a value is not a finite number.
        """
        members = blocks[0].shape[1]
        self.draws += members
        relative = None if weights is None else weights / UNIT_WEIGHT
        self._add_values(blocks, grid, weights, relative)
        if weights is None or relative is None:
            self.total += members
            self.squares += members * int(_FIXED)
            _count(self.classes, classes, 1)
            return
        squares: Whole = np.rint(relative * relative * _FIXED).astype(np.int64)
        self.total += int(weights.sum())
        self.squares += int(squares.sum())
        self.cut += int(np.count_nonzero(weights == HEAVIEST * UNIT_WEIGHT))
        _count(self.classes, classes, weights)
        _count(self.class_squares, classes, squares)

    def _add_values(
        self, blocks: Sequence[Floats], grid: Grid, weights: Whole | None, relative: Floats | None
    ) -> None:
        members = blocks[0].shape[1]
        sums, first = np.empty((2, grid.low.size)), 0
        t, s = np.empty((ROWS, members)), np.empty((ROWS, members))
        places = np.empty((ROWS, members), np.intp)
        one = self.bins.dtype.type(1) if weights is None else weights  # of the bins' type, or it is slow
        for block in blocks:
            for start in range(0, len(block), ROWS):
                values = block[start : start + ROWS]
                rows, here = slice(len(values)), slice(first, first + len(values))
                self._place(values, grid, here, t[rows], s[rows], relative, sums[:, here])
                places[rows] = t[rows]
                for counts, place in zip(self.bins[here], places, strict=False):
                    np.add.at(counts, place, one)
                first = here.stop
        if not np.isfinite(sums).all():
            raise DualcarbonError("a draw has a value that is not a finite number")
        self.sums += np.rint(sums * [[_FIXED / BINS], [_FIXED / BINS**2]]).astype(np.int64)

    def _place(
        self,
        values: Floats,
        grid: Grid,
        here: slice,
        t: Floats,
        s: Floats,
        relative: Floats | None,
        sums: Floats,
    ) -> None:
        """Write the bins (quantity, member) of some quantities to ``t``, and their sums in widths of bins."""
        low, width = grid.low[here], grid.width[here]
        np.subtract(values, low[:, None], out=t)
        np.multiply(t, (1.0 / width)[:, None], out=t)
        weighted = t if relative is None else np.multiply(t, relative, out=s)
        np.add.reduce(weighted, axis=1, out=sums[0])
        np.add.reduce(np.multiply(weighted, t, out=s), axis=1, out=sums[1])
        lowest, highest = values.min(axis=1), values.max(axis=1)
        np.minimum(self.lowest[here], lowest, out=self.lowest[here])
        np.maximum(self.highest[here], highest, out=self.highest[here])
        np.add(t, 1.0, out=t)  # the first bin is for what lies below the others
        if (lowest < low).any() or not (highest < low + width * (BINS - 1)).all():
            np.fmax(t, 0.0, out=t)
            np.minimum(t, BINS + 1.0, out=t)

    def merge(self, other: Tally) -> None:
        """Take in the draws of another tally."""
        self.draws += other.draws
        self.total += other.total
        self.squares += other.squares
        self.bins += other.bins
        self.sums += other.sums
        np.minimum(self.lowest, other.lowest, out=self.lowest)
        np.maximum(self.highest, other.highest, out=self.highest)
        self.cut += other.cut
        for name, counts in other.classes.items():
            self.classes[name] += counts
            self.class_squares[name] += other.class_squares[name]

    def effective(self, *, weighted: bool) -> float:
        """Effective number of draws: the square of the summed weights over the sum of their squares."""
        total = self._total(weighted)
        return total * total / (self.squares / _FIXED) if self.squares else 0.0

    def _total(self, weighted: bool) -> float:
        """All weight, that of the pilot's heaviest draw being one."""
        return self.total / UNIT_WEIGHT if weighted else float(self.total)

    def shares(self, name: str) -> Floats:
        """Part of all weight in each class."""
        return self.classes[name] / self.total

    def standard_errors(self, name: str, *, weighted: bool) -> Floats:
        """Standard error of each of these parts, as if the draws were independent.

        That of a ratio of weighted sums (self-normalised importance sampling), the root of
        Σ w² (hit - p)² / (Σ w)²; without weights it is the binomial one.

        Source: A. B. Owen, Monte Carlo theory, methods and examples, chapter 9.2 (2013).
        """
        share = self.shares(name)
        inside = self.class_squares[name] / _FIXED if weighted else self.classes[name].astype(np.float64)
        outside = self.squares / _FIXED - inside
        error: Floats = np.sqrt(inside * (1.0 - share) ** 2 + outside * share**2) / self._total(weighted)
        return error

    def moments(self, grid: Grid, *, weighted: bool) -> tuple[Floats, Floats]:
        """Mean and standard deviation of every quantity."""
        total = self._total(weighted)
        first, second = self.sums / _FIXED / total
        span = grid.width * BINS
        constant = self.lowest == self.highest
        mean = np.where(constant, self.lowest, grid.low + first * span)
        return mean, np.where(constant, 0.0, np.sqrt(np.maximum(second - first * first, 0.0)) * span)

    def quantiles(self, grid: Grid, probabilities: Sequence[float]) -> Floats:
        """Quantiles (probability, quantity): in the bin where the summed weight reaches p, interpolated.

        A quantile is wrong by less than a bin's width, unless it lies beyond the bins: then the end of the
        draws stands for it (see `beyond`).
        """
        found = np.empty((len(probabilities), grid.low.size))
        for k, counts in enumerate(self.bins):
            below = np.cumsum(counts)
            for j, p in enumerate(probabilities):
                wanted = p * self.total
                b = min(int(np.searchsorted(below, wanted)), BINS + 1)
                part = (wanted - (below[b] - counts[b])) / max(counts[b], 1)
                value = grid.low[k] + grid.width[k] * (b - 1 + part)
                if b in (0, BINS + 1):
                    value = self.lowest[k] if b == 0 else self.highest[k]
                found[j, k] = min(max(value, self.lowest[k]), self.highest[k])
        return found

    def beyond(self) -> Floats:
        """Part of the weight (quantity) that lies below the first or above the last bin."""
        outside: Floats = (self.bins[:, 0] + self.bins[:, -1]) / self.total
        return outside


def _count(
    totals: Mapping[str, Whole],
    classes: Mapping[str, NDArray[np.int64] | NDArray[np.bool_]],
    worth: Whole | int,
) -> None:
    """Add what each draw is worth (member) to the classes that it is in."""
    for name, of in classes.items():
        if of.ndim == 2:
            totals[name] += (of * worth).sum(axis=1)
        else:
            np.add.at(totals[name], of, worth)


def whole_weights(log_weights: Floats, reference: float) -> Whole:
    """Weights (member) as whole numbers, with the pilot's heaviest draw at `UNIT_WEIGHT`."""
    relative = np.exp(np.minimum(log_weights - reference, np.log(HEAVIEST)))
    weights: Whole = np.rint(relative * UNIT_WEIGHT).astype(np.int64)
    return weights
