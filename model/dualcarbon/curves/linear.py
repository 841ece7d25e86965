"""Straight lines between anchors."""

from __future__ import annotations

import numpy as np

from dualcarbon.axes import Floats, Years


def linear(anchor_years: Years, anchor_values: Floats, years: Years) -> Floats:
    """Values at ``years`` (``…, year``) on straight lines between ``anchor_values`` (``…, anchor``)."""
    result = np.empty((*anchor_values.shape[:-1], years.size))
    last = anchor_years.size - 1
    for position, year in enumerate(years):
        right = int(np.searchsorted(anchor_years, year))
        if right == 0:
            result[..., position] = anchor_values[..., 0]
        elif right > last:
            result[..., position] = anchor_values[..., last]
        elif anchor_years[right] == year:
            result[..., position] = anchor_values[..., right]
        else:
            low, high = anchor_values[..., right - 1], anchor_values[..., right]
            part = (year - anchor_years[right - 1]) / (anchor_years[right] - anchor_years[right - 1])
            result[..., position] = low + (high - low) * part
    return result
