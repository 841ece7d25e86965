"""Pages for the terminal: tables with their provenance, documented figures, verification, hindcast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from dualcarbon.output.text import WIDTH, table, wrap
from dualcarbon.tables import Library, Row, Table


def table_list(library: Library) -> str:
    """Every table, one line each."""
    rows = [[t.topic, t.name, str(len(t.rows)), t.sidecar["title"][:60]] for t in library]
    return table(["topic", "table", "rows", "what it is"], rows, left=2).replace("  what", "  what")


def table_page(one: Table, *, rows: bool) -> str:
    """One table: what it is, where it comes from, how it was checked, and its numbers."""
    side = one.sidecar
    parts = [f"{side['title']}", "", wrap(side["description"])]
    for key in ("vintage", "licence", "derivation"):
        if side.get(key):
            parts += ["", wrap(f"{key.capitalize()}: {side[key]}")]
    parts += ["", "Sources"]
    for name, source in side["sources"].items():
        address = source.get("url") or source.get("read_at") or "no stable address"
        parts.append(
            wrap(f"{name}: {source['publisher']}, {source['title']} ({source['date']}); {address}", "  ")
        )
    if side.get("checked"):
        parts += ["", "Checked", *(wrap(f"{c['what']}: {c['result']}", "  ") for c in side["checked"])]
    counts = Counter(row["status"] for row in one.rows if row.get("status"))
    if counts:
        parts += ["", "Numbers: " + ", ".join(f"{n} {status}" for status, n in counts.most_common())]
    parts += ["", _series(one, every=rows) if side["kind"] == "series" else _records(one, every=rows)]
    return "\n".join(parts)


_SHOWN_ROWS = 12


def _series(one: Table, *, every: bool) -> str:
    units = {name: entry["unit"] for name, entry in one.sidecar["series"].items()}
    if every:
        columns = ["series", "year", "value", "unit", "status", "flag", "source", "note"]
        return _plain(columns, ({**row, "unit": units[row["series"]]} for row in one.rows))
    lines = []
    for name, unit in units.items():
        points = [row for row in one.rows if row["series"] == name]
        first, last = points[0], points[-1]
        entry = one.sidecar["series"][name]
        lines.append(
            [name, unit, first["year"], first["value"], last["year"], last["value"], entry["label"][:38]]
        )
    header = ["series", "unit", "from", "value", "to", "value", "what it is"]
    return table(header, lines, left=2) + "\n--rows shows every number with its status and source"


def _records(one: Table, *, every: bool) -> str:
    rows = one.rows if every else one.rows[:_SHOWN_ROWS]
    text = _plain([c for c in one.rows[0] if every or c not in ("label_zh", "note")], rows)
    left = len(one.rows) - len(rows)
    return text + (f"\n{left} more rows with --rows" if left else "")


def _plain(columns: list[str], rows: Iterable[Row]) -> str:
    """Rows as blocks of words that fit the width: one line a row, wrapped."""
    lines = []
    for row in rows:
        lines.append(wrap(" · ".join(str(row[c]) for c in columns if row.get(c))))
    return "\n".join(["(" + ", ".join(columns) + ")", *lines])


def figure_page(check: Any, row: Row, library: Library) -> str:
    """One documented figure: document, value, ours, verdict."""
    documents = {r["id"]: r for r in library["policy_documents"].rows}
    document = documents[row["document"]]
    period = row["year_from"] + ("-" if row["year_from"] and row["year_to"] != row["year_from"] else "")
    period = period + row["year_to"] if row["year_to"] != row["year_from"] else row["year_from"]
    value = row["value"] or f"{row['value_from']} to {row['value_to']}"
    lines = [
        f"{row['id']}: {row['quantity']}",
        f"  documented  {row['comparison']} {value} {row['unit']}, {period}",
        wrap(
            f"  document    {document['id']}: {document['title']}, {document['publisher']} ({document['date']})"
        ),
        f"  status      {row['status']}",
        wrap(f"  check       {row['check']}: {row['how']}"),
    ]
    lines += [f"  {name:11} {text}" for name, text in figure_result(check)]
    if row["note"]:
        lines.append(wrap(f"  note        {row['note']}"))
    return "\n".join(line[: 10 * WIDTH] for line in lines)
