"""Notebooks run from top to bottom, and what they show is what they give."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LARGEST = 500_000
"""Bytes of a notebook with its outputs: it must open quickly on the web."""


def shown(cell) -> list[str]:
    """What a cell has printed or returned as text; pictures by their presence only."""
    texts = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            texts.append(output.text)
        elif "image/png" in output.data:
            texts.append("a picture")
        else:
            texts.append(output.data["text/plain"])
    return texts


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_gives_what_it_shows(path):
    stored = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    NotebookClient(
        fresh, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    ).execute()
    for before, after in zip(stored.cells, fresh.cells, strict=True):
        assert shown(after) == shown(before), before.source


def test_every_page_is_there():
    numbers = [path.name[:2] for path in NOTEBOOKS]
    assert numbers == [f"{k:02d}" for k in range(len(numbers))]
    assert len(numbers) >= 6


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_reads_like_an_article(path):
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[0].source.startswith("# ")
    words = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    assert len(words) >= 4
    assert path.stat().st_size < LARGEST
    for target in re.findall(r"\]\(([^)]+\.ipynb)\)", "\n".join(cell.source for cell in words)):
        assert (FOLDER / target).is_file(), target
