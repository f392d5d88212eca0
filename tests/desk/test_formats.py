import re

import pytest

from bss.desk import formats


def plain(html: object) -> str:
    return re.sub(r"<[^>]+>", "", str(html))


@pytest.mark.parametrize(
    ("fen", "written"),
    [(123450, "1,234.50"), (0, "0.00"), (5, "0.05"), (-560012, "−5,600.12"), (None, "—")],
)
def test_fen_are_written_with_separators_and_two_digits(fen, written):
    assert formats.amount(fen) == written


def test_an_amount_carries_its_unit_and_a_minus_its_class():
    assert plain(formats.yuan(123450)) == "1,234.50 元"
    assert 'class="money minus"' in formats.yuan(-1)


@pytest.mark.parametrize(
    ("hao", "written"), [(1500, "0.15 元"), (3, "0.0003 元"), (960000, "96.00 元")]
)
def test_a_price_has_the_digits_it_needs_and_at_least_two(hao, written):
    assert plain(formats.hao(hao)) == written


@pytest.mark.parametrize(
    ("kb", "written"), [(512, "512 KB"), (1536, "1.5 MB"), (2048, "2 MB"), (5 * 1024**2, "5 GB")]
)
def test_volume_is_read_in_the_unit_people_use(kb, written):
    assert plain(formats.volume(kb)) == written


def test_speed_minutes_and_durations():
    assert plain(formats.speed(4096)) == "4 Mbps"
    assert plain(formats.speed(512)) == "512 kbps"
    assert plain(formats.minutes(1234)) == "1,234 分钟"
    assert [formats.duration(s) for s in (71, 3671, 0)] == ["1:11", "1:01:11", "0:00"]


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812345678", "138****5678"),
        ("01060001234", "010****1234"),
        ("60001234", "6***1234"),
        ("110", "110"),
        ("", "—"),
    ],
)
def test_the_middle_of_a_number_is_hidden(number, masked):
    assert formats.mask_number(number) == masked


def test_names_and_documents_are_masked():
    assert formats.mask_name("王伟") == "王*"
    assert formats.mask_name("欧阳小明") == "欧***"
    assert formats.mask_name("") == "—"
    assert formats.mask_document("110101199001011234") == "1101**********1234"
    assert formats.mask_document("A123456") == "*****56"
