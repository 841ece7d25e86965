"""dualcarbon: pathways of China's carbon peak and neutrality from documented data and YAML scenarios.

Public names are loaded when first used, so that ``import dualcarbon`` stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_WHERE = {
    **dict.fromkeys(
        (
            "Run",
            "check_pathway",
            "compare",
            "coverage",
            "decompose",
            "ensemble",
            "export",
            "fit",
            "hindcast",
            "load",
            "open_draws",
            "plot_comparison",
            "plot_fans",
            "plot_tornado",
            "plot_tree",
            "plot_years",
            "run",
            "scenarios",
            "sensitivity",
            "sweep",
            "to_xarray",
            "verify",
        ),
        "dualcarbon.api",
    ),
    **dict.fromkeys(("read_netcdf", "read_parquet"), "dualcarbon.output.datasets"),
    **dict.fromkeys(("DualcarbonError", "InputError"), "dualcarbon.errors"),
    "Results": "dualcarbon.results",
}

__all__ = [
    "DualcarbonError",
    "InputError",
    "Results",
    "Run",
    "__version__",
    "check_pathway",
    "compare",
    "coverage",
    "decompose",
    "ensemble",
    "export",
    "fit",
    "hindcast",
    "load",
    "open_draws",
    "plot_comparison",
    "plot_fans",
    "plot_tornado",
    "plot_tree",
    "plot_years",
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
        coverage,
        decompose,
        ensemble,
        export,
        fit,
        hindcast,
        load,
        open_draws,
        plot_comparison,
        plot_fans,
        plot_tornado,
        plot_tree,
        plot_years,
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
