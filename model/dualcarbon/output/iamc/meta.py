"""What is to be known about each exported scenario: one row of indicators and provenance."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dualcarbon.analysis.summary import CUMULATIVE_FROM
from dualcarbon.output.iamc.vocabulary import Vocabulary
from dualcarbon.output.pathways import Pathway, sha256
from dualcarbon.output.tabular import Cell, Rows
from dualcarbon.tables import Library

_VINTAGES = ("gdp", "energy_balance", "process_co2", "land_sink", "non_co2")
"""Tables of history whose vintage decides what the numbers are."""


def meta_rows(
    pathways: Sequence[Pathway], vocabulary: Vocabulary, library: Library
) -> tuple[list[str], Rows]:
    """Header and rows: model, scenario, then indicators, targets, conventions, provenance."""
    records = [
        {
            "model": one.model,
            "scenario": one.name,
            **_indicators(one),
            **_targets(one),
            **_conventions(one, vocabulary),
            **_provenance(one, library),
        }
        for one in pathways
    ]
    header = list(records[0])
    return header, [[record[column] for column in header] for record in records]


def _indicators(one: Pathway) -> dict[str, Cell]:
    last = int(one.results.years[-1])
    peak = one.indicator("eip_co2_peak_year")
    return {
        "title": one.title,
        "base_year": one.results.base_year,
        "end_year": last,
        "co2_peak_year": _year(one, "eip_co2_peak_year"),
        "co2_peak_level_mt": _value(one, "eip_co2_peak_level"),
        "co2_peak_note": peak.note if peak else "",
        "ghg_neutral_year": _year(one, "net_ghg_neutral_year"),
        "co2_neutral_year": _year(one, "net_co2_neutral_year"),
        f"cumulative_co2_from_{CUMULATIVE_FROM}_mt": _value(
            one, f"cumulative_eip_co2_from_{CUMULATIVE_FROM}", last
        ),
        f"cumulative_net_co2_from_{CUMULATIVE_FROM}_mt": _value(
            one, f"cumulative_net_co2_from_{CUMULATIVE_FROM}", last
        ),
    }


def _value(one: Pathway, name: str, year: int | None = None) -> float | None:
    found = one.indicator(name, year)
    return None if found is None or math.isnan(found.value) else found.value


def _year(one: Pathway, name: str) -> int | None:
    value = _value(one, name)
    return None if value is None else int(value)


def _targets(one: Pathway) -> dict[str, Cell]:
    missed = [target for target, verdict in one.verdicts.items() if verdict != "met"]
    return {
        "official_targets": len(one.verdicts),
        "official_targets_met": len(one.verdicts) - len(missed),
        "official_targets_missed": "; ".join(missed),
    }


def _conventions(one: Pathway, vocabulary: Vocabulary) -> dict[str, Cell]:
    accounting = one.results.meta.get("accounting", {})
    return {
        "vocabulary": vocabulary.title,
        "custom_variables": "; ".join(name.iamc for name in vocabulary.names if name.custom),
        "accounting_energy": "Primary Energy and its parts: direct equivalent; [Coal Equivalent]: "
        "non-fossil power at the coal rate of plants",
        "accounting_land_sink": accounting.get("land_sink", ""),
        "gwp": accounting.get("gwp", ""),
        "money": accounting.get("money", ""),
    }


def _provenance(one: Pathway, library: Library) -> dict[str, Cell]:
    meta = one.results.meta
    hashes = meta.get("data", {})
    same = dict(hashes) == library.hashes
    vintages = [f"{name}: {' '.join(library[name].sidecar['vintage'].split())}" for name in _VINTAGES]
    return {
        "dualcarbon_version": meta.get("versions", {}).get("dualcarbon", ""),
        "data_vintage": " | ".join(vintages) if same else "other tables than those of this version",
        "data_sha256": sha256(hashes),
        "run_sha256": sha256(one.record),
    }
