"""What closed months would have cost on other combinations, for many bundles at once (ADR on it).

``read`` brings what was billed and rated, ``cost`` serves the records anew under other allowances,
``advise`` sums up, ``keep`` replaces what the night before said.
"""
