"""The report: runs in, one HTML file out."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from dualcarbon import api, files
from dualcarbon.errors import Fault, InputError, fault
from dualcarbon.output.folder import is_other_folder


def report(options: Namespace) -> None:
    """Write a report of run folders or scenarios."""
    target = Path(options.output)
    files.check_report_place(target, force=options.force)
    library = api.open_library(options.data)
    runs: list[api.Run] = []
    faults: list[Fault] = []
    for name in options.runs:
        if is_other_folder(Path(name)):
            print(f"{name}: a comparison or a sweep, not a run; left out")
            continue
        try:
            runs.append(api.open_run(name, library))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    if not runs:
        raise fault("no run among them; `dualcarbon run … -o` writes run folders", where=options.runs[0])
    files.write_report(runs, target, library, title=options.title, force=options.force)
    many = f"{len(runs)} runs" if len(runs) > 1 else runs[0].name
    print(
        f"Written: {target} ({many}, {target.stat().st_size / 1e6:.1f} MB); it opens in any browser, offline"
    )
