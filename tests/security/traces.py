"""Where personal data could lie in clear: every table, every key of the broker and the cache."""

import io
import json
from base64 import b64decode
from contextlib import contextmanager
from logging import DEBUG, StreamHandler, getLogger

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from bss.embedded import addresses


def every_table():
    """All rows of all tables, as a dump writes them; sessions decoded."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            rows = io.StringIO()
            cursor.copy_expert(f"COPY (SELECT * FROM {name}) TO STDOUT", rows)
            texts.append(rows.getvalue())
    texts += [str(session.get_decoded()) for session in Session.objects.all()]
    return "".join(texts)


def every_key():
    """What the broker and the cache hold, with the bodies of tasks decoded."""
    texts = []
    for url in (settings.REDIS_URL, addresses.cache_url(settings.REDIS_URL)):
        store = redis.from_url(url)
        for key in store.scan_iter():
            for value in (key, *_values(store, key)):
                texts.append(value.decode(errors="replace"))
                texts.append(_body(value))
    return "\n".join(texts)


def _values(store, key):
    kind = store.type(key)
    if kind == b"string":
        return [store.get(key) or b""]
    if kind == b"list":
        return store.lrange(key, 0, -1)
    if kind == b"hash":
        return [part for pair in store.hgetall(key).items() for part in pair]
    if kind == b"set":
        return list(store.smembers(key))
    if kind == b"zset":
        return store.zrange(key, 0, -1)
    return []


def _body(value):
    try:
        message = json.loads(value)
        message = message[0] if isinstance(message, list) else message
        return b64decode(message["body"]).decode(errors="replace")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return ""


@contextmanager
def every_log():
    """All that anybody logs meanwhile, at any level."""
    out = io.StringIO()
    handler, root = StreamHandler(out), getLogger()
    names = ("", "django", "django.request", "django.server", "celery", "bss", "gunicorn.error")
    before = {name: getLogger(name).level for name in names}
    for name in names:
        getLogger(name).setLevel(DEBUG)
    root.addHandler(handler)
    try:
        yield out
    finally:
        root.removeHandler(handler)
        for name, level in before.items():
            getLogger(name).setLevel(level)
