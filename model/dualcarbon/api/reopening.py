"""Project a run folder again from what it recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dualcarbon import output
from dualcarbon.api.opening import open_library
from dualcarbon.api.projecting import project
from dualcarbon.api.runs import Run
from dualcarbon.errors import fault
from dualcarbon.scenario import Scenario, read_scenario_text
from dualcarbon.scenario.write import recorded_text
from dualcarbon.tables import Library
from dualcarbon.tables.variables import read_variables


def reopen(folder: str | Path, data: str | Path | Library | None = None) -> Run:
    """A run folder's pathway, projected again from the lever values that it recorded.

    Raises
    ------
    InputError
        If it is no run folder, or rests on other data than those at hand.
    """
    library = open_library(data)
    written, _ = output.folder.read_run(Path(folder), read_variables(library))
    if dict(written.meta.get("data", {})) != library.hashes:
        raise fault("was run on other data than those at hand; run its scenario again", where=str(folder))
    lost = _lost(written.meta, _RUN_KEYS) or _lost_of_scenario(written.meta["scenario"])
    if lost:
        raise fault(f"the run folder is damaged (run.json lacks {', '.join(lost)})", where=str(folder))
    record = written.meta["scenario"]
    text = recorded_text(record["name"], record["title"], written.base_year, written.meta)
    again = read_scenario_text(text, str(folder))
    one = project(again, library)
    meta = {**written.meta, "versions": one.results.meta["versions"]}
    return replace(one, scenario=_as_recorded(again, record), results=replace(one.results, meta=meta))


_RUN_KEYS = ("scenario", "resolution", "end_year", "levers", "accounting", "rests_on")


_SCENARIO_KEYS = ("name", "title", "description", "as_written", "extends")


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
