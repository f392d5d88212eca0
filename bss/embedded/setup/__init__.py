"""Set up a checkout: ``python3 -m bss.embedded.setup [--develop]``.

Runs on the machine's own Python, before anything is installed: standard library only. Every step
leaves a stamp of what it was made from and does nothing when that has not changed.
"""
