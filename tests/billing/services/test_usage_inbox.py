"""The inbox of usage files: manifests, packed files, fixed widths, gaps, refusals, many workers."""

import gzip
import hashlib
import json
import socket
from pathlib import Path

import pyarrow as pa
import pytest
from django.core.management import CommandError, call_command

from billing.models import UsageFile
from billing.queries.batch_runs import step_sums
from billing.queries.usage import usage_totals
from billing.queries.usage_gaps import missing_files
from billing.rules.usage_record import REQUIRED_COLUMNS
from billing.services import usage_inbox
from billing.services.usage_inbox import DONE, IN, MANIFEST, REFUSED, files_of, take_in
from bss.kernel.batch import sweep
from bss.kernel.batch.claims import begin_step
from bss.kernel.models import BatchRun
from bss.wiring import RUNS
from tests.builders.usage import LOADED_AT, an_operator

pytestmark = pytest.mark.django_db
HEADER = ",".join((*REQUIRED_COLUMNS, "other_number", "duration_s"))
LINE = "{},01062000009,mo,2026-10-05T09:00:00,01088880001,60"
FIXED = ("record_id:6", "service_number:12", "call_type:4", "start_at:20", "other_number:14",
         "duration_s:5")  # fmt: skip
FIXED_LINE = "{:<6}{:<12}{:<4}{:<20}{:<14}{:>5}"


@pytest.fixture
def root(tmp_path, settings) -> Path:
    """The directory that all hosts share."""
    settings.USAGE_FILES_DIR = tmp_path
    return tmp_path


def taken(at=LOADED_AT) -> list[usage_inbox.Taken]:
    return [file for run in take_in(at=at) for file in files_of(run)]


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


def test_plain_gzip_zstd_and_fixed_files_are_taken_in_once_and_moved(root):
    an_operator()
    fixed = [
        FIXED_LINE.format("d", "01062000009", "mo", "2026-10-05 09:00:00", "01088880001", "60"),
        FIXED_LINE.format("e", "01062000009", "fax", "2026-10-05 09:00:00", "01088880001", "60"),
        FIXED_LINE.format("f", "01062000009", "mo", "2026-10-05T09:00", "+861088880001", "060"),
    ]
    a_file(root, "1.csv", csv_of("a"), records=1, sequence=1)
    a_file(root, "2.csv.gz", gzip.compress(csv_of("b")), records=1, sequence=2)
    packed = pa.compress(csv_of("c"), codec="zstd", asbytes=True)
    a_file(root, "3.csv.zst", packed, records=1, sequence=3)
    a_file(root, "4.txt", "\r\n".join(fixed).encode(), records=3, sequence=4,
           format="fixed", columns=FIXED)  # fmt: skip
    (root / IN / "without-a-manifest.csv").write_bytes(csv_of("z"))

    found = taken()

    assert [(one.name, one.records, one.rejected, one.refused) for one in found] == [
        ("1.csv", 1, 0, ""),
        ("2.csv.gz", 1, 0, ""),
        ("3.csv.zst", 1, 0, ""),
        ("4.txt", 3, 1, ""),
    ]
    assert usage_totals() == {"records": 6, "rated": 5, "rejected": {"malformed": 1}}
    assert [path.name for path in (root / IN).iterdir()] == ["without-a-manifest.csv"]
    assert len(list((root / DONE).iterdir())) == 8
    assert taken() == []


def test_what_is_not_as_its_manifest_says_is_refused_with_the_reason_beside_it(root):
    an_operator()
    a_file(root, "1.csv", csv_of("a"), records=2, sequence=1)
    a_file(root, "2.csv", csv_of("b"), records=1, sequence=2, sha256="0" * 64)
    a_file(root, "3.csv", csv_of("c"), records=1, sequence=0)
    a_file(root, "4.csv", csv_of("d"), records=1, sequence=4)
    a_file(root, "5.csv", csv_of("d"), records=1, sequence=5)
    a_file(root, "6.csv", csv_of("e"), records=1, sequence=4)

    refused = {one.name: one.refused for one in taken()}

    assert "2 records, it has 1" in refused["1.csv"]
    assert "checksum differs" in refused["2.csv"]
    assert "sequence is not a whole number" in refused["3.csv"]
    assert refused["4.csv"] == ""
    assert "has been loaded already, as 4.csv" in refused["5.csv"]
    assert "has the number of 4.csv: BJ-01 4" in refused["6.csv"]
    assert UsageFile.objects.count() == 1
    reason = (root / REFUSED / "1.csv.reason.txt").read_text()
    assert "is not what its manifest says" in reason


