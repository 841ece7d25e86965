"""How far one lever may lie from its path.

The note ``0007-uncertainty-of-levers`` says what a deviation means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dualcarbon.axes import Floats, Years
from dualcarbon.explore.ensembles.shapes import Normal, Shape, TwoTriangles
from dualcarbon.tables.levers import Lever


@dataclass(frozen=True)
class Marginal:
    """How far one lever may lie from its path.

    Parameters
    ----------
    lever : its name
    multiplicative : whether the deviation is a ratio to the central path, else a difference (inside unit)
    years : (anchor) years where the deviation is drawn; straight lines from the base year (no deviation) and
        between them, held after the last
    autoregression : coefficient of a first-order autoregression around the path; None for one draw that
        holds for all years
    rests_on : ``scenario``, or ``lever table`` with its status
    shape : distribution of the standard value
    below, above : (anchor) deviation where the standard value is -1 and 1; its logarithm if ``logarithmic``
    logarithmic : whether the ratio is the exponential of what is drawn
    lower, upper : bounds of the lever in the inside unit; a path is cut to them
    """

    lever: str
    multiplicative: bool
    years: Years
    autoregression: float | None
    rests_on: str
    shape: Shape
    below: Floats
    above: Floats
    logarithmic: bool
    lower: float
    upper: float

    def deviations(self, uniform: Floats) -> Floats:
        """Deviations (anchor, member) at uniform numbers (member): ratios or differences."""
        return self._sized(self.shape.quantile(uniform))

    def deviation_at_score(self, score: Floats) -> Floats:
        """Deviation (member) in one year at normal scores (member), for autoregressions."""
        sized: Floats = self._sized(self.shape.at_score(score))[0]
        return sized

    def _sized(self, standard: Floats) -> Floats:
        """Deviations (anchor, member) of standard values (member)."""
        sized = np.empty((self.years.size, standard.size))
        down, up = np.minimum(standard, 0.0), np.maximum(standard, 0.0)
        for row, below, above in zip(sized, self.below, self.above, strict=True):
            np.multiply(up, above, out=row)
            np.add(row, down * below, out=row)
        if self.logarithmic:
            return np.exp(sized, out=sized)
        if self.multiplicative:
            np.add(sized, 1.0, out=sized)
            np.maximum(sized, 0.0, out=sized)
        return sized


def from_table(lever: Lever, rests_on: str) -> Marginal:
    """The lever table's range: 5, 50 and 95 % points exactly as there, in the table's years."""
    years, low, high = (np.array(column) for column in zip(*lever.range90, strict=True))
    if lever.distribution == "lognormal":
        below, above = -np.log(low), np.log(high)
    else:
        middle = 1.0 if lever.multiplicative else 0.0
        below, above = middle - low, high - middle
    return Marginal(
        lever=lever.name,
        multiplicative=lever.multiplicative,
        years=years,
        autoregression=None,
        rests_on=rests_on,
        shape=TwoTriangles() if lever.distribution == "triangular" else Normal(),
        below=below,
        above=above,
        logarithmic=lever.distribution == "lognormal",
        lower=lever.lower,
        upper=lever.upper,
    )
