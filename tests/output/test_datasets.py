"""xarray, NetCDF and Parquet: labels and units on everything, and nothing lost on the way back."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import dualcarbon as dc
from dualcarbon.errors import InputError, OutputError
from dualcarbon.scenario.write import recorded_text
from dualcarbon.tables.variables import read_variables


@pytest.fixture(scope="module")
def runs() -> list[dc.Run]:
    return [dc.run("current-policies"), dc.run("rapid-decline", end_year=2050)]


def test_one_run_has_years_units_and_labels(runs: list[dc.Run]) -> None:
    run = runs[0]
    data = run.to_xarray()
    assert dict(data.sizes) == {"year": run.years.size}
    np.testing.assert_array_equal(data["year"], run.years)
    assert str(data["scenario"].item()) == run.name
    wide = run.to_pandas()
    assert set(data.data_vars) == set(wide.columns)
    for key in wide:
        np.testing.assert_array_equal(data[key], wide[key])
        assert data[key].attrs["units"] == wide.attrs["units"][key]
        assert data[key].attrs["long_name"]
    assert data.sel(year=2030)["coal_share"].item() == pytest.approx(
        100 * run.results.in_year("coal_share", 2030)
    )
    assert data.attrs["Conventions"] == "CF-1.11"
    assert {"title", "source", "history", "references", "accounting", "gwp"} <= set(data.attrs)


def test_attributes_name_the_exchange_variable(runs: list[dc.Run]) -> None:
    data = runs[0].to_xarray()
    for key, variable in read_variables(runs[0].library).items():
        assert data[key].attrs["iamc_name"] == variable.iamc
        assert data[key].attrs["iamc_unit"] == variable.iamc_unit


def test_several_runs_have_a_scenario_axis(runs: list[dc.Run]) -> None:
    data = dc.to_xarray(runs)
    assert dict(data.sizes) == {"scenario": 2, "year": 61}
    late = data["eip_co2"].sel(scenario="rapid-decline", year=slice(2051, None))
    assert bool(late.isnull().all())
    np.testing.assert_array_equal(
        data["eip_co2"].sel(scenario="rapid-decline", year=slice(None, 2050)), runs[1]["eip_co2"]
    )


def test_the_record_is_enough_to_run_again(runs: list[dc.Run], tmp_path: Path) -> None:
    meta = json.loads(str(runs[0].to_xarray()["record"].item()))
    text = recorded_text("again", "again", meta["base_year"], meta)
    (tmp_path / "again.yaml").write_text(text, encoding="utf-8")
    again = dc.run(tmp_path / "again.yaml")
    np.testing.assert_allclose(again["eip_co2"], runs[0]["eip_co2"], rtol=1e-9)


def test_netcdf_comes_back_as_it_was(runs: list[dc.Run], tmp_path: Path) -> None:
    dc.export(runs, tmp_path / "a.nc")
    back = dc.read_netcdf(tmp_path / "a.nc")
    xr.testing.assert_identical(back, dc.to_xarray(runs))


def test_parquet_comes_back_as_it_was(runs: list[dc.Run], tmp_path: Path) -> None:
    dc.export(runs, tmp_path / "a.parquet")
    back = dc.read_parquet(tmp_path / "a.parquet")
    whole = pd.concat([run.to_pandas(long=True) for run in runs], ignore_index=True)
    pd.testing.assert_frame_equal(back, whole, check_exact=True, check_dtype=False)
    assert back["value"].dtype == np.float64
    assert back.attrs["scenarios"]["rapid-decline"]["base_year"] == 2025
    assert back.attrs["scenarios"]["rapid-decline"]["record"] == json.loads(runs[1].pathway().record)
    assert back.attrs["variables"]["coal_share"]["units"] == "%"
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a.parquet"), back, check_exact=True)


@pytest.mark.parametrize("names", [[], ["current-policies", "current-policies"]])
def test_a_dataset_needs_runs_of_different_names(names: list[str]) -> None:
    with pytest.raises(InputError, match="give runs of different names, at least one"):
        dc.to_xarray([dc.run(name) for name in names])


@pytest.mark.parametrize(
    ("module", "ending"), [("xarray", "nc"), ("h5netcdf", "nc"), ("h5py", "nc"), ("pyarrow", "parquet")]
)
def test_a_missing_package_is_named(
    module: str, ending: str, runs: list[dc.Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    read = dc.read_netcdf if ending == "nc" else dc.read_parquet
    for action in (lambda: dc.export(runs, tmp_path / f"a.{ending}"), lambda: read(tmp_path / "b")):
        with pytest.raises(OutputError, match=rf"{module}: pip install 'dualcarbon\[datasets\]'"):
            action()
    assert not list(tmp_path.iterdir())


def test_other_files_are_refused(tmp_path: Path) -> None:
    for name, read in (("a.nc", dc.read_netcdf), ("a.parquet", dc.read_parquet)):
        with pytest.raises(InputError, match=f"{name}: there is no such file"):
            read(tmp_path / name)
        (tmp_path / name).write_text("not this")
        with pytest.raises(InputError, match=f"{name}: cannot be read as"):
            read(tmp_path / name)
    pd.DataFrame({"x": [1.0]}).to_parquet(tmp_path / "b.parquet")
    with pytest.raises(InputError, match="was not written by dualcarbon export"):
        dc.read_parquet(tmp_path / "b.parquet")
