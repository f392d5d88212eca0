"""``make chaos``: kill -9 at random points of a month, and afterwards nothing is different.

A small operator lives through the ``acts`` once in peace and then again and again in a ``storm``:
the process at work, PostgreSQL or Valkey is killed at a random moment, and the act is done again
until it ends by itself. After each storm the ``picture`` by natural keys must be that of the calm.
``CHAOS_S`` is how long it takes as a whole (600), ``CHAOS_SEED`` repeats a run's choices.
"""
