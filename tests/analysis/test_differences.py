"""What counts as a difference between two results, and which year stands for it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualcarbon.analysis.differences import YEARS, Move, moved
from dualcarbon.axes import year_range
from dualcarbon.results import Results

NAN = math.nan


def results(first: int = 2000, **values: Sequence[float]) -> Results:
    arrays = {name: np.array(numbers, dtype=np.float64) for name, numbers in values.items()}
    count = len(next(iter(values.values()), ()))
    return Results(year_range(first, first + count - 1), first, arrays)


def assert_same_move(found: Move, expected: Move) -> None:
    """Equal fields, NaN equal to NaN."""
    for mine, theirs in zip(vars(found).values(), vars(expected).values(), strict=True):
        assert (
            mine == pytest.approx(theirs, rel=1e-12, nan_ok=True)
            if isinstance(mine, float)
            else mine == theirs
        )


def test_a_move_has_its_worst_year_and_both_values() -> None:
    old, new = results(gdp=[100.0, 100.0, 100.0, 100.0]), results(gdp=[100.0, 101.0, 80.0, 110.0])
    (move,) = moved(old, new, rtol=1e-6)
    assert_same_move(move, Move("gdp", 2002, 100.0, 80.0, 0.2, 3))


def test_equal_results_do_not_differ_even_without_tolerance() -> None:
    old = results(gdp=[0.0, NAN, math.inf, -5.0])
    assert moved(old, results(gdp=[-0.0, NAN, math.inf, -5.0]), rtol=0.0) == []


@pytest.mark.parametrize(
    ("old", "new", "relative"),
    [
        (NAN, 1.0, math.inf),
        (1.0, NAN, math.inf),
        (math.inf, 1.0, math.inf),
        (math.inf, -math.inf, math.inf),
        (0.0, 1e-30, 1.0),
        (1.0, -1.0, 2.0),
    ],
)
def test_a_value_that_appears_vanishes_or_changes_sign_differs(
    old: float, new: float, relative: float
) -> None:
    (move,) = moved(results(dac=[1.0, old]), results(dac=[1.0, new]), rtol=1e-3)
    assert_same_move(move, Move("dac", 2001, old, new, relative, 1))


def test_the_absolute_tolerance_forgives_what_is_small_in_units() -> None:
    old, new = results(dac=[0.0, 10.0]), results(dac=[1e-10, 11.0])
    assert moved(old, new, rtol=0.0)[0].year == 2000
    assert moved(old, new, rtol=0.0, atol=1e-9)[0] == Move("dac", 2001, 10.0, 11.0, 1.0 / 11.0, 1)
    assert moved(results(dac=[NAN]), results(dac=[0.0]), rtol=0.0, atol=1.0) != []


def test_a_difference_of_just_the_tolerance_is_none() -> None:
    old, new = results(gdp=[8.0]), results(gdp=[6.0])
    assert moved(old, new, rtol=0.25) == []
    assert moved(old, new, rtol=0.0, atol=2.0) == []
    assert len(moved(old, new, rtol=0.249)) == 1


def test_years_that_differ_alike_are_told_by_the_first() -> None:
    sink = np.array([1200.0, 1232.0, 767.1, 850.3])
    (move,) = moved(results(land_sink=[1.0, *sink]), results(land_sink=[1.0, *(sink * 0.9)]), rtol=1e-6)
    assert (move.year, move.count) == (2001, 4)


def test_what_only_one_has_is_told() -> None:
    old, new = results(gdp=[1.0, 2.0], coal_share=[0.5, NAN]), results(gdp=[1.0, 2.0], dac=[3.0, 4.0])
    coal, dac = moved(old, new, rtol=1e-6)
    assert_same_move(coal, Move("coal_share", 2000, 0.5, NAN, math.inf, 2, "before"))
    assert_same_move(dac, Move("dac", 2000, NAN, 3.0, math.inf, 2, "after"))


def test_years_that_only_one_has_are_told_and_the_others_compared() -> None:
    old, new = results(2000, gdp=[1.0, 2.0, 3.0]), results(2001, gdp=[2.0, 4.0, 9.0, 9.0])
    lost, gained, gdp = moved(old, new, rtol=1e-6)
    assert_same_move(lost, Move(YEARS, 2000, NAN, NAN, math.inf, 1, "before"))
    assert_same_move(gained, Move(YEARS, 2003, NAN, NAN, math.inf, 2, "after"))
    assert_same_move(gdp, Move("gdp", 2002, 3.0, 4.0, 0.25, 1))


def test_only_the_variables_asked_for_are_compared() -> None:
    old, new = results(gdp=[1.0], dac=[1.0]), results(gdp=[2.0], dac=[2.0])
    assert [move.variable for move in moved(old, new, rtol=1e-6)] == ["gdp", "dac"]
    assert [move.variable for move in moved(old, new, rtol=1e-6, variables=["dac"])] == ["dac"]
    with pytest.raises(KeyError, match="nothing"):
        moved(old, new, rtol=1e-6, variables=["nothing"])


def test_a_batch_is_told_by_its_worst_member() -> None:
    old = Results(year_range(2000, 2001), 2000, {"gdp": np.full((3, 2), 100.0)})
    values = np.array([[100.0, 101.0], [100.0, 150.0], [99.0, 100.0]])
    new = Results(year_range(2000, 2001), 2000, {"gdp": values})
    assert_same_move(moved(old, new, rtol=1e-6)[0], Move("gdp", 2001, 100.0, 150.0, 1.0 / 3.0, 2))
    with pytest.raises(ValueError, match=r"gdp has the shape \(3, 2\) before and \(2,\) after"):
        moved(old, results(gdp=[1.0, 2.0]), rtol=1e-6)


@pytest.mark.parametrize(("rtol", "atol"), [(-1e-6, 0.0), (NAN, 0.0), (math.inf, 0.0), (0.0, NAN)])
def test_a_tolerance_that_nothing_could_exceed_is_refused(rtol: float, atol: float) -> None:
    with pytest.raises(ValueError, match="tolerances are finite and at least 0"):
        moved(results(gdp=[1.0]), results(gdp=[2.0]), rtol=rtol, atol=atol)


_VALUES = st.lists(
    st.one_of(st.floats(-1e300, 1e300), st.sampled_from([NAN, 0.0, 1.0])), min_size=5, max_size=5
)


@given(_VALUES, _VALUES, st.floats(0.0, 1.0), st.floats(0.0, 10.0))
def test_the_order_of_the_two_does_not_matter(
    one: list[float], other: list[float], rtol: float, atol: float
) -> None:
    there = moved(results(gdp=one), results(gdp=other), rtol, atol)
    back = moved(results(gdp=other), results(gdp=one), rtol, atol)
    for a, b in zip(there, back, strict=True):
        assert_same_move(a, Move(b.variable, b.year, b.after, b.before, b.relative, b.count))


@given(_VALUES, _VALUES, st.floats(0.0, 1.0))
def test_the_count_is_that_of_isclose(one: list[float], other: list[float], rtol: float) -> None:
    far = [
        not (math.isclose(a, b, rel_tol=rtol) or (math.isnan(a) and math.isnan(b)))
        for a, b in zip(one, other, strict=True)
    ]
    assert sum(move.count for move in moved(results(gdp=one), results(gdp=other), rtol)) == sum(far)
