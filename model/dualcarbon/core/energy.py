"""Energy by source, in coal-equivalent and in direct-equivalent accounting."""

from __future__ import annotations

import numpy as np

from dualcarbon.axes import Floats


def of_source(total_mtce: Floats, share: Floats, out: Floats | None = None) -> Floats:
    """Energy in Mtce of a source that has a share in the total."""
    return np.multiply(total_mtce, share, out=out)


def fossil_energy(coal: Floats, oil: Floats, gas: Floats, out: Floats | None = None) -> Floats:
    """Energy of the three fossil fuels."""
    return np.add(np.add(coal, oil, out=out), gas, out=out)


def power_from_coal_equivalent(
    energy_mtce: Floats, rate_gce_per_kwh: Floats, out: Floats | None = None
) -> Floats:
    """Power in TWh whose coal equivalent at the coal rate of power plants is ``energy_mtce``.

    Chinese statistics enter non-fossil power at the coal that power plants would burn for it; 1 TWh at a rate
    of 300 gce/kWh is 0.300 Mtce.
    """
    return np.divide(energy_mtce, rate_gce_per_kwh * 1e-3, out=out)


def direct_equivalent(power_twh: Floats, rate_gce_per_kwh: float, out: Floats | None = None) -> Floats:
    """Mtce of ``power_twh`` by its own energy content (3.6 MJ/kWh)."""
    return np.multiply(power_twh, rate_gce_per_kwh * 1e-3, out=out)


def close_shares(
    honoured: dict[str, Floats], proportions: dict[str, Floats], rest_name: str
) -> dict[str, Floats]:
    """Shares of one whole that honour those that are set and fill the rest in proportion.

    Parameters
    ----------
    honoured : shares that are set (``…, year``); they stay as they are
    proportions : every share before closing (``…, year``), by name; those not honoured keep their proportions
        to one another and fill what is left
    rest_name : the share that follows alone when every other one is honoured

    Returns
    -------
    all shares of ``proportions``; they sum to one wherever the honoured ones leave room, and a negative share
    tells the caller where they do not
    """
    taken = np.zeros_like(next(iter(proportions.values())))
    for name in proportions:
        if name in honoured:
            taken = taken + honoured[name]
    free = [name for name in proportions if name not in honoured and name != rest_name]
    if not free:
        free = [name for name in proportions if name not in honoured]
    elif rest_name not in honoured:
        honoured = {**honoured, rest_name: proportions[rest_name]}
        taken = taken + proportions[rest_name]
    if not free:
        return {name: honoured[name] for name in proportions}
    weight = np.zeros_like(taken)
    for name in free:
        weight = weight + proportions[name]
    equal = 1.0 / len(free)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = {n: np.where(weight > 0.0, proportions[n] / weight, equal) for n in free}
    left = 1.0 - taken
    return {n: honoured[n] if n in honoured else left * part[n] for n in proportions}
