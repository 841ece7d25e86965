"""Monotone cubic interpolation (PCHIP), so that anchors are joined without overshoot.

Fritsch, F. N. and Butland, J. (1984), SIAM J. Sci. Stat. Comput. 5(2), 300-304: interior slopes are weighted
harmonic means of the neighbouring secants, end slopes three-point formulas limited to keep the shape. The
result equals ``scipy.interpolate.PchipInterpolator``; it is written out here because a run must not wait for
the import of scipy.
"""

from __future__ import annotations

import numpy as np

from dualcarbon.axes import Floats, Years


def pchip(anchor_years: Years, anchor_values: Floats, years: Years) -> Floats:
    """Values at ``years`` (``…, year``) on the monotone cubic through ``anchor_values`` (``…, anchor``)."""
    if anchor_years.size == 1:
        return np.repeat(anchor_values, years.size, axis=-1)
    span = np.diff(anchor_years).astype(np.float64)
    secant = np.diff(anchor_values, axis=-1) / span
    slope = _slopes(span, secant)

    result = np.empty((*anchor_values.shape[:-1], years.size))
    last = anchor_years.size - 1
    for position, year in enumerate(years):
        if year <= anchor_years[0]:
            result[..., position] = anchor_values[..., 0]
        elif year >= anchor_years[last]:
            result[..., position] = anchor_values[..., last]
        else:
            left = int(np.searchsorted(anchor_years, year, side="right")) - 1
            step = float(year - anchor_years[left])
            low, high = slope[..., left], slope[..., left + 1]
            chord = secant[..., left]
            square = (3.0 * chord - 2.0 * low - high) / span[left]
            cube = (low + high - 2.0 * chord) / (span[left] * span[left])
            result[..., position] = anchor_values[..., left] + step * (low + step * (square + step * cube))
    return result


def _slopes(span: Floats, secant: Floats) -> Floats:
    """Slopes at the anchors (``…, anchor``) from the spans (``interval``) and secants (``…, interval``)."""
    count = span.size
    slope = np.zeros((*secant.shape[:-1], count + 1))
    if count == 1:
        slope[...] = secant
        return slope
    for k in range(1, count):
        before, after = secant[..., k - 1], secant[..., k]
        heavy, light = 2.0 * span[k] + span[k - 1], span[k] + 2.0 * span[k - 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = (heavy + light) / (heavy / before + light / after)
        slope[..., k] = np.where(before * after > 0.0, mean, 0.0)
    slope[..., 0] = _end_slope(span[0], span[1], secant[..., 0], secant[..., 1])
    slope[..., -1] = _end_slope(span[-1], span[-2], secant[..., -1], secant[..., -2])
    return slope


def _end_slope(near: float, far: float, here: Floats, next_one: Floats) -> Floats:
    """Three-point slope at an end, limited so that the end interval keeps the shape of the data."""
    slope = ((2.0 * near + far) * here - near * next_one) / (near + far)
    slope = np.where(np.sign(slope) != np.sign(here), 0.0, slope)
    turns = np.sign(here) != np.sign(next_one)
    return np.where(turns & (np.abs(slope) > 3.0 * np.abs(here)), 3.0 * here, slope)
