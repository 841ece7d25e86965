"""Hold the model, and anyone's pathway, against documents and history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dualcarbon.api.opening import open_library
from dualcarbon.api.projecting import run

if TYPE_CHECKING:
    from dualcarbon.analysis.vetting.result import PathwayCheck
    from dualcarbon.explore.ensembles.band_coverage import Coverage
    from dualcarbon.explore.hindcasting import Hindcast
    from dualcarbon.explore.verification import Verification
    from dualcarbon.explore.verification.figures import FigureCheck
    from dualcarbon.tables import Library


def verify(data: str | Path | Library | None = None) -> Verification:
    """Documented figures and accounting: model beside document."""
    from dualcarbon.explore.verification import verify_all

    library = open_library(data)
    return verify_all(library, run("current-policies", data=library).results)


def figure_check(figure: str, library: Library) -> FigureCheck:
    """What the model gives for one documented figure."""
    return next(c for c in verify(library).figures if c.figure.id == figure)


def hindcast(data: str | Path | Library | None = None) -> Hindcast:
    """Skill from 2010, 2015 and 2020 against naive forecasts."""
    from dualcarbon.explore.hindcasting import hindcast_all

    return hindcast_all(open_library(data))


def coverage(data: str | Path | Library | None = None) -> Coverage:
    """How often the truth lay inside the bands of ensemble hindcasts from 2010, 2015 and 2020."""
    from dualcarbon.explore.ensembles.band_coverage import coverage_all

    return coverage_all(open_library(data))


def check_pathway(file: str | Path, *, data: str | Path | Library | None = None) -> PathwayCheck:
    """Score anyone's IAMC file against China's history, official targets and published studies.

    Parameters
    ----------
    file : CSV or Excel, wide or long, with rows of China
    data : a data folder, or an opened one, instead of the shipped one

    Raises
    ------
    InputError
        With the faults of the file, by row and column.
    """
    from dualcarbon.explore.checking import check_reported
    from dualcarbon.output.iamc.reading import read_iamc

    library = open_library(data)
    return check_reported(read_iamc(Path(file), library), library)
