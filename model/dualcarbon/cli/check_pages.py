"""The check of other people's pathways for the terminal: one pathway in full, many in a table."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from string import ascii_lowercase

from dualcarbon.analysis.targets import Score
from dualcarbon.analysis.vetting.history import BETWEEN, Criterion, HistoryCheck
from dualcarbon.analysis.vetting.placing import Placement
from dualcarbon.analysis.vetting.result import COLUMNS, PathwayCheck, ScenarioCheck
from dualcarbon.errors import did_you_mean, fault
from dualcarbon.output.tabular import Rows
from dualcarbon.output.text import WIDTH, table, wrap, wrap_hanging

_IN_FULL = 3
_MOST_ROWS = 40
_MARK = {"ok": "✓", "warn": "!", "fail": "✗"}
_VERDICT = {"met": "✓ met", "missed": "✗ missed", "not applicable": "· n/a"}
_SIGN = {"at_least": "≥", "at_most": "≤", "equals": "="}


def table_rows(result: PathwayCheck) -> tuple[list[str], Rows]:
    """Header and rows of the file that ``-o`` writes."""
    return list(COLUMNS), [[row[column] for column in COLUMNS] for row in result.rows]


def report(result: PathwayCheck, scenario: str | None = None) -> str:
    """What was read, and every pathway in full when they are few or one is asked for by name."""
    chosen = [one for one in result.scenarios if scenario in (None, one.scenario)]
    if not chosen:
        names = [one.scenario for one in result.scenarios]
        hint = did_you_mean(scenario or "", names)
        raise fault(f"no scenario {scenario!r} in {result.reported.file}{hint}", where="--scenario")
    parts = [_what_was_read(result)]
    if scenario is None and len(chosen) > _IN_FULL:
        parts.append(_summary(chosen))
    else:
        parts += [_in_full(result, one) for one in chosen]
    return "\n\n".join(parts)


def _what_was_read(result: PathwayCheck) -> str:
    reported = result.reported
    count = len(reported.scenarios)
    names = sum(len(names) for names in reported.names.values())
    lines = [reported.file, f"{_some(count, 'pathway')} of China, {_some(names, 'variable')} read"]
    if reported.unknown:
        shown = ", ".join(reported.unknown[:5])
        more = f" and {len(reported.unknown) - 5} more" if len(reported.unknown) > 5 else ""
        lines.append(wrap_hanging(f"Not known here and passed over: {shown}{more}", 2))
    if reported.other_regions:
        lines.append(f"Regions passed over: {len(reported.other_regions)}")
    return "\n".join(lines)


def _some(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


# one pathway


def _in_full(result: PathwayCheck, one: ScenarioCheck) -> str:
    title = f"{one.model} / {one.scenario}"
    parts = [f"{title}\n{'═' * min(len(title), 100)}", _history(result, one), _targets(one.targets)]
    if one.studies:
        parts.append(_studies(result, one.studies))
    return "\n\n".join(parts)


def _history(result: PathwayCheck, one: ScenarioCheck) -> str:
    if not one.history:
        lines = []
    else:
        by_criterion: dict[Criterion, dict[int, HistoryCheck]] = {}
        for check in one.history:
            by_criterion.setdefault(check.criterion, {})[check.year] = check
        years = sorted({year for criterion in by_criterion for year in criterion.years})
        rows = [_history_row(criterion, found, years) for criterion, found in by_criterion.items()]
        header = ["off history by", *map(str, years), "warning", "failing"]
        lines = [table(header, rows)]
    if one.missing:
        names = ", ".join(criterion.label for criterion in one.missing)
        lines.append(wrap_hanging(f"Not compared, for want of a figure that fits: {names}", 2))
    remarks = {(c.criterion.label, part) for c in one.history for part in c.remark.split("; ") if part}
    if any(part == BETWEEN for _, part in remarks):
        lines.append(f"~ {BETWEEN}, on a straight line")
    lines += [f"  {label} {part}" for label, part in sorted(remarks) if part != BETWEEN]
    lines.append(f"History     {_history_sentence(one)}")
    return "\n".join(lines)


def _history_row(criterion: Criterion, found: dict[int, HistoryCheck], years: Sequence[int]) -> list[str]:
    cells = []
    for year in years:
        check = found.get(year)
        if check is None:
            cells.append("–")
            continue
        near = "~" if check.remark.startswith(BETWEEN) else ""
        cells.append(f"{near}{_percent(check.difference)} {_MARK[check.level]}")
    return [criterion.label, *cells, f"{criterion.warn:.0%}", f"{criterion.fail:.0%}"]


def _percent(fraction: float) -> str:
    return f"{round(fraction * 100.0, 1) + 0.0:+.1f} %"  # + 0.0: no minus sign before a zero


def _history_sentence(one: ScenarioCheck) -> str:
    counts = {level: sum(check.level == level for check in one.history) for level in _MARK}
    text = ", ".join(f"{count} {level}" for level, count in counts.items() if count)
    return f"{text or 'nothing to compare'}{': fails' if one.level == 'fail' else ''}"


def _targets(scores: Sequence[Score]) -> str:
    notes = _shared_notes(score.remark for score in scores)
    lines = ["Official targets in force"]
    for score in scores:
        target = score.target
        wanted = f"{_SIGN[target.comparison]} {target.value:g} {target.unit}"
        label = _cut(target.label, 55)
        parts = [part for part in score.remark.split("; ") if part]
        tags = "".join(notes[part] for part in parts if part in notes)
        line = f"  {_VERDICT[score.verdict]:9} {label:55} {wanted:>12} {_reached(score):>9} {tags}"
        lines.append(line.rstrip())
        own = "; ".join(part for part in parts if part not in notes)
        if own:
            lines.append(wrap(own, " " * 12))
    lines += [wrap_hanging(f"  {letter} {note}", 4) for note, letter in notes.items()]
    met, judged, left = _counts(scores)
    lines.append(f"Targets     {met} of {judged} met; {left} not applicable")
    return "\n".join(lines)


def _counts(scores: Sequence[Score]) -> tuple[int, int, int]:
    """Targets met, those that could be judged, and those that could not; tops of ranges are left out."""
    verdicts = [score.verdict for score in scores if score.target.counted]
    left = verdicts.count("not applicable")
    return verdicts.count("met"), len(verdicts) - left, left


def _shared_notes(remarks: Iterable[str]) -> dict[str, str]:
    """Remarks that several targets share, each with a letter."""
    counts = Counter(part for remark in remarks for part in remark.split("; ") if part)
    shared = [part for part, count in counts.items() if count > 1]
    return dict(zip(shared, ascii_lowercase, strict=False))


def _reached(score: Score) -> str:
    """What a pathway reaches, with ≈ where it is an approximation."""
    if score.verdict == "not applicable":
        return ""
    if math.isnan(score.value):
        return "never"
    form = ".0f" if score.target.unit == "year" else ".1f"
    return f"{'≈' if 'approximat' in score.remark else ''}{score.value:{form}}"


def _studies(result: PathwayCheck, placements: Sequence[Placement]) -> str:
    rows = []
    for place in placements:
        unit, factor = result.unit_of_sum(place.variable)
        form = "{:.1f}" if unit == "%" else "{:.0f}"
        low, high = (form.format(value * factor) for value in (place.low, place.high))
        value = form.format(place.value * factor)
        rows.append(
            [
                _study_label(place.variable, result.labels),
                str(place.year or ""),
                f"{'≈' if 'approximate' in place.remark else ''}{value}",
                low if low == high else f"{low}-{high}",
                "" if unit == "year" else unit,
                place.place,
                ", ".join(place.studies),
            ]
        )
    header = ["among studies", "year", "here", "studies", "unit", "", "which"]
    note = "Studies differ in scope; `dualcarbon data published_pathways --rows` shows how, row by row."
    return f"{_flush_last(header, rows)}\n{note}"


def _flush_last(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose last column is flush left, and cut where the line ends."""
    before = sum(max(len(row[k]) for row in (header, *rows)) + 2 for k in range(len(header) - 1))
    width = min(max(len(row[-1]) for row in (header, *rows)), WIDTH - before)
    return table(
        [*header[:-1], header[-1].ljust(width)],
        [[*row[:-1], _cut(row[-1], width).ljust(width)] for row in rows],
    )


