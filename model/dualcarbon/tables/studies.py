"""Published pathways of China: what other studies give for the variables of a run."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dualcarbon.tables.library import Library, Row

_TO_INSIDE = {"Mt CO2": 1.0, "Mt CO2e": 1.0, "Mtce": 1.0, "%": 0.01, "year": 1.0}


@dataclass(frozen=True)
class StudyValue:
    """One figure of a published study.

    Parameters
    ----------
    study, scenario : publisher and year, and the study's name of the pathway
    variable : key of a result variable; several joined by ``+`` where the study counts them in one figure
        (see `keys`); or an indicator of a whole pathway, ``…_peak_year`` or ``…_neutral_year``
    year : year of the figure; None for an indicator of a whole pathway
    value : in the inside unit (Mt, Mtce, fractions; a year for indicators); NaN where the study gives a range
    low, high : ends of the range; both equal ``value`` where the study gives one figure
    unit : unit in the table, before conversion
    status : how well the figure is known, a status of the tables
    source : publisher and title
    note : where the study's definition differs from ours
    """

    study: str
    scenario: str
    variable: str
    year: int | None
    value: float
    low: float
    high: float
    unit: str
    status: str
    source: str
    note: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Result variables whose sum the figure is compared with."""
        return tuple(self.variable.split("+"))

    @property
    def middle(self) -> float:
        """The figure, or the middle of its range."""
        return (self.low + self.high) / 2.0


def read_studies(library: Library) -> list[StudyValue]:
    """Every figure of published studies, in the order of the table."""
    table = library["published_pathways"]
    sources = table.sidecar["sources"]
    return [_study_value(row, sources[row["source"]]) for row in table.rows]


def _study_value(row: Row, source: dict[str, str]) -> StudyValue:
    factor = _TO_INSIDE[row["unit"]]
    value = float(row["value"]) * factor if row["value"] else math.nan
    return StudyValue(
        study=row["study"],
        scenario=row["scenario"],
        variable=row["variable"],
        year=int(row["year"]) if row["year"] else None,
        value=value,
        low=float(row["lower"]) * factor if row["lower"] else value,
        high=float(row["upper"]) * factor if row["upper"] else value,
        unit=row["unit"],
        status=row["status"],
        source=f"{source['publisher']}: {source['title']}",
        note=row["note"],
    )
