"""Write a sensitivity: tables, figures, and what is needed to repeat it, as one folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dualcarbon import output
from dualcarbon.explore.attribution import MIX
from dualcarbon.explore.sensitivity.rows import index_rows, tornado_rows
from dualcarbon.tables.levers import Lever

if TYPE_CHECKING:
    from dualcarbon.explore.sensitivity import Factor, Output, Sensitivity


def write_sensitivity(
    found: Sensitivity, parent: Path, levers: Mapping[str, Lever], *, force: bool = False
) -> str:
    """Write a folder ``<scenario>-sensitivity`` below ``parent``, whole or not at all; gives its name.

    Raises
    ------
    OutputError
        If something is in the way.
    """
    name = f"{found.meta['scenario']['name']}-sensitivity"
    title = str(found.meta["scenario"]["title"])
    outputs = range(len(found.outputs))

    def write(path: Path) -> None:
        output.folder.write_csv(path / "indices.csv", index_rows(found))
        output.folder.write_csv(path / "tornado.csv", tornado_rows(found, levers))
        output.folder.write_json(path / output.folder.SENSITIVITY_FILE, _record(found))
        bars = output.figures.tornado.draw_tornado(title, [_tornado(found, k, levers) for k in outputs])
        output.figures.save(bars, path / "tornado.png")
        trees = [_tree(found, k, levers) for k in outputs]
        tree = output.figures.variance_tree.draw_variance_tree(title, trees, found.points)
        output.figures.save(tree, path / "tree.png")

    output.folder.write_folders(parent, {name: write}, force=force)
    return name


def _record(found: Sensitivity) -> dict[str, Any]:
    """How a sensitivity was worked out, ready for JSON; the same call gives the same record."""
    indices = found.indices
    return {
        "points": found.points,
        "pathways": found.evaluations,
        "seed": found.seed,
        "sampling": "scrambled Sobol sequence; one factor at a time exchanged between two samples",
        "estimators": {"first_order": found.estimator, "total": "jansen"},
        "intervals": found.intervals,
        "factors": [{"levers": list(one.levers), "rests_on": list(one.rests_on)} for one in found.factors],
        "outputs": [
            {
                "output": one.name,
                "label": one.label,
                "unit": one.unit,
                "scenario": float(found.central[k]),
                "mean": float(indices.mean[k]),
                "standard_deviation": float(np.sqrt(indices.variance[k])),
                "p05": float(found.quantiles[k, 0]),
                "p50": float(found.quantiles[k, 1]),
                "p95": float(found.quantiles[k, 2]),
                "interactions": float(indices.interactions[k]) if indices.varies[k] else None,
                "notes": list(found.notes.get(one.name, ())),
            }
            for k, one in enumerate(found.outputs)
        ],
        "notes": list(found.notes.get("", ())),
        **found.meta,
    }


def _tornado(found: Sensitivity, k: int, levers: Mapping[str, Lever]) -> output.figures.tornado.TornadoPanel:
    """One output's bars: over each lever's range, and between reference and scenario."""
    ranges, steps, one = found.ranges, found.steps, found.outputs[k]
    _, scale = _unit(one)
    scenario = float(found.central[k]) * scale
    end = found.meta["end_year"]
    return output.figures.tornado.TornadoPanel(
        title=_heading(one),
        is_year=one.unit == "year",
        scenario=scenario,
        scenario_text=f"after {end}" if one.may_be_missing and scenario > end else _digits(scenario),
        ranges=[
            (
                f"{levers[name].label}, {levers[name].unit}",
                float(ranges.low[k, j]) * scale,
                float(ranges.high[k, j]) * scale,
                _digits(float(ranges.lever_low[k, j]) / levers[name].factor),
                _digits(float(ranges.lever_high[k, j]) / levers[name].factor),
            )
            for j, name in enumerate(ranges.levers)
        ],
        steps=[
            (
                "Energy mix" if name == MIX else levers[name].label,
                float(steps.towards[k, j]) * scale,
                float(steps.back[k, j]) * scale,
            )
            for j, name in enumerate(steps.groups)
        ],
    )


def _tree(found: Sensitivity, k: int, levers: Mapping[str, Lever]) -> output.figures.variance_tree.TreePanel:
    """One output's variance and its parts."""
    indices, one = found.indices, found.outputs[k]
    unit, scale = _unit(one)
    labels = {name: lever.label for name, lever in levers.items()}
    spread = _digits(float(np.sqrt(indices.variance[k])) * scale)

    def part(j: int, factor: Factor) -> output.figures.variance_tree.Part:
        return output.figures.variance_tree.Part(
            label=factor.short(labels),
            first=float(indices.first[k, j]),
            total=float(indices.total[k, j]),
            first_interval=(float(indices.first_interval[k, j, 0]), float(indices.first_interval[k, j, 1])),
            total_interval=(float(indices.total_interval[k, j, 0]), float(indices.total_interval[k, j, 1])),
        )

    return output.figures.variance_tree.TreePanel(
        title=_heading(one),
        spread=f"{spread} {'years' if one.unit == 'year' else unit}",
        parts=[part(j, factor) for j, factor in enumerate(found.factors)],
        note="; ".join(found.notes.get(one.name, ())),
    )


def _unit(one: Output) -> tuple[str, float]:
    """Unit of an output in figures, and what its values are multiplied by: Gt instead of Mt."""
    return ("G" + one.unit[1:], 1e-3) if one.unit.startswith("Mt") else (one.unit, 1.0)


def _heading(one: Output) -> str:
    return one.label if one.unit == "year" else f"{one.label}, {_unit(one)[0]}"


def _digits(value: float) -> str:
    """Three significant digits, never in powers of ten."""
    return (f"{value:.0f}" if abs(value) >= 100.0 else f"{value:.3g}").replace("-", "−")
