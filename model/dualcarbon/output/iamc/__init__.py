"""The exchange format of the Integrated Assessment Modeling Consortium (IAMC).

One row a series: model, scenario, region, variable, unit, then years; and a second table with what is to be
known about each scenario. ``vocabulary`` says under which names and units, ``meta`` fills the second table,
``writing`` writes both.
"""
