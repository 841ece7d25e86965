"""Runs as one dataset, or as one file that other tools read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dualcarbon import output
from dualcarbon.analysis.summary import summarise
from dualcarbon.analysis.targets import all_official
from dualcarbon.api.opening import open_library
from dualcarbon.api.projecting import modelled_sinks, run
from dualcarbon.api.runs import Progress, Run
from dualcarbon.errors import Fault, InputError, fault
from dualcarbon.explore.official import official_targets
from dualcarbon.tables import Library
from dualcarbon.tables.variables import read_variables

if TYPE_CHECKING:
    import xarray as xr

    from dualcarbon.output.exports import Export
    from dualcarbon.output.pathways import Pathway


def to_xarray(runs: Iterable[Run]) -> xr.Dataset:
    """Runs as one dataset (scenario, year) in the registry's units.

    Raises
    ------
    InputError
        If two runs have the same name, or there is none.
    OutputError
        If xarray is not installed.
    """
    given = list(runs)
    names = [run.name for run in given]
    if len(set(names)) < len(names) or not names:
        raise fault("give runs of different names, at least one", where="to_xarray")
    return output.datasets.dataset([run.pathway() for run in given], read_variables(given[0].library))


def export(
    sources: Run | str | Path | Iterable[Run | str | Path],
    target: str | Path,
    *,
    format: str | None = None,
    vocabulary: str | None = None,
    layout: str | None = None,
    force: bool = False,
    data: str | Path | Library | None = None,
    progress: Progress | None = None,
) -> Export:
    """Write runs into one file, whole or not at all.

    Parameters
    ----------
    sources : runs, run folders, or scenarios (which are run)
    target : the file; a CSV brings ``<name>-meta.csv`` with it
    format : iamc, csv, netcdf or parquet; default by the ending
    vocabulary : current (default) or ar6; IAMC only
    layout : wide (default, a column a year) or long (a row a number); IAMC only
    force : replace a file
    data : a data folder, or an opened one, instead of the shipped one
    progress : called with scenarios done, scenarios in all and the one being written

    Raises
    ------
    InputError
        With every fault found in what was asked for.
    OutputError
        If the file is there already or is too large for Excel, or a package is missing.
    """
    exports = output.exports
    plan = exports.make_plan(Path(target), format, vocabulary, layout, force=force)
    library = open_library(data)
    listed = [sources] if isinstance(sources, (Run, str, Path)) else list(sources)
    found, passed_over = _gather(listed, library)
    left_out = exports.write_export(found, plan, library, progress)
    return exports.Export(plan.files, tuple(one.name for one in found), passed_over, left_out)


def _gather(sources: Sequence[Run | str | Path], library: Library) -> tuple[list[Pathway], tuple[str, ...]]:
    """Pathways of runs, run folders and scenarios; folders of comparisons and sweeps are passed over."""
    found: dict[str, list[tuple[str, Pathway]]] = {}
    faults: list[Fault] = []
    passed_over = []
    for source in sources:
        where = source.name if isinstance(source, Run) else str(source)
        if not isinstance(source, Run) and output.folder.is_other_folder(Path(source)):
            passed_over.append(where)
            continue
        try:
            one = _open_pathway(source, library)
        except InputError as error:
            faults += error.faults
        else:
            found.setdefault(one.name, []).append((where, one))
    for name, several in found.items():
        if len(several) > 1:
            places = ", ".join(where for where, _ in several)
            what = f"{len(several)} runs have this name ({places}); give them different names"
            faults.append(Fault(name, 0, "", what))
    if not found and not faults:
        faults.append(Fault(", ".join(passed_over) or "export", 0, "", "no run to export"))
    if faults:
        raise InputError(faults)
    return [several[0][1] for several in found.values()], tuple(passed_over)


def _open_pathway(source: Run | str | Path, library: Library) -> Pathway:
    """A run, a run folder as it was written, or a scenario, run."""
    if isinstance(source, Run):
        return source.pathway()
    if not Path(source).is_dir():
        return run(source, data=library).pathway()
    results, rows = output.folder.read_run(Path(source), read_variables(library))
    verdicts = {row["target"]: row["verdict"] for row in rows}
    official = [t.id for t in all_official(official_targets(library), results.base_year)]
    scenario = results.meta["scenario"]
    return output.pathways.Pathway(
        scenario["name"],
        scenario["title"],
        results,
        summarise(results, modelled_sinks(library)),
        {target: verdicts[target] for target in official if target in verdicts},
    )
