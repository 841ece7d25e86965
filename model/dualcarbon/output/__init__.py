"""Reads results, never runs: frames, files, figures, tables for the terminal.

Its parts are loaded when first used (``output.figures`` brings matplotlib, ``output.frames`` pandas), so
that a run without figures does not wait for them.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dualcarbon.output import (
        datasets,
        exports,
        figures,
        folder,
        frames,
        pathways,
        plotting,
        report,
        tabular,
    )

_PARTS = (
    "datasets",
    "exports",
    "figures",
    "folder",
    "frames",
    "pathways",
    "plotting",
    "report",
    "tabular",
)

__all__ = [
    "datasets",
    "exports",
    "figures",
    "folder",
    "frames",
    "pathways",
    "plotting",
    "report",
    "tabular",
]


def __getattr__(name: str) -> ModuleType:
    """Load a part on first use."""
    if name not in _PARTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
