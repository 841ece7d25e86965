"""Errors that users see.

::

    DualcarbonError
    ├── InputError      something the user wrote is wrong: one or more faults, each with its place
    └── OutputError     a result cannot be written where it was asked for
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class DualcarbonError(Exception):
    """Base of all errors that dualcarbon raises on purpose."""


class OutputError(DualcarbonError):
    """A result cannot be written where it was asked for."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in an input.

    Parameters
    ----------
    where : file name (or ``--set``, or a function's argument)
    line : line in that file, 1 for the first; 0 when there is none
    key : dotted key, for example ``levers.gdp_growth.2030``; empty for the file as a whole
    what : what is wrong, and what is allowed
    """

    where: str
    line: int
    key: str
    what: str

    def __str__(self) -> str:
        place = f"{self.where}:{self.line}" if self.line else self.where
        return f"{place}: {self.key}: {self.what}" if self.key else f"{place}: {self.what}"


class InputError(DualcarbonError):
    """Something the user wrote is wrong; ``faults`` lists everything found, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def fault(what: str, *, where: str, line: int = 0, key: str = "") -> InputError:
    """An ``InputError`` with a single fault."""
    return InputError([Fault(where, line, key, what)])


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """``"; did you mean X?"`` when a known word is close, otherwise an empty string."""
    import difflib  # not needed where nothing is wrong

    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""
