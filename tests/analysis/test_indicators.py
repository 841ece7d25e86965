"""Peak, neutrality, crossing and sums: the definitions, and the series on which others go wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dualcarbon.analysis import indicators
from dualcarbon.axes import Floats, year_range
from strategies import assert_same_bits

NAN = float("nan")

# peak

FROM_2020 = {
    "one maximum": ([5, 8, 9, 7, 3], 2022, 9, 2022, 2022),
    "the first of equal maxima": ([5, 9, 7, 9, 3], 2021, 9, 2021, 2021),
    "a flat maximum": ([5, 9, 9, 9, 3], 2021, 9, 2021, 2023),
    "plateau within one per cent": ([50, 99, 100, 99.5, 98], 2022, 100, 2021, 2023),
    "exactly one per cent below": ([50, 99, 100, 98.999, 100], 2022, 100, 2021, 2022),
    "a plateau ends at its gap": ([99.5, 98, 99.5, 100, 99.9], 2023, 100, 2022, 2024),
    "falling from the start": ([9, 8, 7, 6, 5], 2020, 9, 2020, 2020),
    "rising to the end": ([5, 6, 7, 8, 9], 2024, 9, 2024, 2024),
    "missing at the start": ([NAN, NAN, 7, 9, 8], 2023, 9, 2023, 2023),
    "missing before a flat start": ([NAN, 9, 9, 8, 7], 2021, 9, 2021, 2022),
}


@pytest.mark.parametrize(("series", "year", "level", "first", "last"), FROM_2020.values(), ids=FROM_2020)
def test_peak(series: list[float], year: int, level: float, first: int, last: int) -> None:
    peak = indicators.peak(np.array(series, dtype=float), year_range(2020, 2024), 2025)
    assert (peak.year, peak.level) == (year, level)
    assert (peak.plateau_first, peak.plateau_last) == (first, last)


@pytest.mark.parametrize(("last_observed", "provisional"), [(2021, False), (2022, True), (2023, False)])
def test_a_peak_in_the_last_observed_year_is_provisional(last_observed: int, provisional: bool) -> None:
    peak = indicators.peak(np.array([1.0, 2.0, 3.0, 2.0]), year_range(2020, 2023), last_observed)
    assert peak.provisional == provisional


# neutral year and crossing

FROM_2058 = {
    "zero in 2060, then negative": ([2, 1, 0, -1, -2], 2060, 2060.0),
    "reaches zero and stays there": ([2, 1, 0, 0, 0], 2060, 2060.0),
    "zero in the last year only": ([4, 3, 2, 1, 0], 2062, 2062.0),
    "dips below and comes back": ([2, -1, 1, 2, 3], NAN, NAN),
    "dips below, comes back, goes for good": ([1, -1, 1, -1, -2], 2061, 2060.5),
    "back in the last year": ([1, -1, -2, -3, 0.001], NAN, NAN),
    "never": ([5, 4, 3, 2, 1], NAN, NAN),
    "from the first year on": ([-1, -2, -3, -4, -5], 2058, 2058.0),
    "between two years": ([3, 1, -3, -4, -5], 2060, 2059.25),
    "missing at the start": ([NAN, NAN, 1, -1, -2], 2061, 2060.5),
    "missing, then below zero": ([NAN, -1, -1, -1, -1], 2059, NAN),
}


@pytest.mark.parametrize(("series", "year", "crossing"), FROM_2058.values(), ids=FROM_2058)
def test_neutral_year_and_zero_crossing(series: list[float], year: float, crossing: float) -> None:
    values, years = np.array(series, dtype=float), year_range(2058, 2062)
    np.testing.assert_equal(float(indicators.neutral_year(values, years)), float(year))
    np.testing.assert_allclose(indicators.zero_crossing(values, years), crossing, rtol=1e-15)


@given(st.floats(2026.0, 2059.99), st.floats(0.1, 500.0))
def test_a_straight_line_crosses_where_it_does(crossing: float, slope: float) -> None:
    years = year_range(2025, 2060)
    line = slope * (crossing - years)
    assert float(indicators.zero_crossing(line, years)) == pytest.approx(crossing, abs=1e-9)
    assert float(indicators.neutral_year(line, years)) == np.ceil(crossing)


# sums and changes


def test_cumulative_counts_both_ends() -> None:
    years, flow = year_range(2020, 2024), np.array([1.0, 10.0, 100.0, 1000.0, 10000.0])
    assert indicators.cumulative(flow, years, 2021, 2023) == 1110.0
    assert indicators.cumulative(flow, years, 2022, 2022) == 100.0
    assert indicators.cumulative(flow, years, 2020, 2024) == 11111.0
    assert flow.sum() == 11111.0


@pytest.mark.parametrize(("first", "last"), [(2019, 2022), (2021, 2025)])
def test_cumulative_outside_the_years_is_refused(first: int, last: int) -> None:
    with pytest.raises(KeyError, match="outside 2020-2024"):
        indicators.cumulative(np.ones(5), year_range(2020, 2024), first, last)


def test_change_since_a_year() -> None:
    change = indicators.change_since(np.array([2.0, 4.0, 1.0]), year_range(2020, 2022), 2020)
    np.testing.assert_array_equal(change, [0.0, 1.0, -0.5])


# batches

batches = given(arrays(np.float64, (4, 6), elements=st.integers(-3, 3).map(float) | st.just(NAN)))


@batches
def test_member_of_a_batch_is_the_single_series(batch: Floats) -> None:
    years = year_range(2025, 2030)
    peaks = indicators.peak(batch, years, 2027)
    for k, series in enumerate(batch):
        alone = indicators.peak(series, years, 2027)
        for field in ("year", "level", "plateau_first", "plateau_last", "provisional"):
            assert getattr(peaks, field)[k] == getattr(alone, field)
        for judge in (indicators.neutral_year, indicators.zero_crossing):
            assert_same_bits(judge(batch, years)[k, None], np.atleast_1d(judge(series, years)))
        total = indicators.cumulative(series, years, 2026, 2029)
        assert_same_bits(indicators.cumulative(batch, years, 2026, 2029)[k, None], np.atleast_1d(total))


@batches
def test_the_memory_order_of_a_batch_does_not_matter(batch: Floats) -> None:
    years, fortran = year_range(2025, 2030), np.asfortranarray(batch)
    for judge in (indicators.neutral_year, indicators.zero_crossing):
        assert_same_bits(judge(fortran, years), judge(batch, years))
    assert_same_bits(
        indicators.cumulative(fortran, years, 2025, 2030), indicators.cumulative(batch, years, 2025, 2030)
    )


def test_any_leading_axes() -> None:
    years = year_range(2025, 2030)
    batch = np.random.default_rng(1).standard_normal((2, 3, 6))
    assert indicators.peak(batch, years, 2025).year.shape == (2, 3)
    assert indicators.neutral_year(batch, years).shape == (2, 3)
    assert indicators.zero_crossing(batch, years).shape == (2, 3)
    assert indicators.cumulative(batch, years, 2025, 2026).shape == (2, 3)
    assert indicators.change_since(batch, years, 2025).shape == (2, 3, 6)
