"""What is written of a fit, and a folder for each sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dualcarbon import output
from dualcarbon.tables.levers import Lever

if TYPE_CHECKING:
    from dualcarbon.explore.fitting import Cell, Fit


def fit_record(fit: Fit, levers: Mapping[str, Lever]) -> dict[str, Any]:
    """How a scenario was fitted, ready for JSON; the same fit gives the same record."""

    def shown(lever: str, value: float) -> float | None:
        return None if np.isnan(value) else round(value / levers[lever].factor, 6)

    return {
        "feasible": fit.feasible,
        "targets": [
            {
                "target": after.target.id,
                "before": _or_none(before.value),
                "after": _or_none(after.value),
                "margin": _or_none(after.margin),
                "unit": after.target.unit,
                "verdict": after.verdict,
            }
            for before, after in zip(fit.scores_before, fit.scores, strict=True)
        ],
        "missed": [asdict(gap) for gap in fit.gaps],
        "binding": [asdict(weight) for weight in fit.binding],
        "levers": [
            {
                "lever": v.lever,
                "year": v.year,
                "unit": levers[v.lever].unit,
                **{k: shown(v.lever, getattr(v, k)) for k in ("reference", "before", "fitted", "ambitious")},
                "rests_on": v.rests,
            }
            for v in fit.levers
        ],
        "in_the_way": [
            {
                "target": b.target,
                "lever": b.lever,
                "year": b.year,
                "unit": levers[b.lever].unit,
                "bound": shown(b.lever, b.bound),
                "needed": shown(b.lever, b.needed),
            }
            for b in fit.blocks
        ],
        "held": [asdict(held) for held in fit.held],
        "not_together": [list(pair) for pair in fit.contradictions],
        "left_out": list(fit.left_out),
        "objective": fit.objective,
        "iterations": fit.iterations,
        "evaluations": fit.evaluations,
    }


def write_sweep(
    name: str, cells: Sequence[Cell], parent: Path, *, figure: bool = True, force: bool = False
) -> None:
    """Write a sweep as a folder ``<name>-sweep`` with a table and a figure."""
    rows = sweep_rows(cells)

    def write(path: Path) -> None:
        output.folder.write_csv(path / "sweep.csv", rows)
        output.folder.write_json(path / output.folder.SWEEP_FILE, {"scenario": name, "cells": len(cells)})
        if figure:
            drawing = output.figures.sweeps.draw(name, [asdict(cell) for cell in cells])
            output.figures.save(drawing, path / "sweep.png")

    output.folder.write_folders(parent, {f"{name}-sweep": write}, force=force)


def sweep_rows(cells: Sequence[Cell]) -> tuple[list[str], output.tabular.Rows]:
    """Header and rows of a sweep: shares and declines in percent, CO2 in Mt."""
    keys, years = list(cells[0].settings), sorted({y for cell in cells for y in cell.non_fossil_share})
    header = [*keys, "feasible", "peak_level", "cumulative_co2"]
    header += [f"non_fossil_share_{y}" for y in years] + [f"intensity_decline_to_{y}" for y in years]
    rows: output.tabular.Rows = []
    for cell in cells:
        numbers = [
            cell.peak_level,
            cell.cumulative,
            *(cell.non_fossil_share.get(y, np.nan) * 100.0 for y in years),
            *(cell.intensity_decline.get(y, np.nan) * 100.0 for y in years),
        ]
        settings = [cell.settings[key] for key in keys]
        rows.append([*settings, "yes" if cell.feasible else "no", *map(_or_none, numbers), cell.why])
    return [*header, "why"], rows


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
