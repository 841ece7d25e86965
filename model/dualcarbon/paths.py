"""Where the shipped data and scenarios are: inside an installed package, or in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "shipped"
_CHECKOUT = _PACKAGE.parents[1]


def _folder(name: str) -> Path:
    shipped = _SHIPPED / name
    return shipped if shipped.is_dir() else _CHECKOUT / name


def data_folder() -> Path:
    """Folder of the data tables that come with this version."""
    return _folder("data")


def scenario_folder() -> Path:
    """Folder of the bundled scenarios."""
    return _folder("scenarios")
