"""Which work orders a person does in the field, and which the platform does by itself.

Source: PAR-11.
"""

MANUAL = frozenset(
    {
        ("install", "fixed"),
        ("install", "broadband"),
        ("terminate", "fixed"),
        ("terminate", "broadband"),
    }
)


def is_manual(type_: str, service: str) -> bool:
    """Whether 装维 is dispatched with an appointment."""
    return (type_, service) in MANUAL
