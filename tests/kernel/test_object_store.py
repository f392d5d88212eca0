"""An object is whole or not there."""

import pytest

from bss.kernel.object_store import UNFINISHED, Folder


@pytest.fixture
def store(tmp_path):
    return Folder(tmp_path / "bucket")


def test_what_was_put_is_read_listed_and_taken_away(store):
    store.put("2026-10/b", lambda target: target.write(b"two"))
    store.put("2026-10/a", lambda target: target.write(b"one"))
    store.put("2026-11/a", lambda target: target.write(b"other"))

    with store.open("2026-10/b") as source:
        assert source.read() == b"two"
    assert store.names("2026-10/") == ["2026-10/a", "2026-10/b"]
    assert store.names("2026-1") == ["2026-10/a", "2026-10/b", "2026-11/a"]
    store.delete("2026-10/b")
    store.delete("2026-10/b")
    assert store.names("2026-10/") == ["2026-10/a"]
    with pytest.raises(FileNotFoundError):
        store.open("2026-10/b")


def test_an_empty_store_has_no_names(store):
    assert store.names("2026-10/") == []


def test_what_breaks_off_leaves_nothing(store):
    def half(target):
        target.write(b"hal")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        store.put("2026-10/a", half)

    assert store.names("2026-10/") == []


def test_what_a_killed_writer_left_is_listed_so_that_it_can_be_tidied(store, tmp_path):
    store.put("2026-10/a", lambda target: target.write(b"one"))
    (tmp_path / "bucket" / "2026-10" / f"b.1234{UNFINISHED}").write_bytes(b"hal")

    assert store.names("2026-10/") == ["2026-10/a", f"2026-10/b.1234{UNFINISHED}"]


def test_only_their_owner_reads_objects(store, tmp_path):
    store.put("2026-10/a", lambda target: target.write(b"one"))

    assert (tmp_path / "bucket" / "2026-10" / "a").stat().st_mode & 0o777 == 0o600
