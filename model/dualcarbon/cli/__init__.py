"""The command line: parse, call the api, print. Only the parser is loaded for ``--help``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dualcarbon.cli.parser import make_parser
from dualcarbon.errors import DualcarbonError

EXIT_BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 2 bad input or output)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = make_parser().parse_args(arguments)
    from dualcarbon.cli import commands

    try:
        getattr(commands, options.function)(options)
        sys.stdout.flush()
    except DualcarbonError as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_INPUT
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("stopped; nothing more was written", file=sys.stderr)
        return 130
    return 0
