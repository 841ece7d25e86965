"""Hypothesis strategies of the test suite, and the profile that makes every run of it the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dualcarbon.axes import Floats, Years, year_range
from dualcarbon.inputs import Inputs

settings.register_profile("dualcarbon", max_examples=40, deadline=None, derandomize=True)
settings.load_profile("dualcarbon")


def assert_same_bits(one: Floats, other: Floats) -> None:
    """Equal shapes, NaN in the same places, and everything else equal bit for bit (0.0 is not -0.0)."""
    assert one.shape == other.shape
    missing = np.isnan(one)
    np.testing.assert_array_equal(missing, np.isnan(other))
    bits = [np.where(missing, 0.0, array).view(np.int64) for array in (one, other)]
    np.testing.assert_array_equal(bits[0], bits[1])


# anchors of a curve

YEARS = year_range(2026, 2060)


def _coarse(x: float) -> float:
    """No numbers so small that their products lose digits."""
    return x if x > 1e-12 else 0.0


_VALUES = st.floats(-1e6, 1e6).map(lambda x: x if abs(x) > 1e-3 else 0.0)


@st.composite
def anchors(
    draw: st.DrawFn, least: int = 1, shape: Sequence[int] = (), monotone: bool = False
) -> tuple[Years, Floats]:
    """Anchor years, some of them outside `YEARS`, and values (``…, anchor``), often with equal neighbours."""
    years = draw(st.sets(st.integers(2020, 2065), min_size=least, max_size=8).map(sorted))
    few = draw(st.lists(_VALUES, min_size=1, max_size=3))
    values = draw(arrays(np.float64, (*shape, len(years)), elements=st.one_of(_VALUES, st.sampled_from(few))))
    if monotone:
        values = np.sort(values, axis=-1)
        values = values[..., ::-1] if draw(st.booleans()) else values
    return np.array(years, dtype=np.int64), values


# inputs of a run

SCALARS = ("gdp_first", "energy_first")

RANGES: dict[str, tuple[float, float]] = {
    "population": (1.0, 2000.0),
    "gdp_first": (1.0, 1e5),
    "gdp_growth": (-0.1, 0.15),
    "energy_first": (1.0, 1e4),
    "energy_intensity_change": (-0.1, 0.05),
    "coal_share": (0.0, 1.0),
    "oil_share": (0.0, 1.0),
    "gas_share": (0.0, 1.0),
    "non_fossil_share": (0.001, 1.0),
    "coal_ef": (2.0, 3.0),
    "oil_ef": (0.5, 2.3),
    "gas_ef": (1.0, 2.0),
    "oil_ef_official": (1.0, 2.0),
    "non_fossil_ce_rate": (122.84, 400.0),
    "process_co2": (0.0, 3000.0),
    "capture_rate": (0.0, 1.3),
    "beccs": (0.0, 2000.0),
    "dac": (0.0, 2000.0),
    "land_sink": (-500.0, 3000.0),
    "non_co2": (0.0, 6000.0),
}
"""What an invented country may have, by input; shares are then made to sum to one."""

SHARES = ("coal_share", "oil_share", "gas_share", "non_fossil_share")


def invented(unit: Floats, years: Years, base_year: int) -> Inputs:
    """Inputs from numbers between 0 and 1 (``input, …, year``), one row an input of `RANGES`."""
    values: dict[str, Any] = {}
    for row, (name, (low, high)) in zip(unit, RANGES.items(), strict=True):
        values[name] = low + (high - low) * (row[..., 0] if name in SCALARS else row)
    total = values["coal_share"] + values["oil_share"] + values["gas_share"] + values["non_fossil_share"]
    for name in SHARES:
        values[name] = values[name] / total
    return Inputs(years=years, base_year=base_year, **values)


@st.composite
def inputs(draw: st.DrawFn, shape: Sequence[int] = ()) -> Inputs:
    """Inputs of an invented country over a few years, with leading axes ``shape``."""
    count = draw(st.integers(2, 6))
    unit = draw(
        arrays(
            np.float64,
            (len(RANGES), *shape, count),
            elements=st.floats(0.0, 1.0, allow_subnormal=False).map(_coarse),
        )
    )
    return invented(unit, year_range(2000, 2000 + count - 1), 2000)


def random_inputs(seed: int, shape: Sequence[int], count: int = 12) -> Inputs:
    """Inputs of an invented country for larger batches: uniform numbers instead of awkward ones."""
    unit = np.random.default_rng(seed).random((len(RANGES), *shape, count))
    return invented(unit, year_range(2000, 2000 + count - 1), 2003)
