"""Lines as they are written by many hands, in columns and by the rule itself, line by line."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.batch.usage import shape as shaping
from billing.batch.usage.commas import cut_csv
from billing.batch.usage.formats import Csv
from billing.batch.usage.lines import block_of_lines
from billing.batch.usage.shape import code_of, shape
from billing.batch.usage.words import (
    CHECK_SEED,
    EPOCH,
    MOST_DIGITS,
    fields_of_texts,
    key_of,
    keys_of,
)
from billing.rules.usage_line import csv_fields
from billing.rules.usage_record import CALL_TYPES, FIELDS, read_record
from tests.builders.usage import LOADED_AT

PLAIN = ("W1", "01062000001", "mo", "88880001", "2026-10-05T09:00:00", "61", "", "0", "0")
ODD = (
    "", '"', '""', '""""', 'a"b', '"a""b"', '"a,b"', '"a" ', ' "a"', "a b", "中", '","', '"",""',
    "+8688880001", "2026-10-05 09:00:00", "2026-10-05T09:00", "2026-10-05T09:00:00+08:00",
    "2026-10-05T09:00:00.5", "007", "9" * 20, "sms", "010x", "r" * 50,
)  # fmt: skip


@st.composite
def lines(draw) -> str:
    """A plain line with a few odd fields, and quotes around some of all."""
    fields = list(PLAIN)
    for place, odd in draw(
        st.dictionaries(st.integers(0, len(FIELDS) - 1), st.sampled_from(ODD), max_size=3)
    ).items():
        fields[place] = odd
    quoted = draw(st.sets(st.integers(0, len(FIELDS) - 1)) | st.just(set(range(len(FIELDS)))))
    return ",".join(f'"{f}"' if place in quoted else f for place, f in enumerate(fields))


def shaped_of(texts: list[str]):
    block = block_of_lines(list(enumerate(texts, start=2)))
    format = Csv(FIELDS)
    return shape(block, cut=format.cut(block), fields_of=format.fields_of, at=LOADED_AT)


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(lines(), min_size=1, max_size=8))
def test_any_line_is_read_as_the_rule_reads_it(texts):
    shaped = shaped_of(texts)

    for row, text in enumerate(texts):
        fields = csv_fields(text, columns=FIELDS)
        record = fields and read_record(fields, at=LOADED_AT)
        assert shaped.is_malformed[row] == (not record)
        if record:
            assert shaped.key[row] == key_of(record.record_id)
            assert shaped.service_code[row] == code_of(record.service_number)
            assert CALL_TYPES[shaped.call_type[row]] == record.call_type
            if record.call_type in ("mo", "cf"):
                dialled = record.other_number.removeprefix("+")
                assert shaped.other_plus[row] == record.other_number.startswith("+")
                assert shaped.other_digits[row] == min(len(dialled), MOST_DIGITS)
                assert shaped.other_value[row] == int(dialled[:MOST_DIGITS])
            assert EPOCH + timedelta(microseconds=int(shaped.start_us[row])) == record.start_at
            assert shaped.duration_s[row] == record.duration_s
            if shaped.visited_is_text[row]:
                assert not (record.visited_area + "0").isdecimal() or len(record.visited_area) > 18
            else:
                digits = int(shaped.visited_digits[row])
                area = f"{shaped.visited_value[row]:0{digits}d}" if digits else ""
                assert record.visited_area == area
            assert shaped.volume_kb[row] == record.volume_kb
            assert shaped.info_fee_hao[row] == record.info_fee_hao


@pytest.mark.parametrize(
    "text",
    [
        ",".join(f'"{field}"' for field in PLAIN),
        ",".join(field or '""' for field in PLAIN),
        ",".join(PLAIN).replace("T", " "),
    ],
)
def test_quotes_around_whole_fields_do_not_cost_a_look_at_the_line(text, monkeypatch):
    monkeypatch.setattr(shaping, "read_record", lambda *_, **__: pytest.fail("read by itself"))

    assert shaped_of([text]).key == shaped_of([",".join(PLAIN)]).key


@pytest.mark.parametrize("odd", ['a"b', '"', '"a""b"', '"a" '])
def test_a_quote_anywhere_else_is_for_the_rule_to_read(odd):
    block = block_of_lines([(2, ",".join(PLAIN)), (3, ",".join((odd, *PLAIN[1:])))])

    assert cut_csv(block, columns=FIELDS).is_plain.tolist() == [True, False]


@settings(max_examples=50, deadline=None)
@given(texts=st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_a_key_does_not_depend_on_the_texts_beside_it(texts):
    for seed in (0, CHECK_SEED):
        alone = [keys_of(*fields_of_texts([text]), seed=seed)[0] for text in texts]
        assert np.array_equal(keys_of(*fields_of_texts(texts), seed=seed), alone)


def test_keys_are_the_same_for_ever():
    assert key_of("") == -2152535657050944081
    assert key_of("2026-10-00000000001") == 7043003901156685610