def test_the_command_tells_of_each_file(root, capsys):
    an_operator()
    a_file(root, "1.csv", csv_of("a", "a"), records=2, sequence=1)
    a_file(root, "2.csv", csv_of("b"), records=7, sequence=2)

    with pytest.raises(CommandError, match="Not all files could be loaded"):
        call_command("load_usage", "--inbox")

    told = capsys.readouterr().out
    assert "1.csv: 2 records, 1 rejected\n" in told
    assert "2.csv: is not what its manifest says: 7 records, it has 1\n" in told


def test_a_number_that_a_switch_left_out_is_an_alarm(root, caplog):
    an_operator()
    for number in (7, 9, 12):
        a_file(root, f"{number}.csv", csv_of(f"r{number}"), records=1, sequence=number)

    take_in(at=LOADED_AT)

    assert [str(gap) for gap in missing_files()] == ["BJ-01 8", "BJ-01 10-11"]
    assert "usage files are missing: BJ-01 8, BJ-01 10-11" in caplog.text


def test_a_worker_takes_the_next_file_where_another_one_stopped(root):
    an_operator()
    for number in (1, 2):
        a_file(root, f"{number}.csv", csv_of("same", f"r{number}"), records=2, sequence=number)
    run = usage_inbox.offer(at=LOADED_AT)
    steps = usage_inbox.steps_of(run)
    begin_step(run, steps)  # and dies

    taken_over = sweep.take_part(run.pk, RUNS, for_s=60)

    assert not taken_over
    assert BatchRun.objects.get().state == BatchRun.State.DONE
    assert [step.name for step in run.steps.all()] == [
        "load", "put_away", "load", "put_away", "gaps",
    ]  # fmt: skip
    sums = step_sums(run)
    assert [(one.name, one.done, one.attempts) for one in sums] == [
        ("load", 2, 0),
        ("put_away", 2, 0),
        ("gaps", 1, 0),
    ]
    assert {step.host for step in run.steps.all()} == {socket.gethostname()}
    assert [(one.name, one.rejected) for one in files_of(run)] == [("1.csv", 0), ("2.csv", 1)]
    assert not list((root / IN).iterdir())


def test_files_that_come_during_a_run_are_taken_by_the_next_one(root):
    an_operator()
    a_file(root, "1.csv", csv_of("a"), records=1, sequence=1)
    first = usage_inbox.offer(at=LOADED_AT)
    a_file(root, "2.csv", csv_of("b"), records=1, sequence=2)

    assert usage_inbox.offer(at=LOADED_AT) == first
    runs = take_in(at=LOADED_AT)

    assert [run.key for run in runs] == ["2026-10-31/1", "2026-10-31/2"]
    assert [file.name for run in runs for file in files_of(run)] == ["1.csv", "2.csv"]


def test_what_a_dead_worker_had_moved_half_is_moved_whole(root):
    an_operator()
    a_file(root, "1.csv", csv_of("a"), records=1, sequence=1)
    run = usage_inbox.offer(at=LOADED_AT)
    (root / DONE).mkdir()
    (root / IN / f"1.csv{MANIFEST}").rename(root / DONE / f"1.csv{MANIFEST}")
    _, put_away, _ = usage_inbox.steps_of(run)
    run.steps.filter(position=0).update(state="done", report={"name": "1.csv", "loaded": 1})

    for _ in range(2):
        assert put_away.do(shard=0, shards=1, at=LOADED_AT) == {"name": "1.csv"}

    assert sorted(path.name for path in (root / DONE).iterdir()) == ["1.csv", f"1.csv{MANIFEST}"]


def test_a_host_without_the_shared_directory_says_so_and_loses_no_file(root, settings, tmp_path):
    an_operator()
    a_file(root, "1.csv", csv_of("a"), records=1, sequence=1)
    run = usage_inbox.offer(at=LOADED_AT)
    settings.USAGE_FILES_DIR = tmp_path / "elsewhere"

    with pytest.raises(usage_inbox.NotHereError, match=r"1.csv is not in .*elsewhere"):
        take_in(at=LOADED_AT)
    settings.USAGE_FILES_DIR = root

    assert [run.state for run in take_in(at=LOADED_AT)] == [BatchRun.State.DONE]
    assert [(one.name, one.records) for one in files_of(run)] == [("1.csv", 1)]
