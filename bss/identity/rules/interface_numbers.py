"""How an interface is numbered, and who and what it may be opened for.

Source: S85-1: by class and location, with the operator who answers for it.
"""

from collections.abc import Iterable
from ipaddress import ip_network

from bss.kernel.rulebook import Refusal

RULE = "S85-1"
NUMBER_AT_MOST = 20
# The class of each kind: the first sign of the number.
CLASSES = {
    "bank": "1",
    "agent_1": "2",
    "agent_2": "3",
    "hall": "4",
    "website": "5",
    "call_centre": "6",
}

NOT_WORKING = "%(name)s 的工号不在用，请换一位负责人"
NO_API_USE = "%(name)s 没有 api.use 权限，请换一位负责人或先授予权限"
NO_PERMISSION = "%(name)s 没有 %(permission)s 权限，接口的权限不能超过负责人"
TOO_LONG = "机构编号 %(place)s 太长，不能编入接口号"


def number_of(*, kind: str, place: str, serial: int) -> str:
    """Class, location, and a serial number among those: ``1-HE0311-01``."""
    return f"{CLASSES[kind]}-{place}-{serial:02d}"


def next_serial(taken: Iterable[str]) -> int:
    """The serial after the highest of the numbers that this class and location have."""
    return max((int(number.rpartition("-")[2]) for number in taken), default=0) + 1


def refusals_of_responsible(
    *, name: str, works_here: bool, permissions: frozenset[str], scopes: Iterable[str]
) -> tuple[Refusal, ...]:
    """Why this person cannot answer for an interface with these permissions."""
    if not works_here:
        return (Refusal(RULE, NOT_WORKING, {"name": name}),)
    if "api.use" not in permissions:
        return (Refusal(RULE, NO_API_USE, {"name": name}),)
    return tuple(
        Refusal(RULE, NO_PERMISSION, {"name": name, "permission": scope})
        for scope in scopes
        if scope not in permissions
    )


def networks_in(text: str) -> tuple[str, ...]:
    """The networks of a text with one on each line. Raises: ValueError with the first odd one."""
    networks = []
    for word in text.replace(",", " ").split():
        try:
            networks.append(str(ip_network(word, strict=False)))
        except ValueError:
            raise ValueError(word) from None
    return tuple(networks)
