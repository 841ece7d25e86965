"""Official statements on carbon and energy intensity beside the model's changes over the same periods."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dualcarbon.analysis.targets import APPROXIMATE
from dualcarbon.explore.verification.evidence import change, past
from dualcarbon.results import Results
from dualcarbon.tables import Library, Row

GOAL = 2.0
"""Largest difference of an old-scope carbon-intensity change, points."""

VARIABLES: Mapping[tuple[str, str], str] = {
    ("carbon_intensity", "energy"): "carbon_intensity_energy",
    ("carbon_intensity", "combustion-process"): "carbon_intensity_combustion_process",
    ("energy_intensity", "total"): "energy_intensity",
    ("energy_intensity", "without-feedstock-and-non-fossil"): "energy_intensity_fossil",
}
"""Variable of the run for each indicator and scope."""


@dataclass(frozen=True)
class IntensityCheck:
    """One official statement and what the model gives.

    Parameters
    ----------
    id, indicator, scope, kind : of the statement
    year_from, year_to : base year and last year of the change
    official, ours : change, percent
    difference : ours less the official, points
    approximate : whether this resolution only approximates the scope, so that the difference is its gap
    goal : largest difference that counts as met, points; None where the statement is only shown
    verdict : ``met``, ``missed``, ``shown`` or ``not computed``
    status : how well the statement is known
    remark : why not computed, what the approximation leaves out, or a break in the statistics
    """

    id: str
    indicator: str
    scope: str
    kind: str
    year_from: int
    year_to: int
    official: float
    ours: float
    difference: float
    approximate: bool
    goal: float | None
    verdict: str
    status: str
    remark: str


def check_intensities(library: Library, results: Results) -> tuple[IntensityCheck, ...]:
    """Every official statement, in the order of the table."""
    breaks = {int(row["year"]) for row in library["energy_balance"].rows if row["flag"] == "break"}
    return tuple(_check(row, breaks, results) for row in library["intensity"].rows)


def _check(row: Row, breaks: set[int], results: Results) -> IntensityCheck:
    indicator, scope = row["indicator"], row["scope"]
    first, last, official = int(row["year_from"]), int(row["year_to"]), float(row["value"])
    variable = VARIABLES.get((indicator, scope))
    ours = math.nan
    if variable is not None:
        ours = change(past(results, variable, first), past(results, variable, last))
    goal = GOAL if variable == "carbon_intensity_energy" else None
    remarks = [APPROXIMATE[scope]] if scope in APPROXIMATE else []
    remarks += [
        f"crosses the break of the energy series in {year}" for year in sorted(breaks) if first < year <= last
    ]
    verdict = "shown"
    if math.isnan(ours):
        verdict = "not computed"
        remarks = [
            "no measure in this scope" if variable is None else "statistics are missing for these years"
        ]
    elif goal is not None:
        verdict = "met" if abs(ours - official) <= goal else "missed"
    return IntensityCheck(
        id=row["id"],
        indicator=indicator,
        scope=scope,
        kind=row["kind"],
        year_from=first,
        year_to=last,
        official=official,
        ours=ours,
        difference=ours - official,
        approximate=scope in APPROXIMATE,
        goal=goal,
        verdict=verdict,
        status=row["status"],
        remark="; ".join(remarks),
    )
