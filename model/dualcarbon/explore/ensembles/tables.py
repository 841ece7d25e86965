"""Tables of an ensemble: peak and neutral years, and the chances of targets."""

from __future__ import annotations

from typing import Any

from dualcarbon.explore.ensembles.result import Distribution, Ensemble

Table = tuple[list[str], list[list[Any]]]


def year_rows(one: Ensemble) -> Table:
    """Probability of every year (empty year: never) for peaks and neutrality."""
    header = ["what", "year", "probability", "probability_prior"]
    rows: list[list[Any]] = []
    for name, now in one.now.years.items():
        prior = one.prior.years[name] if one.prior else None
        for k, year in enumerate(now.years):
            before = float(prior.probability[k]) if prior else None
            if now.probability[k] > 0.0 or before:
                rows.append([name, int(year), float(now.probability[k]), before])
        if "neutral" in name:
            rows.append([name, None, now.never, prior.never if prior else None])
    return header, rows


def target_rows(one: Ensemble) -> Table:
    """Probability of each target and group with its standard error, and the prior's."""
    header = ["target", "label", "probability", "standard_error", "probability_prior", "together"]
    labels = {t.id: t.label for t in one.targets}
    rows = [[name, label, *_chance(one.now, one.prior, name), ""] for name, label in labels.items()]
    for name, members in one.groups.items():
        rows.append([name, "", *_chance(one.now, one.prior, name), ";".join(members)])
    return header, rows


def _chance(now: Distribution, prior: Distribution | None, name: str) -> list[Any]:
    p, error = now.probability(name), now.standard_error(name)
    return [p, error, prior.probability(name) if prior else None]
