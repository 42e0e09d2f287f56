from __future__ import annotations

import pytest

from snnrun.figures.style import COLORS, in_display_unit, in_words, line_widths, population_colors, shortened
from snnrun.results.recording import Population


def populations(**types):
    return {name: Population(10, type_name) for name, type_name in types.items()}


def test_excitatory_is_blue_and_inhibitory_is_vermillion():
    # Okabe & Ito, https://jfly.uni-koeln.de/color/: blue 0, 114, 178; vermillion 213, 94, 0.
    colors = population_colors(populations(exc="excitatory", inh="inhibitory"))
    assert (colors["exc"], colors["inh"]) == ("#0072B2", "#D55E00")


def test_the_type_and_not_the_name_or_the_place_decides():
    colors = population_colors(populations(basket="inhibitory", pyramidal="excitatory"))
    assert (colors["pyramidal"], colors["basket"]) == ("#0072B2", "#D55E00")


def test_a_population_keeps_its_color_when_others_are_added_behind_it():
    before = population_colors(populations(exc="excitatory", inh="inhibitory"))
    after = population_colors(populations(exc="excitatory", inh="inhibitory", more="excitatory", input=""))
    assert before.items() <= after.items()


def test_four_layers_of_both_types_have_eight_colors():
    names = {f"L{layer}{letter}": type_name for layer in "2456" for letter, type_name in TYPES.items()}
    colors = population_colors(populations(**names))
    assert len(set(colors.values())) == 8 + 1


TYPES = {"E": "excitatory", "I": "inhibitory"}


@pytest.mark.parametrize("type_name", ["excitatory", "inhibitory", "", "modulatory"])
def test_there_is_a_color_for_any_number_of_populations_of_any_type(type_name):
    colors = population_colors({f"p{i}": Population(1, type_name) for i in range(20)})
    assert colors["p0"] == colors["p4"]


def test_no_color_has_two_meanings():
    families = [set(colors) for colors in COLORS.values()]
    assert sum(map(len, families)) == len(set.union(*families))


def test_equal_curves_do_not_hide_each_other():
    widths = line_widths(["below", "above"])
    assert widths["below"] > widths["above"]


def test_si_values_are_shown_in_the_units_of_the_field():
    factor, name = in_display_unit("V")
    assert factor == pytest.approx(1e3)
    assert name == "mV"


def test_a_long_name_is_shortened_and_seen_to_be():
    assert shortened("exc") == "exc"
    assert shortened("a_very_long_population_name", 10) == "a_very_lo…"


def test_an_interval_is_said_in_seconds():
    assert in_words((0.5, 2.0)) == "0.5–2 s"
