"""Points, seed and estimator, checked together."""

import numpy as np
import pytest

from dualcarbon.errors import InputError
from dualcarbon.explore.sensitivity.request import Request, read_request


@pytest.mark.parametrize(
    ("asked", "points"), [(64, 64), (65, 128), (1000, 1024), (1024, 1024), (131072, 131072)]
)
def test_points_are_rounded_up_to_a_power_of_two(asked, points):
    assert read_request(asked, 7, "saltelli") == Request(points, 7, "saltelli")


def test_numbers_of_numpy_are_numbers():
    request = read_request(np.int64(100), np.int32(0), "jansen")
    assert request == Request(128, 0, "jansen")
    assert type(request.seed) is int
    assert read_request(64, np.int64(2**60 + 1), "saltelli").seed == 2**60 + 1


def test_numbers_may_be_text():
    assert read_request("1e3", "7", "saltelli") == Request(1024, 7, "saltelli")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((0, 7, "saltelli"), "n: 0 points are outside 64-131072"),
        ((-5, 7, "saltelli"), "n: -5 points are outside 64-131072"),
        ((2**30, 7, "saltelli"), "n: 1073741824 points are outside 64-131072"),
        ((100.5, 7, "saltelli"), "n: expected a whole number such as 1024; found 100.5"),
        ((True, 7, "saltelli"), "n: expected a whole number such as 1024; found True"),
        ((64, -1, "saltelli"), "seed: expected a whole number from 0 up; found -1"),
        ((64, "7.5", "saltelli"), "seed: expected a whole number from 0 up; found '7.5'"),
        ((64, None, "saltelli"), "seed: expected a whole number from 0 up; found None"),
        ((64, 7, "sobol"), "estimator: expected saltelli or jansen; found 'sobol'"),
    ],
)
def test_what_is_refused(given, expected):
    with pytest.raises(InputError) as error:
        read_request(*given)
    assert str(error.value) == expected


def test_every_fault_at_once():
    with pytest.raises(InputError) as error:
        read_request("many", 1.5, "best")
    assert [fault.where for fault in error.value.faults] == ["estimator", "n", "seed"]
