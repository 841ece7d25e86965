"""Timing by turns, and goals beside what was measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping


def best_by_turns(cases: Mapping[str, Callable[[], object]], rounds: int, calls: int = 1) -> dict[str, float]:
    """Best wall time in seconds of a call of each case.

    Cases take turns, of so many calls each, so that a slow spell of the machine meets them all.
    """
    best = dict.fromkeys(cases, float("inf"))
    for turn in range(rounds + 1):
        for name, case in cases.items():
            start = time.perf_counter()
            for _ in range(calls):
                case()
            seconds = (time.perf_counter() - start) / calls
            if turn > 0:  # the first turn fills caches
                best[name] = min(best[name], seconds)
    return best


def at_least(value: float, goal: float) -> str:
    return f"goal >= {goal:g}: {'met' if value >= goal else 'missed'}"


def at_most(value: float, goal: float) -> str:
    return f"goal <= {goal:g}: {'met' if value <= goal else 'missed'}"


def table(title: str, rows: list[tuple[str, ...]]) -> None:
    """Print rows with their columns lined up: the first to the left, the others to the right."""
    columns = max(len(row) for row in rows)
    full = [(*row, *[""] * (columns - len(row))) for row in rows]
    widths = [max(len(row[k]) for row in full) for k in range(columns)]
    print(f"\n\n{title}")
    for row in full:
        cells = [row[0].ljust(widths[0]), *(row[k].rjust(widths[k]) for k in range(1, columns))]
        print("  " + "  ".join(cells).rstrip())
