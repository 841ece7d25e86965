"""Names of a package that are loaded when first used: what a program does not need costs it nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def load_names(package: dict[str, Any], where: Mapping[str, str]) -> Callable[[str], Any]:
    """A package's ``__getattr__``: a name comes from its module, and stays.

    Parameters
    ----------
    package : the ``globals()`` of the package
    where : module of each name, whole
    """

    def find(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {package['__name__']!r} has no attribute {name!r}")
        value = package[name] = getattr(import_module(where[name]), name)
        return value

    return find
