"""How much money one person may move alone, and for how much they may ask a second one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

EVERY_OTHER_ROLE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """``ask_fen`` None: any amount."""

    alone_fen: int
    ask_fen: int | None


NOTHING = Limit(alone_fen=0, ask_fen=0)
EVERYTHING = Limit(alone_fen=1 << 62, ask_fen=None)

Table = Mapping[str, tuple[int, int | None]]


def limit_of(table: Table, roles: Collection[str]) -> Limit:
    """The widest of what the person's roles allow; a role that the table does not name is ""."""
    rows = [table[role] if role in table else table.get(EVERY_OTHER_ROLE) for role in roles]
    found = [row for row in rows if row is not None]
    if not found:
        return NOTHING
    asks = [ask for _, ask in found]
    return Limit(
        alone_fen=max(alone for alone, _ in found),
        ask_fen=None if None in asks else max(ask for ask in asks if ask is not None),
    )