_IN_SUMS = {"dac": "DAC", "non_co2": "non-CO2"}
"""Labels of a variable beside others, where its own would be too long."""


def _study_label(variable: str, labels: Mapping[str, str]) -> str:
    """A key, a sum of keys or an indicator of the studies in words."""
    for ending, words in (("_peak_year", ", peak"), ("_neutral_year", ", neutral")):
        if variable.endswith(ending):
            return _study_label(variable.removesuffix(ending), labels) + words
    first, *others = variable.split("+")
    return " + ".join([labels.get(first, first), *(_IN_SUMS.get(k, labels.get(k, k)) for k in others)])


# many pathways


def _summary(scenarios: Sequence[ScenarioCheck]) -> str:
    rows = [_summary_row(one) for one in scenarios[:_MOST_ROWS]]
    counts = {level: sum(one.level == level for one in scenarios) for level in ("ok", "warn", "fail", "none")}
    lines = [table(["model", "scenario", "history", "furthest off", "targets met"], rows, left=4)]
    if len(scenarios) > _MOST_ROWS:
        lines.append(f"and {len(scenarios) - _MOST_ROWS:,} more; -o FILE.csv writes all")
    total = ", ".join(f"{count:,} {level}" for level, count in counts.items() if count)
    lines.append(f"\nHistory     {total}; --scenario NAME shows one in full")
    return "\n".join(lines)


def _summary_row(one: ScenarioCheck) -> list[str]:
    worst = one.worst
    off = f"{_cut(worst.criterion.label, 22)} {worst.year} {_percent(worst.difference)}" if worst else "–"
    met, judged, _ = _counts(one.targets)
    level = f"{_MARK.get(one.level, '·')} {one.level}"
    return [
        _cut(one.model, 16),
        _cut(one.scenario, 21),
        level,
        off,
        f"{met} of {judged}",
    ]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


# the criteria


def criteria_table(criteria: Iterable[Criterion]) -> str:
    """What may be how far off, and why."""
    blocks = []
    for one in criteria:
        years = ", ".join(map(str, one.years))
        limits = f"warning beyond {one.warn:.0%}, failing beyond {one.fail:.0%}"
        head = wrap_hanging(f"{one.label} ({one.variable}), {years}: {limits}", 4)
        blocks += [
            head,
            wrap(f"warning: {one.reasons[0]}", "    "),
            wrap(f"failing: {one.reasons[1]}", "    "),
        ]
    return "\n".join(blocks)
