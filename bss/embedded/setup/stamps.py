"""Stamps: what a thing was made from, kept beside the thing."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest_of(*parts: Path | str) -> str:
    """One digest of file contents and words."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        sha.update(b"\0")
    return sha.hexdigest()


def look_of(paths: Iterable[Path]) -> str:
    """One digest of many files' names, sizes and times: enough to see that one changed."""
    lines = sorted(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in paths)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def is_fresh(stamp: Path, digest: str) -> bool:
    return stamp.is_file() and stamp.read_text() == digest


def write(stamp: Path, digest: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
