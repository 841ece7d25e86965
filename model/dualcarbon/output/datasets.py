"""Results as labelled arrays and columnar tables: xarray, NetCDF, Parquet, and back.

Keys and units are those of the registry, as in `dualcarbon.output.frames`; every value is written as it is
(float64), so that what is read back is equal bit for bit.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dualcarbon.axes import Floats, Years
from dualcarbon.errors import OutputError, fault
from dualcarbon.output.pathways import Pathway, all_years
from dualcarbon.tables.variables import Variable

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

REFERENCE = "https://github.com/IAMconsortium/common-definitions for iamc_name and iamc_unit"
_METADATA = b"dualcarbon"


def dataset(pathways: Sequence[Pathway], variables: Mapping[str, Variable]) -> xr.Dataset:
    """Pathways as a dataset (scenario, year) in the registry's units, NaN where a pathway has no number.

    Coordinates are ``scenario``, ``year``, and by scenario ``title``, ``base_year`` and ``record`` (JSON: all
    that is needed to repeat the run). Attributes follow the climate and forecast (CF) conventions as far as
    units of energy and money allow.

    Raises
    ------
    OutputError
        If xarray is not installed.
    """
    xarray = _import("xarray", "Datasets")
    years = all_years(pathways)
    arrays = {
        key: (("scenario", "year"), _values(pathways, key, variables[key].factor, years), _about(one))
        for key, one in variables.items()
        if all(key in p.results for p in pathways)
    }
    coordinates = {
        "scenario": ("scenario", [p.name for p in pathways], {"long_name": "scenario"}),
        "year": ("year", years, {"long_name": "calendar year"}),
        "title": ("scenario", _texts(p.title for p in pathways), {"long_name": "what the scenario is"}),
        "base_year": (
            "scenario",
            [p.results.base_year for p in pathways],
            {"long_name": "last year of history"},
        ),
        "record": (
            "scenario",
            _texts(p.record for p in pathways),
            {"long_name": "metadata of the run, JSON"},
        ),
    }
    made: xr.Dataset = xarray.Dataset(arrays, coordinates, attributes(pathways))
    return made


def _values(pathways: Sequence[Pathway], key: str, factor: float, years: Years) -> Floats:
    values = np.full((len(pathways), years.size), np.nan)
    for row, one in zip(values, pathways, strict=True):
        first = int(one.results.years[0] - years[0])
        row[first : first + one.results.years.size] = one.results[key] * factor
    return values


def _texts(texts: Iterable[str]) -> npt.NDArray[np.object_]:
    """Texts of any length, without room for the longest in each."""
    return np.array(list(texts), dtype=object)


def _about(one: Variable) -> dict[str, str]:
    return {
        "long_name": one.label,
        "long_name_zh": one.label_zh,
        "units": one.unit,
        "accounting": one.accounting,
        "comment": one.definition,
        "iamc_name": one.iamc,
        "iamc_unit": one.iamc_unit,
    }


def attributes(pathways: Sequence[Pathway]) -> dict[str, str]:
    """What is to be known about the whole: conventions, source, accounting, GWP."""
    accounting = pathways[0].results.meta.get("accounting", {})
    names = ", ".join(p.name for p in pathways)
    models = ", ".join(sorted({p.model for p in pathways}))
    return {
        "Conventions": "CF-1.11",
        "title": f"Carbon pathways of China: {names}",
        "source": models,
        "history": f"projected and written by {models}",
        "references": REFERENCE,
        "region": "China",
        "comment": "units are those of Chinese energy statistics (Mtce, yuan), which UDUNITS does not know",
        "accounting": "; ".join(f"{key}: {text}" for key, text in accounting.items()),
        "gwp": accounting.get("gwp", ""),
    }


def write_netcdf(path: Path, content: xr.Dataset) -> None:
    """A dataset as NetCDF4, compressed; read it back with `read_netcdf`.

    The file is made in memory first: HDF5 brings the process down when its disk fails.

    Raises
    ------
    OutputError
        If h5netcdf or h5py is not installed.
    """
    _import_netcdf()
    path.write_bytes(_netcdf_bytes(content))


def _netcdf_bytes(content: xr.Dataset) -> bytes:
    """What a NetCDF4 file of the dataset holds; nothing of HDF5 is left behind, should writing it fail."""
    import h5netcdf
    from xarray.backends import H5NetCDFStore

    packed = {"zlib": True, "complevel": 4}
    made = io.BytesIO()
    # dump_to_store, since older versions of xarray cannot do this by to_netcdf
    with h5netcdf.File(made, "w") as file:
        content.dump_to_store(H5NetCDFStore(file), encoding=dict.fromkeys(content.data_vars, packed))
    return made.getvalue()


def read_netcdf(path: str | Path) -> xr.Dataset:
    """The dataset in a NetCDF file, read whole into memory.

    Raises
    ------
    InputError
        If there is no such file, or it is none of NetCDF.
    OutputError
        If xarray, h5netcdf or h5py is not installed.
    """
    xarray = _import("xarray", "NetCDF files")
    _import_netcdf()
    _check_there(path)
    try:
        content: xr.Dataset = xarray.load_dataset(path, engine="h5netcdf")
    except (OSError, ValueError) as error:
        raise fault(f"cannot be read as NetCDF ({_first_line(error)})", where=str(path)) from None
    return content


def long_table(
    pathways: Sequence[Pathway], variables: Mapping[str, Variable]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Pathways as one frame (scenario, variable, unit, year, value), and what is to be known about them."""
    import pandas as pd

    from dualcarbon.output.frames import long_frame

    frame = pd.concat([long_frame(p.results, variables, p.name) for p in pathways], ignore_index=True)
    scenarios = {
        p.name: {"title": p.title, "base_year": p.results.base_year, "record": json.loads(p.record)}
        for p in pathways
    }
    about = {key: _about(one) for key, one in variables.items()}
    return frame, {**attributes(pathways), "variables": about, "scenarios": scenarios}


