"""What drives the spread: Sobol indices and one lever at a time."""

from dualcarbon.explore.sensitivity.analyse import Sensitivity, analyse
from dualcarbon.explore.sensitivity.factors import Factor
from dualcarbon.explore.sensitivity.indices import ESTIMATORS
from dualcarbon.explore.sensitivity.outputs import Output, read_outputs
from dualcarbon.explore.sensitivity.rows import index_rows, tornado_rows
from dualcarbon.explore.sensitivity.sampling import check_seed, checked_points
from dualcarbon.explore.sensitivity.tornado import Ranges, Steps

__all__ = [
    "ESTIMATORS",
    "Factor",
    "Output",
    "Ranges",
    "Sensitivity",
    "Steps",
    "analyse",
    "check_seed",
    "checked_points",
    "index_rows",
    "read_outputs",
    "tornado_rows",
]
