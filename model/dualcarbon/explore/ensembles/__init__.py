"""Many pathways at once: what is uncertain, draws of it, and what they add up to."""
