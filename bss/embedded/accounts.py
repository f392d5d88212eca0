"""Which system account the servers run as: PostgreSQL refuses to be root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bss.embedded.errors import HouseError

SERVICE_ACCOUNT = "wo-bss"


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def popen_options(self) -> dict[str, Any]:
        """What ``subprocess`` needs to become this account; nothing when we are it already."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_account(data: Path) -> Account:
    """The owner of the data that is there; else ourselves; as root, the service account.

    Raises: HouseError, when the data belongs to someone else.
    """
    me = os.geteuid()
    if data.exists() and data.stat().st_uid not in (me, 0):
        owner = _account(data.stat().st_uid)
        if me != 0:
            raise HouseError(
                f"The data in {data} belongs to the user {owner.name}: run this as {owner.name} or "
                "as root."
            )
        return owner
    return _account(me) if me else _service_account()


@contextmanager
def acting_as(account: Account) -> Iterator[None]:
    """See the machine with the account's eyes (its own processes' cwd, even without ptrace)."""
    if os.geteuid() == account.uid:
        yield
        return
    group, user = os.getegid(), os.geteuid()
    os.setegid(account.gid)
    os.seteuid(account.uid)
    try:
        yield
    finally:
        os.seteuid(user)
        os.setegid(group)


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise HouseError(
            f"PostgreSQL needs a user with a name, but uid {uid} has none on this machine."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _service_account() -> Account:
    for attempt in ("found", "made"):
        try:
            return _account(pwd.getpwnam(SERVICE_ACCOUNT).pw_uid)
        except KeyError:
            if attempt == "found":
                _make_service_account()
    return _account(pwd.getpwnam("nobody").pw_uid)


def _make_service_account() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd is None:
        return
    subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/var/lib/wo-bss",
         "--shell", "/usr/sbin/nologin", SERVICE_ACCOUNT],
        capture_output=True, check=False,
    )  # fmt: skip
