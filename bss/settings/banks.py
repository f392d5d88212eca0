"""Where banks' files are exchanged: ``in`` is emptied every night, ``out`` is what goes to them."""

import os
from pathlib import Path

from bss.embedded import places

BANK_FILES_DIR = Path(os.environ.get("BANK_FILES_DIR") or places.current().root / "bank-files")
# What is given at the page and larger than this waits for a worker.
BANK_FILE_AT_ONCE_BYTES = 200_000
