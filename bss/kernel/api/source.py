"""出处: what a call of the open interface came from; a call without one is refused (S85-2)."""

from dataclasses import dataclass

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


@dataclass(frozen=True, slots=True)
class Source:
    """An interface number, or a person with a token of their own.

    ``channel_code`` is the channel that an interface's business comes through; a person names
    the channel in what they send. ``token_name`` tells a person's programs apart: a token that
    replaces another under the same name goes on as the same caller.
    """

    text: str
    channel_code: str = ""
    token_name: str = ""

    @property
    def caller(self) -> str:
        """Whose idempotency keys are whose: two interfaces of one person share none."""
        return f"token:{self.token_name}" if self.token_name else self.text


def come_from(request: Request, source: Source) -> None:
    """Said by whoever recognised the caller."""
    request._request.api_source = source  # type: ignore[attr-defined]


def source_of(request: Request) -> Source | None:
    """The source of this call; None when nobody recognised it."""
    found: Source | None = getattr(request._request, "api_source", None)
    return found


class HasSource(BasePermission):
    """A call without a source is refused. Source: S85-2."""

    message = "请求没有出处：请使用接口号或个人令牌"
    code = "S85-2"

    def has_permission(self, request: Request, view: object) -> bool:
        return source_of(request) is not None
