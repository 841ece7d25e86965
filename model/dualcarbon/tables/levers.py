"""The lever table: what can be set, its unit and bounds, its reference and ambitious pathway."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dualcarbon.axes import Floats, Years
from dualcarbon.curves import ANCHORED
from dualcarbon.tables.library import Library, Row
from dualcarbon.units import DIMENSIONS

_DIMENSION_OF_UNIT = {
    "%": "share",
    "%/yr": "rate",
    "million": "people",
    "Mt CO2": "mass",
    "Mt CO2e": "mass",
    "t CO2/tce": "factor",
    "gce/kWh": "coal rate",
}

HISTORY = {
    "population": ("population", "population"),
    "gdp_growth": ("gdp", "gdp_growth"),
    "coal_share": ("energy_balance", "coal_share"),
    "oil_share": ("energy_balance", "oil_share"),
    "gas_share": ("energy_balance", "gas_share"),
    "non_fossil_share": ("energy_balance", "non_fossil_share"),
    "oil_ef": ("factors", "oil_ef"),
    "process_co2": ("process_co2", "process_co2"),
    "land_sink": ("land_sink", "land_sink"),
    "non_co2": ("non_co2", "non_co2"),
    "non_fossil_ce_rate": ("coal_rate", "coal_rate"),
}
"""Where the past of a lever stands: table and series. Energy intensity is worked out; capture and engineered
removals are taken as none until the base year (captured volumes are below 0.05 % of gross emissions)."""

SHARES = ("coal_share", "oil_share", "gas_share", "non_fossil_share")


@dataclass(frozen=True)
class Lever:
    """One lever of the national resolution.

    Parameters
    ----------
    name, label, label_zh, unit, meaning : as printed
    dimension : the kind of quantity (a key of `dualcarbon.units.DIMENSIONS`)
    factor : table unit to inside unit
    kind : level, share, growth, factor or accounting
    averages : whether the table's anchors are averages since the last anchor
    mitigating : ``down``, ``up`` or ``none``: the direction that lowers emissions
    lower, upper : bounds in the inside unit; a scenario outside them is refused
    multiplicative : whether the 90 % range below is a ratio to the central value, not a difference
    distribution : normal, lognormal or triangular: the shape that the range belongs to
    range90 : (year, 5th, 95th percentile) around the central value; differences in the inside unit
    """

    name: str
    label: str
    label_zh: str
    unit: str
    meaning: str
    dimension: str
    factor: float
    kind: str
    averages: bool
    mitigating: str
    lower: float
    upper: float
    multiplicative: bool
    distribution: str
    range90: tuple[tuple[int, float, float], ...]


_NORMAL_90 = 2.0 * 1.6448536269514722
"""Width of the central 90 % of a normal distribution in standard deviations."""


def standard_deviation(lever: Lever, years: Years, central: Floats) -> Floats:
    """Standard deviation (year) of a lever around ``central`` (year), inside units, from its 90 % range.

    Between the table's years the range is joined by straight lines and held beyond them.
    """
    known = np.array([year for year, _, _ in lever.range90], dtype=np.float64)
    width = np.array([high - low for _, low, high in lever.range90]) / _NORMAL_90
    at_years = np.interp(years, known, width)
    return at_years * np.abs(central) if lever.multiplicative else at_years


def read_levers(library: Library) -> dict[str, Lever]:
    """All levers by name, in the order of the table."""
    levers = {}
    for row in library["levers"].rows:
        dimension = _DIMENSION_OF_UNIT[row["unit"]]
        factor = 0.01 if row["unit"].startswith("%") else 1.0
        levers[row["lever"]] = Lever(
            name=row["lever"],
            label=row["label"],
            label_zh=row["label_zh"],
            unit=row["unit"],
            meaning=row["meaning"],
            dimension=dimension,
            factor=factor,
            kind=row["kind"],
            averages=row["anchors"] == "average",
            mitigating=row["mitigating"],
            lower=float(row["lower"]) * factor,
            upper=float(row["upper"]) * factor,
            multiplicative=row["effect"] == "multiplicative",
            distribution=row["distribution"],
            range90=_range90(row, factor),
        )
    assert all(lever.dimension in DIMENSIONS for lever in levers.values())
    return levers


def _range90(row: Row, factor: float) -> tuple[tuple[int, float, float], ...]:
    scale = 1.0 if row["effect"] == "multiplicative" else factor
    return tuple(
        (year, float(row[f"p05_{year}"]) * scale, float(row[f"p95_{year}"]) * scale)
        for year in (2030, 2040, 2060)
    )


def lever_history(library: Library, name: str, years: Years) -> Floats:
    """The past of a lever on a year axis in the inside unit; NaN where statistics are missing."""
    if name in HISTORY:
        table, series = HISTORY[name]
        factor = 0.01 if name in SHARES or name == "gdp_growth" else 1.0
        return library[table].on_axis(series, years) * factor
    if name == "energy_intensity_change":
        energy = library["energy_balance"].on_axis("energy_total", years)
        growth = lever_history(library, "gdp_growth", years)
        change = np.full(years.size, np.nan)
        change[1:] = energy[1:] / energy[:-1] / (1.0 + growth[1:]) - 1.0
        return change
    return np.zeros(years.size)


def lever_anchors(library: Library, lever: Lever, pathway: str) -> tuple[Years, Floats]:
    """Anchor years and values (inside unit) of a lever's ``reference`` or ``ambitious`` pathway."""
    points = sorted(
        (int(row["year"]), float(row["value"]) * lever.factor)
        for _, row in library["pathways"].grouped("lever", "pathway").get((lever.name, pathway), [])
    )
    return np.array([y for y, _ in points], dtype=np.int64), np.array([v for _, v in points])


def lever_pathway(
    library: Library, lever: Lever, pathway: str, history: Floats, years: Years, last_observed: int
) -> Floats:
    """History to the last observed year, then the table's pathway; same axis as ``history`` (year).

    Anchors are joined by straight lines, or hold since the last anchor where they are averages.
    """
    anchor_years, anchors = lever_anchors(library, lever, pathway)
    later = anchor_years > last_observed
    anchor_years, anchors = anchor_years[later], anchors[later]
    result = history.copy()
    future = years > last_observed
    if not lever.averages:
        anchor_years = np.concatenate([[last_observed], anchor_years])
        anchors = np.concatenate([history[years == last_observed], anchors])
    if anchor_years.size:
        curve = ANCHORED["average" if lever.averages else "linear"]
        result[future] = curve(anchor_years, anchors, years[future])
    else:
        result[future] = history[years == last_observed][0]
    return result


def _spans(library: Library) -> list[Years]:
    """Years of every series that a run starts from."""
    starts = [("energy_balance", "energy_total"), *HISTORY.values()]
    return [library[table].series(series)[0] for table, series in starts]


def last_complete_year(library: Library) -> int:
    """Last year for which every statistic that a run starts from is there."""
    return min(int(years[-1]) for years in _spans(library))


def first_complete_year(library: Library) -> int:
    """First year for which every statistic that a run starts from is there."""
    return max(int(years[0]) for years in _spans(library))
