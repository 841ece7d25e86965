"""Kept draws: a place of their final size, filled part by part, and marked complete at the end."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np

from dualcarbon.axes import Floats, Years
from dualcarbon.errors import OutputError, fault
from dualcarbon.explore.ensembles.sampling import CHUNK

MARK = "draws.json"
ZARR = "draws.zarr"


class Store(Protocol):
    """Where kept draws go."""

    def put(self, first: int, kept: Mapping[str, Floats]) -> None:
        """Take in draws from number ``first`` on: (member, …) by name."""

    def finish(self) -> Mapping[str, Floats]:
        """Mark the store complete; gives the draws that are in memory."""

    def close(self) -> None:
        """Let go of what is open, also when the store was never finished."""


def bytes_of(shapes: Mapping[str, tuple[int, ...]]) -> int:
    """Size of kept draws of these shapes."""
    return sum(8 * int(np.prod(shape)) for shape in shapes.values())


def check_room(shapes: Mapping[str, tuple[int, ...]], folder: Path | None) -> None:
    """Refuse what cannot fit.

    Parameters
    ----------
    shapes : (member, …) by name
    folder : where the draws go; None for memory

    Raises
    ------
    InputError
        With an estimate, if the draws need more than what is free.
    """
    needed = bytes_of(shapes)
    free, what = (_free_memory(), "memory") if folder is None else (_free_disk(folder), "disk")
    if needed > 0.9 * free:
        raise fault(
            f"the draws to keep need {_size(needed)}, and {_size(free)} of {what} are free; "
            "keep fewer variables or take fewer draws",
            where="keep",
        )


def _size(count: float) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{count / 1e6:.1f} MB"


def _free_disk(folder: Path) -> float:
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return float(shutil.disk_usage(there).free)


def _free_memory() -> float:
    """Memory that this process may still take; without bound where the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return float(line.split()[1]) * 1024.0
    except OSError:
        pass
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return float("inf")


class Nothing:
    """Keeps no draws."""

    def put(self, first: int, kept: Mapping[str, Floats]) -> None:
        """Nothing to do."""

    def finish(self) -> Mapping[str, Floats]:
        """Nothing was kept."""
        return {}

    def close(self) -> None:
        """Nothing to do."""


