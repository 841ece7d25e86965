"""A lever's shape over the years: one small file each.

Every curve maps years to values. Anchored curves take anchor years and values (``…, anchor``) and return
``…, year``; leading axes are free. All of them pass their anchors, hold the last value after the last
anchor, and keep monotone anchors monotone. Only additions, multiplications, divisions and (for the logistic)
``exp`` and ``log`` of the years are used, element by element, so that a member of a batch equals its single
run.
"""

from dualcarbon.curves.growth import growth
from dualcarbon.curves.linear import linear
from dualcarbon.curves.logistic import logistic
from dualcarbon.curves.pchip import pchip
from dualcarbon.curves.step import average_step, step

__all__ = ["ANCHORED", "average_step", "growth", "linear", "logistic", "pchip", "step"]

ANCHORED = {"pchip": pchip, "linear": linear, "step": step, "average": average_step}
"""Curves given by anchors, by the name they have in scenarios and tables."""
