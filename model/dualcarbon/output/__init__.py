"""Reads results, never runs: frames, files, figures, tables for the terminal.

Its parts are loaded when first used (``output.plots`` brings matplotlib, ``output.frames`` pandas), so that a
run without figures does not wait for them.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dualcarbon.output import datasets, exports, folder, frames, pathways, plots, tabular, waterfall

_PARTS = ("datasets", "exports", "folder", "frames", "pathways", "plots", "tabular", "waterfall")

__all__ = ["datasets", "exports", "folder", "frames", "pathways", "plots", "tabular", "waterfall"]


def __getattr__(name: str) -> ModuleType:
    """Load a part on first use."""
    if name not in _PARTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
