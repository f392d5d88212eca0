"""Whether money that came in has anything to pay or to lift."""

from collections.abc import Collection

from django.db import connection

ASK = """
SELECT
    EXISTS (
        SELECT FROM billing_bill WHERE account_id = ANY (%(accounts)s) AND paid_fen < total_fen
    ),
    EXISTS (
        SELECT FROM billing_debtstop WHERE account_id = ANY (%(accounts)s) AND lifted_at IS NULL
    )
"""


def unsettled(account_ids: Collection[int]) -> tuple[bool, bool]:
    """Whether any of these accounts owes on a bill, and whether any has an open debt stop."""
    with connection.cursor() as cursor:
        cursor.execute(ASK, {"accounts": list(account_ids)})
        owe, stopped = cursor.fetchone()
    return owe, stopped
