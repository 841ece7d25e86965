"""Open what stands for a run: a run itself, a scenario, or a run folder, projected again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from dualcarbon import output
from dualcarbon.analysis.differences import YEARS, moved
from dualcarbon.api.opening import check_source, open_library
from dualcarbon.api.projecting import project, run
from dualcarbon.api.runs import Run
from dualcarbon.errors import fault
from dualcarbon.results import Results
from dualcarbon.scenario import Scenario, read_scenario_text
from dualcarbon.scenario.reading import is_there
from dualcarbon.scenario.write import recorded_text
from dualcarbon.tables import Library
from dualcarbon.tables.variables import Variable, read_variables


def open_run(source: Run | Scenario | str | Path, data: str | Path | Library | None = None) -> Run:
    """A run as it is, a scenario, run, or a run folder, projected again.

    Parameters
    ----------
    source : a run, a run folder, a scenario file, the name of a bundled scenario, or a scenario loaded

    Raises
    ------
    InputError
        If it is none of these, or cannot be run or reopened.
    """
    if isinstance(source, Run):
        return source
    if isinstance(source, Scenario):
        return run(source, data=data)
    check_source(source)
    return reopen(source, data) if is_there(Path(source).is_dir) else run(source, data=data)


def reopen(folder: str | Path, data: str | Path | Library | None = None) -> Run:
    """A run folder's pathway, projected again from the lever values that it recorded.

    Raises
    ------
    InputError
        If it is no run folder, rests on other data than those at hand, or holds other figures than those
        that are projected now.
    """
    library = open_library(data)
    variables = read_variables(library)
    written, _ = output.folder.read_run(Path(folder), variables)
    if dict(written.meta.get("data", {})) != library.hashes:
        raise fault("was run on other data than those at hand; run its scenario again", where=str(folder))
    lost = _lost(written.meta, _RUN_KEYS) or _lost_of_scenario(written.meta["scenario"])
    if lost:
        raise fault(f"the run folder is damaged (run.json lacks {', '.join(lost)})", where=str(folder))
    record = written.meta["scenario"]
    text = recorded_text(record["name"], record["title"], written.base_year, written.meta)
    again = read_scenario_text(text, str(folder))
    one = project(again, library)
    _check_same(written, one.results, variables, str(folder))
    meta = {**written.meta, "versions": one.results.meta["versions"]}
    return replace(one, scenario=_as_recorded(again, record), results=replace(one.results, meta=meta))


_RUN_KEYS = ("scenario", "resolution", "end_year", "levers", "accounting", "rests_on")


_SCENARIO_KEYS = ("name", "title", "description", "as_written", "extends")


_AS_WRITTEN = 1e-9
"""What ten written digits leave open, against the value or the largest of its variable."""


def _check_same(written: Results, projected: Results, variables: Mapping[str, Variable], where: str) -> None:
    """Refuse a folder whose figures are not those that are projected from its record."""
    moves = []
    for key in projected:
        near_zero = _AS_WRITTEN * float(np.fmax.reduce(np.abs(projected[key]), initial=0.0))
        moves += moved(written, projected, _AS_WRITTEN, near_zero, [key])
    if not moves:
        return
    worst = max(moves, key=lambda move: move.relative)
    if worst.variable == YEARS:
        what = f"{worst.year} stands only in the {'folder' if worst.only_in == 'before' else 'projection'}"
    else:
        one = variables[worst.variable]
        stored, now = (f"{value * one.factor:.10g}" for value in (worst.before, worst.after))
        what = f"most of all {one.key} in {worst.year}: {stored} {one.unit} is written, {now} is projected"
    raise fault(
        f"pathway.csv and the projection from run.json differ, {what}; "
        "it was written by another version, or edited: run its scenario again",
        where=where,
    )


def _lost(record: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    return [key for key in keys if key not in record]


def _lost_of_scenario(record: Mapping[str, Any]) -> list[str]:
    """Keys that the record of a scenario lacks, or that of the one that it extends."""
    lost = _lost(record, _SCENARIO_KEYS)
    return lost or (_lost_of_scenario(record["extends"]) if record["extends"] else [])


def _as_recorded(scenario: Scenario, record: Mapping[str, Any]) -> Scenario:
    """A scenario with the content that a run recorded, and the one that it extended."""
    parent = record["extends"]
    extends = None if parent is None else _as_recorded(scenario, parent)
    return replace(scenario, name=record["name"], raw=record["as_written"], extends=extends)
