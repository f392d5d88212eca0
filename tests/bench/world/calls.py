"""Five records for each account that pays, in a file as the switch sends it, shuffled."""

from pathlib import Path

from django.db import connection

# service, kind, other number, seconds, KB: five of a single line; a bundle's are its members'.
CALLS = (
    ("single", "m2g", "mo", "88880001", 61, 0),
    ("single", "m2g", "mo", "02188880001", 130, 0),
    ("single", "m2g", "mo", "0085223456789", 40, 0),
    ("single", "m2g", "sms", "", 0, 0),
    ("single", "m2g", "data", "", 0, 900),
    ("single", "m3g", "mo", "88880001", 4000, 0),
    ("single", "m3g", "mo", "0085223456789", 40, 0),
    ("single", "m3g", "mo", "0012125550100", 40, 0),
    ("single", "m3g", "sms", "", 0, 0),
    ("single", "m3g", "data", "", 0, 400_000),
    ("single", "fixed", "mo", "88880001", 61, 0),
    ("single", "fixed", "mo", "02188880001", 130, 0),
    ("single", "fixed", "mo", "0085223456789", 40, 0),
    ("single", "fixed", "mo", "0012125550100", 40, 0),
    ("single", "fixed", "mo", "95588", 61, 0),
    ("member", "fixed", "mo", "88880001", 61, 0),
    ("member", "fixed", "mo", "0085223456789", 61, 0),
    ("member", "m2g", "mo", "0012125550100", 40, 0),
    ("member", "m2g", "sms", "", 0, 0),
    ("member", "m2g", "data", "", 0, 900),
)

COPY = """
COPY (
    SELECT 'W' || subscription.id || '-' || call.place AS record_id,
        subscription.number AS service_number, call.call_type, call.other_number,
        to_char(timestamp '2026-10-02' + (hashint8(subscription.id * 31 + call.place) & 2147483647)
            %% 2419200 * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS') AS start_at,
        call.duration_s, '' AS visited_area, call.volume_kb, 0 AS info_fee_hao
    FROM customers_subscription subscription
    LEFT JOIN packages_wo_membership member ON member.subscription_id = subscription.id
    JOIN (VALUES {calls}) AS call (who, service, call_type, other_number, duration_s, volume_kb,
        place)
        ON call.service = subscription.service
        AND call.who = CASE WHEN member.id IS NULL THEN 'single' ELSE 'member' END
    WHERE mod(subscription.id, %(of)s) < %(part)s
    ORDER BY hashint8(subscription.id * 7 + call.place)
) TO STDOUT (FORMAT csv, HEADER)
"""


def write_calls(path: Path, *, percent: int = 100) -> int:
    """October's records of every account, or of some per cent of the copies; give how many."""
    values = ", ".join(
        f"('{who}', '{service}', '{kind}', '{other}', {seconds}, {volume}, {place})"
        for place, (who, service, kind, other, seconds, volume) in enumerate(CALLS)
    )
    with connection.cursor() as cursor, path.open("wb") as file:
        copy = COPY.format(calls=values)
        statement = cursor.mogrify(copy, {"of": 100_000, "part": 1000 * percent})
        cursor.copy_expert(statement, file)
        return int(cursor.rowcount)
