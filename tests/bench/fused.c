/* The equations of DESIGN section 3, national resolution, in one pass over the memory: what a compiler can do.

   Arrays are (member, year) with members contiguous. A block of members goes through all years, so that the
   levels of the year before are still in the cache. */

#include <stddef.h>

enum { BLOCK = 8192 };

void fused(ptrdiff_t members, ptrdiff_t years, double gdp_first, double energy_first, double gce_per_kwh_direct,
           /* (member, year) */
           const double *gdp_growth, const double *energy_intensity_change, const double *coal_share,
           const double *oil_share, const double *gas_share, const double *non_fossil_share,
           const double *process_co2, const double *capture_rate, const double *beccs, const double *dac,
           const double *land_sink, const double *non_co2,
           /* (year) */
           const double *coal_ef, const double *oil_ef, const double *gas_ef, const double *oil_ef_official,
           const double *non_fossil_ce_rate,
           /* results (member, year) */
           double *restrict gdp, double *restrict energy_total, double *restrict energy_co2,
           double *restrict eip_co2, double *restrict net_co2, double *restrict net_ghg,
           double *restrict carbon_intensity, double *restrict non_fossil_direct)
{
    double intensity[BLOCK];
    for (ptrdiff_t first = 0; first < members; first += BLOCK) {
        const ptrdiff_t count = members - first < BLOCK ? members - first : BLOCK;
        for (ptrdiff_t t = 0; t < years; t++) {
            const double coal_factor = coal_ef[t], oil_factor = oil_ef[t], gas_factor = gas_ef[t];
            const double oil_official = oil_ef_official[t];
            const double rate = non_fossil_ce_rate[t] * 1e-3, direct = gce_per_kwh_direct * 1e-3;
            for (ptrdiff_t m = 0; m < count; m++) {
                const ptrdiff_t i = t * members + first + m;
                gdp[i] = t ? gdp[i - members] * (1.0 + gdp_growth[i]) : gdp_first;
                intensity[m] = t ? intensity[m] * (1.0 + energy_intensity_change[i]) : energy_first / gdp_first;
                const double energy = gdp[i] * intensity[m];
                const double coal = energy * coal_share[i] * coal_factor;
                const double oil = energy * oil_share[i];
                const double gas = energy * gas_share[i] * gas_factor;
                const double burnt = coal + oil * oil_factor + gas;
                const double gross = burnt + process_co2[i];
                const double not_negative = capture_rate[i] < 0.0 ? 0.0 : capture_rate[i];
                const double captured = gross * (not_negative > 1.0 ? 1.0 : not_negative);
                const double emitted = gross - captured - beccs[i];
                const double net = emitted - dac[i] - land_sink[i];
                energy_total[i] = energy;
                energy_co2[i] = burnt;
                eip_co2[i] = emitted;
                net_co2[i] = net;
                net_ghg[i] = net + non_co2[i];
                carbon_intensity[i] = (coal + oil * oil_official + gas) / gdp[i] * 10.0;
                non_fossil_direct[i] = energy * non_fossil_share[i] / rate * direct;
            }
        }
    }
}
