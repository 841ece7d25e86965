"""The check of pathways that others made: against history, official targets and published studies.

``reported`` holds what a file says, ``deriving`` works out what can be compared, ``history``, ``scoring`` and
``placing`` judge it.
"""
