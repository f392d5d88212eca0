from datetime import time

import pytest
import yaml

from billing.rules import notices
from billing.services.reminder_steps import BROUGHT_ALONG

NIGHT = (time(21), time(8))


@pytest.mark.parametrize(
    ("at", "quiet"),
    [("20:59", False), ("21:00", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_the_night_passes_midnight(at: str, quiet: bool) -> None:
    assert notices.is_quiet(time.fromisoformat(at), quiet=NIGHT) is quiet


def test_hours_of_one_day_end_before_their_end() -> None:
    noon = (time(12), time(14))
    assert [notices.is_quiet(time(hour), quiet=noon) for hour in (11, 12, 13, 14)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_pauses_double_up_to_an_hour() -> None:
    assert [notices.pause_s(n) for n in range(1, 11)] == [
        30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600,
    ]  # fmt: skip


def test_places_are_filled_in_and_nothing_else_is_touched() -> None:
    assert notices.filled("欠 {due} 元 {unknown}{}", {"due": "1.00"}) == "欠 1.00 元 "
    assert notices.unknown_places("{due} {dew} {}") == ["dew", ""]


def test_the_product_s_own_words_are_whole() -> None:
    document = yaml.safe_load(BROUGHT_ALONG.read_text("utf-8"))
    codes = [step["code"] for step in document["steps"]]
    assert codes == list(document["texts"])
    assert tuple(step["name"] for step in document["steps"]) == notices.STEP_NAMES
    for words in document["texts"].values():
        for language in ("zh", "en"):
            assert notices.unknown_places(words[language]) == []
            assert len(words[language]) <= notices.SMS_AT_MOST
            assert words["subject"][language]
