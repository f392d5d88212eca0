#!/usr/bin/env python
"""Run a command of the product; the embedded servers are found, or started for its duration."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bss.settings")
    from bss.embedded.attach import attached_servers
    from bss.kernel.acting import acting

    with attached_servers(sys.argv), acting(source=f"command {' '.join(sys.argv[1:2])}"):
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
