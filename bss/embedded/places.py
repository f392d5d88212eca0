"""Where the embedded servers keep their data, sockets and logs."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
OUTSIDE = Path("/var/lib/wo-bss")
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_MAX_BYTES = 107
LOCK_SUFFIX = ".lock"


@dataclass(frozen=True)
class Places:
    """One set of servers: everything they own lies under ``root`` (sockets, if that is short)."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def locks(self) -> Path:
        return self.root / "locks"

    @property
    def sockets(self) -> Path:
        """The socket directory: inside ``root`` unless a socket's path would be too long."""
        inside = self.root / "run"
        longest = len(os.fsencode(str(inside / SOCKET_NAME))) + len(LOCK_SUFFIX)
        if longest <= SOCKET_PATH_MAX_BYTES:
            return inside
        return Path(f"/tmp/wo-bss-{os.getuid()}-{_digest(self.root)}")

    @property
    def postgres_socket(self) -> Path:
        return self.sockets / SOCKET_NAME

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"


def current(checkout: Path = CHECKOUT) -> Places:
    """The servers of this process: ``BSS_DATA``, else the checkout's ``.data``.

    As root in a checkout that only root can enter, an unprivileged server could not reach its
    own data: they lie under ``/var/lib/wo-bss/`` then, and ``.data`` is a link to them.
    """
    if named := os.environ.get("BSS_DATA"):
        return Places(Path(named).resolve())
    link = checkout / ".data"
    if link.exists():
        return Places(link.resolve())
    return Places(link if _servers_can_enter(checkout) else outside_of(checkout))


def outside_of(checkout: Path) -> Path:
    return OUTSIDE / f"{checkout.name}-{_digest(checkout)}"


def ensure(places: Places, checkout: Path = CHECKOUT) -> None:
    """Make the root (and the checkout's link to it), enterable by the servers' user.

    Raises: OSError, when the place cannot be written.
    """
    places.root.mkdir(parents=True, exist_ok=True)
    places.root.chmod(0o711)
    for private in (places.secrets, places.logs, places.locks):
        private.mkdir(mode=0o700, exist_ok=True)
    link = checkout / ".data"
    if places.root == outside_of(checkout) and not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(places.root)


def reachable(path: Path) -> bool:
    """Whether any user of this machine may enter every directory above ``path`` and read it."""
    resolved = path.resolve()
    if not all(parent.stat().st_mode & stat.S_IXOTH for parent in resolved.parents):
        return False
    return not resolved.exists() or bool(resolved.stat().st_mode & stat.S_IROTH)


def shut_above(path: Path) -> Path | None:
    """The topmost directory above ``path`` that only its owner and group may enter."""
    parents = reversed(path.resolve().parents)
    return next((one for one in parents if not one.stat().st_mode & stat.S_IXOTH), None)


def _servers_can_enter(checkout: Path) -> bool:
    return os.geteuid() != 0 or reachable(checkout / "manage.py")


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(str(path))).hexdigest()[:10]