def write_parquet(path: Path, frame: pd.DataFrame, about: Mapping[str, Any]) -> None:
    """A long frame as Parquet, with what is to be known about it as JSON in the file's metadata.

    Raises
    ------
    OutputError
        If pyarrow is not installed.
    """
    pyarrow = _import("pyarrow", "Parquet files")
    from pyarrow import parquet

    table = pyarrow.Table.from_pandas(frame, preserve_index=False)
    text = json.dumps(dict(about), ensure_ascii=False).encode()
    parquet.write_table(
        table.replace_schema_metadata({**(table.schema.metadata or {}), _METADATA: text}), path
    )


def read_parquet(path: str | Path) -> pd.DataFrame:
    """The frame in a Parquet file that was exported; ``attrs`` holds what is to be known about it.

    Raises
    ------
    InputError
        If there is no such file, or dualcarbon did not write it.
    OutputError
        If pyarrow is not installed.
    """
    pyarrow = _import("pyarrow", "Parquet files")
    from pyarrow import parquet

    _check_there(path)
    try:
        table = parquet.read_table(path)
    except (OSError, pyarrow.ArrowException) as error:
        raise fault(f"cannot be read as Parquet ({_first_line(error)})", where=str(path)) from None
    about = (table.schema.metadata or {}).get(_METADATA)
    if about is None:
        raise fault("was not written by dualcarbon export; read it with pandas.read_parquet", where=str(path))
    frame: pd.DataFrame = table.to_pandas()
    frame.attrs = json.loads(about)
    return frame


def _check_there(path: str | Path) -> None:
    if not Path(path).is_file():
        raise fault("there is no such file", where=str(path))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def check_packages(kind: str) -> None:
    """Refuse to write ``netcdf`` or ``parquet`` where a package is missing.

    Raises
    ------
    OutputError
        Naming the package and how to install it.
    """
    if kind == "netcdf":
        _import("xarray", "NetCDF files")
        _import_netcdf()
    else:
        _import("pyarrow", "Parquet files")


def _import_netcdf() -> None:
    """h5netcdf, and h5py, which it needs to write but from version 1.7 on does not bring."""
    _import("h5netcdf", "NetCDF files")
    _import("h5py", "NetCDF files")


def _import(module: str, what: str) -> Any:
    """A module of the extra ``datasets``."""
    import importlib

    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        raise OutputError(f"{what} need {module}: pip install 'dualcarbon[datasets]'") from None
