"""Growth curves fitted to the past: known parameters come back, and the curve goes on from the base year."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualcarbon.axes import year_range
from dualcarbon.curves.history import KINDS, fit_history, forward
from strategies import assert_same_bits

PAST = year_range(2000, 2025)
FUTURE = year_range(2026, 2060)


def logistic(years, level, midpoint, width):
    return level / (1.0 + np.exp(-(years - midpoint) / width))


def gompertz(years, level, midpoint, width):
    return level * np.exp(-np.exp(-(years - midpoint) / width))


def exponential(years, start_2000, rate):
    return start_2000 * np.exp(rate * (years - 2000.0))


SHAPES = {"logistic": logistic, "gompertz": gompertz, "exponential": exponential}
KNOWN = {
    "logistic": {"level": 0.6, "midpoint": 2022.0, "width": 7.0},
    "gompertz": {"level": 900.0, "midpoint": 2015.0, "width": 12.0},
    "exponential": {"start_2000": 30.0, "rate": 0.04},
}


def test_every_kind_has_a_shape_here():
    assert set(SHAPES) == set(KNOWN) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_known_parameters_come_back_with_small_errors(kind):
    known = KNOWN[kind]
    fit = fit_history(kind, PAST, SHAPES[kind](PAST, **known), 10.0 * max(known.values()))
    assert (fit.kind, fit.first, fit.last, fit.at_bound) == (kind, 2000, 2025, ())
    for name, value in known.items():
        assert fit.parameters[name] == pytest.approx(value, rel=1e-5), name
        assert 0.0 <= fit.errors[name] < 1e-4 * abs(value), name
    assert fit.residual < 1e-6 * max(known.values())


@given(st.floats(0.3, 0.95), st.floats(2008.0, 2024.0), st.floats(3.0, 9.0))
def test_any_logistic_that_has_turned_comes_back(level, midpoint, width):
    fit = fit_history("logistic", PAST, logistic(PAST, level, midpoint, width), 1.0)
    assert fit.parameters["level"] == pytest.approx(level, rel=1e-3)
    assert fit.parameters["midpoint"] == pytest.approx(midpoint, abs=0.05)
    assert fit.parameters["width"] == pytest.approx(width, rel=1e-2)


@pytest.mark.parametrize("kind", KINDS)
def test_standard_errors_cover_what_noise_does(kind):
    """The mean of 60 noisy fits is the truth, and their spread is the standard error that they report."""
    known = KNOWN[kind]
    truth = SHAPES[kind](PAST, **known)
    rng = np.random.default_rng(1)
    fits = [
        fit_history(kind, PAST, truth + rng.normal(0.0, 0.01 * truth.max(), PAST.size), 10.0 * truth.max())
        for _ in range(60)
    ]
    for name, value in known.items():
        found = np.array([fit.parameters[name] for fit in fits])
        reported = np.median([fit.errors[name] for fit in fits])
        assert abs(found.mean() - value) < 4.0 * reported / np.sqrt(60), name
        assert 0.6 < found.std() / reported < 1.5, name


@pytest.mark.parametrize("kind", KINDS)
def test_units_scale_the_levels_only(kind):
    series = SHAPES[kind](PAST, **KNOWN[kind]) + np.sin(PAST) * 0.01
    one = fit_history(kind, PAST, series, 1e4)
    large = fit_history(kind, PAST, series * 1e3, 1e7)
    for name in KNOWN[kind]:
        factor = 1e3 if name in ("level", "start_2000") else 1.0
        assert large.parameters[name] == pytest.approx(one.parameters[name] * factor, rel=1e-6)
        assert large.errors[name] == pytest.approx(one.errors[name] * factor, rel=1e-3)
    assert large.residual == pytest.approx(one.residual * 1e3, rel=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_the_future_joins_the_base_years_value(kind):
    known = KNOWN[kind]
    fit = fit_history(kind, PAST, SHAPES[kind](PAST, **known), 1e4)
    path = forward(fit, 2025, 1.1 * float(SHAPES[kind](2025, **known)), FUTURE)
    np.testing.assert_allclose(path, 1.1 * SHAPES[kind](FUTURE, **known), rtol=1e-4)
    assert_same_bits(path, forward(fit, 2025, 1.1 * float(SHAPES[kind](2025, **known)), FUTURE))


def test_a_level_at_its_highest_is_said_to_be():
    fit = fit_history("logistic", PAST, exponential(PAST, 0.05, 0.06), 1.0)
    assert fit.parameters["level"] == pytest.approx(1.0)
    assert fit.at_bound == ("level",)


FEW = "has only 4 years of history; 5 are needed"
NOT_POSITIVE = "has values at or below zero in its history"
NO_CURVE = "does not follow a {} curve in its history; choose another curve or set anchors"
REFUSED = {
    "too short": ("logistic", PAST[:4], np.arange(1.0, 5.0), FEW),
    "zeros": ("exponential", PAST, np.zeros(PAST.size), NOT_POSITIVE),
    "below zero": ("gompertz", PAST, np.linspace(-1.0, 5.0, PAST.size), NOT_POSITIVE),
    "falls": ("logistic", PAST, np.linspace(70.0, 50.0, PAST.size), NO_CURVE.format("logistic")),
    "falls by a tenth": ("gompertz", PAST, np.linspace(5.0, 4.5, PAST.size), NO_CURVE.format("gompertz")),
    "no shape": ("gompertz", PAST, 5.0 + np.cos(PAST * np.pi), NO_CURVE.format("gompertz")),
}


@pytest.mark.parametrize(("kind", "years", "values", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_a_past_that_gives_no_curve_is_refused(kind, years, values, message):
    with pytest.raises(ValueError) as caught:
        fit_history(kind, years, values, 100.0)
    assert str(caught.value) == message
