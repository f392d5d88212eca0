"""Loading usage: every record is rated or kept as a reject, whatever the file looks like."""

import gzip
from pathlib import Path

import pytest
from django.db import connection

from billing.models import ClosedMonth, UsageFile, UsageReject
from billing.queries.usage import usage_totals
from billing.services import usage
from bss.kernel.errors import BadInputError
from customers.services import subscriptions
from tests.builders.usage import LOADED_AT, OCTOBER, an_operator, at

pytestmark = pytest.mark.django_db
HEADER = (
    "record_id,service_number,call_type,other_number,start_at,duration_s,visited_area,"
    "volume_kb,info_fee_hao\n"
)
GOOD = "{},01062000009,mo,01088880001,2026-10-05T09:00:00,60,,,\n"


def rejects() -> list[tuple[int, str, str]]:
    kept = UsageReject.objects.order_by("line_no")
    return [(one.line_no, one.reason, one.original) for one in kept]


def a_file(directory: Path, text: str, *, name: str = "oct.csv", encoding: str = "utf-8") -> Path:
    path = directory / name
    path.write_bytes(text.encode(encoding))
    return path


def test_every_record_is_rated_or_rejected_for_the_first_reason_that_fits():
    operator = an_operator()
    subscriptions.hold(subscription_id=operator.subscriptions["m9"].pk, at=at("2026-10-04T00:00"))
    ClosedMonth.objects.create(month=OCTOBER.previous.first_day, closed_at=at("2026-10-03T02:00"))
    ClosedMonth.objects.create(month=OCTOBER.plus(-2).first_day, closed_at=at("2026-09-03T02:00"))
    call = {
        "service_number": "01062000009",
        "call_type": "mo",
        "other_number": "01088880001",
        "start_at": "2026-10-05T09:00:00",
        "duration_s": 60,
    }

    report = usage.load(
        rows=[
            {**call, "record_id": "r1"},
            {**call, "record_id": "r1", "duration_s": 5},
            {**call, "record_id": "r2", "duration_s": -60},
            {**call, "record_id": "r2"},
            {**call, "record_id": "r3", "service_number": "13099999999"},
            {**call, "record_id": "r3"},
            {**call, "record_id": "r4", "service_number": "13011119999"},
            {**call, "record_id": "r5", "start_at": "2026-09-20T09:00:00"},
            {**call, "record_id": "r6", "start_at": "2026-08-20T09:00:00"},
            {**call, "record_id": "r7", "call_type": "sms"},
            {**call, "record_id": "r8", "start_at": "2025-12-31T23:59:59"},
            {**call, "record_id": "r9", "start_at": "2026-10-31T23:00:00"},
        ],
        at=LOADED_AT,
    )

    assert (report.records, report.rated, report.late) == (12, 3, 1)
    assert report.rejected == {
        "closed_month": 1,
        "duplicate": 2,
        "malformed": 2,
        "no_tariff": 1,
        "not_active": 2,
        "unknown_number": 1,
    }
    assert usage_totals() == {"records": 12, "rated": 3, "rejected": report.rejected}


def test_a_file_keeps_the_original_line_of_what_it_rejects(tmp_path):
    an_operator()
    path = a_file(
        tmp_path,
        HEADER
        + GOOD.format("r1")
        + "\n"
        + "r2, whatever this is\n"
        + '"r3","01062000009","mo","01088880001","2026-10-05T09:00:00","60","","",""\n'
        + "r4,01062000009,sms,13910120000,2026-10-05T09:00:00,,,,\n"
        + 'r5,"broken,mo\n'
        + GOOD.format("r6").rstrip()
        + ",one too many\n",
    )

    report = usage.load(path=path, at=LOADED_AT)

    assert (report.records, report.rated) == (6, 2)
    assert rejects() == [
        (4, "malformed", "r2, whatever this is"),
        (6, "no_tariff", "r4,01062000009,sms,13910120000,2026-10-05T09:00:00,,,,"),
        (7, "malformed", 'r5,"broken,mo'),
        (8, "malformed", GOOD.format("r6").rstrip() + ",one too many"),
    ]


