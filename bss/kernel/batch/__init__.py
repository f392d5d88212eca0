"""Batch runs: steps on shards, each done exactly once, whoever dies when, by as many as like.

What is to do stands in the database; messages only wake. ``steps`` does it, ``claims`` says what is
free, ``failures`` what becomes of a step that fails, ``orders`` are a person's pause, resume and
cancel, ``sweep`` offers what nobody holds to the workers.
"""
