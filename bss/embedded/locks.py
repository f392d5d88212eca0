"""File locks: the kernel drops them with the process, so no crash leaves one behind."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class FileLock:
    """``flock`` on a file; shared or exclusive, waiting or not."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def wait(self, *, shared: bool = False) -> None:
        fcntl.flock(self._handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def try_now(self, *, shared: bool = False) -> bool:
        """Take it if that needs no waiting."""
        try:
            fcntl.flock(self._handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Give it up (forked children that inherited it hold it on)."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Self:
        self.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
