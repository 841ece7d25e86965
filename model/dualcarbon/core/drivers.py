"""Levels that grow year by year: GDP and energy intensity."""

from __future__ import annotations

import numpy as np

from dualcarbon.axes import Floats


def compound(first: Floats, rate: Floats) -> Floats:
    """Levels that start at ``first`` and grow by ``rate`` each year.

    Parameters
    ----------
    first : (…) level in the first year of the axis
    rate : (…, year) growth over the year before, as a fraction; its first entry is not used

    Returns
    -------
    (…, year) levels: ``level[t] = level[t-1] * (1 + rate[t])``
    """
    shape = (*np.broadcast_shapes(first.shape, rate.shape[:-1]), rate.shape[-1])
    level = np.empty(shape, order="F" if len(shape) > 1 else "C")
    level[..., 0] = first
    for t in range(1, shape[-1]):
        here = level[..., t]
        np.add(rate[..., t], 1.0, out=here)
        np.multiply(here, level[..., t - 1], out=here)
    return level


def change(level: Floats) -> Floats:
    """Year-to-year change of ``level`` (``…, year``) as a fraction; the first year is NaN."""
    result = np.full_like(level, np.nan)
    np.divide(level[..., 1:], level[..., :-1], out=result[..., 1:])
    return result - 1.0


def running_sum(flow: Floats) -> Floats:
    """Sum of ``flow`` (``…, year``) over the years, added left to right; shape (…)."""
    total = flow[..., 0].copy()
    for t in range(1, flow.shape[-1]):
        total = total + flow[..., t]
    return total
