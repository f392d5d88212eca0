"""The virtual environment, from the hashed lock."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from bss.embedded.errors import HouseError
from bss.embedded.setup import debian, stamps
from bss.embedded.setup.say import run


def python_of(checkout: Path) -> Path:
    return checkout / ".venv" / "bin" / "python"


def install(checkout: Path, *, develop: bool) -> None:
    """Make ``.venv`` and install the runtime lock, or the larger development lock.

    Raises: HouseError.
    """
    venv = checkout / ".venv"
    locks = {name: checkout / "requirements" / f"{name}.lock" for name in ("runtime", "develop")}
    wanted = "develop" if develop else "runtime"
    made = {name: stamps.digest_of(lock, sys.version) for name, lock in locks.items()}
    stamp = {name: venv / f".installed-{name}" for name in locks}
    if _works(venv) and any(
        stamps.is_fresh(stamp[name], made[name]) for name in {wanted, "develop"}
    ):
        return
    if not _works(venv):
        _make(venv, checkout)
    run(
        [python_of(checkout), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--require-hashes", "-r", locks[wanted]],
        doing="Installing the Python packages (a few minutes the first time)",
        cwd=checkout,
    )  # fmt: skip
    stamps.write(stamp[wanted], made[wanted])


def _works(venv: Path) -> bool:
    python = venv / "bin" / "python"
    return python.exists() and os.access(python, os.X_OK)


def _make(venv: Path, checkout: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None and not debian.install(
        [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]
    ):
        raise HouseError(
            "Python has no ensurepip here: install the Debian package python3-venv, then retry."
        )
    shutil.rmtree(venv, ignore_errors=True)
    run([sys.executable, "-m", "venv", venv], doing="Making .venv", cwd=checkout)
