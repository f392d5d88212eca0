import shutil
from collections import namedtuple

import pytest

from bss.embedded.errors import HouseError
from bss.embedded.supervisor import checks

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize("text", ["", "0", "65536", "80a", "-1"])
def test_port_must_be_a_port(monkeypatch, text):
    monkeypatch.setenv("PORT", text)

    if text == "":
        assert checks.port_from_environment() == 8000
    else:
        with pytest.raises(HouseError, match="PORT must be a number from 1 to 65535"):
            checks.port_from_environment()


def test_full_disk_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 3 * 2**20))

    with pytest.raises(HouseError, match=r"^The disk of .* is full: 3 MB are free"):
        checks.check_disk(tmp_path / "not yet made")
