"""Where switches leave their files of usage."""

import os
from pathlib import Path

from bss.embedded import places

USAGE_FILES_DIR = Path(os.environ.get("USAGE_FILES_DIR") or places.current().root / "usage-files")
