"""Faults of a file, gathered: the first are listed, the rest counted, and the search stops at some point."""

from __future__ import annotations

from collections.abc import Sequence

from dualcarbon.errors import Fault, InputError, did_you_mean
from dualcarbon.output.iamc.names import holds_more, is_china

FAULTS_LISTED = 20
FAULTS_SOUGHT = 1000

_REGIONS_SHOWN = 10
_COMPARED = 200
"""Names that a suggestion is looked for among; a file may have thousands."""


class FaultList:
    """What is wrong in one file.

    Parameters
    ----------
    where : the file
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self._faults: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, line: int, column: str, what: str) -> None:
        """Note a fault; raise all where there are too many to be worth the search."""
        self._faults.append(Fault(self.where, line, column, what))
        if len(self._faults) >= FAULTS_SOUGHT:
            self.stop()

    def stop(self) -> None:
        """Raise what was found, if anything.

        Raises
        ------
        InputError
            With the first faults, and how many there are.
        """
        if not self._faults:
            return
        faults = sorted(set(self._faults))
        if len(faults) > FAULTS_LISTED:
            at_least = "at least " if len(self._faults) >= FAULTS_SOUGHT else ""
            head = f"{at_least}{len(faults)} faults; the first {FAULTS_LISTED} are listed"
            faults = [Fault(self.where, 0, "", head), *faults[:FAULTS_LISTED]]
        raise InputError(faults)

    def nothing_found(self, regions: Sequence[str], unknown: Sequence[str], known: Sequence[str]) -> None:
        """Note why no row was kept.

        Parameters
        ----------
        regions : of all rows
        unknown : variables of China's rows
        known : names that would have been read
        """
        if not regions:
            self.add(0, "", "there are no rows below the header")
        elif any(map(is_china, regions)):
            near = (did_you_mean(name, known) for name in unknown[:_COMPARED])
            hint = next(filter(None, near), "; `dualcarbon variables` lists the names")
            what = f"none of {len(unknown)} variables of China is known, such as {unknown[0]!r}{hint}"
            self.add(0, "variable", what)
        else:
            shown = [f"{r} (holds more than China)" if holds_more(r) else r for r in regions[:_REGIONS_SHOWN]]
            more = len(regions) - len(shown)
            rest = f" and {more} more" if more else ""
            near_china = [region for region in regions[:_COMPARED] if did_you_mean(region, ["China"])]
            hint = f"; did you mean China by {near_china[0]}?" if near_china else ""
            self.add(0, "region", f"no rows of China; regions here: {', '.join(shown)}{rest}{hint}")
