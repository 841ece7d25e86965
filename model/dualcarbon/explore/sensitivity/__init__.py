"""What drives the spread: Sobol indices and one lever at a time."""

from dualcarbon.explore.sensitivity.analyse import Sensitivity, analyse
from dualcarbon.explore.sensitivity.factors import Factor
from dualcarbon.explore.sensitivity.outputs import Output, read_outputs
from dualcarbon.explore.sensitivity.request import read_request
from dualcarbon.explore.sensitivity.rows import index_rows, tornado_rows
from dualcarbon.explore.sensitivity.tornado import Ranges, Steps

__all__ = [
    "Factor",
    "Output",
    "Ranges",
    "Sensitivity",
    "Steps",
    "analyse",
    "index_rows",
    "read_outputs",
    "read_request",
    "tornado_rows",
]
