"""How well the numbers are known that a run rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from dualcarbon.tables.levers import HISTORY
from dualcarbon.tables.library import STATUSES, Library


def count_statuses(library: Library, first: int, last: int, levers: Collection[str]) -> dict[str, int]:
    """Numbers by status that a run takes from the tables.

    Parameters
    ----------
    first, last : years of history that the run uses
    levers : levers whose reference or ambitious anchors the run uses
    """
    counts: Counter[str] = Counter()
    used = {*HISTORY.values(), ("energy_balance", "energy_total")}
    for table, series in sorted(used):
        for row in library[table].rows:
            if row["series"] == series and first <= int(row["year"]) <= last:
                counts[row["status"]] += 1
    for series in ("coal_ef", "gas_ef", "oil_ef_official"):
        counts.update(row["status"] for row in library["factors"].rows if row["series"] == series)
    for row in library["pathways"].rows:
        if row["lever"] in levers:
            counts[row["status"]] += 1
    return {status: counts[status] for status in STATUSES}
