"""Set-based moves of a state machine: many rows at once, from the declared sources only."""

from typing import Any

from django.db import models


def sources_of(transition: Any) -> list[str]:
    """The states that a transition declares to start from."""
    return [str(state) for state in transition._django_fsm.transitions]


def target_of(transition: Any) -> str:
    """The state that a transition declares to end in."""
    (target,) = {str(found.target) for found in transition._django_fsm.transitions.values()}
    return target


def move(rows: models.QuerySet[Any], transition: Any, **dates: object) -> int:
    """Move those of ``rows`` that may make ``transition``; give how many did.

    ``dates`` are what the transition's body would set.
    """
    allowed = rows.filter(state__in=sources_of(transition))
    return allowed.update(state=target_of(transition), **dates)
