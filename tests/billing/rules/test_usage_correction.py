import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.usage_correction import NotCorrectableError, corrected_line, faults_of
from billing.rules.usage_line import CSV, FIXED, line_fields
from billing.rules.usage_record import CALL_TYPES, FIELDS, read_record
from bss.kernel.periods import local_moment

AT = local_moment("2026-10-31T23:00:00")
COLUMNS = ("record_id", "service_number", "call_type", "start_at")
FIXED_COLUMNS = ("record_id:6", "service_number:12", "call_type:4", "start_at:20")
LINE = "a,01099999999,mo,2026-10-05T09:00:00"
TEXTS = st.one_of(
    st.sampled_from(
        [
            "", " ", "a", "0", "60", "-1", "1.5", "x", "010", "2026-10-05T09:00:00",
            "2026-10-31T22:59:30", "2026-11-01T00:00:00", "2026-13-01T00:00:00", "+8613811112222",
            *CALL_TYPES,
        ]
    ),
    st.text("a0:-,一", max_size=3),
)  # fmt: skip


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, TEXTS)))
def test_a_record_has_no_faults_exactly_when_it_can_be_read(fields):
    assert (faults_of(fields, at=AT) == {}) == (read_record(fields, at=AT) is not None)


def test_each_faulty_field_is_named():
    fields = {
        "service_number": "01062000001",
        "call_type": "fax",
        "start_at": "yesterday",
        "duration_s": "-1",
    }
    assert set(faults_of(fields, at=AT)) == {"record_id", "call_type", "start_at", "duration_s"}


def test_a_field_of_a_csv_line_is_put_right_and_the_rest_stays():
    given_line = 'a,01099999999,mo,"2026-10-05T09:00:00"'
    values = {"service_number": "01062000001"}
    line = corrected_line(given_line, values, format=CSV, columns=COLUMNS)
    assert line == "a,01062000001,mo,2026-10-05T09:00:00"


def test_what_is_filled_in_cannot_break_the_line():
    values = {"service_number": '1,"2\n3'}
    line = corrected_line(LINE, values, format=CSV, columns=COLUMNS)
    assert "\n" not in line
    assert line_fields(line, format=CSV, columns=COLUMNS)["service_number"] == '1,"2 3'


def test_a_field_of_fixed_width_keeps_its_width():
    line = "a     01099999999 mo  2026-10-05T09:00:00 "
    values = {"service_number": "01062000001"}
    corrected = corrected_line(line, values, format=FIXED, columns=FIXED_COLUMNS)
    assert corrected == "a     01062000001 mo  2026-10-05T09:00:00 "
    with pytest.raises(NotCorrectableError, match="最长 4 个字符"):
        corrected_line(line, {"call_type": "forward"}, format=FIXED, columns=FIXED_COLUMNS)


def test_a_column_that_the_file_has_not_cannot_be_filled_in():
    with pytest.raises(NotCorrectableError, match="没有“信息费"):
        corrected_line(LINE, {"info_fee_hao": "1"}, format=CSV, columns=COLUMNS)


def test_a_line_that_cannot_be_cut_is_written_anew():
    values = {"record_id": "a", "service_number": "1", "call_type": "mt", "start_at": "x"}
    assert corrected_line('a,"b', values, format=CSV, columns=COLUMNS) == "a,1,mt,x"
