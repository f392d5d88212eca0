"""WCAG 2.2 AA, computed from the tokens themselves, in both themes."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS)}

TEXT, EDGE = 4.5, 3.0
GROUNDS = ("ground", "paper", "raised", "sunken", "hover")
MEANINGS = ("good", "waiting", "warning", "bad")
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-soft") for ground in GROUNDS),
    *(("accent", ground, TEXT) for ground in (*GROUNDS, "accent-wash")),
    *((ink, "accent-wash", TEXT) for ink in ("ink", "ink-soft")),
    *((meaning, f"{meaning}-wash", TEXT) for meaning in MEANINGS),
    *((meaning, ground, TEXT) for meaning in MEANINGS for ground in ("ground", "paper", "raised")),
    *(("ink", f"{meaning}-wash", TEXT) for meaning in MEANINGS),
    *((f"{meaning}-line", "paper", EDGE) for meaning in MEANINGS),
    ("accent-on", "accent-fill", TEXT),
    ("accent-on", "accent-fill-hover", TEXT),
    ("accent-on", "bad-fill", TEXT),
    ("line-strong", "paper", EDGE),
    ("line-strong", "ground", EDGE),
    ("focus", "ground", EDGE),
    ("focus", "paper", EDGE),
    ("accent-fill", "paper", EDGE),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_that_stand_on_each_other_can_be_told_apart(front, back, least, theme):
    assert contrast(COLOURS[front][theme], COLOURS[back][theme]) >= least


def test_the_measure_itself_is_right():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
