"""Levels that grow year by year: GDP and energy intensity."""

from __future__ import annotations

import numpy as np

from dualcarbon.axes import Floats


def compound(first: Floats, rate: Floats, last: Floats | None = None, out: Floats | None = None) -> Floats:
    """Levels that start at ``first`` and grow by ``rate`` each year.

    Parameters
    ----------
    first : (…) level in the first year of the axis
    rate : (…, year) growth over the year before, as a fraction; its first entry is not used
    last : (…) level in the year before the axis; given it, the levels go on from there, by every rate, and
        ``first`` is not used. It may be a year of ``out``.

    Returns
    -------
    (…, year) levels: ``level[t] = level[t-1] * (1 + rate[t])``
    """
    if out is None:
        before = first if last is None else last
        shape = (*np.broadcast_shapes(before.shape, rate.shape[:-1]), rate.shape[-1])
        out = np.empty(shape, order="F")
    level = out
    if last is None:
        level[..., 0] = first
        last = level[..., 0]
    else:
        last = np.multiply(last, rate[..., 0] + 1.0, out=level[..., 0])
    for t in range(1, level.shape[-1]):
        last = np.multiply(last, rate[..., t] + 1.0, out=level[..., t])
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
