from pathlib import Path

from django.conf import settings

from bss.desk.menu_table import ENTRIES
from bss.desk.specimens import SWATCHES, _icons
from bss.desk.states import STATES, look_of


def test_every_state_and_menu_entry_has_a_drawn_icon():
    icons = set(_icons())
    assert {look.icon for states in STATES.values() for look in states.values()} <= icons
    assert {entry.icon for entry in ENTRIES} <= icons


def test_the_same_letter_goes_to_one_page_only():
    keys = [entry.key for entry in ENTRIES if entry.key]
    assert len(keys) == len(set(keys))


def test_an_unknown_state_is_shown_as_it_is_written():
    look = look_of("order", "never_heard_of")
    assert (look.meaning, look.word) == ("", "never_heard_of")


def test_the_style_guide_fills_every_swatch_it_names():
    css = (Path(settings.BASE_DIR) / "static/css/styleguide.css").read_text()
    assert all(f".fill-{name} {{" in css for name in SWATCHES)
