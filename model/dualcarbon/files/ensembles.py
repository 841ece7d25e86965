"""Write what an ensemble gives: a folder with tables, figures, the record and kept draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import dualcarbon
from dualcarbon import output
from dualcarbon.explore.ensembles import tables
from dualcarbon.explore.ensembles.result import PROBABILITIES, Ensemble


def folder_name(scenario: str) -> str:
    """Name of the folder of a scenario's ensemble, beside that of its run."""
    return f"{scenario}-ensemble"


def write_ensembles(
    ensembles: Sequence[Ensemble],
    parent: Path,
    *,
    draws: Mapping[str, Path] | None = None,
    force: bool = False,
) -> None:
    """Write a folder ``<scenario>-ensemble`` for each below ``parent``; all appear or none does.

    Parameters
    ----------
    draws : complete folders of kept draws by scenario, on the same disk; they are moved
    force : replace folders of an earlier run

    Raises
    ------
    OutputError
        If something is in the way.
    """

    def writer(one: Ensemble) -> output.folder.Writer:
        def write(path: Path) -> None:
            _write_ensemble(one, path)
            if draws and one.name in draws:
                draws[one.name].rename(path / output.folder.DRAWS_FOLDER)

        return write

    output.folder.write_folders(
        parent, {folder_name(one.name): writer(one) for one in ensembles}, force=force
    )


def _write_ensemble(one: Ensemble, path: Path) -> None:
    output.folder.write_csv(path / "quantiles.csv", one.quantile_rows())
    output.folder.write_csv(path / "peak_years.csv", tables.year_rows(one))
    output.folder.write_csv(path / "targets.csv", tables.target_rows(one))
    record = {**one.settings, "warnings": list(one.warnings)}
    output.folder.write_json(path / output.folder.ENSEMBLE_FILE, record)
    source = _ensemble_source(one)
    fans = [_fan(one, key, label, factor) for key, label, factor in _FANS]
    drawing = output.figures.fans.draw(one.title, fans, source)
    output.figures.save(drawing, path / "fan.png")
    chances = [_chances(one, name, label) for name, label in _CHANCES]
    output.figures.save(output.figures.year_chances.draw(one.title, chances, source), path / "peak_years.png")


_FANS = (
    ("eip_co2", "CO2 from energy and processes, Gt", 1e-3),
    ("net_ghg", "Net greenhouse gases, Gt CO2e", 1e-3),
    ("non_fossil_share", "Non-fossil share, % (coal-equivalent)", 100.0),
    ("energy_total", "Total energy, Gtce (coal-equivalent)", 1e-3),
)
_CHANCES = (
    ("eip_co2_peak_year", "Year in which CO2 from energy and processes peaks"),
    ("net_ghg_neutral_year", "First year with net greenhouse gases at or below zero to the end"),
)


def _fan(one: Ensemble, key: str, label: str, factor: float) -> output.figures.fans.Fan:
    middle = [PROBABILITIES.index(p) for p in (0.05, 0.25, 0.5, 0.75, 0.95)]
    prior = None if one.prior is None else one.prior.quantiles[key][[middle[0], middle[-1]]] * factor
    return output.figures.fans.Fan(
        label=label,
        years=one.years,
        quantiles=one.now.quantiles[key][middle] * factor,
        prior=prior,
        past_years=one.past_years,
        past=one.past[key] * factor,
    )


def _chances(one: Ensemble, name: str, label: str) -> output.figures.year_chances.Chances:
    now = one.now.years[name]
    prior = None if one.prior is None else one.prior.years[name]
    return output.figures.year_chances.Chances(
        label=label,
        years=now.years,
        now=now.probability,
        prior=None if prior is None else prior.probability,
        never=now.never,
        never_prior=0.0 if prior is None else prior.never,
        can_be_never="neutral" in name,
        last_observed=int(one.years[0]),
    )


def _ensemble_source(one: Ensemble) -> str:
    window = one.settings["window"]
    held = "not held to history"
    if window:
        held = (
            f"held to history {window[0]}-{window[1]} ({one.now.effective:,.0f} effective draws), with the "
            "year-to-year noise of the statistics"
        )
    draws = f"{one.n:,} draws ({one.settings['method']}, seed {one.seed})"
    return (
        f"Source: dualcarbon {dualcarbon.__version__}; {draws}, {held}. "
        "Statistics: National Bureau of Statistics, Global Carbon Project, national inventories. "
        "Coal-equivalent accounting; greenhouse gases in GWP100 AR5; land sink as in the national inventory."
    )