class Memory:
    """Arrays in memory."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self._arrays = {name: np.empty(shape) for name, shape in shapes.items()}

    def put(self, first: int, kept: Mapping[str, Floats]) -> None:
        """Copy the draws to their place."""
        for name, array in kept.items():
            self._arrays[name][first : first + len(array)] = array

    def finish(self) -> Mapping[str, Floats]:
        """The arrays."""
        return self._arrays

    def close(self) -> None:
        """Nothing to do."""


def _mark(folder: Path, about: Mapping[str, Any], *, complete: bool) -> None:
    content = json.dumps({"complete": complete, **about}, indent=1)
    (folder / MARK).write_text(content + "\n", encoding="utf-8")


class Files:
    """A ``.npy`` file a variable, (draw, year), of its final size from the start.

    Ordinary writes, no memory maps: on a full disk a write fails with a message, a map with a signal.
    """

    def __init__(self, folder: Path, shapes: Mapping[str, tuple[int, ...]], about: Mapping[str, Any]) -> None:
        self._folder, self._about = folder, dict(about)
        folder.mkdir(parents=True, exist_ok=True)
        _mark(folder, about, complete=False)
        self._files: dict[str, tuple[BinaryIO, int]] = {}
        for name, shape in shapes.items():
            file = (folder / f"{name}.npy").open("wb")
            np.lib.format.write_array_header_1_0(
                file, {"descr": "<f8", "fortran_order": False, "shape": shape}
            )
            header = file.tell()
            self._files[name] = (file, header)
            size = header + 8 * int(np.prod(shape))
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)  # a full disk shows now
            else:
                file.truncate(size)

    def put(self, first: int, kept: Mapping[str, Floats]) -> None:
        """Write the draws to their place."""
        for name, array in kept.items():
            file, header = self._files[name]
            row = 8 * int(np.prod(array.shape[1:]))
            file.seek(header + first * row)
            file.write(np.ascontiguousarray(array, dtype="<f8").data)

    def finish(self) -> Mapping[str, Floats]:
        """Close the files and mark the folder complete."""
        self.close()
        _mark(self._folder, self._about, complete=True)
        return {}

    def close(self) -> None:
        """Close the files."""
        for file, _ in self._files.values():
            file.close()


class Zarr:
    """A Zarr group written through xarray, variables (draw, year), in chunks of whole blocks."""

    def __init__(
        self, folder: Path, shapes: Mapping[str, tuple[int, ...]], years: Years, about: Mapping[str, Any]
    ) -> None:
        try:
            import dask.array as da
            import xarray as xr
            import zarr
        except ModuleNotFoundError:
            raise OutputError(
                "kept draws of a cluster need Zarr: pip install 'dualcarbon[cluster]'"
            ) from None
        self._folder, self._about = folder, dict(about)
        folder.mkdir(parents=True, exist_ok=True)
        _mark(folder, about, complete=False)
        axes = {1: ("draw",), 2: ("draw", "year")}
        chunks = {name: (16 * CHUNK, *shape[1:]) for name, shape in shapes.items()}
        template = xr.Dataset(
            {n: (axes[len(s)], da.empty(s, chunks=chunks[n])) for n, s in shapes.items()},
            coords={"year": years},
            attrs={
                k: v if isinstance(v, (str, int, float)) else json.dumps(v) for k, v in self._about.items()
            },
        )
        encoding = {n: {"chunks": tuple(map(min, chunks[n], s))} for n, s in shapes.items()}
        # Format 2 has consolidated metadata and is read everywhere; Zarr 2 writes nothing else.
        kind: dict[str, Any] = {} if zarr.__version__.startswith("2.") else {"zarr_format": 2}
        template.to_zarr(folder / ZARR, compute=False, encoding=encoding, consolidated=True, **kind)
        self._axes = axes

    def put(self, first: int, kept: Mapping[str, Floats]) -> None:
        """Write the draws to their region."""
        import xarray as xr

        data = xr.Dataset({name: (self._axes[array.ndim], array) for name, array in kept.items()})
        count = len(next(iter(kept.values())))
        data.to_zarr(self._folder / ZARR, region={"draw": slice(first, first + count)})

    def finish(self) -> Mapping[str, Floats]:
        """Mark the folder complete."""
        _mark(self._folder, self._about, complete=True)
        return {}

    def close(self) -> None:
        """Nothing to do: every part was written whole."""


class _ZarrDraws(Mapping[str, Floats]):
    """Variables of a Zarr group, each read whole when it is asked for."""

    def __init__(self, path: Path) -> None:
        try:
            import zarr
        except ModuleNotFoundError:
            raise OutputError("these draws need Zarr: pip install 'dualcarbon[cluster]'") from None
        self._group: Any = zarr.open_group(str(path), mode="r")

    def _names(self) -> list[str]:
        return sorted(name for name in self._group.array_keys() if name != "year")

    def __getitem__(self, name: str) -> Floats:
        if name not in self._names():
            raise KeyError(name)
        return np.asarray(self._group[name][...], dtype=np.float64)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())


def open_draws(folder: Path) -> Mapping[str, Floats]:
    """Kept draws (draw, year) of a folder by variable, read when they are used; inside units.

    Raises
    ------
    InputError
        If the folder holds no draws, or they were never completed.
    OutputError
        If they are Zarr and the packages that read it are missing.
    """
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise fault(f"holds no kept draws (no {MARK})", where=str(folder)) from None
    if not mark.get("complete"):
        raise fault("the draws were never completed; run the ensemble again", where=str(folder))
    if (folder / ZARR).is_dir():
        return _ZarrDraws(folder / ZARR)
    files = sorted(folder.glob("*.npy"))
    if not files:
        raise fault(f"the draws are gone (neither {ZARR} nor .npy files)", where=str(folder))
    return {path.stem: np.load(path, mmap_mode="r") for path in files}
