"""How an ensemble is run, checked before anything starts."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from dualcarbon.errors import Fault, InputError, did_you_mean
from dualcarbon.explore.ensembles.history import parse_window
from dualcarbon.explore.ensembles.sampling import CHUNK, METHODS, limit_of
from dualcarbon.explore.whole_numbers import whole_number
from dualcarbon.project import VARIABLES

DRAWS = 20_000
"""Draws unless a user says otherwise."""

WORTH_PROCESSES = 200_000
"""Fewer draws are done before a second process has started."""

LARGEST_PART = 2**18
"""Draws of one task at most: a summary comes back for each."""

KEPT_BYTES = 64e6
"""Kept draws that come back with a task, at most, whatever block is asked for."""


@dataclass(frozen=True)
class Settings:
    """How an ensemble is run.

    Parameters
    ----------
    n, seed, method : draws, seed and kind of random numbers
    keep : variables whose draws are kept
    history : whether draws are held to history
    window : first and last year of the history that they are held to; None for the usual one
    workers : processes on this machine; 1 for none but this one
    scheduler : address of a Dask scheduler that is used instead
    part : draws of one task, a multiple of `CHUNK`
    """

    n: int
    seed: int
    method: str
    keep: tuple[str, ...]
    history: bool
    window: tuple[int, int] | None
    workers: int
    scheduler: str | None
    part: int

    def parts(self) -> list[tuple[int, int]]:
        """First draw and number of draws of every task."""
        return [(first, min(self.part, self.n - first)) for first in range(0, self.n, self.part)]


def read_settings(
    *,
    n: object = DRAWS,
    seed: object = None,
    method: str = "sobol",
    keep: str | Sequence[str] = (),
    history: bool = True,
    window: object = None,
    workers: object = None,
    scheduler: str | None = None,
    block: object = None,
    years: int = 36,
) -> Settings:
    """Check what a user asks for.

    Parameters
    ----------
    n, seed, workers, block : whole numbers, also as text such as ``1e6``; a seed is drawn when there is none
    method : one of `METHODS`
    keep : keys of variables, or one
    window : ``2015-2025``, or first and last year
    scheduler : such as ``tcp://host:8786``
    years : of a draw, to size the tasks

    Raises
    ------
    InputError
        With every fault found.
    """
    faults: list[Fault] = []

    def whole(where: str, value: object, least: int, example: str) -> int:
        number = whole_number(value)
        if number is None or number < least:
            kind = "a whole number" + (f" from {least} up" if least else " that is not negative")
            faults.append(Fault(where, 0, "", f"{value!r} is not {kind}, such as {example}"))
            return least
        return number

    draws = whole("n", n, 1, "20000")
    used = secrets.randbelow(2**32) if seed is None else whole("seed", seed, 0, "7")
    given = None if workers is None else whole("workers", workers, 1, "2")
    asked = None if block is None else whole("block", block, 1, "65536")
    if method not in METHODS:
        known = f"; allowed: {', '.join(METHODS)}" + did_you_mean(method, METHODS)
        faults.append(Fault("method", 0, "", f"there is no method {method!r}{known}"))
    elif draws > limit_of(method):
        what = f"{method} gives at most {limit_of(method):,} draws"
        faults.append(
            Fault("n", 0, "", what + ("; sobol has no such need of memory" if method == "lhs" else ""))
        )
    kept = tuple(dict.fromkeys([keep] if isinstance(keep, str) else keep))
    for key in kept:
        if key not in VARIABLES:
            hint = did_you_mean(key, VARIABLES) or "; `dualcarbon variables` lists what there is"
            faults.append(Fault("keep", 0, "", f"there is no variable {key!r}{hint}"))
    span = None if window is None else _span(window, faults)
    if span is not None and not history:
        faults.append(Fault("window", 0, "", "has no meaning without history; leave one of the two out"))
    if scheduler is not None and given is not None:
        faults.append(Fault("workers", 0, "", "the scheduler has its own workers; leave one of the two out"))
    if faults:
        raise InputError(faults)
    count = given or (_cores() if draws >= WORTH_PROCESSES else 1)
    return Settings(
        n=draws,
        seed=used,
        method=method,
        keep=kept,
        history=history,
        window=span,
        workers=count,
        scheduler=scheduler,
        part=_part(draws, asked, 16 if scheduler else count, len(kept) * years * 8),
    )


def _part(n: int, asked: int | None, workers: int, bytes_kept: int) -> int:
    """Draws of a task: whole chunks, some eight tasks a worker, and never too much to send back."""
    if asked is None:
        asked = min(n // (8 * workers), LARGEST_PART)
    if bytes_kept:
        asked = min(asked, int(KEPT_BYTES / bytes_kept))
    return max(1, -(-asked // CHUNK)) * CHUNK


def _cores() -> int:
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _span(window: object, faults: list[Fault]) -> tuple[int, int] | None:
    """First and last year of a window."""
    if isinstance(window, str):
        try:
            return parse_window(window, where="window")
        except InputError as error:
            faults += error.faults
            return None
    try:
        first, last = (int(str(end)) for end in window)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        faults.append(Fault("window", 0, "", f"{window!r} is not a span of years, such as 2015-2025"))
        return None
    return first, last
