"""The commented scenario that `dualcarbon new` writes."""

TEMPLATE = """\
# A scenario of China's pathway. `dualcarbon check {file}` checks it, `dualcarbon run {file}` runs it.
# What can be set: `dualcarbon levers`. Percent, points and units are written out: 25 %, 2 pp, 1.2 Gt.
name: {name}
title: One line for lists and figures
description: >
  What the scenario means, and where its numbers come from.
extends: current-policies        # change an existing scenario (one level); without it: the lever table

# base_year: 2025                # last year of history; default the last complete year of statistics
# end_year: 2060                 # last projected year, at most 2100

levers:
  # between the reference (0) and the ambitious (1) pathway of the lever table; below 0 is slower
  energy_intensity_change: {{ambition: 0.3}}

  # anchors joined by a smooth curve; `curve: linear` or `curve: step` for others
  non_fossil_share: {{2030: 30 %, 2040: 45 %, 2060: 75 %}}

  # an S-curve from the base year towards a level; width is its time constant in years
  # non_fossil_share: {{curve: logistic, to: 85 %, midpoint: 2040, width: 9}}

  # rates in their year, or averages since the last anchor
  # gdp_growth: {{2030: 4.3 %, 2040: 3.0 %, 2060: 1.7 %}}
  # gdp_growth: {{rates: average, 2030: 4.5 %, 2040: 3.2 %, 2060: 2.0 %}}

  # the same value every year; steady growth; the extended scenario scaled or shifted
  # capture_rate: 2 %
  # process_co2: {{curve: growth, rate: -3 %}}
  # land_sink: {{scale: 0.8}}
  # coal_share: {{shift: -2 pp}}

# How far levers may lie from their paths in an ensemble; the others take the ranges of the lever table.
# uncertainty:
#   gdp_growth: {{normal: {{sd: 0.6 pp}}, correlate: {{energy_intensity_change: 0.4}}}}
#   land_sink: {{pert: {{low: -400 Mt, mode: -100 Mt, high: 200 Mt}}, over_time: growing}}
"""


def starting_file(file: str, name: str) -> str:
    """The template with its names filled in."""
    return TEMPLATE.format(file=file, name=name)
