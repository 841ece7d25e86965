"""A constant yearly growth rate from the base-year value."""

from __future__ import annotations

import numpy as np

from dualcarbon.axes import Floats, Years


def growth(base_year: int, base_value: Floats, rate: Floats, years: Years) -> Floats:
    """Values (``…, year``) that grow from ``base_value`` (…) by ``rate`` (…) a year after the base year."""
    result = np.empty((*np.broadcast_shapes(base_value.shape, rate.shape), years.size))
    value = base_value + 0.0 * rate
    for position, year in enumerate(range(base_year, int(years[-1]) + 1)):
        if position:
            value = value * (1.0 + rate)
        if year >= years[0]:
            result[..., year - int(years[0])] = value
    return result
