"""Where switches leave their files of usage, and where old usage is kept."""

import os
from pathlib import Path

from bss.embedded import places

USAGE_FILES_DIR = Path(os.environ.get("USAGE_FILES_DIR") or places.current().root / "usage-files")

# Where the records of a very large file wait while it is loaded: on each machine's own disk.
USAGE_SPOOL_DIR = Path(os.environ.get("USAGE_SPOOL_DIR") or places.current().root / "usage-spool")

# Closed months older than so many are kept as files, not in the database.
USAGE_MONTHS_IN_TABLE = max(2, int(os.environ.get("USAGE_MONTHS_IN_TABLE") or 6))
USAGE_ARCHIVE_DIR = Path(
    os.environ.get("USAGE_ARCHIVE_DIR") or places.current().root / "usage-archive"
)
