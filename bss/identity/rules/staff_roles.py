"""Separation of duties: which roles one person may not hold together."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

ALL_OTHERS: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """``role`` goes with none of ``others``, for the reason ``why``. Source: S59-1, S33-1."""

    role: str
    others: tuple[str, ...]
    why: str


APART: Final = (
    Apart(role="auditor", others=(ALL_OTHERS,), why="审计员不能参与自己要审计的工作"),
    Apart(
        role="security_officer",
        others=(ALL_OTHERS,),
        why="授予权限的人不能自己办理业务或查看客户",
    ),
    Apart(role="hq_viewer", others=(ALL_OTHERS,), why="总部查询只看不改"),
    Apart(
        role="batch_operator",
        others=("clerk", "agent", "account_manager"),
        why="出帐的人不能受理业务或收款",
    ),
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two roles that one person asks for, and why they stay apart."""

    one: str
    other: str
    why: str


def conflicts_among(roles: Collection[str]) -> list[Conflict]:
    """Every pair of these role codes that may not be held together, each once.

    Source: S59-1 (authorisation), S33-1.
    """
    found: dict[frozenset[str], Conflict] = {}
    for rule in APART:
        if rule.role not in roles:
            continue
        for other in sorted(set(roles) - {rule.role}):
            if ALL_OTHERS in rule.others or other in rule.others:
                found.setdefault(
                    frozenset((rule.role, other)), Conflict(rule.role, other, rule.why)
                )
    return list(found.values())
