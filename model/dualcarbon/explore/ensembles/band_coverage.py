"""Coverage: in ensemble hindcasts from 2010, 2015 and 2020, how often the truth lay inside the bands.

From a start year on nothing is known. The rule of the hindcasts gives the central path, the rule behind the
lever table's ranges the spread, a window that ends in the start year the weights, and the years until then
the noise. All rules were fixed before the bands were looked at: ``model/decisions/0008-held-to-history.md``.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dualcarbon import project
from dualcarbon.axes import FIRST_YEAR, Floats, at
from dualcarbon.core.drivers import change, compound
from dualcarbon.explore.ensembles.history import LONGEST, past_of
from dualcarbon.explore.ensembles.noise import BASE_COLUMNS, BASE_YEAR, MEMORY, PLAN
from dualcarbon.explore.ensembles.weighting import (
    effective_size,
    relative_weights,
    weighted_quantiles,
    widening,
)
from dualcarbon.explore.hindcasting import (
    RULE,
    STARTS,
    VARIABLES,
    carried_on,
    statistics_until,
)
from dualcarbon.inputs import Inputs
from dualcarbon.tables import Library
from dualcarbon.tables.levers import SHARES, last_complete_year

BANDS = {"50 %": (0.25, 0.75), "90 %": (0.05, 0.95)}
"""Central bands, by the part of the draws inside."""

KINDS = ("prior", "weighted", "weighted, with noise")
"""Ensembles that are judged: as drawn, held to the window, and with the noise of history as well."""

CAVEAT = (
    "Years from one start are not independent: a trend that breaks leaves the band for all that follow, so "
    "the counts rest on little more than one observation a start and variable. The statistics are today's "
    "revised ones."
)
"""What the counts do not show, printed with them."""

_FOSSIL = ("coal_share", "oil_share", "gas_share")


@dataclass(frozen=True)
class Covered:
    """How often the truth lay inside the bands of one variable from one start year.

    Parameters
    ----------
    start : last year known
    variable : key of the variable
    years : years judged
    inside : years inside the band, by kind (of `KINDS`) and band (of `BANDS`)
    """

    start: int
    variable: str
    years: int
    inside: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Held:
    """What the window did to the draws from one start year.

    Parameters
    ----------
    start : last year known
    window : first and last year that weighted the draws
    effective : effective draws, after widening
    factor : by which the error sizes were widened
    """

    start: int
    window: tuple[int, int]
    effective: float
    factor: float


@dataclass(frozen=True)
class Coverage:
    """Coverage of ensemble hindcasts.

    Parameters
    ----------
    rows : by start and variable
    held : by start
    count, seed : of the draws
    end : last year judged
    caveat : what the counts do not show
    """

    rows: tuple[Covered, ...]
    held: tuple[Held, ...]
    count: int
    seed: int
    end: int
    caveat: str = CAVEAT

    def share(
        self, kind: str, band: str, start: int | None = None, variable: str | None = None
    ) -> tuple[int, int]:
        """Years inside a band and years judged, of all rows or of one start or variable."""
        rows = [r for r in self.rows if start in (None, r.start) and variable in (None, r.variable)]
        return sum(r.inside[kind, band] for r in rows), sum(r.years for r in rows)


def coverage_all(
    library: Library, starts: Sequence[int] = STARTS, count: int = 16_384, seed: int = 7
) -> Coverage:
    """Ensemble hindcasts from each start year to the last complete year, judged by the truth.

    Parameters
    ----------
    library : data tables
    starts : last years known; two plans of history before them and one year after them at least
    count, seed : draws from each start year
    """
    end = last_complete_year(library)
    observed = project.pathway(statistics_until(library, end), outputs=VARIABLES)
    rows, held = [], []
    for start in starts:
        if not FIRST_YEAR + 2 * PLAN <= start < end:
            raise ValueError(f"start year {start} is outside {FIRST_YEAR + 2 * PLAN}-{end - 1}")
        bands, one = hindcast_bands(statistics_until(library, start), end, count, seed)
        held.append(one)
        for name in VARIABLES:
            truth = observed[name][at(observed.years, start) + 1 :]
            inside = {
                (kind, band): int(
                    np.sum((bands[kind][name][low] <= truth) & (truth <= bands[kind][name][high]))
                )
                for kind in KINDS
                for band, (low, high) in BANDS.items()
            }
            rows.append(Covered(start, name, truth.size, inside))
    return Coverage(tuple(rows), tuple(held), count, seed, end)


Bands = Mapping[str, Mapping[str, Mapping[float, Floats]]]
"""Quantiles (projected year) by kind, variable and level."""


def _inside(bands: Bands, variable: str, truth: Floats) -> dict[tuple[str, str], int]:
    """Years in which the truth (year) lay inside, by kind and band."""
    counts = {}
    for kind, by_variable in bands.items():
        quantiles = by_variable[variable]
        for band, (low, high) in BANDS.items():
            counts[kind, band] = int(np.sum((quantiles[low] <= truth) & (truth <= quantiles[high])))
    return counts


def hindcast_bands(known: Inputs, end: int, count: int, seed: int) -> tuple[Bands, Held]:
    """Bands of an ensemble from the last known year to ``end``, and how it was held to history."""
    start = known.base_year
    ahead = carried_on(known, RULE, end)
    central = {name: array[known.years.size :] for name, array in ahead.arrays().items() if array.ndim}

    def normals(name: str) -> Floats:
        rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
        columns = BASE_COLUMNS if name == BASE_YEAR else end - start
        return np.asfortranarray(rng.standard_normal((count, columns)))

    paths = past_draws(known, central, count, seed)
    window = (start - min(LONGEST, (start - FIRST_YEAR) // 2), start)
    past = past_of(known, central, window, measurement=0.0)
    log_weights = past.log_weights(paths)
    factor = widening(log_weights, count)
    weights = relative_weights(log_weights / factor**2)
    noisy = past.noise.apply(paths, normals)
    plain, rough = (project.pathway(_from_start(ahead, p), outputs=VARIABLES) for p in (paths, noisy))
    kinds = zip(KINDS, (plain, plain, rough), (np.ones(count), weights, weights), strict=True)
    levels = tuple(level for band in BANDS.values() for level in band)
    bands = {
        kind: {
            name: dict(zip(levels, weighted_quantiles(results[name][:, 1:], w, levels), strict=True))
            for name in VARIABLES
        }
        for kind, results, w in kinds
    }
    return bands, Held(start, window, effective_size(log_weights / factor**2), factor)


def past_draws(known: Inputs, central: Mapping[str, Floats], count: int, seed: int) -> dict[str, Floats]:
    """Draws (member, projected year) around the central paths by the rule of the lever table's ranges.

    A level that changes from year to year by *s* around its plan's mean is, after *h* years, *s* √h off: GDP,
    energy intensity, fossil fuels' parts of fossil energy and process CO2 in logs, the non-fossil share in
    points. One normal number a lever holds for all years; levers are independent.

    Parameters
    ----------
    known : statistics (year) that end in the start year
    central : (projected year) paths by lever
    count, seed : of the draws
    """
    rng = np.random.default_rng(seed)
    arrays = known.arrays()
    root = np.sqrt(np.arange(central["gdp_growth"].size + 1.0))

    def off(yearly: Floats) -> Floats:
        size = around_plan_means(yearly, known.base_year)
        return np.asfortranarray(np.outer(rng.standard_normal(count), size * root))

    paths = {}
    for name in ("gdp_growth", "energy_intensity_change"):
        steps = np.diff(off(np.log1p(arrays[name][1:])), axis=1)
        paths[name] = np.asfortranarray((1.0 + central[name]) * np.exp(steps) - 1.0)
    fossil = 1.0 - known.non_fossil_share
    parts = {n: central[n] * np.exp(off(np.diff(np.log(arrays[n] / fossil)))[:, 1:]) for n in _FOSSIL}
    non_fossil = central["non_fossil_share"] + off(np.diff(known.non_fossil_share))[:, 1:]
    non_fossil = np.clip(non_fossil, 0.0, 1.0)
    total = parts["coal_share"] + parts["oil_share"] + parts["gas_share"]
    paths |= {name: (1.0 - non_fossil) * part / total for name, part in parts.items()}
    paths["non_fossil_share"] = non_fossil
    growth = np.log1p(change(known.process_co2)[1:])
    paths["process_co2"] = central["process_co2"] * np.exp(off(growth)[:, 1:])
    return paths


def around_plan_means(yearly: Floats, last: int) -> float:
    """Standard deviation of yearly changes (year) around their plans' means, over the last four plans.

    As many degrees of freedom as changes less plans, as in the lever table.

    Parameters
    ----------
    yearly : changes up to the year ``last``
    last : year of the last change
    """
    recent = yearly[-MEMORY:]
    plan = (np.arange(last - recent.size + 1, last + 1) - 1) // PLAN
    plans = np.unique(plan)
    squares = [np.sum((recent[plan == one] - np.mean(recent[plan == one])) ** 2) for one in plans]
    return float(np.sqrt(sum(squares) / (recent.size - plans.size)))


def _from_start(ahead: Inputs, paths: Mapping[str, Floats]) -> Inputs:
    """Inputs of a batch from the start year on."""
    first = at(ahead.years, ahead.base_year)
    arrays: dict[str, Any] = {n: a[..., first:] for n, a in ahead.arrays().items() if a.ndim}
    for name in (*SHARES, "gdp_growth", "energy_intensity_change", "process_co2"):
        whole = np.empty((paths[name].shape[0], paths[name].shape[1] + 1), order="F")
        whole[:, 0] = arrays[name][0]
        whole[:, 1:] = paths[name]
        arrays[name] = whole
    gdp = compound(ahead.gdp_first, ahead.gdp_growth)[first]
    intensity = compound(ahead.energy_first / ahead.gdp_first, ahead.energy_intensity_change)[first]
    return replace(
        ahead,
        years=ahead.years[first:],
        gdp_first=np.asarray(gdp),
        energy_first=np.asarray(gdp * intensity),
        **arrays,
    )
