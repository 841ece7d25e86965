"""Results as tables: units of the registry, nothing lost between the wide and the long form."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import dualcarbon as dc


@pytest.fixture(scope="module")
def run() -> dc.Run:
    return dc.run("current-policies")


def test_wide_is_in_the_units_that_it_names(run: dc.Run) -> None:
    wide = run.to_pandas()
    assert list(wide.index) == list(run.years)
    units = wide.attrs["units"]
    assert (units["coal_share"], units["energy_total"]) == ("%", "Mtce")
    np.testing.assert_allclose(wide["coal_share"], 100 * run["coal_share"])
    np.testing.assert_array_equal(wide["energy_total"], run["energy_total"])
    assert wide.attrs["scenario"] == "current-policies"


def test_long_holds_every_known_number_once(run: dc.Run) -> None:
    wide, long = run.to_pandas(), run.to_pandas(long=True)
    assert list(long.columns) == ["scenario", "variable", "unit", "year", "value"]
    assert set(long["scenario"]) == {"current-policies"}
    assert len(long) == wide.notna().to_numpy().sum() < wide.size
    back = long.pivot(index="year", columns="variable", values="value")[list(wide.columns)]
    pd.testing.assert_frame_equal(back, wide, check_names=False)
    units = dict(zip(long["variable"], long["unit"], strict=True))
    assert units == wide.attrs["units"]
