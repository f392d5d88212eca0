"""Chinese first, English complete: nothing that these areas say lacks its English.

``python -m tests.desk.messages`` lists what is missing anywhere.
"""

import re

from tests.desk.messages import asked_for, english

# Areas whose English is being written; the list is to become empty.
UNFINISHED = (
    "billing/", "customers/", "orders/", "bss/desk/queries/", "bss/desk/sources/",
    "bss/desk/views/", "bss/desk/home.py", "templates/billing/", "templates/customers/",
    "templates/orders/", "templates/papers/", "templates/desk/",
)  # fmt: skip

PLACES = re.compile(r"%\(\w+\)[sd]")


def test_everything_that_is_said_in_chinese_can_be_said_in_english():
    answers = english()
    asked = asked_for()
    assert len(asked) > 500
    silent = {
        message: place
        for message, place in asked.items()
        if message not in answers and not place.startswith(UNFINISHED)
    }
    assert silent == {}


def test_places_in_a_sentence_are_the_same_in_both_languages():
    wrong = {
        chinese: text
        for chinese, text in english().items()
        if set(PLACES.findall(chinese)) != set(PLACES.findall(text))
    }
    assert wrong == {}
