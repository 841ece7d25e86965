"""Random numbers by index: draw k is the same whatever the block, the number of workers or the engine.

Uniform numbers have a dimension for every lever of the table, whether a scenario makes it uncertain or not,
so that two scenarios with the same seed meet the same luck (common random numbers). They come from

- ``sobol``: the scrambled Sobol sequence, by its index,
- ``lhs``: a Latin hypercube, one permutation of all n strata a dimension,
- ``random``: independent numbers, one stream for each aligned chunk of draws.

Standard normals by year come from streams of their own, one for each name and aligned chunk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from dualcarbon.axes import Floats

METHODS = ("sobol", "lhs", "random")

CHUNK = 4096
"""Draws that are made together: streams, sums and tasks are aligned to it. A power of two, for Sobol."""

SOBOL_BITS = 30
SOBOL_LIMIT = 1 << SOBOL_BITS
"""Points in the Sobol sequence; sums are exact to as many draws of any kind."""

LHS_LIMIT = 2_000_000
"""Draws of a Latin hypercube: every process holds the permutations, 4 bytes a draw and lever."""

SMALLEST, LARGEST = 2.0**-54, 1.0 - 2.0**-53
"""Uniform numbers stay within these, so that their normal scores are finite."""

_UNIFORM, _STRATA, _NORMAL = range(3)
"""First part of a stream's key."""


def limit_of(method: str) -> int:
    """The most draws that a method can give."""
    limits: dict[str, int] = {"sobol": SOBOL_LIMIT, "lhs": LHS_LIMIT}
    return limits.get(method, SOBOL_LIMIT)


@dataclass(frozen=True)
class Sampler:
    """The random numbers of an ensemble.

    Parameters
    ----------
    method : one of `METHODS`
    seed : not negative
    n : draws in all; only a Latin hypercube depends on it
    dimensions : names of all uniform numbers of a draw
    years : normals of a draw and name
    """

    method: str
    seed: int
    n: int
    dimensions: tuple[str, ...]
    years: int
    _made: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What is slow to make, kept in each process: Sobol engines that wait at some index, permutations."""

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_made": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)

    def uniform(self, first: int, count: int) -> Floats:
        """Uniform numbers (dimension, member) of draws ``first`` to ``first + count - 1``, inside (0, 1)."""
        chunk = {"sobol": self._sobol, "lhs": self._lhs, "random": self._random}[self.method]
        return _cut(chunk, first, count)

    def normals(self, name: str, first: int, count: int, years: int | None = None) -> Floats:
        """Standard normals (member, year) of the same draws for one name, in Fortran order.

        Parameters
        ----------
        years : how many of the first years are needed; all unless given
        """
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")

        def chunk(k: int) -> Floats:
            return self._stream(_NORMAL, key, k).standard_normal((years or self.years, CHUNK))

        return _cut(chunk, first, count).T

    def _stream(self, *key: int) -> np.random.Generator:
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence(self.seed, spawn_key=key)))

    def _random(self, k: int) -> Floats:
        u = self._stream(_UNIFORM, k).random((len(self.dimensions), CHUNK))
        return np.maximum(u, SMALLEST, out=u)

    def _lhs(self, k: int) -> Floats:
        """Strata in a random order, and a random place in each; past the last draw nothing is used."""
        if "strata" not in self._made:
            self._made["strata"] = np.array(
                [self._stream(_STRATA, d).permutation(self.n) for d in range(len(self.dimensions))], np.uint32
            ).reshape(len(self.dimensions), self.n)
        strata: NDArray[np.uint32] = self._made["strata"]
        here = strata[:, k * CHUNK : (k + 1) * CHUNK]
        u = self._random(k)
        u[:, : here.shape[1]] += here
        u /= self.n
        return np.clip(u, SMALLEST, LARGEST, out=u)

    def _sobol(self, k: int) -> Floats:
        """Points are multiples of 2^-30; half a step is added, so that none is zero.

        An engine that has passed an index cannot go back, and going forward takes time for every point on the
        way: engines wait where they stopped, for the next chunk of the same process.
        """
        first = k * CHUNK
        waiting: list[Any] = self._made.setdefault("engines", [])
        try:
            engine = waiting.pop()  # not asked first whether there is one: another thread may take it
        except IndexError:
            engine = self._sobol_engine()
        if engine.num_generated > first:
            engine = self._sobol_engine()
        if engine.num_generated < first:
            engine.fast_forward(first - engine.num_generated)
        points: Floats = engine.random(CHUNK)
        waiting.append(engine)
        return points.T + 2.0 ** -(SOBOL_BITS + 1)

    def _sobol_engine(self) -> Any:
        from scipy.stats import qmc

        source: dict[str, Any] = {_RNG: self._stream(_UNIFORM)}
        return qmc.Sobol(len(self.dimensions), bits=SOBOL_BITS, **source)


_RNG = "rng" if tuple(map(int, scipy.__version__.split(".")[:2])) >= (1, 15) else "seed"
"""The name that scipy has for a generator."""


def _cut(chunk: Callable[[int], Floats], first: int, count: int) -> Floats:
    """Columns ``first`` to ``first + count - 1`` of chunks that stand side by side."""
    parts = []
    for k in range(first // CHUNK, -(-(first + count) // CHUNK)):
        start = k * CHUNK
        whole = chunk(k)
        parts.append(whole[:, max(0, first - start) : min(CHUNK, first + count - start)])
    return np.ascontiguousarray(parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1))
