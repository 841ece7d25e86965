"""What the model does not claim: said in every report, and in the README in the same words."""

NOT_CLAIMED = (
    "No least-cost dispatch, no hourly reliability, no general equilibrium, no endogenous effect of "
    "policies, and no climate category for a one-country run. Wind and solar capacity, sectors, regions and "
    "the carbon market are not computed at this resolution; their targets are listed as not applicable, with "
    "the latest statistic. Direct-equivalent figures turn all non-fossil energy into power at the coal rate; "
    "before about 2018 that rate does not reproduce the official shares."
)
