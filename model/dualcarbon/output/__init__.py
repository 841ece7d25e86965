"""Reads results, never runs: frames, files, figures, tables for the terminal."""
