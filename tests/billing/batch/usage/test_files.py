import gzip

import pytest

from billing.batch.usage import files
from billing.batch.usage.files import lines_of_file
from billing.rules.usage_record import REQUIRED_COLUMNS
from bss.kernel.errors import BadInputError

HEADER = ",".join(REQUIRED_COLUMNS) + "\n"


def a_packed_file(tmp_path, text: str):
    path = tmp_path / "usage.csv"  # its name says nothing
    path.write_bytes(gzip.compress(text.encode()))
    return path


def test_a_packed_file_is_known_by_its_content(tmp_path):
    with lines_of_file(a_packed_file(tmp_path, HEADER + "a,b\n")) as lines:
        assert lines.columns == list(REQUIRED_COLUMNS)
        assert lines.read(100) == b"a,b\n"


def test_a_bomb_is_stopped_while_it_unpacks(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "UNPACKED_AT_MOST", 1_000_000)
    bomb = a_packed_file(tmp_path, HEADER + "0" * 5_000_000)
    refused = pytest.raises(BadInputError, match="more than 1,000,000 bytes")
    with lines_of_file(bomb) as lines, refused:
        list(iter(lambda: lines.read(65_536), b""))


def test_a_first_line_without_an_end_is_not_read_to_its_end(tmp_path):
    endless = a_packed_file(tmp_path, "0" * 5_000_000)

    with pytest.raises(BadInputError, match="lacks the column"), lines_of_file(endless) as lines:
        pytest.fail(str(lines))


@pytest.mark.parametrize("content", [b"PK\x03\x04zip", b"\x89PNG\r\n", b"%PDF-1.7", b"\x1f\x8bxx"])
def test_what_is_neither_csv_nor_gzip_is_refused_whatever_its_name(tmp_path, content):
    path = tmp_path / "usage.csv.gz"
    path.write_bytes(content)

    with pytest.raises(BadInputError), lines_of_file(path) as lines:
        pytest.fail(str(lines))
