"""The bodies that are read at all: JSON, not too long, not too deep, every text storable."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import JSONParser

DEEPEST = 32
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class BodyTooLargeError(exceptions.APIException):
    """413: the body is longer than the interface reads."""

    status_code = 413
    default_code = "body_too_large"


class BoundedJSONParser(JSONParser):
    """JSON within bounds; what is outside them is answered before anything looks at it.

    Raises: BodyTooLargeError; ParseError for what is no JSON, deeper than ``DEEPEST``, or holds
    text that no database keeps (NUL, half a surrogate pair).
    """

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        most = settings.API_BODY_BYTES
        body = stream.read(most + 1)
        if len(body) > most:
            raise BodyTooLargeError(_("请求体最长 %(most)s 字节") % {"most": most})
        try:
            value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        except RecursionError as fault:
            raise _too_deep() from fault
        except ValueError as fault:
            sentence = _("请求体不是 JSON：%(fault)s") % {"fault": fault}
            raise exceptions.ParseError(sentence) from fault
        check(value)
        return value


def check(value: Any) -> None:
    """Every text storable, nothing too deep. Raises: ParseError."""
    waiting = [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEEPEST:
            raise _too_deep()
        if isinstance(one, str):
            _check_text(one)
        elif isinstance(one, dict):
            for name, inside in one.items():
                _check_text(name)
                waiting.append((inside, depth + 1))
        elif isinstance(one, list):
            waiting.extend((inside, depth + 1) for inside in one)


def _check_text(text: str) -> None:
    if _UNSTORABLE.search(text):
        raise exceptions.ParseError(_("请求体含有无法保存的字符"))


def _too_deep() -> exceptions.ParseError:
    return exceptions.ParseError(_("请求体嵌套最深 %(most)s 层") % {"most": DEEPEST})


def _no_constant(name: str) -> None:
    raise ValueError(name)
