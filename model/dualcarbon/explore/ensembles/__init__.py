"""Many draws of one scenario: from what is uncertain to what comes out, with how likely it is."""
