"""An S-curve from the base-year value to a saturation level."""

from __future__ import annotations

import numpy as np

from dualcarbon.axes import Floats, Years


def logistic(
    base_year: int, base_value: Floats, to: Floats, midpoint: float, width: float, years: Years
) -> Floats:
    """Logistic through the base year's value that approaches ``to`` and turns at ``midpoint``.

    Parameters
    ----------
    base_value, to : (…) value in the base year and level approached in the long run
    midpoint : year of the steepest change
    width : time constant in years; 10 to 90 % of the change takes 4.4 widths
    years : (year) years after or equal to the base year

    Returns
    -------
    (…, year) values; equal to ``base_value`` in the base year
    """

    def above(t: Floats) -> Floats:
        """Logarithm of 1 + exp((t - midpoint) / width): minus the logarithm of what is left to saturation."""
        return np.logaddexp(0.0, (t - midpoint) / width)

    part = -np.expm1(above(np.asarray(float(base_year))) - above(years.astype(np.float64)))
    return base_value[..., None] + (to - base_value)[..., None] * part
