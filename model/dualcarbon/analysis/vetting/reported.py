"""What other people's pathways report: values by scenario and year, with gaps where nothing is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dualcarbon.axes import FIRST_YEAR, LATEST_END_YEAR, Floats, year_range

YEARS = year_range(FIRST_YEAR, LATEST_END_YEAR)
"""The year axis of what is reported."""


@dataclass(frozen=True)
class Reported:
    """Pathways of one file.

    Parameters
    ----------
    file : where they were read
    scenarios : model and scenario of each pathway
    arrays : (scenario, year) on `YEARS` in inside units, NaN where nothing is reported, by key
    names : the file's names of each key
    unknown : variables of China that are not known here
    other_regions : regions that were passed over
    """

    file: str
    scenarios: tuple[tuple[str, str], ...]
    arrays: Mapping[str, Floats]
    names: Mapping[str, tuple[str, ...]]
    unknown: tuple[str, ...] = ()
    other_regions: tuple[str, ...] = ()


def interpolated(array: Floats) -> Floats:
    """Straight lines between reported years; NaN before the first and after the last (``…, year``)."""
    before, after = _neighbours(array)
    inside = (before >= 0) & (after < array.shape[-1])
    low, high = np.maximum(before, 0), np.minimum(after, array.shape[-1] - 1)
    first, last = (np.take_along_axis(array, index, axis=-1) for index in (low, high))
    span = np.where(high > low, high - low, 1)
    line = first + (last - first) * ((np.arange(array.shape[-1]) - low) / span)
    return np.where(inside, np.where(np.isnan(array), line, array), np.nan)


def held(array: Floats) -> Floats:
    """The last reported value held until the next one; NaN before the first (``…, year``)."""
    before, _ = _neighbours(array)
    return np.where(before >= 0, np.take_along_axis(array, np.maximum(before, 0), axis=-1), np.nan)


def _neighbours(array: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of the reported year at or before each year (-1: none), and at or after (size: none)."""
    size = array.shape[-1]
    position = np.arange(size)
    known = ~np.isnan(array)
    before = np.maximum.accumulate(np.where(known, position, -1), axis=-1)
    after = np.minimum.accumulate(np.where(known, position, size)[..., ::-1], axis=-1)[..., ::-1]
    return before, after
