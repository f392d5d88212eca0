"""Chinese first, English whole: nothing that is said to people lacks its English."""

from collections import defaultdict

import pytest

from tests.house import words
from tests.house.words import CHINESE, OUR_NAME, PLACES


@pytest.fixture(scope="module")
def entries():
    return words.english()


def test_everything_said_in_chinese_has_its_english():
    """``python -m tests.house.words`` prints what this finds, ready for a ``.po`` file."""
    assert len(words.said()) > 1000
    assert words.missing() == {}


def test_chinese_in_templates_is_given_to_be_translated():
    assert list(words.unsaid_by_templates()) == []


def test_chinese_in_modules_is_whole_sentences():
    """An f-string's pieces are found in no catalogue; a sentence has ``%(name)s`` places."""
    assert list(words.mixed_by_modules()) == []


def test_what_is_counted_has_a_form_for_one_and_a_form_for_many(entries):
    with_forms = {entry.msgid[0] for entry in entries if not isinstance(entry.msgid, str)}

    assert [one for one in words.counted_by_modules() if one.text not in with_forms] == []


def test_each_text_is_put_into_english_once(entries):
    files = defaultdict(list)
    for entry in entries:
        files[entry.context, entry.msgid].append(entry.file)

    assert {key: found for key, found in files.items() if len(found) > 1} == {}


def test_english_is_english(entries):
    chinese = {
        entry.msgid: form
        for entry in entries
        for form in _forms(entry.msgstr)
        if CHINESE.search(form.replace(OUR_NAME, "")) or not form
    }

    assert chinese == {}


def test_both_languages_have_the_same_places(entries):
    wrong = {
        entry.msgid: form
        for entry in entries
        for form in _forms(entry.msgstr)
        if sorted(set(PLACES.findall(_forms(entry.msgid)[-1]))) != sorted(set(PLACES.findall(form)))
    }

    assert wrong == {}


def test_a_choice_is_translated_where_it_is_shown():
    """Models name their choices in Chinese, data's own language; pages and exports translate."""
    assert list(words.choices_shown_plainly()) == []


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
