"""Colours of the charts: Paul Tol's bright scheme (2021), safe for the common colour deficiencies.

Neighbours in a stack differ in lightness or in pattern, and lines in their dashes, so that charts can be read
in grey as well.
"""

INK, GRID, HISTORY, BORDER = "#222222", "#dddddd", "rgba(0, 0, 0, 0.06)", "#888888"
COAL, OIL, GAS, CLEAN, PROCESS = "#4d4d4d", "#aa3377", "#66ccee", "#228833", "#ccbb44"
CAPTURE, SINK, NET, TARGET = "#4477aa", "#99ddaa", "#000000", "#ee6677"

PATTERNS = {OIL: "/", PROCESS: ".", CLEAN: "\\", CAPTURE: "x"}
"""Hatches of the fills that grey alone does not tell from their neighbours."""

LINES = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#777777", "#000000")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "8px,3px,2px,3px,2px,3px", "2px,5px")


def line_style(place: int) -> dict[str, str | float]:
    """Colour and dash of a scenario's line; 56 scenarios pass before a pair comes again."""
    return {"color": LINES[place % len(LINES)], "dash": DASHES[place % len(DASHES)], "width": 2.2}
