"""The statement of a ledger as a PDF to hand over or to send."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from billing.papers.ledger_words import (
    ledger_name,
    matter_of,
    money_of,
    note_of,
    scope_words,
)
from billing.queries.statement import parts_to_come
from billing.views.ledger import asked_for, ledger_or_404
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.pages.paper import hand_out
from customers.queries.shown_names import shown_name


@requires("account.view")
def ledger_pdf(request: HttpRequest, code: str, ledger_id: int) -> HttpResponse:
    """A4, in the reader's language, with who printed it and when."""
    account, ledger = ledger_or_404(request, code, ledger_id)
    _form, statement = asked_for(request, ledger)
    printed_at = localtime(clock.now())
    to_come = parts_to_come(ledger)
    facts = {
        "account": account,
        "holder": shown_name(account.owner),
        "ledger": ledger,
        "title": ledger_name(ledger),
        "scope": scope_words(ledger),
        "statement": statement,
        "rows": [
            (line, matter_of(line), note_of(line), money_of(line)) for line in statement.lines
        ],
        "to_come": to_come,
        "to_come_fen": sum(part.amount_fen for part in to_come),
        "printed_at": printed_at,
        "printed_by": request.user,
    }
    return hand_out(
        request,
        "papers/ledger_statement.html",
        facts,
        file_name=f"statement-{account.code}-{ledger.pk}-{statement.first}-{statement.last}.pdf",
        customer_ids=[account.owner_id],
        at=printed_at,
        detail={"ledger": ledger.pk, "first": str(statement.first), "last": str(statement.last)},
        back=reverse("billing:ledger", args=[account.code, ledger.pk]),
    )