def test_gzip_bom_line_ends_and_the_order_of_columns_make_no_difference(tmp_path):
    an_operator()
    text = "start_at,call_type,service_number,record_id,duration_s,other_number\r\n"
    text += "2026-10-05T09:00,mo,01062000009,r1,60,01088880001\r\n"
    path = tmp_path / "oct.csv.gz"
    path.write_bytes(gzip.compress(text.encode("utf-8-sig")))

    report = usage.load(path=path, at=LOADED_AT)

    assert (report.records, report.rated) == (1, 1)
    assert UsageFile.objects.get().name == "oct.csv.gz"


def test_bytes_that_are_no_text_spoil_their_own_line_only(tmp_path):
    an_operator()
    path = tmp_path / "oct.csv"
    path.write_bytes(
        (HEADER + GOOD.format("r1")).encode()
        + b"r2,\xff\xfe\x00\x01\x02,mo,,,,,,\n"
        + GOOD.format("r3").encode()
    )

    report = usage.load(path=path, at=LOADED_AT)

    assert (report.records, report.rated, report.rejected) == (3, 2, {"malformed": 1})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"r1,01062000009,mo\n", "lacks the column record_id"),
        (b"record_id,service_number,call_type,start_at,duration\n", "'duration'"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "lacks the column record_id"),
        (gzip.compress(HEADER.encode() + b"x" * 90_000, mtime=0)[:60], "packed|breaks off"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(tmp_path, content, sentence):
    an_operator()
    path = tmp_path / "bad.csv"
    path.write_bytes(content)

    with pytest.raises(BadInputError, match=sentence):
        usage.load(path=path, at=LOADED_AT)

    assert usage_totals() == {"records": 0, "rated": 0, "rejected": {}}


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(BadInputError, match="cannot be read"):
        usage.load(path="nowhere.csv", at=LOADED_AT)


def test_a_file_is_loaded_once_whatever_it_is_called(tmp_path):
    an_operator()
    path = a_file(tmp_path, HEADER + GOOD.format("r1") + GOOD.format("r2"))
    usage.load(path=path, at=LOADED_AT)
    same = a_file(tmp_path, path.read_text(), name="another.csv")

    with pytest.raises(BadInputError, match=r"has been loaded already, as oct.csv"):
        usage.load(path=same, at=LOADED_AT)

    assert UsageFile.objects.count() == 1


def test_the_same_records_in_another_file_are_duplicates_and_change_no_amount(tmp_path):
    an_operator()
    path = a_file(tmp_path, HEADER + GOOD.format("r1") + GOOD.format("r2"))
    usage.load(path=path, at=LOADED_AT)
    before = _amounts()
    again = a_file(tmp_path, HEADER + GOOD.format("r2") + GOOD.format("r1"), name="again.csv")

    report = usage.load(path=again, at=LOADED_AT)

    assert (report.rated, report.rejected) == (0, {"duplicate": 2})
    assert _amounts() == before == [2200, 2200]


def test_rejects_show_no_number_in_clear_and_keep_the_line(tmp_path):
    an_operator()
    line = "r1,13099999999,mo,01088880001,2026-10-05T09:00:00,60,,,"
    usage.load(path=a_file(tmp_path, HEADER + line + "\n"), at=LOADED_AT)

    reject = UsageReject.objects.get()

    assert reject.line == "r1,130****9999,mo,010****0001,2026-10-05T09:00:00,60,,,"
    assert "13099999999" not in reject.sealed
    assert reject.original == line


def test_a_reject_is_rated_when_its_cause_is_mended():
    operator = an_operator()
    call = {
        "service_number": "01062009999",
        "call_type": "mo",
        "other_number": "01088880001",
        "start_at": "2026-10-05T09:00:00",
        "duration_s": 60,
    }
    usage.load(rows=[{**call, "record_id": "r1"}], at=LOADED_AT)
    assert usage_totals()["rejected"] == {"unknown_number": 1}

    # when the number turns out to be one of ours
    operator.subscriptions["f9"].number_history.create(
        number="01062009999",
        valid_from=at("2026-10-01T00:00"),
        valid_until=at("2026-10-10T00:00"),
    )

    assert usage.retry_rejects(reason="unknown_number", at=LOADED_AT) == 1
    assert usage_totals() == {"records": 1, "rated": 1, "rejected": {}}
    assert UsageReject.objects.get().state == UsageReject.State.MENDED
    assert usage.retry_rejects(reason="unknown_number", at=LOADED_AT) == 0


def _amounts() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT amount_hao FROM billing_record ORDER BY key")
        return [row[0] for row in cursor.fetchall()]
