"""What a `Run` answers beyond its arrays."""

import pytest

import dualcarbon as dc


@pytest.fixture(scope="module")
def run():
    return dc.run("rapid-decline")


def test_an_indicator_of_a_year(run):
    assert run.indicator("eip_co2", 2030) == pytest.approx(run["eip_co2"][run.years == 2030][0])


def test_the_year_may_be_left_out_where_there_is_one(run):
    assert run.indicator("eip_co2_peak_level") == run.indicator("eip_co2_peak_level", 2025)
    assert run.indicator("eip_co2_peak_year") == 2025


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("eip_co2",), "years: 2025, 2030, 2035, 2040, 2050, 2060"),
        (("eip_co2", 2031), "'eip_co2' in 2031 is not an indicator"),
        (("eip_co2_peak_yaer",), "did you mean eip_co2_peak_year"),
    ],
)
def test_other_names_and_years_are_refused(run, asked, told):
    with pytest.raises(KeyError, match=told):
        run.indicator(*asked)


@pytest.mark.parametrize("kind", ["overview", "emissions", "energy", "shares", "intensity", "decomposition"])
def test_a_run_draws_itself(run, kind):
    figure = run.plot(kind)
    assert run.scenario.title in figure.get_suptitle()
    assert all(axes.has_data() for axes in figure.axes)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"kind": "emission"}, "no kind 'emission'.*did you mean emissions"),
        ({"language": "cn"}, "no language 'cn'; allowed: en, zh"),
        ({"kind": "energy", "accounting": "coal"}, "no accounting 'coal'"),
    ],
)
def test_what_cannot_be_drawn_is_said(run, asked, told):
    with pytest.raises(dc.InputError, match=told):
        run.plot(**asked)


def test_runs_are_drawn_among_studies(run):
    figure = dc.plot_comparison([run, dc.run("current-policies")])
    assert {"rapid-decline", "current-policies", "history"} <= {
        text.get_text() for legend in figure.legends for text in legend.get_texts()
    }


def test_an_ensemble_draws_itself():
    ensemble = dc.ensemble("current-policies", n=512, seed=1)
    fans, years = dc.plot_fans(ensemble), dc.plot_years(ensemble)
    assert len(fans.axes) == 4
    assert len(years.axes) == 2
    assert "512 draws" in fans.get_supxlabel().replace("\n", " ")


def test_a_sensitivity_draws_itself():
    found = dc.sensitivity("current-policies", of="net_co2@2060", n=64)
    assert "GDP growth, %/yr" in [
        label.get_text() for label in dc.plot_tornado(found).axes[0].get_yticklabels()
    ]
    assert dc.plot_tree(found).axes
