"""Points at which a function is evaluated for Sobol indices: two samples, and one with a factor exchanged.

A and B are the two halves of a scrambled Sobol sequence in twice as many dimensions as there are factors, so
that they are independent of each other and both fill the unit cube evenly. A with one factor taken from B
differs from A in that factor alone and from B in all the others [1]_.

.. [1] Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M., Tarantola, S. (2010): Variance based
   sensitivity analysis of model output. Computer Physics Communications 181, 259-270.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dualcarbon.axes import Floats


def two_samples(dimensions: int, points: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Samples A and B, each (dimension, point), from one scrambled Sobol sequence.

    Parameters
    ----------
    dimensions : of the unit cube
    points : of each sample, a power of two: only then is the sequence balanced
    rng : scrambles the sequence

    Raises
    ------
    ValueError
        If the points are no power of two.
    """
    from scipy.stats import qmc  # takes longer to load than most commands to run

    if points < 1 or points & (points - 1):
        raise ValueError(f"{points} is not a power of two")
    sequence = qmc.Sobol(2 * dimensions, scramble=True, seed=rng)
    both = np.ascontiguousarray(sequence.random(points).T)
    return both[:dimensions], both[dimensions:]


def exchanged(a: Floats, b: Floats, rows: Sequence[int]) -> Floats:
    """A (dimension, point) with some of its rows taken from B."""
    mixed = a.copy()
    mixed[list(rows)] = b[list(rows)]
    return mixed
