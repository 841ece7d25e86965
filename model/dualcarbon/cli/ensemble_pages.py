"""What ``dualcarbon ensemble`` prints: within 100 columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dualcarbon.analysis.summary import MILESTONES
from dualcarbon.axes import at
from dualcarbon.explore.ensembles.result import HINDCASTS
from dualcarbon.output import text

if TYPE_CHECKING:
    from dualcarbon.explore.ensembles.result import Distribution, Ensemble

_SHOWN = (
    ("CO2, energy + processes", "Gt", "eip_co2", 1e-3, 2),
    ("net CO2, inventory sink", "Gt", "net_co2", 1e-3, 2),
    ("net greenhouse gases", "Gt CO2e", "net_ghg", 1e-3, 2),
    ("energy, coal-equivalent", "Gtce", "energy_total", 1e-3, 2),
    ("coal share", "%", "coal_share", 100.0, 1),
    ("non-fossil share", "%", "non_fossil_share", 100.0, 1),
    ("energy per GDP", "tce *", "energy_intensity", 1.0, 3),
    ("CO2 per GDP", "t *", "carbon_intensity_energy", 1.0, 3),
)
_LEFT_OUT = 2040
"""This milestone would not fit the width."""

_LOW, _MIDDLE, _HIGH = 1, 4, 7
"""Places of 5, 50 and 95 % among the quantiles."""


def summary(one: Ensemble) -> str:
    """The page of one ensemble."""
    title = text.wrap_heading(text.heading(one.name, one.title))
    blocks = [title, text.wrap(_how(one)), "", _by_year(one), ""]
    blocks += [text.wrap_hanging(line, 12) for line in _sentences(one)]
    blocks += [text.wrap_hanging(f"Beware      {HINDCASTS}", 12), "", _targets(one)]
    if one.beliefs:
        blocks += ["", _trends(one)]
    return "\n".join(blocks)


def _how(one: Ensemble) -> str:
    s = one.settings
    drawn = f"{one.n:,} draws ({s['method']}, seed {s['seed']})"
    if s["window"] is None:
        return f"{drawn}, not held to history."
    first, last = s["window"]
    widened = f", with its errors widened {s['widening']:.2f} times" if s["widening"] > 1.0 else ""
    return (
        f"{drawn}, weighted by how well they explain {first}-{last}{widened}: worth {one.now.effective:,.0f} "
        "draws. Year-to-year noise of the statistics is in."
    )


def _by_year(one: Ensemble) -> str:
    last = int(one.years[-1])
    years = sorted(
        {int(one.years[0]), *(y for y in MILESTONES if one.years[0] < y <= last and y != _LEFT_OUT), last}
    )
    rows = []
    for label, unit, key, factor, digits in _SHOWN:
        values = one.now.quantiles[key] * factor
        at_years = [values[:, at(one.years, year)] for year in years]
        rows.append([label, unit, *(f"{v[_MIDDLE]:.{digits}f}" for v in at_years)])
        rows.append(["  5-95 %", "", *(_span(v[_LOW], v[_HIGH], digits) for v in at_years)])
    table = text.table(["median", "", *map(str, years)], rows, left=2)
    return f"{table}\n* per 10 000 yuan at 2020 prices; CO2 in the official scope until 2025"


def _span(low: float, high: float, digits: int) -> str:
    if f"{low:.{digits}f}" == f"{high:.{digits}f}":
        return f"{low:.{digits}f}"
    return f"{low:.{digits}f}{'…' if low < 0.0 else '-'}{high:.{digits}f}"


def _sentences(one: Ensemble) -> list[str]:
    """Peak, neutrality and cumulative CO2 in words."""
    peak, last = one.peak_year, int(one.years[-1])
    base = int(one.years[0])
    low, middle, high = (peak.quantile(p) for p in (0.05, 0.5, 0.95))
    level = one.quantiles("eip_co2_peak_level") / 1e3
    lines = [
        f"CO2 peak    median {middle:.0f}, 90 % of draws {low:.0f}-{high:.0f}; by {base} "
        f"{_percent(peak.by(base))}, by 2030 {_percent(peak.by(2030))}; level {level[_MIDDLE]:.2f} Gt "
        f"({_span(level[_LOW], level[_HIGH], 2)})"
    ]
    calm = one.now.years.get("eip_co2_peak_year_without_noise")
    if calm is not None:
        lines.append(
            f"            without year-to-year noise: by {base} {_percent(calm.by(base))}, by 2030 "
            f"{_percent(calm.by(2030))}"
        )
    if one.prior is not None:
        prior = one.prior.years["eip_co2_peak_year"]
        lines.append(
            f"            before history is looked at: by {base} {_percent(prior.by(base))}, by 2030 "
            f"{_percent(prior.by(2030))}"
        )
    parts = []
    for gases, key in (("greenhouse gases", "net_ghg"), ("CO2", "net_co2")):
        neutral = one.now.years[f"{key}_neutral_year"]
        when = neutral.quantile(0.5)
        usual = "" if math.isnan(when) else f" (median {when:.0f})"
        parts.append(f"{gases} by {last} and staying so {_percent(neutral.by(last))}{usual}")
    lines.append(f"Neutral     {'; '.join(parts)}")
    total, net = (one.quantiles(f"cumulative_{key}") / 1e3 for key in ("eip_co2", "net_co2"))
    lines.append(
        f"Cumulative  {total[_MIDDLE]:.0f} Gt CO2 ({_span(total[_LOW], total[_HIGH], 0)}) from energy and "
        f"processes 2020-{last}, {net[_MIDDLE]:.0f} Gt net ({_span(net[_LOW], net[_HIGH], 0)})"
    )
    return lines


def _percent(p: float) -> str:
    if 0.0 < p < 0.0005:
        return "<0.1 %"
    if 0.9995 < p < 1.0:
        return ">99.9 %"
    return f"{100.0 * p:.1f} %"


def _targets(one: Ensemble) -> str:
    """Chances of targets, and of groups together."""
    header = ["chance of", "", "±", *(["before history"] if one.prior else [])]
    rows = [[t.label[:60], *_chances(one, t.id)] for t in one.targets]
    for name, members in one.groups.items():
        if len(members) > 1:
            rows.append([f"all {len(members)} of {name}", *_chances(one, name)])
    table = text.table(header, rows)
    return (
        f"{table}\n± is sampling error only; with <, about a 95 % bound where no draw or every draw meets it."
    )


def _trends(one: Ensemble) -> str:
    """What draws, history and both together say about the trends of the next ten years."""
    first, last = one.settings["window"]
    header = ["trends of the next years", "", "before", f"{first}-{last}", "held to history"]
    rows = [
        [
            belief.name.replace("_", " "),
            belief.unit,
            f"{belief.prior:+.2f} ± {belief.prior_sd:.2f}",
            f"{belief.window:+.2f} ± {belief.window_sd:.2f}",
            f"{belief.posterior:+.2f} ± {belief.posterior_sd:.2f}",
        ]
        for belief in one.beliefs
    ]
    return text.table(header, rows, left=2)


def _chances(one: Ensemble, name: str) -> list[str]:
    now: Distribution = one.now
    p, error = now.probability(name), now.standard_error(name) * 100.0
    cells = [_percent(p), f"{error:.2f}" if 0.0 < p < 1.0 else _below(now.unseen * 100.0)]
    return [*cells, _percent(one.prior.probability(name))] if one.prior else cells


def _below(bound: float) -> str:
    """An upper bound, rounded up to one digit."""
    digits = max(0, -math.floor(math.log10(bound)))
    return f"<{math.ceil(bound * 10.0**digits - 1e-9) / 10.0**digits:.{digits}f}"


_GROUPS = {
    "all-official": "official",
    "ndc-2030": "NDC 2030",
    "ndc-2035": "NDC 2035",
    "neutral-2060": "neutral",
}
"""Groups whose chances stand in a row of the comparison, with their column's head."""


def comparison(several: Sequence[Ensemble]) -> str:
    """Several ensembles, a row each."""
    shown = {name: label for name, label in _GROUPS.items() if all(name in one.groups for one in several)}
    rows = []
    for one in several:
        last = one.years[-1]
        ghg = one.quantiles("net_ghg")[:, -1] / 1e3
        rows.append(
            [
                one.name,
                f"{one.peak_year.quantile(0.5):.0f}",
                _percent(one.peak_year.by(2030)),
                f"{one.quantiles('eip_co2_peak_level')[_MIDDLE] / 1e3:.2f}",
                f"{ghg[_MIDDLE]:.2f}",
                *(_percent(one.probability(name)) for name in shown),
            ]
        )
    header = ["scenario", "peak", "by 2030", "Gt", f"GHG {last}", *shown.values()]
    return (
        f"{text.table(header, rows)}\nMedians, and chances of meeting all targets of a group; "
        "the same random numbers in every row."
    )
