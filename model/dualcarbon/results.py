"""What a run gives: named arrays with their years, and the metadata that makes it repeatable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from dualcarbon.axes import Floats, Years, at


@dataclass(frozen=True)
class Results(Mapping[str, Floats]):
    """Named arrays (``…, year``) in the units used inside (shares as fractions, Mt, Mtce).

    Parameters
    ----------
    years : (year)
    base_year : last year of history
    arrays : arrays by variable key, read-only
    meta : what is needed to repeat the run
    """

    years: Years
    base_year: int
    arrays: Mapping[str, Floats]
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for array in (self.years, *self.arrays.values()):
            array.setflags(write=False)
        object.__setattr__(self, "arrays", MappingProxyType(dict(self.arrays)))
        object.__setattr__(self, "meta", MappingProxyType(dict(self.meta)))

    def __getitem__(self, key: str) -> Floats:
        return self.arrays[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def __len__(self) -> int:
        return len(self.arrays)

    def in_year(self, key: str, year: int) -> Floats:
        """Values (…) of a variable in one year."""
        return self.arrays[key][..., at(self.years, year)]
