"""Figures: one module a kind, each with one function ``draw``; one style, English and Chinese labels.

Sizes, colours and the source line are in `style`, the words in `labels`, the search for a font in `fonts`.
"""

from dualcarbon.output.figures import (
    comparison,
    decomposition,
    difference,
    emissions,
    energy,
    hindcasts,
    intensity,
    overview,
    shares,
    sweeps,
    tornado,
    variance_tree,
)
from dualcarbon.output.figures.energy import ACCOUNTINGS
from dualcarbon.output.figures.kinds import COMPARISON, KINDS, draw_kind, title_note, title_of
from dualcarbon.output.figures.labels import LANGUAGES, say
from dualcarbon.output.figures.style import save

FORMATS = ("png", "svg", "pdf")

__all__ = [
    "ACCOUNTINGS",
    "COMPARISON",
    "FORMATS",
    "KINDS",
    "LANGUAGES",
    "comparison",
    "decomposition",
    "difference",
    "draw_kind",
    "emissions",
    "energy",
    "hindcasts",
    "intensity",
    "overview",
    "save",
    "say",
    "shares",
    "sweeps",
    "title_note",
    "title_of",
    "tornado",
    "variance_tree",
]
