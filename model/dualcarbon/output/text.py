"""Tables for a terminal: plain text that fits 100 columns."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dualcarbon.analysis.summary import Indicator, milestones
from dualcarbon.analysis.targets import RANGE_TOP, Score
from dualcarbon.output.lines import in_lines
from dualcarbon.results import Results

WIDTH = 100

_SHOWN = (
    ("CO2, energy + processes", "Gt", "eip_co2", 1e-3, "{:.2f}"),
    ("net CO2, inventory sink", "Gt", "net_co2", 1e-3, "{:.2f}"),
    ("net greenhouse gases", "Gt CO2e", "net_ghg", 1e-3, "{:.2f}"),
    ("energy, coal-equivalent", "Gtce", "energy_total", 1e-3, "{:.2f}"),
    ("coal share", "%", "coal_share", 1.0, "{:.1f}"),
    ("non-fossil share", "%", "non_fossil_share", 1.0, "{:.1f}"),
    ("  … direct equivalent", "%", "non_fossil_share_direct", 1.0, "{:.1f}"),
    ("energy per GDP since 2020", "%", "energy_intensity_change_since_2020", 1.0, "{:+.1f}"),
    ("CO2 per GDP since 2005", "%", "carbon_intensity_energy_change_since_2005", 1.0, "{:+.1f}"),
)


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    """Columns as wide as their longest cell; the first ``left`` columns flush left, the others right."""
    cells = [list(header), *[list(row) for row in rows]]
    widths = [max(len(row[k]) for row in cells) for k in range(len(header))]

    def line(row: Sequence[str]) -> str:
        parts = [
            c.ljust(w) if k < left else c.rjust(w) for k, (c, w) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(parts).rstrip()

    rule = "  ".join("─" * width for width in widths)
    return "\n".join([line(cells[0]), rule, *(line(row) for row in cells[1:])])


def tables(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """A table cut into blocks of columns that fit the width; each begins with the first ``left`` columns."""
    widths = [max(map(len, column)) + 2 for column in zip(header, *rows, strict=True)]
    room = WIDTH + 2 - sum(widths[:left])
    blocks: list[list[int]] = [[]]
    for k in range(left, len(header)):
        if blocks[-1] and sum(widths[j] for j in blocks[-1]) + widths[k] > room:
            blocks.append([])
        blocks[-1].append(k)
    shown = [[*range(left), *block] for block in blocks]
    return "\n\n".join(
        table([header[k] for k in block], [[row[k] for k in block] for row in rows], left=left)
        for block in shown
    )


def heading(name: str, title: str) -> str:
    """A scenario's name and, where it has one, its title."""
    return name if title in ("", name) else f"{name}: {title}"


def wrap_heading(text: str) -> str:
    """A heading within the width, Chinese characters counted as two columns."""
    return "\n".join(in_lines(text, WIDTH))


def wrap(text: str, indent: str = "") -> str:
    """A paragraph within the width."""
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=indent)


def run_table(
    title: str, results: Results, indicators: Sequence[Indicator], official: Sequence[Score]
) -> str:
    """The compact table of one run."""
    years, rows = milestone_cells(results, indicators)
    lines = [wrap_heading(title), "", table(["", "", *map(str, years)], rows, left=2), ""]
    lines += [*_sentences(indicators, int(results.years[-1])), _targets_sentence(official)]
    lines.append(_rests_on(results.meta.get("rests_on", {})))
    lines += [_curve_sentence(name, curve) for name, curve in results.meta.get("curves", {}).items()]
    return "\n".join(lines)


def milestone_cells(results: Results, indicators: Sequence[Indicator]) -> tuple[list[int], list[list[str]]]:
    """Milestone years, and rows of label, unit and the number in each of them."""
    years = milestones(results)
    values = {(i.name, i.year): i.value for i in indicators}
    return years, [
        [label, unit, *(_cell(values.get((key, year), math.nan) * scale, form) for year in years)]
        for label, unit, key, scale, form in _SHOWN
    ]


