#!/usr/bin/env python
"""Run a command of the product; the embedded servers are found, or started for its duration."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bss.settings")
    from bss.embedded.attach import attached_servers

    with attached_servers(sys.argv):
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
