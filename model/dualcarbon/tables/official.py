"""Official targets and their documents, from the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dualcarbon.tables.library import Library


@dataclass(frozen=True)
class Document:
    """An official document that states targets."""

    id: str
    title: str
    publisher: str
    date: str


def read_documents(library: Library) -> dict[str, Document]:
    """Documents by id, in the order of the table."""
    return {
        row["id"]: Document(row["id"], row["title"], row["publisher"], row["date"])
        for row in library["documents"].rows
    }


def read_target_rows(library: Library) -> list[dict[str, Any]]:
    """Targets with numbers as numbers: the fields of `dualcarbon.analysis.targets.Target`."""
    result = []
    for row in library["targets"].rows:
        base = row["base"]
        result.append(
            {
                "id": row["id"],
                "label": row["label"],
                "label_zh": row["label_zh"],
                "indicator": row["indicator"],
                "scope": row["scope"],
                "accounting": row["accounting"],
                "comparison": row["comparison"],
                "value": float(row["value"]) if row["role"] != "qualitative" and row["value"] else None,
                "unit": row["unit"],
                "base": int(base) if base.isdigit() else base or None,
                "year_from": int(row["year_from"]) if row["year_from"] else None,
                "year": int(row["year"]),
                "role": row["role"],
                "status": row["status_in_time"],
                "resolution": row["resolution"],
                "documents": tuple(row["documents"].split(";")),
                "date": row["date"],
                "note": row["note"],
            }
        )
    return result


def latest_statistics(library: Library) -> dict[str, str]:
    """Latest official figure of indicators that are not computed here, in words, by indicator."""
    capacity, forest = library["capacity"], library["forest"]
    wind, solar = capacity.series("capacity_wind"), capacity.series("capacity_solar")
    year = int(min(wind[0][-1], solar[0][-1]))
    both = float(wind[1][wind[0] == year][0] + solar[1][solar[0] == year][0])
    words = {"wind_solar_capacity": f"statistics: {both:.0f} GW in {year}"}
    for indicator, unit in (("forest_cover", "%"), ("forest_stock", "bn m3")):
        years, values = forest.series(indicator)
        words[indicator] = f"statistics: {values[-1]:g} {unit} in {years[-1]}"
    return words
