"""Run scenarios from Python: ``run``, ``ensemble``, ``fit``, ``sweep``, ``sensitivity``, ``load`` …

Where things are, from the ground up; a module imports only those above it in this list:

- ``runs``: what a run is; ``records``: what it records of itself
- ``opening``: a data folder and a scenario, read and checked
- ``fits``: a scenario moved to meet targets, once or over a grid
- ``projecting``: ``run``, and what stands behind it
- ``reopening``: whatever stands for a run; a run folder, projected again
- ``comparisons``: why two runs differ, or one changes over time
- ``uncertainty``: ensembles and Sobol indices
- ``exchange``: datasets and files for other tools
- ``checks``: the model, and anyone's pathway, against documents and history
- ``drawings``: figures of several runs, of ensembles and of sensitivities
- ``registries``: variables, levers, the schema of scenario files

A module is loaded when one of its names is first used, so that a plain run does not wait for the others.

Example
-------
>>> import dualcarbon as dc
>>> r = dc.run("rapid-decline")
>>> float(r["net_co2"][-1]) < float(r["net_co2"][0])
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dualcarbon.lazy import load_names

if TYPE_CHECKING:
    from dualcarbon.api.checks import check_pathway, coverage, figure_check, hindcast, verify
    from dualcarbon.api.comparisons import Comparison, compare, decompose
    from dualcarbon.api.drawings import plot_comparison, plot_fans, plot_tornado, plot_tree, plot_years
    from dualcarbon.api.exchange import export, to_xarray
    from dualcarbon.api.fits import fit, sweep
    from dualcarbon.api.opening import check_source, load, open_library, scenarios
    from dualcarbon.api.projecting import fitted_run, run
    from dualcarbon.api.records import ACCOUNTING
    from dualcarbon.api.registries import lever_rows, lever_table, scenario_schema, variables
    from dualcarbon.api.reopening import open_run, reopen
    from dualcarbon.api.runs import Progress, Run
    from dualcarbon.api.uncertainty import ensemble, open_draws, sensitivity

_NAMES = {
    "runs": ("Progress", "Run"),
    "records": ("ACCOUNTING",),
    "opening": ("check_source", "load", "open_library", "scenarios"),
    "fits": ("fit", "sweep"),
    "projecting": ("fitted_run", "run"),
    "reopening": ("open_run", "reopen"),
    "comparisons": ("Comparison", "compare", "decompose"),
    "uncertainty": ("ensemble", "open_draws", "sensitivity"),
    "exchange": ("export", "to_xarray"),
    "checks": ("check_pathway", "coverage", "figure_check", "hindcast", "verify"),
    "drawings": ("plot_comparison", "plot_fans", "plot_tornado", "plot_tree", "plot_years"),
    "registries": ("lever_rows", "lever_table", "scenario_schema", "variables"),
}
_WHERE = {name: f"{__name__}.{module}" for module, names in _NAMES.items() for name in names}

__all__ = [
    "ACCOUNTING",
    "Comparison",
    "Progress",
    "Run",
    "check_pathway",
    "check_source",
    "compare",
    "coverage",
    "decompose",
    "ensemble",
    "export",
    "figure_check",
    "fit",
    "fitted_run",
    "hindcast",
    "lever_rows",
    "lever_table",
    "load",
    "open_draws",
    "open_library",
    "open_run",
    "plot_comparison",
    "plot_fans",
    "plot_tornado",
    "plot_tree",
    "plot_years",
    "reopen",
    "run",
    "scenario_schema",
    "scenarios",
    "sensitivity",
    "sweep",
    "to_xarray",
    "variables",
    "verify",
]


__getattr__ = load_names(globals(), _WHERE)


def __dir__() -> list[str]:
    return sorted(__all__)
