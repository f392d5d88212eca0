"""``make bench``: what this machine does with this program, each figure beside its goal.

A benchmark is one module in ``tests.bench.measures`` with

    def measure(size: Size) -> Iterator[Figure | str]

It runs in a process and a database of its own, migrated and empty, on durable servers, with Django
set up. It yields figures, and raw numbers as plain sentences; both are printed as they come.
``QUICK=1`` is the small size, ``ONLY=name,name`` some of the benchmarks.
"""
