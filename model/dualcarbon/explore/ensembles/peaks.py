"""Peak years of draws that go on from the observed past."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dualcarbon.analysis.indicators import peak
from dualcarbon.axes import Floats, Years
from dualcarbon.explore.ensembles.weighting import chance


def peak_years(series: Floats, years: Years, past: Floats) -> NDArray[np.int64]:
    """First year (member) of the maximum, the years before the draws begin counted in.

    With noise and the base year's error, the highest year may lie before the base year.

    Parameters
    ----------
    series : (member, year) from the base year on
    years : (year) of the series
    past : (year) observed values up to the year before; NaN where statistics are missing
    """
    found = peak(series, years, int(years[0]))
    known = np.where(np.isnan(past), -np.inf, past)
    if not known.size:
        return found.year
    earlier = int(years[0]) - known.size + int(np.argmax(known))
    return np.where(np.max(known) >= found.level, earlier, found.year)


def peak_chances(
    series: Floats, years: Years, past: Floats, weights: Floats
) -> dict[int, tuple[float, float]]:
    """Chance that the peak is not later than each year of the series, with its standard error.

    Parameters
    ----------
    series : (member, year) from the base year on
    years : (year) of the series
    past : (year) observed values up to the year before
    weights : (member), not necessarily summing to one
    """
    found = peak_years(series, years, past)
    return {int(year): chance(found <= year, weights) for year in years}
