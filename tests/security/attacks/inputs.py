"""What attackers type: each input with the sign by which one sees that it was let through."""

from dataclasses import dataclass

MARK = "zq7"
"""Part of every input, so that its traces are found again and nothing else is taken for them."""


@dataclass(frozen=True, slots=True)
class Input:
    """``shows_as`` must never stand in an answer as it is: markup that came back unescaped."""

    kind: str
    text: str
    shows_as: str = ""


SQL = (
    Input("sql", f"{MARK}' OR '1'='1"),
    Input("sql", f"{MARK}'; DROP TABLE customers_customer; --"),
    Input("sql", f'{MARK}" UNION SELECT username, password FROM kernel_staff --'),
    Input("sql", f"%{MARK}%' AND pg_sleep(9) IS NULL --"),
)
HTML = (
    Input("html", f"<script>{MARK}()</script>", f"<script>{MARK}"),
    Input("html", f'"><img src=x onerror={MARK}()>', f"<img src=x onerror={MARK}"),
    Input("html", f"' autofocus onfocus={MARK}() x='", f"' autofocus onfocus={MARK}() x='"),
    Input("html", f"</textarea><svg onload={MARK}()>", f"<svg onload={MARK}"),
    Input("html", f"</script><script>{MARK}()", f"</script><script>{MARK}"),
)
TEMPLATE = (
    Input("template", "{{ " + MARK + "|add:7 }}{{ settings.SECRET_KEY }}"),
    Input("template", "{% load static %}" + MARK + "%(x)s${7*7}"),
)
FORMULA = (
    Input("formula", f'=HYPERLINK("http://evil.example","{MARK}")'),
    Input("formula", f"@SUM(1+1)*cmd|' /C {MARK}'!A0"),
    Input("formula", f"\t=1+1{MARK}"),
    Input("formula", f"-2+3+{MARK}"),
)
ODD = (
    Input("odd", MARK + "\x00" + MARK),
    Input("odd", MARK * 40_000),
    Input("odd", MARK + "\u202e\u2066\ufeff\u0000\U000e0041"),
    Input("odd", MARK + "é" * 300 + "\u0301" * 300),
    Input("odd", "9" * 400),
    Input("odd", "-9223372036854775809"),
    Input("odd", "1e309"),
    Input("odd", "NaN"),
    Input("odd", "٣٤٥"),
    Input("odd", "0000-00-00T99:99"),
    Input("odd", "../../../../etc/passwd\r\nSet-Cookie: a=b"),
    Input("odd", "[]"),
    Input("odd", '{"$gt": ""}'),
)
EVERYTHING = (*SQL, *HTML, *TEMPLATE, *FORMULA, *ODD)

# Names that no form has and a careless one would take.
NOT_ASKED_FOR = {
    "is_superuser": "1", "is_staff": "1", "is_active": "1", "roles": "1",
    "permissions": "staff.manage", "user_permissions": "1", "staff": "1", "by_id": "1",
    "id": "1", "pk": "1", "code": "HACKED",
    "state": "closed", "listed": "red", "paid_fen": "99999999", "total_fen": "0",
    "amount_fen": "99999999", "cash_fen": "99999999", "owner": "1", "owner_id": "1",
    "customer_id": "1", "account_id": "1", "organisation": "1", "verified": "1", "approved": "1",
    "decided_by": "1", "at": "1999-01-01T00:00", "password": "only-for-tests-7",
}  # fmt: skip
ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example",
    "https:evil.example", "javascript:alert(1)", "http:///evil.example", "/\t/evil.example/",
    "http://testserver@evil.example/", "%2f%2fevil.example",
)  # fmt: skip
