"""Write a sensitivity: tables, figures, and what is needed to repeat it, as one folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dualcarbon import output
from dualcarbon.api.drawings import draw_tornado, draw_tree
from dualcarbon.explore.sensitivity.rows import index_rows, tornado_rows
from dualcarbon.tables.levers import Lever

if TYPE_CHECKING:
    from dualcarbon.explore.sensitivity import Sensitivity


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

    def write(path: Path) -> None:
        output.folder.write_csv(path / "indices.csv", index_rows(found))
        output.folder.write_csv(path / "tornado.csv", tornado_rows(found, levers))
        output.folder.write_json(path / output.folder.SENSITIVITY_FILE, _record(found))
        output.figures.save(draw_tornado(found, levers), path / "tornado.png")
        output.figures.save(draw_tree(found, levers), path / "tree.png")

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
