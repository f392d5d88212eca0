import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bss.embedded.attach import kept
from bss.embedded.places import CHECKOUT, Places

SLEEPING_TEST = """
import os, time

def test_sleeps():
    print("\\nhere:", os.environ["BSS_DATA"], flush=True)
    time.sleep(600)
"""


def test_this_run_has_servers_of_its_own():
    here = Path(os.environ["BSS_DATA"])

    assert here != CHECKOUT / ".data"
    assert kept(Places(here))
    assert "DATABASE_URL" not in os.environ


def heed_interrupts():
    """Whoever started this test run in the background had them ignored by all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_run_leaves_no_servers_and_no_files(tmp_path, sig):
    file = tmp_path / "test_sleeping.py"
    file.write_text(SLEEPING_TEST)
    run = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "pytest",
            "-s",
            "-p",
            "no:cacheprovider",
            "-c",
            "pyproject.toml",
            file,
        ],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=heed_interrupts,
    )
    with run:
        line = next(line for line in run.stdout if line.startswith("here: "))
        theirs = Places(Path(line.removeprefix("here: ").strip()))
        assert kept(theirs)

        run.send_signal(sig)
        run.stdout.read()

    deadline = time.monotonic() + 30
    while theirs.root.exists():
        assert time.monotonic() < deadline, "the servers' files are still there"
        time.sleep(0.05)
    assert theirs.root != Path(os.environ["BSS_DATA"])
