"""The exchange format of the Integrated Assessment Modeling Consortium (IAMC)."""
