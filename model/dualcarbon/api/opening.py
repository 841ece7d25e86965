"""Open what a run stands on: the tables of a data folder, and a scenario, checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from dualcarbon.build import build_faults
from dualcarbon.errors import InputError, fault
from dualcarbon.paths import data_folder
from dualcarbon.scenario import Scenario, bundled_scenarios, find_scenario, read_scenario
from dualcarbon.tables import Library


def open_library(data: str | Path | Library | None = None) -> Library:
    """The tables of a data folder; without one those that come with this version."""
    if isinstance(data, Library):
        return data
    if data is not None and not Path(data).is_dir():
        raise fault("there is no such data folder", where=str(data))
    return Library(Path(data) if data is not None else data_folder())


def scenarios() -> list[Scenario]:
    """The bundled scenarios."""
    return [read_scenario(path) for path in bundled_scenarios().values()]


def load(
    scenario: str | Path, *, change: Iterable[str] = (), data: str | Path | Library | None = None
) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    scenario : a file, or the name of a bundled scenario
    change : texts ``lever=value`` as for ``--set`` on the command line
    data : a data folder, or an opened one, instead of the shipped one

    Raises
    ------
    InputError
        With every fault found.
    """
    library = open_library(data)
    read = scenario_of(str(scenario), change, library)
    faults = build_faults(read, library)
    if read.fit is not None:
        from dualcarbon.explore.fitting import read_request

        try:
            read_request(read, library)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return read


def scenario_of(scenario: str | Path | Scenario, change: Iterable[str], library: Library) -> Scenario:
    """The scenario that a name, a file or an already loaded one stands for, its uncertainty checked."""
    read = scenario
    if not isinstance(read, Scenario):
        read = read_scenario(find_scenario(str(read)), tuple(change))
    if not read.uncertainty:
        return read
    from dualcarbon.explore.ensembles.prior import uncertainty_faults

    return replace(read, faults=(*read.faults, *uncertainty_faults(read, library)))
