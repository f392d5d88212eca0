import io
import json

import pytest
from rest_framework.exceptions import ParseError

from bss.kernel.api.bodies import DEEPEST, BodyTooLargeError, BoundedJSONParser


def read(body: bytes):
    return BoundedJSONParser().parse(io.BytesIO(body))


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def test_json_is_read_as_it_stands():
    assert read('{"名": ["值", 1, 2.5, null, true]}'.encode()) == {"名": ["值", 1, 2.5, None, True]}


def test_depth_ends_at_the_deepest():
    assert read(nested(DEEPEST))
    with pytest.raises(ParseError, match="嵌套最深 32 层"):
        read(nested(DEEPEST + 1))
    with pytest.raises(ParseError, match="嵌套最深 32 层"):
        read(nested(200_000))


def test_length_ends_at_the_settings(settings):
    settings.API_BODY_BYTES = 10
    assert read(b'"12345678"') == "12345678"
    with pytest.raises(BodyTooLargeError, match="最长 10 字节"):
        read(b'"123456789"')


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a\udfffb"])
@pytest.mark.parametrize("place", ["value", "name", "deep"])
def test_text_that_no_database_keeps_is_refused(text, place):
    value = {"value": text, "name": {text: 1}, "deep": [{"a": [text]}]}[place]
    with pytest.raises(ParseError, match="无法保存的字符"):
        read(json.dumps(value).encode())


@pytest.mark.parametrize(
    "body", [b"", b"{", b"NaN", b"[Infinity]", b"\xff", b'{"a": 1' + b"0" * 5000 + b"}", b"'a'"]
)
def test_what_is_no_json_is_said_to_be_none(body):
    with pytest.raises(ParseError, match="请求体不是 JSON"):
        read(body)
