"""The check of a file: every pathway in it beside history, targets and studies."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dualcarbon.analysis.targets import Score
from dualcarbon.analysis.vetting.history import INDEX, LEVELS, Criterion, HistoryCheck
from dualcarbon.analysis.vetting.placing import Placement
from dualcarbon.analysis.vetting.reported import Reported

Value = str | int | float | None

COLUMNS = (
    "model",
    "scenario",
    "part",
    "item",
    "year",
    "value",
    "reference",
    "low",
    "high",
    "unit",
    "difference_percent",
    "margin",
    "verdict",
    "remark",
)
"""Columns of `PathwayCheck.rows`."""


@dataclass(frozen=True)
class ScenarioCheck:
    """One pathway, checked.

    Parameters
    ----------
    model, scenario : as in the file
    history : beside history, by variable and year
    targets : scores on the official targets in force
    studies : places among published studies
    missing : criteria whose variable the pathway does not report, or not in the years compared
    """

    model: str
    scenario: str
    history: tuple[HistoryCheck, ...]
    targets: tuple[Score, ...]
    studies: tuple[Placement, ...]
    missing: tuple[Criterion, ...]

    @property
    def level(self) -> str:
        """The worst level of history; ``none`` where nothing could be compared."""
        return max((check.level for check in self.history), key=LEVELS.index, default="none")

    @property
    def worst(self) -> HistoryCheck | None:
        """What is furthest off, measured by its own tolerance."""
        return max(self.history, key=lambda c: abs(c.difference) / c.criterion.fail, default=None)


@dataclass(frozen=True)
class PathwayCheck:
    """What `dualcarbon.check_pathway` gives.

    Parameters
    ----------
    reported : what was read
    scenarios : each pathway, checked, in the order of the file
    units : printed unit and factor from the inside unit, by key
    labels : short names as printed, by key
    """

    reported: Reported
    scenarios: tuple[ScenarioCheck, ...]
    units: Mapping[str, tuple[str, float]]
    labels: Mapping[str, str]

    @property
    def failed(self) -> bool:
        """Whether some pathway fails a criterion of history."""
        return any(one.level == "fail" for one in self.scenarios)

    @property
    def rows(self) -> list[dict[str, Value]]:
        """One row a comparison, with the keys of `COLUMNS`, in the units of the registry."""
        return [row for one in self.scenarios for row in self._rows_of(one)]

    def _rows_of(self, one: ScenarioCheck) -> list[dict[str, Value]]:
        rows: list[dict[str, Value]] = []

        def add(part: str, item: str, year: int | None, verdict: str, remark: str, **cells: Value) -> None:
            row: dict[str, Value] = dict.fromkeys(COLUMNS)
            row |= {"model": one.model, "scenario": one.scenario, "part": part, "item": item, "year": year}
            rows.append(row | {"verdict": verdict, "remark": remark} | cells)

        for check in one.history:
            unit, factor = self.unit_of(check)
            add(
                "history",
                check.criterion.variable,
                check.year,
                check.level,
                check.remark,
                value=check.value * factor,
                reference=check.reference * factor,
                unit=unit,
                difference_percent=check.difference * 100.0,
            )
        for criterion in one.missing:
            add("history", criterion.variable, None, "not reported", "")
        for score in one.targets:
            target = score.target
            add(
                "target",
                target.id,
                target.year,
                score.verdict,
                score.remark,
                value=_or_none(score.value),
                reference=target.value,
                unit=target.unit,
                margin=_or_none(score.margin),
            )
        for place in one.studies:
            unit, factor = self.unit_of_sum(place.variable)
            add(
                "studies",
                place.variable,
                place.year,
                place.place,
                "; ".join(filter(None, (", ".join(place.studies), place.remark))),
                value=place.value * factor,
                low=place.low * factor,
                high=place.high * factor,
                unit=unit,
            )
        return rows

    def unit_of(self, check: HistoryCheck) -> tuple[str, float]:
        """Printed unit of a comparison with history, and the factor to it."""
        return ("1", 1.0) if check.criterion.kind == INDEX else self.units[check.criterion.variable]

    def unit_of_sum(self, variable: str) -> tuple[str, float]:
        """Printed unit of a variable of the studies, and the factor to it."""
        return self.units.get(variable.split("+")[-1], ("year", 1.0))


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
