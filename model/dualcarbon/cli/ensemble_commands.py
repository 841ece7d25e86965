"""``dualcarbon ensemble``: many draws of the uncertain levers."""

from __future__ import annotations

import secrets
import sys
import time
from argparse import Namespace
from pathlib import Path

from dualcarbon import api, files
from dualcarbon.cli import ensemble_pages
from dualcarbon.errors import Fault, InputError, fault
from dualcarbon.explore.ensembles.result import Ensemble
from dualcarbon.explore.ensembles.settings import read_settings
from dualcarbon.output import folder
from dualcarbon.scenario import Scenario
from dualcarbon.tables import Library


def ensemble(options: Namespace) -> None:
    """Draw scenarios many times, print what comes of it, write tables and figures."""
    library = api.open_library(options.data)
    keep = _keep(options)
    scenarios = _load(options, library)
    if options.seed is None:
        options.seed = secrets.randbelow(2**32)  # one for all scenarios
    started = time.perf_counter()
    if options.output is None:
        found = [_run(one, options, keep, library, None) for one in scenarios]
        written = "Nothing written; add -o DIR for tables and figures."
    else:
        parent = Path(options.output)
        names = [files.folder_name(one.name) for one in scenarios]
        folder.check_free(parent, names, force=options.force)
        with folder.scratch_folder(parent) as stage:
            found = [_run(one, options, keep, library, stage / one.name) for one in scenarios]
            draws = {one.name: stage / one.name for one in scenarios} if keep else {}
            files.write_ensembles(found, parent, draws=draws, force=options.force)
        written = f"Written: {names[0] if len(names) == 1 else f'{len(names)} ensembles'} in {options.output}"
    for one in found:
        print(ensemble_pages.summary(one), end="\n\n")
        for warning in one.warnings:
            print(f"{one.name}: warning: {warning}", file=sys.stderr)
    if len(found) > 1:
        print(ensemble_pages.comparison(found), end="\n\n")
    print(f"{time.perf_counter() - started:.1f} s. {written}")


def _keep(options: Namespace) -> list[str]:
    """Variables whose draws are to be kept."""
    if options.keep is None:
        return []
    keep = [key.strip() for key in options.keep.split(",") if key.strip()]
    if not keep:
        raise fault("names no variable; write such as net_co2,coal_share", where="--keep")
    read_settings(keep=keep)  # says a name that is not known before the folder that is missing
    if options.output is None:
        raise fault("kept draws need a folder to write to: add -o DIR", where="--keep")
    return keep


def _load(options: Namespace, library: Library) -> list[Scenario]:
    faults: list[Fault] = []
    scenarios: list[Scenario] = []
    for name in options.scenarios:
        try:
            scenarios.append(api.load(name, change=options.change, data=library))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    names = [one.name for one in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise fault("two scenarios have this name; give them different ones", where=name)
    return scenarios


def _run(
    scenario: Scenario, options: Namespace, keep: list[str], library: Library, place: Path | None
) -> Ensemble:
    return api.ensemble(
        scenario,
        n=options.n,
        seed=options.seed,
        method=options.method,
        keep=keep,
        history=not options.no_history,
        window=options.window,
        workers=options.workers,
        scheduler=options.scheduler,
        block=options.block,
        folder=place,
        data=library,
        progress=_progress,
    )


def _progress(done: int, total: int, what: str) -> None:
    """A progress bar on a terminal; silent elsewhere."""
    if sys.stderr.isatty():
        bar = "█" * (20 * done // total)
        end = "\n" if done == total else ""
        print(f"\r{bar:░<20} {done:,}/{total:,} draws {what:30}", end=end, file=sys.stderr, flush=True)
