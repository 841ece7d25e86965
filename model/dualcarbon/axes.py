"""The year axis: always the last one, always whole years without gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FIRST_YEAR = 2000
"""First year of every result."""

END_YEAR = 2060
"""Last year of a projection unless a scenario says otherwise."""

LATEST_END_YEAR = 2100

Floats = NDArray[np.float64]
Years = NDArray[np.int64]


def year_range(first: int, last: int) -> Years:
    """All years from ``first`` to ``last``, both included."""
    return np.arange(first, last + 1, dtype=np.int64)


def at(years: Years, year: int) -> int:
    """Position of ``year`` on the axis; ``KeyError`` when it is not there."""
    first = int(years[0])
    if not first <= year <= int(years[-1]):
        raise KeyError(f"{year} is outside {first}-{int(years[-1])}")
    return year - first