def _cell(value: float, form: str) -> str:
    return "–" if math.isnan(value) else form.format(value)


def _sentences(indicators: Sequence[Indicator], last: int) -> list[str]:
    """Peak, neutrality and cumulative emissions in words."""
    by_name = {i.name: i for i in indicators}
    peak, level = by_name["eip_co2_peak_year"], by_name["eip_co2_peak_level"]
    provisional = " (provisional: the last observed year)" if peak.note else ""
    plateau = by_name["eip_co2_plateau"].note
    lines = [
        wrap_hanging(
            f"CO2 peak    {peak.value:.0f} at {level.value / 1e3:.2f} Gt{provisional}; {plateau}", 12
        )
    ]
    parts = []
    for gases, key in (("greenhouse gases", "net_ghg"), ("CO2", "net_co2")):
        year = by_name[f"{key}_neutral_year"].value
        left = next(i.value for i in indicators if i.name == key and i.year == last)
        parts.append(
            f"{gases} {year:.0f}, staying so to {last}"
            if not math.isnan(year)
            else f"{gases} not by {last} ({left / 1e3:+.2f} Gt left)"
        )
    lines.append(f"Neutral     {'; '.join(parts)}")
    low, high = by_name["net_ghg_modelled_sink_low"], by_name["net_ghg_modelled_sink_high"]
    lines.append(
        f"            with a land sink as models see it (0.3-0.8 Gt) {high.value / 1e3:+.2f} to "
        f"{low.value / 1e3:+.2f} Gt CO2e left in {last}"
    )
    total = next(i for i in indicators if i.name == "cumulative_eip_co2_from_2020" and i.year == last)
    net = next(i for i in indicators if i.name == "cumulative_net_co2_from_2020" and i.year == last)
    lines.append(
        f"Cumulative  {total.value / 1e3:.0f} Gt CO2 from energy and processes 2020-{last}, "
        f"{net.value / 1e3:.0f} Gt net"
    )
    return lines


def _targets_sentence(official: Sequence[Score]) -> str:
    met = sum(s.verdict == "met" for s in official)
    missed = [s.target.id for s in official if s.verdict == "missed"]
    text = f"Targets     {met} of {len(official)} official targets met"
    return wrap_hanging(text + (f"; missed: {', '.join(missed)}" if missed else ""), 12)


def _rests_on(counts: Mapping[str, int]) -> str:
    if not counts:
        return ""
    parts = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    return wrap_hanging(f"Rests on    {sum(counts.values())} numbers: {parts}", 12)


def _curve_sentence(name: str, curve: Mapping[str, Any]) -> str:
    """The growth curve that a lever follows, with standard errors."""
    units = {"rate": " a year", "width": " years", "midpoint": ""}
    parts = []
    for key, value in curve["parameters"].items():
        number = f"{_plain(value)} ± {_plain(curve['standard_errors'][key])}"
        bound = " (at its bound)" if key in curve["at_bound"] else ""
        parts.append(f"{key.replace('_', ' ')} {number}{units.get(key, ' ' + curve['unit'])}{bound}")
    first, last = curve["fitted_to"]
    return wrap_hanging(
        f"Curve       {name}: {curve['curve']} fitted to {first}-{last}, {', '.join(parts)}", 12
    )


