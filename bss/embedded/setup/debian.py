"""The Debian packages: installed as root, named to anyone else."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Sequence

from bss.embedded.errors import HouseError
from bss.embedded.places import CHECKOUT
from bss.embedded.setup.say import run, say

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSER_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def supply(*, develop: bool) -> None:
    """Install what is missing, or say in one line what it is and what goes without it."""
    missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if develop and not any(shutil.which(name) for name in BROWSER_PROGRAMS):
        missing.append("chromium")
    if missing and not install(missing):
        say(
            f"! Not installed: {' '.join(missing)} (as root: apt-get install {' '.join(missing)}). "
            "Everything else runs; PDFs need pango, browser tests need chromium."
        )


def install(packages: Sequence[str]) -> bool:
    """Install by apt-get when that is possible here; whether it was done."""
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or apt is None:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        if not _known(packages):
            run([apt, "update", "-q"], doing="apt-get update", cwd=CHECKOUT, environment=quiet)
        run(
            [apt, "install", "-q", "-y", "--no-install-recommends", *packages],
            doing=f"apt-get install {' '.join(packages)}",
            cwd=CHECKOUT,
            environment=quiet,
        )
    except HouseError as error:
        say(f"! {error}")
        return False
    return True


def _known(packages: Sequence[str]) -> bool:
    shown = subprocess.run(["apt-cache", "show", *packages], capture_output=True)
    return shown.returncode == 0


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
