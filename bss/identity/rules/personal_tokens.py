"""How long a personal token may live."""

from bss.kernel.errors import BadInputError

# Whoever calls must say from where.
SOURCE_RULE = "S85-2"
LIFETIMES_DAYS = (30, 90, 180, 365)


def check_lifetime(days: int) -> None:
    """Raises: BadInputError for anything but one of the lifetimes."""
    if days not in LIFETIMES_DAYS:
        raise BadInputError(("days", "请选择有效期"))
