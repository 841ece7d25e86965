"""How far a pathway may be off history: the table of criteria."""

from __future__ import annotations

from typing import Any

from dualcarbon.errors import fault
from dualcarbon.tables.library import Library, Row


def read_criteria_rows(library: Library) -> list[dict[str, Any]]:
    """Criteria with numbers as numbers: the fields of `dualcarbon.analysis.vetting.history.Criterion`."""
    table = library["criteria"]
    return [_criterion(table.csv_path.name, rows) for rows in table.grouped("variable").values()]


def _criterion(file: str, rows: list[tuple[int, Row]]) -> dict[str, Any]:
    """One criterion of its two rows, warning and failing."""
    line, first = rows[0]
    by_severity = {row["severity"]: row for _, row in rows}
    if set(by_severity) != {"warn", "fail"} or len(rows) != 2:
        raise fault("needs one row warn and one row fail", where=file, line=line, key=first["variable"])
    warn, fail = (float(by_severity[name]["tolerance"]) / 100.0 for name in ("warn", "fail"))
    return {
        "variable": first["variable"],
        "label": first["label"],
        "kind": first["kind"],
        "years": tuple(int(year) for year in first["years"].split(";")),
        "warn": warn,
        "fail": fail,
        "reasons": (by_severity["warn"]["note"], by_severity["fail"]["note"]),
    }
