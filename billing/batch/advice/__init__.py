"""What closed months would have cost on other combinations, for many bundles at once (ADR 0036).

``bundles``, ``billed`` and ``use`` read what they were on, what was billed and what was used;
``choices`` says what else is sold, ``cost`` serves the records anew under other allowances,
``compare`` sums months up, ``advise`` chooses, ``keep`` replaces what the night before said.
"""
