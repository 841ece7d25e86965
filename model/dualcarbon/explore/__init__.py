"""Projects many pathways: hindcasts, verification, later fits and ensembles."""
