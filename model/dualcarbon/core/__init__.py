"""The numbers: pure functions on arrays, year last, any leading axes, float64.

Each part knows only arrays; `dualcarbon.project` is where they meet. Only elementwise operations and
year-to-year recurrences are used, and sums run left to right, so that member k of a batch equals single run k
bit for bit, whatever the block size or memory order.

Functions of a pathway take ``out``, an array that the result is written to (as numpy's own do), because fresh
memory costs more than the arithmetic. Arguments may overlap it only where the function says so.
"""
