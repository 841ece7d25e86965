"""The command line: parse, call the api, print. Only the parser is loaded for ``--help``."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from dualcarbon.cli.parser import make_parser
from dualcarbon.errors import DualcarbonError

EXIT_BAD_INPUT = 2

_PROCESS = {"OPENBLAS_NUM_THREADS": "1", "PYDANTIC_DISABLE_PLUGINS": "1"}
"""Set for this process before numpy and pydantic are loaded, unless the user has: threads slow small arrays
down (a fit takes ten times as long), and looking for plugins delays every start."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 done, 1 moved or off, 2 bad input, 3 infeasible."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = make_parser().parse_args(arguments)
    for name, value in _PROCESS.items():
        os.environ.setdefault(name, value)
    commands = import_module(f"{__name__}.{options.module}")

    gc.enable()  # off while modules load, see `script`
    try:
        code = getattr(commands, options.function)(options)
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
    return int(code or 0)


def script() -> NoReturn:
    """What the installed command calls: `main` in a process of its own.

    Collecting garbage while modules load, and once more at the end, would take a tenth of a short run.
    """
    gc.disable()
    code = main()
    gc.freeze()
    sys.exit(code)
