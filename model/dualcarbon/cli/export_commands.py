"""`dualcarbon export`: runs into one file for others."""

from __future__ import annotations

from argparse import Namespace

from dualcarbon import api
from dualcarbon.cli.commands import show_progress
from dualcarbon.output import text


def export(options: Namespace) -> None:
    """Write runs into one file and say what is in it."""
    done = api.export(
        options.sources,
        options.output,
        format=options.format,
        vocabulary=options.vocabulary,
        layout=options.layout,
        force=options.force,
        data=options.data,
        progress=show_progress,
    )
    count = len(done.scenarios)
    print(f"Written: {count} scenario{'s' if count > 1 else ''} in {' and '.join(map(str, done.files))}")
    if done.passed_over:
        print(f"Passed over, no pathway of their own: {', '.join(done.passed_over)}")
    if done.left_out:
        print(f"Left out, {len(done.left_out)} variables without a counterpart in this vocabulary:")
        print(text.wrap("; ".join(done.left_out), "  "))
