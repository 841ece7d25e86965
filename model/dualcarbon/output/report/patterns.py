"""Patterns and dashes of the charts, so that they can be read in grey.

Neighbours in a stack differ in lightness or in pattern, and lines in their dashes, so that charts can be read
in grey as well.
"""

from dualcarbon.output.palette import CAPTURE, CLEAN, LINES, OIL, PROCESS

GRID, HISTORY, BORDER = "#dddddd", "rgba(0, 0, 0, 0.06)", "#888888"

PATTERNS = {OIL: "/", PROCESS: ".", CLEAN: "\\", CAPTURE: "x"}
"""Hatches of the fills that grey alone does not tell from their neighbours."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "8px,3px,2px,3px,2px,3px", "2px,5px")


def line_style(place: int) -> dict[str, str | float]:
    """Colour and dash of a scenario's line; 56 scenarios pass before a pair comes again."""
    return {"color": LINES[place % len(LINES)], "dash": DASHES[place % len(DASHES)], "width": 2.2}
