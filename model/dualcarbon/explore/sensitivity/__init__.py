"""What drives the spread: Sobol indices and one-at-a-time changes."""
