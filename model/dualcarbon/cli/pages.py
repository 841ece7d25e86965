"""Pages for the terminal: tables with their provenance, documented figures, verification, hindcast."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from dualcarbon.explore.hindcasting import Hindcast
from dualcarbon.explore.verification import Verification
from dualcarbon.explore.verification.accounting import AccountingCheck
from dualcarbon.explore.verification.documented import Figure
from dualcarbon.explore.verification.evidence import Span
from dualcarbon.explore.verification.figures import FigureCheck
from dualcarbon.explore.verification.identities import Identity
from dualcarbon.explore.verification.intensities import IntensityCheck
from dualcarbon.output.text import WIDTH, table, wrap, wrap_hanging
from dualcarbon.tables import Library, Row, Table


def table_list(library: Library) -> str:
    """Every table, one line each."""
    rows = [[t.topic, t.name, _cut(t.sidecar["title"]), str(len(t.rows))] for t in library]
    return table(["topic", "table", "what it is", "rows"], rows, left=3)


def _cut(title: str) -> str:
    return title if len(title) <= 58 else f"{title[:57]}…"


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
    lines = [wrap(" · ".join(str(row[c]) for c in columns if row.get(c))) for row in rows]
    return "\n".join(["(" + ", ".join(columns) + ")", *lines])


def figure_page(check: FigureCheck, row: Row, library: Library) -> str:
    """One documented figure: document, value, ours, verdict."""
    document = next(r for r in library["policy_documents"].rows if r["id"] == row["document"])
    figure = check.figure
    return "\n".join(
        [
            f"{figure.id}: {figure.quantity}",
            "",
            f"documented  {_SIGNS[figure.comparison]}{_span(figure.stated)} {figure.unit}, {_period(figure)}",
            _hang("document    {id}: {title}. {publisher}, {date}".format_map(document)),
            f"status      {row['status']}",
            _hang(f"check       {figure.check}: {figure.how}"),
            f"ours        {_span(check.ours)} {figure.unit if check.ours else ''}".rstrip(),
            _hang(f"verdict     {check.verdict}" + (f": {check.remark}" if check.remark else "")),
            _hang(f"tolerance   {figure.tolerance:g}: {figure.tolerance_reason}"),
            *(_hang(f"reading     {r.what}: {r.value:.3g}") for r in check.readings),
            *(_hang(f"rests on    {source}") for source in check.sources),
        ]
    )


_SIGNS = {
    "equals": "",
    "about": "about ",
    "more_than": "more than ",
    "less_than": "less than ",
    "at_most": "at most ",
    "at_least": "at least ",
    "between": "",
}


def _hang(paragraph: str) -> str:
    return wrap_hanging(paragraph, 12)


def _span(span: Span | None) -> str:
    if span is None:
        return "–"
    return f"{span.low:.4g}" if span.low == span.high else f"{span.low:.4g} to {span.high:.4g}"


def _period(figure: Figure) -> str:
    first, last = figure.year_from, figure.year_to
    return str(last) if first in (None, last) else f"{first}-{last}"


def verification(result: Verification, *, quoted: bool) -> str:
    """Documented figures, accounting, official statements and identities, model beside document."""
    counts = result.counts
    head = [
        f"{counts.total} documented figures",
        f"  computed       {counts.computed.total:2}: {counts.computed.met} met, "
        f"{counts.computed.missed} missed",
        f"  cross-checked  {counts.cross_checked.total:2}: {counts.cross_checked.met} met, "
        f"{counts.cross_checked.missed} missed, {counts.cross_checked.not_computed} not computed",
        f"  quoted         {counts.quoted.total:2}: only their document says so; never counted as verified",
    ]
    parts = ["\n".join(head)]
    for kind in ("computed", "cross-checked", *(("quoted",) if quoted else ())):
        checks = [c for c in result.figures if c.figure.check == kind]
        parts.append(f"{kind.capitalize()}\n{_figures(checks)}")
    parts += [
        "Energy x official factors against Global Carbon Budget 2025 (coal + oil + gas), Mt CO2\n"
        + _accounting(result.accounting),
        "Against the official inventory, Mt\n" + _accounting(result.inventory),
        "Official statements on intensity, change in %\n" + _intensities(result.intensities),
        "Identities between the figures\n" + _identities(result.identities),
    ]
    if not quoted:
        parts.append("--quoted also lists the figures that only their document states, and why.")
    return "\n\n".join(parts)


def _figures(checks: Iterable[FigureCheck]) -> str:
    """A line a figure; misses and remarks below it."""
    lines = []
    for check in checks:
        figure = check.figure
        stated = f"{_SIGNS[figure.comparison]}{_span(figure.stated)}"
        difference = "" if math.isnan(check.difference) else f"{check.difference:+.3g}"
        lines.append(
            f"  {_MARKS[check.verdict]:9} {figure.id:31} {stated:>14} {_span(check.ours):>14} "
            f"{difference:>8}  {figure.unit}"[:WIDTH].rstrip()
        )
        if check.remark and check.verdict != "met":
            lines.append(wrap(check.remark, " " * 12))
    return "\n".join(lines)


_MARKS = {"met": "✓ met", "missed": "✗ missed", "not computed": "· quoted", "shown": "· shown"}


def _accounting(checks: Iterable[AccountingCheck]) -> str:
    """Years in rows; a reason is said once, below the first row that it belongs to."""
    rows, said = [], []
    for check in checks:
        goal = "" if check.goal is None else f"±{check.goal:g} %"
        mark = _MARKS[check.verdict]
        rows.append(
            [
                mark,
                str(check.year),
                check.what,
                f"{check.ours:.0f}",
                f"{check.theirs:.0f}",
                f"{check.difference:+.1f} %",
                goal,
            ]
        )
        if check.remark and check.remark not in said:
            said.append(check.remark)
    body = table(["", "year", "what", "ours", "theirs", "", "goal"], rows, left=3)
    return "\n".join([body, *(wrap(remark, "  ") for remark in said)])


def _intensities(checks: Iterable[IntensityCheck]) -> str:
    rows, said = [], []
    for check in checks:
        ours = "–" if math.isnan(check.ours) else f"{check.ours:.1f}"
        difference = "" if math.isnan(check.difference) else f"{check.difference:+.1f}"
        what = f"{check.indicator.removesuffix('_intensity')}, {check.scope}"
        period = f"{check.year_from}-{check.year_to}"
        mark = "· approx." if check.approximate else _MARKS[check.verdict]
        rows.append([mark, period, what, f"{check.official:.1f}", ours, difference, check.status])
        if check.remark and check.remark not in said:
            said.append(check.remark)
    body = table(["", "period", "what and scope", "official", "ours", "points", "status"], rows, left=3)
    return "\n".join([body, *(wrap(remark, "  ") for remark in said)])


def _identities(checks: Iterable[Identity]) -> str:
    lines = []
    for check in checks:
        stated = f" against {_span(check.stated)}" if check.stated else ""
        lines.append(
            wrap_hanging(
                f"  {_MARKS[check.verdict]:9} {check.statement}: {check.implied:.4g}{stated} {check.unit}", 12
            )
        )
        if check.remark:
            lines.append(wrap(check.remark, " " * 12))
    return "\n".join(lines)


def hindcast_table(result: Hindcast) -> str:
    """Errors and skill by start year and variable."""
    rows = [
        [
            str(skill.start),
            skill.variable.replace("non_fossil", "non-fossil").replace("_", " ").replace("co2", "CO2"),
            f"{skill.error:.1f} {skill.unit}",
            *(f"{value:+.2f}" for value in skill.skill.values()),
            f"{skill.end_error:+.1f} {skill.unit}",
        ]
        for skill in result.rows
    ]
    naive = list(result.rows[0].skill)
    last = int(result.years[-1])
    header = ["start", "variable", "mean error", *(f"vs {name}" for name in naive), f"error in {last}"]
    return "\n".join(
        [
            f"Hindcasts to {last}: nothing after the start year is known",
            "",
            table(header, rows, left=2),
            "",
            wrap(
                "Skill is 1 less the error over that of the naive forecast: 1 is perfect, "
                "below 0 the naive one was better."
            ),
            wrap(result.caveat),
        ]
    )
