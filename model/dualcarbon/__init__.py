"""dualcarbon: pathways of China's carbon peak and neutrality from documented data and YAML scenarios.

Public names are loaded when first used, so that ``import dualcarbon`` stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_WHERE = {
    "run": "dualcarbon.api",
    "check_pathway": "dualcarbon.api",
    "compare": "dualcarbon.api",
    "decompose": "dualcarbon.api",
    "ensemble": "dualcarbon.api",
    "fit": "dualcarbon.api",
    "load": "dualcarbon.api",
    "sensitivity": "dualcarbon.api",
    "sweep": "dualcarbon.api",
    "hindcast": "dualcarbon.api",
    "verify": "dualcarbon.api",
    "scenarios": "dualcarbon.api",
    "to_xarray": "dualcarbon.api",
    "export": "dualcarbon.api",
    "read_netcdf": "dualcarbon.output.datasets",
    "read_parquet": "dualcarbon.output.datasets",
    "Run": "dualcarbon.api",
    "Results": "dualcarbon.results",
    "DualcarbonError": "dualcarbon.errors",
    "InputError": "dualcarbon.errors",
}

__all__ = [
    "DualcarbonError",
    "InputError",
    "Results",
    "Run",
    "__version__",
    "check_pathway",
    "compare",
    "decompose",
    "ensemble",
    "export",
    "fit",
    "hindcast",
    "load",
    "read_netcdf",
    "read_parquet",
    "run",
    "scenarios",
    "sensitivity",
    "sweep",
    "to_xarray",
    "verify",
]

if TYPE_CHECKING:
    from dualcarbon.api import (
        Run,
        check_pathway,
        compare,
        decompose,
        ensemble,
        export,
        fit,
        hindcast,
        load,
        run,
        scenarios,
        sensitivity,
        sweep,
        to_xarray,
        verify,
    )
    from dualcarbon.errors import DualcarbonError, InputError
    from dualcarbon.output.datasets import read_netcdf, read_parquet
    from dualcarbon.results import Results


def __getattr__(name: str) -> Any:
    """Import a public name on first use."""
    if name not in _WHERE:
        raise AttributeError(f"module 'dualcarbon' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