def _plain(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1e3 else f"{value:.3g}"


def wrap_hanging(text: str, indent: int) -> str:
    """A paragraph whose later lines are indented."""
    return textwrap.fill(text, WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)


Judged = tuple[str, Results, Sequence[Indicator], Sequence[Score]]
"""Name, results, indicators and official scores of one run."""


def comparison_table(runs: Sequence[Judged]) -> str:
    """Several runs, a row each."""
    header = ["scenario", "peak", "Gt", "2035", "end", "GHG-neutral", "GHG end", "since 2020", "targets"]
    caption = (
        "CO2 from energy and processes in Gt; net greenhouse gases (GHG) in Gt CO2e with the inventory sink"
    )
    return f"{tables(header, scenario_cells(runs))}\n{caption}"


def scenario_cells(runs: Sequence[Judged]) -> list[list[str]]:
    """A row a run: name, peak year and level, CO2 in 2035 and at the end, neutrality, sum, targets met."""
    rows = []
    for name, results, indicators, official in runs:
        by_name = {i.name: i for i in indicators}
        last = int(results.years[-1])
        at = {(i.name, i.year): i.value for i in indicators}
        rows.append(
            [
                name,
                f"{by_name['eip_co2_peak_year'].value:.0f}",
                f"{by_name['eip_co2_peak_level'].value / 1e3:.2f}",
                _cell(at.get(("eip_co2", 2035), math.nan) / 1e3, "{:.2f}"),
                f"{at['eip_co2', last] / 1e3:.2f}",
                _cell(by_name["net_ghg_neutral_year"].value, "{:.0f}"),
                f"{at['net_ghg', last] / 1e3:+.2f}",
                f"{at['cumulative_eip_co2_from_2020', last] / 1e3:.0f}",
                f"{sum(s.verdict == 'met' for s in official)}/{len(official)}",
            ]
        )
    return rows


def scoreboard(scores: Sequence[Mapping[str, str]], titles: Mapping[str, str]) -> str:
    """Targets grouped by document and year; ``scores`` as in targets.csv, ``titles`` of documents by id."""
    groups: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for row in scores:
        groups.setdefault((row["documents"].split(";")[0], row["year"]), []).append(row)
    blocks = []
    for (document, year), rows in sorted(groups.items(), key=lambda item: (item[0][1], item[0][0])):
        blocks.append(f"{year}  {titles.get(document, document)}"[:WIDTH])
        for row in rows:
            blocks += _score_lines(row)
    verdicts = [row["verdict"] for row in scores if row["role"] != RANGE_TOP]
    total = ", ".join(f"{verdicts.count(one)} {one}" for one in ("met", "missed", "not applicable"))
    tops = len(scores) - len(verdicts)
    apart = f"; range tops, not counted: {tops}" if tops else ""
    return "\n".join([*blocks, "", f"{len(verdicts)} targets: {total}{apart}"])


_MARK = {"met": "✓ met", "missed": "✗ missed", "not applicable": "· n/a"}
_LABEL_WIDTH = 55
_SIGN = {"at_least": "≥", "at_most": "≤", "equals": "=", "": ""}


def _score_lines(row: Mapping[str, str]) -> list[str]:
    wanted = f"{_SIGN[row['comparison']]} {row['value']} {row['unit']}".strip() if row["value"] else ""
    got = _short(row["pathway"], row["unit"])
    margin = _short(row["margin"], row["unit"], sign=True)
    tags = []
    if row["role"] == RANGE_TOP:
        tags.append(RANGE_TOP)
    if row["status"] not in ("in force", "past"):
        tags.append(row["status"])
    label = row["label"] + (f" [{'; '.join(tags)}]" if tags else "")
    if len(label) > _LABEL_WIDTH:
        label = label[: _LABEL_WIDTH - 1] + "…"
    first = f"  {_MARK[row['verdict']]:9} {label:{_LABEL_WIDTH}} {wanted:>12} {got:>9} {margin:>8}"
    below = "; ".join(
        part for part in (f"scope {row['scope']}" if row["scope"] else "", row["remark"]) if part
    )
    return [first.rstrip(), *([wrap(below, " " * 12)] if below else [])]


def _short(text: str, unit: str, *, sign: bool = False) -> str:
    if not text:
        return ""
    value = float(text)
    return f"{value:{'+' if sign else ''}.0f}" if unit == "year" else f"{value:{'+' if sign else ''}.2f}"
