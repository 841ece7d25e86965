"""Constant between anchors, forward or backward."""

from __future__ import annotations

import numpy as np

from dualcarbon.axes import Floats, Years


def step(anchor_years: Years, anchor_values: Floats, years: Years) -> Floats:
    """Each value holds from its year until the next anchor; the first one also before its year."""
    index = np.searchsorted(anchor_years, years, side="right") - 1
    return anchor_values[..., np.clip(index, 0, anchor_years.size - 1)]


def average_step(anchor_years: Years, anchor_values: Floats, years: Years) -> Floats:
    """Each value is the average since the previous anchor: it holds after that one and up to its own year."""
    index = np.searchsorted(anchor_years, years, side="left")
    return anchor_values[..., np.clip(index, 0, anchor_years.size - 1)]
