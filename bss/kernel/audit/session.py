"""The database session learns who acts, once per transaction that writes: triggers ask it.

A wrapper around every statement of every connection. What only reads costs a look at its first
word; the first writing statement of a transaction is preceded by one ``set_config``.
"""

import json
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from bss.kernel.acting import present

SETTING = "bss.acting"
READS = ("SELECT", "SAVEPOINT", "RELEASE", "SET", "DECLARE", "FETCH", "CLOSE", "EXPLAIN", "SHOW")
TAKES_BACK = "ROLLBACK TO"

Execute = Callable[[Any, Any, bool, dict[str, Any]], Any]


def tell_who_acts(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """For Django's ``connection_created``: every one tells, a new one has been told nothing."""
    others = [
        wrapper for wrapper in connection.execute_wrappers if not isinstance(wrapper, _Teller)
    ]
    connection.execute_wrappers[:] = [_Teller(connection), *others]


class _Teller:
    """Remembers what this connection's session has been told."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.told = ""  # what holds now
        self.lasting = ""  # what holds after the transaction

    def __call__(
        self, execute: Execute, sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        word = sql[:40].lstrip()[:12].upper() if isinstance(sql, str) else ""
        if word.startswith(TAKES_BACK):
            self.told = self.lasting
        elif not word.startswith(READS):
            self._tell()
        return execute(sql, params, many, context)

    def _tell(self) -> None:
        raw = self.connection.connection
        if raw.info.transaction_status == TRANSACTION_STATUS_IDLE:
            self.told = self.lasting
        says = _words()
        if says == self.told:
            return
        passing = not raw.autocommit
        with raw.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, %s)", (SETTING, says, passing))
        self.told = says
        if not passing:
            self.lasting = says


def _words() -> str:
    now = present()
    person = now.person()
    words = {
        "staff": person.staff_id,
        "source": now.source,
        "address": now.address,
        "reason": now.reason,
        "session": person.session,
        "interface": person.interface,
    }
    known = {name: value for name, value in words.items() if value}
    return json.dumps(known, ensure_ascii=False) if known else ""
