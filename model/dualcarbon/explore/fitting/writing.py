"""The fitted scenario as a plain file: rounded anchors that anyone can run again without fitting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dualcarbon.analysis.targets import Target
from dualcarbon.axes import Floats
from dualcarbon.build import Built
from dualcarbon.explore.fitting.space import FOSSIL, MIX, Space
from dualcarbon.scenario import LONGEST_NAME, Scenario
from dualcarbon.scenario.uncertainty import spread_words
from dualcarbon.scenario.write import scenario_text
from dualcarbon.tables.levers import Lever

_FORMS = {
    "%": ("{:.2f} %", 2),
    "%/yr": ("{:.3f} %", 3),
    "Mt CO2": ("{:.1f} Mt", 1),
    "Mt CO2e": ("{:.1f} Mt", 1),
    "t CO2/tce": ("{:.4f} t CO2/tce", 4),
}
"""How values are written, by unit: few enough digits to read."""

_SUFFIX = "-fitted"


def fitted_text(
    scenario: Scenario,
    built: Built,
    space: Space,
    departures: Floats | None,
    levers: Mapping[str, Lever],
    targets: Sequence[Target],
    objective: str,
) -> str:
    """The text of the fitted scenario.

    Levers that the fit did not touch stand as written; free levers have their anchors: growth as averages
    since the last anchor, others on straight lines, the mix as coal, oil and gas.
    """
    free = {lever.name for lever in space.levers} if departures is not None else set()
    if MIX in free:
        free |= set(FOSSIL)
    kept = _kept(scenario, built, free)
    moved = {} if departures is None else _anchors(space, departures, levers)
    names = ", ".join(target.id for target in targets)
    return scenario_text(
        name=scenario.name.removesuffix(_SUFFIX).replace("+", "-")[: LONGEST_NAME - len(_SUFFIX)] + _SUFFIX,
        title=f"{scenario.title}, fitted",
        description=f"Fitted to {names}; objective {objective}. {scenario.description}",
        extends=_parent_name(scenario),
        base_year=scenario.base_year,
        end_year=int(built.inputs.years[-1]),
        levers={**kept, **moved},
        comments=["A fitted pathway as a plain scenario: running it needs no fit."],
        uncertainty={
            name: spread_words(spread, scenario.last_anchor) for name, spread in scenario.uncertainty.items()
        },
    )


def _parent_name(scenario: Scenario) -> str | None:
    """The extended scenario, if it can be named from anywhere."""
    return scenario.extends.name if scenario.extends is not None and scenario.extends.bundled else None


def _kept(scenario: Scenario, built: Built, free: set[str]) -> dict[str, Any]:
    """Levers that stay: as written, or year by year.

    Year by year where the extended scenario cannot be named, or where the run ends before the last anchor.
    The mix then stands as coal, oil and gas, because one share alone does not say what the others are.
    """
    parent = scenario.extends
    named = parent is None or parent.bundled
    if named and int(built.inputs.years[-1]) >= scenario.last_anchor:
        return {str(name): value for name, value in scenario.written.items() if name not in free}
    touched = [*scenario.levers] if parent is None or named else [*{**parent.levers, **scenario.levers}]
    if any(name in (MIX, *FOSSIL) for name in touched):
        touched = [*(name for name in touched if name not in (MIX, *FOSSIL)), *FOSSIL]
    return {name: _every_year(built, name) for name in touched if name not in free}


def _every_year(built: Built, name: str) -> dict[Any, Any]:
    """All projected years of a lever, to the precision of a float."""
    years = built.inputs.years
    future = years > built.inputs.base_year
    unit = {"population": ("{!r} million", 1.0), "oil_ef": ("{!r} t CO2/tce", 1.0)}
    form, factor = unit.get(name, ("{!r} Mt", 1.0))
    if name.endswith(("_share", "_rate", "_growth", "_change")):
        form, factor = "{!r} %", 100.0
    path = built.levers[name]
    values = {
        int(y): form.format(float(v) * factor) for y, v in zip(years[future], path[future], strict=True)
    }
    return {"curve": "linear", **values}


def _anchors(space: Space, departures: Floats, levers: Mapping[str, Lever]) -> dict[str, Any]:
    values = space.values(departures)
    found: dict[str, Any] = {}
    for lever in space.levers:
        for name in lever.series:
            table = levers[name]
            form, digits = _FORMS[table.unit]
            head: dict[Any, Any] = {"rates": "average"} if table.kind == "growth" else {"curve": "linear"}
            for year, value in zip(space.anchors, values[name], strict=True):
                head[int(year)] = form.format(round(float(value) / table.factor, digits) + 0.0)
            found[name] = head
    return found
