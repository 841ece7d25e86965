"""Colours of figures and charts: Paul Tol's bright scheme (2021), safe for the common colour deficiencies."""

INK = "#222222"
COAL, OIL, GAS, CLEAN, PROCESS = "#4d4d4d", "#aa3377", "#66ccee", "#228833", "#ccbb44"
CAPTURE, SINK, NET, TARGET = "#4477aa", "#99ddaa", "#000000", "#ee6677"
LINES = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#777777", "#000000")
