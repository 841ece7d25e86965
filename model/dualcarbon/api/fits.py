"""Fit a scenario to targets, once or over a grid of peak and neutral years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dualcarbon.api.opening import open_library, scenario_of
from dualcarbon.errors import InputError
from dualcarbon.scenario import Scenario
from dualcarbon.tables.levers import read_levers

if TYPE_CHECKING:
    from dualcarbon.api.runs import Progress
    from dualcarbon.explore.fitting import Cell, Fit
    from dualcarbon.tables import Library


def fit(
    scenario: str | Path | Scenario,
    *,
    targets: Sequence[object] | None = None,
    free: Sequence[str] | None = None,
    objective: str | None = None,
    extend: float | None = None,
    change: Iterable[str] = (),
    starts: int = 3,
    explain: bool = True,
    data: str | Path | Library | None = None,
) -> Fit:
    """Move a scenario as little as needed to meet targets, or say what stands in the way.

    Parameters
    ----------
    scenario : a file, the name of a bundled scenario, or one already loaded
    targets : groups, targets by id, or mappings such as ``{"indicator": "coal_share", "year": 2040,
        "at_most": "25 %"}``; default those of the scenario's ``fit`` block, else ``all-official``
    free : levers that may move; default those of the block, else all that have an ambitious pathway
    objective : least-departure, least-change, smoothest or lowest-cumulative-co2
    extend : how far beyond the ambitious pathway, in ways from reference to ambitious
    change : texts ``lever=value`` as for ``--set`` on the command line
    starts : starting points whose answers are compared, up to three
    explain : whether to work out weights, bounds in the way and contradictions

    Raises
    ------
    InputError
        With every fault found, if there is nothing to fit to, and if no free lever can influence a target.
    """
    from dualcarbon.explore.fitting import HopelessError, fault_sayer, fit_scenario, read_request

    library = open_library(data)
    read = scenario_of(scenario, change, library)
    wanted, options = read_request(read, library, targets, free, objective, extend)
    try:
        found = fit_scenario(
            read, library, read_levers(library), wanted.targets, options, starts=starts, explain=explain
        )
        return replace(found, left_out=wanted.left_out)
    except HopelessError as error:
        say = fault_sayer("targets", targets, read)
        raise InputError(say((), f"{t.id} {error.why}") for t in error.targets) from None


def sweep(
    scenario: str | Path | Scenario,
    grid: Mapping[str, Sequence[int]],
    *,
    targets: Sequence[object] | None = None,
    free: Sequence[str] | None = None,
    objective: str | None = None,
    extend: float | None = None,
    change: Iterable[str] = (),
    data: str | Path | Library | None = None,
    progress: Progress | None = None,
) -> list[Cell]:
    """Fit a scenario for every combination of peak year and neutral year.

    Parameters
    ----------
    grid : values of ``peak_year`` (the maximum of CO2 falls in that year) and of ``neutral_year`` (net
        greenhouse gases at or below zero from then on)
    targets : kept in every cell, except those that the grid replaces; default none but the scenario's own
    progress : called with cells done, cells in all and what is being fitted

    Other parameters as for `fit`.
    """
    from dualcarbon.explore.fitting import check_grid, read_request, sweep_fits

    library = open_library(data)
    read = scenario_of(scenario, change, library)
    chosen = [] if targets is None and read.fit is None else targets
    wanted, options = read_request(read, library, chosen, free, objective, extend, none_needed=True)
    check_grid(grid, read, library)
    return sweep_fits(read, library, read_levers(library), wanted.targets, options, grid, progress)
