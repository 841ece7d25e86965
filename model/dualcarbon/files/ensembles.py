"""Write what an ensemble gives: a folder with tables, figures, the record and kept draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dualcarbon import output
from dualcarbon.api.drawings import plot_fans, plot_years
from dualcarbon.explore.ensembles import tables
from dualcarbon.explore.ensembles.result import Ensemble


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
    output.figures.save(plot_fans(one), path / "fan.png")
    output.figures.save(plot_years(one), path / "peak_years.png")
