"""Coverage for the terminal: how often the truth lay inside the bands of ensemble hindcasts."""

from __future__ import annotations

from dualcarbon.explore.ensembles.band_coverage import BANDS, KINDS, Coverage
from dualcarbon.output.text import table, wrap


def coverage_table(result: Coverage) -> str:
    """Years inside the bands by start year and variable, of each start, and in all."""
    starts = [held.start for held in result.held]
    rows = [
        [str(row.start), _words(row.variable), *_shares(result, row.start, row.variable)]
        for row in result.rows
    ]
    rows += [[str(start), "all four", *_shares(result, start)] for start in starts]
    rows.append(["all", "all four", *_shares(result)])
    header = ["start", "variable", *(f"{band} {_SHORT[kind]}" for band in BANDS for kind in KINDS)]
    held = [
        f"{h.start}: window {h.window[0]}-{h.window[1]}, {h.effective:.0f} effective of {result.count} draws"
        + (f", errors widened {h.factor:.2f} times" if h.factor > 1.0 else "")
        for h in result.held
    ]
    return "\n".join(
        [
            f"Ensemble hindcasts to {result.end}: years in which the truth lay inside the band",
            "",
            table(header, rows, left=2),
            "",
            wrap(
                "prior: as drawn; held: weighted by how well a draw explains the window; noise: with the "
                "year-to-year noise of history as well, the ensemble that is reported. A perfect 50 % band "
                "holds half of the years, a 90 % band nine of ten."
            ),
            wrap(f"In all the reported bands held {_percents(result)} of the years."),
            *(wrap(line) for line in held),
            wrap(result.caveat),
        ]
    )


_SHORT = dict(zip(KINDS, ("prior", "held", "noise"), strict=True))


def _percents(result: Coverage) -> str:
    shares = {band: result.share(KINDS[-1], band) for band in BANDS}
    return " and ".join(f"{i / n * 100:.0f} % (the {band} band)" for band, (i, n) in shares.items())


def _words(variable: str) -> str:
    return variable.replace("non_fossil", "non-fossil").replace("_", " ").replace("co2", "CO2")


def _shares(result: Coverage, start: int | None = None, variable: str | None = None) -> list[str]:
    counts = [result.share(kind, band, start, variable) for band in BANDS for kind in KINDS]
    return [f"{inside}/{years}" for inside, years in counts]
