"""The inbox of usage files: manifests, packed files, fixed widths, gaps, refusals."""

import gzip
import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pytest

from billing.models import UsageFile
from billing.queries.usage import usage_totals
from billing.queries.usage_gaps import missing_files
from billing.rules.usage_record import REQUIRED_COLUMNS
from billing.tasks.usage_inbox import DONE, IN, MANIFEST, REFUSED, take_usage_inbox
from tests.builders.usage import LOADED_AT, an_operator

pytestmark = pytest.mark.django_db
HEADER = ",".join((*REQUIRED_COLUMNS, "other_number", "duration_s"))
LINE = "{},01062000009,mo,2026-10-05T09:00:00,01088880001,60"
FIXED = ("record_id:6", "service_number:12", "call_type:4", "start_at:20", "other_number:14",
         "duration_s:5")  # fmt: skip
FIXED_LINE = "{:<6}{:<12}{:<4}{:<20}{:<14}{:>5}"


def a_file(root: Path, name: str, content: bytes, *, records: int, sequence: int, **more) -> None:
    inbox = root / IN
    inbox.mkdir(exist_ok=True)
    (inbox / name).write_bytes(content)
    manifest = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "records": records,
        "switch": "BJ-01",
        "sequence": sequence,
        **more,
    }
    (inbox / f"{name}{MANIFEST}").write_text(json.dumps(manifest))


def csv_of(*ids: str) -> bytes:
    return "\n".join([HEADER, *(LINE.format(one) for one in ids), ""]).encode()


def test_plain_gzip_zstd_and_fixed_files_are_taken_in_once_and_moved(tmp_path):
    an_operator()
    fixed = [
        FIXED_LINE.format("d", "01062000009", "mo", "2026-10-05 09:00:00", "01088880001", "60"),
        FIXED_LINE.format("e", "01062000009", "fax", "2026-10-05 09:00:00", "01088880001", "60"),
        FIXED_LINE.format("f", "01062000009", "mo", "2026-10-05T09:00", "+861088880001", "060"),
    ]
    a_file(tmp_path, "1.csv", csv_of("a"), records=1, sequence=1)
    a_file(tmp_path, "2.csv.gz", gzip.compress(csv_of("b")), records=1, sequence=2)
    packed = pa.compress(csv_of("c"), codec="zstd", asbytes=True)
    a_file(tmp_path, "3.csv.zst", packed, records=1, sequence=3)
    a_file(tmp_path, "4.txt", "\r\n".join(fixed).encode(), records=3, sequence=4,
           format="fixed", columns=FIXED)  # fmt: skip
    (tmp_path / IN / "without-a-manifest.csv").write_bytes(csv_of("z"))

    taken = take_usage_inbox(at=LOADED_AT, directory=tmp_path)

    assert [(one.name, one.records, one.rejected, one.refused) for one in taken] == [
        ("1.csv", 1, 0, ""),
        ("2.csv.gz", 1, 0, ""),
        ("3.csv.zst", 1, 0, ""),
        ("4.txt", 3, 1, ""),
    ]
    assert usage_totals() == {"records": 6, "rated": 5, "rejected": {"malformed": 1}}
    assert [path.name for path in (tmp_path / IN).iterdir()] == ["without-a-manifest.csv"]
    assert len(list((tmp_path / DONE).iterdir())) == 8
    assert take_usage_inbox(at=LOADED_AT, directory=tmp_path) == []


def test_what_is_not_as_its_manifest_says_is_refused_with_the_reason_beside_it(tmp_path):
    an_operator()
    a_file(tmp_path, "1.csv", csv_of("a"), records=2, sequence=1)
    a_file(tmp_path, "2.csv", csv_of("b"), records=1, sequence=2, sha256="0" * 64)
    a_file(tmp_path, "3.csv", csv_of("c"), records=1, sequence=0)
    a_file(tmp_path, "4.csv", csv_of("d"), records=1, sequence=4)
    a_file(tmp_path, "5.csv", csv_of("d"), records=1, sequence=5)
    a_file(tmp_path, "6.csv", csv_of("e"), records=1, sequence=4)

    refused = {one.name: one.refused for one in take_usage_inbox(at=LOADED_AT, directory=tmp_path)}

    assert "2 records, it has 1" in refused["1.csv"]
    assert "checksum differs" in refused["2.csv"]
    assert "sequence is not a whole number" in refused["3.csv"]
    assert refused["4.csv"] == ""
    assert "has been loaded already, as 4.csv" in refused["5.csv"]
    assert "has the number of 4.csv: BJ-01 4" in refused["6.csv"]
    assert UsageFile.objects.count() == 1
    reason = (tmp_path / REFUSED / "1.csv.reason.txt").read_text()
    assert "is not what its manifest says" in reason


def test_a_number_that_a_switch_left_out_is_an_alarm(tmp_path, caplog):
    an_operator()
    for number in (7, 9, 12):
        a_file(tmp_path, f"{number}.csv", csv_of(f"r{number}"), records=1, sequence=number)

    take_usage_inbox(at=LOADED_AT, directory=tmp_path)

    assert [str(gap) for gap in missing_files()] == ["BJ-01 8", "BJ-01 10-11"]
    assert "usage files are missing: BJ-01 8, BJ-01 10-11" in caplog.text
