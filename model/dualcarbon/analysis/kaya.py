"""The Kaya identity of a pathway: what net CO2 is a product and a sum of.

::

    net CO2 = Σ_f population x GDP per head x energy per GDP x share_f x factor_f x (1 - capture rate)
              + process CO2 x (1 - capture rate)
              - BECCS - DAC - land sink

Two states of it, of two years or of two pathways, differ by what each factor and each own term contributes:
`split`. The change of each product goes to its factors (`dualcarbon.analysis.lmdi`), that of an own term
(BECCS, DAC, land sink) to itself, so that all contributions add up to the difference of net CO2. A total
below zero needs no special form, because what takes it there are own terms; a negative factor takes the
Shapley form.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from dualcarbon.analysis.lmdi import any_negative, contributions, product, total
from dualcarbon.axes import Floats

FACTORS = ("population", "affluence", "energy_intensity", "fuel_mix", "emission_factor", "capture")
"""Factors of energy CO2 after capture. The additive contribution of capture covers processes as well."""

OWN_TERMS = ("process", "beccs", "dac", "land_sink")
"""What contributes by itself; process CO2 as before capture."""

NAMES = FACTORS + OWN_TERMS

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "population": "population",
        "affluence": "GDP per head",
        "energy_intensity": "energy intensity",
        "fuel_mix": "fuel mix",
        "emission_factor": "emission factor",
        "capture": "capture",
        "process": "processes",
        "beccs": "BECCS",
        "dac": "DAC",
        "land_sink": "land sink",
    }
)
"""The contributions as tables and figures call them."""

_FUELS = ("coal", "oil", "gas")
NEEDED = (
    *("population", "gdp", "energy_total", "energy_co2", "process_co2", "capture_rate"),
    *(f"{fuel}_{what}" for fuel in _FUELS for what in ("share", "energy", "co2")),
    *("eip_co2", "beccs", "dac", "land_sink", "net_co2"),
)
"""Variables that the identity is made of."""

Values = Mapping[str, Floats]
Factors = list[Floats]
Products = dict[str, tuple[Factors, Factors]]


def split(start: Values, end: Values) -> tuple[dict[str, Floats], Factors, Products]:
    """What each of `NAMES` adds to net CO2 from one state to another.

    Parameters
    ----------
    start, end : variables of `NEEDED` (…) in the two states

    Returns
    -------
    contributions by name in Mt CO2; those of `FACTORS` to energy CO2 alone; the products, for `method_of`
    """
    products = _products(start, end)
    parts = {name: contributions(*factors) for name, factors in products.items()}
    energy = [total([parts[fuel][k] for fuel in _FUELS]) for k in range(len(FACTORS))]
    of_process, of_process_capture = parts["process"]
    additive = dict(zip(FACTORS, energy, strict=True))
    additive["capture"] = additive["capture"] + of_process_capture
    additive["process"] = of_process
    for name in ("beccs", "dac", "land_sink"):
        additive[name] = start[name] - end[name]
    return additive, energy, products


def kept(values: Values) -> Floats:
    """Part of the gross CO2 that is not captured."""
    return 1.0 - np.clip(values["capture_rate"], 0.0, 1.0)


def _products(start: Values, end: Values) -> Products:
    """Factors (…, period) of each product at the start and at the end: one product a fuel, and processes."""
    uncaptured = kept(start), kept(end)
    drivers = (
        (start["population"], end["population"]),
        _ratio(start, end, "gdp", "population"),
        _ratio(start, end, "energy_total", "gdp"),
    )
    products: Products = {}
    for fuel in _FUELS:
        share = start[f"{fuel}_share"], end[f"{fuel}_share"]
        factor = _ratio(start, end, f"{fuel}_co2", f"{fuel}_energy")
        factors = [*drivers, share, factor, uncaptured]
        products[fuel] = [f[0] for f in factors], [f[1] for f in factors]
    products["process"] = [start["process_co2"], uncaptured[0]], [end["process_co2"], uncaptured[1]]
    return products


def _ratio(start: Values, end: Values, top: str, bottom: str) -> tuple[Floats, Floats]:
    """``top / bottom`` at both ends; where ``bottom`` is zero, that of the other end, or zero if at both."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = [values[top] / values[bottom] for values in (start, end)]
    none = [values[bottom] == 0.0 for values in (start, end)]
    known = [np.where(none[k], np.where(none[1 - k], 0.0, ratios[1 - k]), ratios[k]) for k in (0, 1)]
    return known[0], known[1]


def method_of(products: Products, p: int, ratio: Floats | None = None) -> str:
    """The forms used for place ``p`` of the last axis, and for what.

    Parameters
    ----------
    products : of `split`
    p : place on the last axis
    ratio : (…, place) of energy CO2, where a multiplicative form is wanted too
    """
    shapley, limit, everywhere = [], [], True
    for name, (start, end) in products.items():
        a, b = [factor[..., p] for factor in start], [factor[..., p] for factor in end]
        negative = any_negative(a, b)
        zero = ((product(a) == 0.0) != (product(b) == 0.0)) & ~negative
        everywhere = everywhere and bool(negative.all())
        if negative.any():
            shapley.append(_so_many(name, negative))
        if zero.any():
            limit.append(_so_many(name, zero))
    texts = [] if everywhere else ["LMDI-I"]
    if limit:
        texts.append(f"analytic limit where a factor is zero at one end: {', '.join(limit)}")
    if shapley:
        texts.append(f"Shapley form where a factor is negative: {', '.join(shapley)}")
    if ratio is not None and (undefined := ~(ratio[..., p] > 0.0)).any():
        texts.append(_so_many("no multiplicative form, energy CO2 is zero or crosses it", undefined))
    return "; ".join(texts)


def _so_many(name: str, where: NDArray[np.bool_]) -> str:
    """``name``, with the number of pathways of a batch that it is about."""
    return f"{name} ({np.count_nonzero(where)} of {where.size} pathways)" if np.ndim(where) else name
