"""A naive second derivation of the scenario semantics: plain Python, in memory, no product code.

It is slow and obvious on purpose. Every read of a month rates all its records from scratch, and
nothing here is shared with the product, so that an agreement of the two means something.
"""

from tests.oracle.run import outcome

__all__ = ["outcome"]
