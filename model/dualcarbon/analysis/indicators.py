"""Key indicators of a pathway: peak, neutrality, cumulative emissions, change against a year.

All take series ``…, year`` and return arrays (…); missing years (NaN) at the start are passed over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dualcarbon.axes import Floats, Years, at
from dualcarbon.core.drivers import running_sum

PLATEAU = 0.01
"""Years within this part of the maximum, without a gap around it, belong to the plateau."""


@dataclass(frozen=True)
class Peak:
    """When and how high a series peaks.

    Parameters
    ----------
    year : (…) first year of the maximum
    level : (…) the maximum
    plateau_first, plateau_last : (…) years around the peak that stay within 1 % of it
    provisional : (…) whether the peak is the last observed year, so that the next statistics may move it
    """

    year: NDArray[np.int64]
    level: Floats
    plateau_first: NDArray[np.int64]
    plateau_last: NDArray[np.int64]
    provisional: NDArray[np.bool_]


def peak(series: Floats, years: Years, last_observed: int) -> Peak:
    """Peak of ``series`` (``…, year``): the first year of its maximum, with the plateau beside it."""
    index, level = _highest(series)
    known = np.where(np.isnan(series), -np.inf, series)
    near = known >= level[..., None] * (1.0 - PLATEAU)
    position = np.arange(years.size)
    off_before = np.where(~near & (position < index[..., None]), position, -1).max(axis=-1)
    off_after = np.where(~near & (position > index[..., None]), position, years.size).min(axis=-1)
    year = years[index]
    return Peak(year, level, years[off_before + 1], years[off_after - 1], np.asarray(year == last_observed))


def peak_year_and_level(series: Floats, years: Years) -> tuple[NDArray[np.int64], Floats]:
    """First year of the maximum of ``series`` (``…, year``) and the maximum, as `peak` gives them."""
    index, level = _highest(series)
    return years[index], level


def _highest(series: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Place of the first maximum, missing years passed over, and the maximum.

    Looking for the maximum's value is four times as fast for a batch as `argmax` of the series.
    """
    level = np.asarray(np.fmax.reduce(series, axis=-1))
    index = np.argmax(series == level[..., None], axis=-1)
    return index, np.where(np.isnan(level), -np.inf, level)


def neutral_year(series: Floats, years: Years) -> Floats:
    """First year at or below zero from which the series stays there to the end; NaN when it does not."""
    above = ~(series <= 0.0)
    position = np.where(above, np.arange(years.size), -1).max(axis=-1)
    inside = np.minimum(position + 1, years.size - 1)
    return np.where(position + 1 < years.size, years[inside].astype(np.float64), np.nan)


def zero_crossing(series: Floats, years: Years) -> Floats:
    """Point in time, interpolated between years, at which the series crosses zero for good; NaN if never."""
    first = neutral_year(series, years)
    index = np.where(np.isnan(first), 1, first - years[0]).astype(np.int64)
    before = np.take_along_axis(series, np.maximum(index - 1, 0)[..., None], axis=-1)[..., 0]
    after = np.take_along_axis(series, index[..., None], axis=-1)[..., 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(index > 0, before / (before - after), 1.0)
    return first - 1.0 + part


def cumulative(series: Floats, years: Years, first: int, last: int) -> Floats:
    """Sum of annual values from ``first`` to ``last``, both included."""
    return running_sum(series[..., at(years, first) : at(years, last) + 1])


def change_since(series: Floats, years: Years, base: int) -> Floats:
    """Change (``…, year``) of a series against its value in ``base``, as a fraction."""
    return series / series[..., at(years, base), None] - 1.0
