"""Reads results, never runs: frames, files, figures, tables for the terminal.

Its parts are loaded when first used (``output.plots`` brings matplotlib, ``output.frames`` pandas), so that a
run without figures does not wait for them.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dualcarbon.output import (
        folder,
        frames,
        plots,
        report,
        tabular,
        tornado,
        variance_tree,
        waterfall,
    )

_PARTS = (
    "folder",
    "frames",
    "plots",
    "report",
    "tabular",
    "tornado",
    "variance_tree",
    "waterfall",
)

__all__ = [
    "folder",
    "frames",
    "plots",
    "report",
    "tabular",
    "tornado",
    "variance_tree",
    "waterfall",
]


def __getattr__(name: str) -> ModuleType:
    """Load a part on first use."""
    if name not in _PARTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
