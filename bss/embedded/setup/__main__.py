"""The order of the steps. Keeps to syntax that an old Python reads, to tell it that it is old."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Python 3.11 or newer is needed, this is %d.%d: make run PYTHON=/path/to/python3.11"  # noqa: UP031
        % sys.version_info[:2]
    )

from bss.embedded.setup.steps import main

sys.exit(main(develop="--develop" in sys.argv[1:]))
