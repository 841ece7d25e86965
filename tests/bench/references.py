"""The national equations (DESIGN section 3) written in other ways, to measure the package against.

Each gives the same eight `OUTPUTS` from the same `Inputs`, whose levers are (member, year) in Fortran order
and whose factors are (year): in pandas year by year, in pandas on whole frames, as a loop over plain numbers,
and as one fused C loop.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from dualcarbon.axes import Floats
from dualcarbon.inputs import Inputs
from dualcarbon.units import GCE_PER_KWH_DIRECT

OUTPUTS = (
    "gdp",
    "energy_total",
    "energy_co2",
    "eip_co2",
    "net_co2",
    "net_ghg",
    "carbon_intensity_energy",
    "non_fossil_energy_direct",
)
LEVERS = (
    "gdp_growth",
    "energy_intensity_change",
    "coal_share",
    "oil_share",
    "gas_share",
    "non_fossil_share",
    "process_co2",
    "capture_rate",
    "beccs",
    "dac",
    "land_sink",
    "non_co2",
)
FACTORS = ("coal_ef", "oil_ef", "gas_ef", "oil_ef_official", "non_fossil_ce_rate")

DIRECT = GCE_PER_KWH_DIRECT * 1e-3

Frames = dict[str, "pd.DataFrame | pd.Series[float] | float"]


def frames(inputs: Inputs) -> Frames:
    """Levers as frames (member x year) on the same memory, factors as series (year)."""
    made: Frames = {name: pd.DataFrame(getattr(inputs, name), columns=inputs.years) for name in LEVERS}
    made |= {name: pd.Series(getattr(inputs, name), index=inputs.years) for name in FACTORS}
    return made | {"gdp_first": float(inputs.gdp_first), "energy_first": float(inputs.energy_first)}


def pandas_by_year(x: Frames) -> dict[str, pd.DataFrame]:
    """Plain pandas: a frame (member x year) a variable, filled year by year with operations on columns."""
    members, years = x["gdp_growth"].index, list(x["gdp_growth"].columns)
    y = {name: pd.DataFrame(index=members, columns=years, dtype=float) for name in OUTPUTS}
    intensity = pd.DataFrame(index=members, columns=years, dtype=float)
    for year in years:
        if year == years[0]:
            y["gdp"][year] = x["gdp_first"]
            intensity[year] = x["energy_first"] / x["gdp_first"]
        else:
            y["gdp"][year] = y["gdp"][year - 1] * (1 + x["gdp_growth"][year])
            intensity[year] = intensity[year - 1] * (1 + x["energy_intensity_change"][year])
        energy = y["gdp"][year] * intensity[year]
        coal_co2 = energy * x["coal_share"][year] * x["coal_ef"][year]
        oil = energy * x["oil_share"][year]
        gas_co2 = energy * x["gas_share"][year] * x["gas_ef"][year]
        official_co2 = coal_co2 + oil * x["oil_ef_official"][year] + gas_co2
        power = energy * x["non_fossil_share"][year] / (x["non_fossil_ce_rate"][year] * 1e-3)
        y["energy_total"][year] = energy
        y["energy_co2"][year] = coal_co2 + oil * x["oil_ef"][year] + gas_co2
        gross = y["energy_co2"][year] + x["process_co2"][year]
        captured = gross * x["capture_rate"][year].clip(0, 1)
        y["eip_co2"][year] = gross - captured - x["beccs"][year]
        y["net_co2"][year] = y["eip_co2"][year] - x["dac"][year] - x["land_sink"][year]
        y["net_ghg"][year] = y["net_co2"][year] + x["non_co2"][year]
        y["carbon_intensity_energy"][year] = official_co2 / y["gdp"][year] * 10
        y["non_fossil_energy_direct"][year] = power * DIRECT
    return y


def pandas_whole(x: Frames) -> dict[str, pd.DataFrame]:
    """Pandas at its best: operations on whole frames; only the recurrences go year by year."""
    gdp = _levels(x["gdp_first"], x["gdp_growth"])
    energy = gdp * _levels(x["energy_first"] / x["gdp_first"], x["energy_intensity_change"])
    coal_co2 = energy * x["coal_share"] * x["coal_ef"]
    oil = energy * x["oil_share"]
    gas_co2 = energy * x["gas_share"] * x["gas_ef"]
    energy_co2 = coal_co2 + oil * x["oil_ef"] + gas_co2
    gross = energy_co2 + x["process_co2"]
    eip_co2 = gross - gross * x["capture_rate"].clip(0, 1) - x["beccs"]
    net_co2 = eip_co2 - x["dac"] - x["land_sink"]
    return {
        "gdp": gdp,
        "energy_total": energy,
        "energy_co2": energy_co2,
        "eip_co2": eip_co2,
        "net_co2": net_co2,
        "net_ghg": net_co2 + x["non_co2"],
        "carbon_intensity_energy": (coal_co2 + oil * x["oil_ef_official"] + gas_co2) / gdp * 10,
        "non_fossil_energy_direct": energy
        * x["non_fossil_share"]
        / (x["non_fossil_ce_rate"] * 1e-3)
        * DIRECT,
    }


def _levels(first: float, change: pd.DataFrame) -> pd.DataFrame:
    """Levels from yearly changes; column by column, which is twice as fast as `cumprod(axis=1)`."""
    years = list(change.columns)
    levels = {years[0]: pd.Series(first, index=change.index)}
    for year in years[1:]:
        levels[year] = levels[year - 1] * (1 + change[year])
    return pd.DataFrame(levels)


def lists(inputs: Inputs) -> dict[str, list]:
    """The inputs as plain numbers: levers as a list of years a member, factors as a list of years."""
    return {name: getattr(inputs, name).tolist() for name in (*LEVERS, *FACTORS, "gdp_first", "energy_first")}


def pure_loop(x: dict[str, list]) -> dict[str, list]:
    """A loop over members and years on plain numbers."""
    results: dict[str, list] = {name: [] for name in OUTPUTS}
    coal_ef, oil_ef, gas_ef = x["coal_ef"], x["oil_ef"], x["gas_ef"]
    oil_ef_official, rate = x["oil_ef_official"], x["non_fossil_ce_rate"]
    for member in zip(*(x[name] for name in LEVERS), strict=True):
        growth, change, coal_share, oil_share, gas_share, non_fossil_share, *others = member
        process_co2, capture_rate, beccs, dac, land_sink, non_co2 = others
        rows: list[list[float]] = [[] for _ in OUTPUTS]
        gdp, intensity = x["gdp_first"], x["energy_first"] / x["gdp_first"]
        for t in range(len(growth)):
            if t > 0:
                gdp = gdp * (1.0 + growth[t])
                intensity = intensity * (1.0 + change[t])
            energy = gdp * intensity
            coal_co2 = energy * coal_share[t] * coal_ef[t]
            oil = energy * oil_share[t]
            gas_co2 = energy * gas_share[t] * gas_ef[t]
            energy_co2 = coal_co2 + oil * oil_ef[t] + gas_co2
            gross = energy_co2 + process_co2[t]
            eip_co2 = gross - gross * min(max(capture_rate[t], 0.0), 1.0) - beccs[t]
            net_co2 = eip_co2 - dac[t] - land_sink[t]
            rows[0].append(gdp)
            rows[1].append(energy)
            rows[2].append(energy_co2)
            rows[3].append(eip_co2)
            rows[4].append(net_co2)
            rows[5].append(net_co2 + non_co2[t])
            rows[6].append((coal_co2 + oil * oil_ef_official[t] + gas_co2) / gdp * 10.0)
            rows[7].append(energy * non_fossil_share[t] / (rate[t] * 1e-3) * DIRECT)
        for name, row in zip(OUTPUTS, rows, strict=True):
            results[name].append(row)
    return results


def compile_fused(folder: Path) -> Callable[..., dict[str, Floats]] | None:
    """The loop of ``fused.c``, called with inputs (and results to overwrite); None without a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    source, library = Path(__file__).with_name("fused.c"), folder / "fused.so"
    flags = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
    subprocess.run([compiler, *flags, str(source), "-o", str(library)], check=True)
    fused = ctypes.CDLL(str(library)).fused
    fused.restype = None
    pointers = len(LEVERS) + len(FACTORS) + len(OUTPUTS)
    fused.argtypes = [ctypes.c_ssize_t] * 2 + [ctypes.c_double] * 3 + [ctypes.c_void_p] * pointers

    def run(inputs: Inputs, results: dict[str, Floats] | None = None) -> dict[str, Floats]:
        shape = inputs.gdp_growth.shape
        if results is None:
            results = {name: np.empty(shape, order="F") for name in OUTPUTS}
        levers = [getattr(inputs, name) for name in LEVERS]
        assert all(lever.shape == shape and lever.flags.f_contiguous for lever in levers)
        factors = [np.ascontiguousarray(getattr(inputs, name)) for name in FACTORS]
        arrays = [*levers, *factors, *(results[name] for name in OUTPUTS)]
        first = float(inputs.gdp_first), float(inputs.energy_first)
        fused(*shape, *first, GCE_PER_KWH_DIRECT, *(array.ctypes.data for array in arrays))
        return results

    return run
