"""One line of the navigation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the menu; ``key`` is the letter after ``g``. No permission: for everyone."""

    url_name: str
    label: str
    icon: str
    key: str = ""
    permission: str = ""
    group: str = ""
    count_url_name: str = ""  # says how many wait; for those with ``count_permission``
    count_permission: str = ""
    also: tuple[str, ...] = ()  # pages that lie elsewhere and belong to this one
