"""What customers' ledgers and their movements are called, on pages, papers and in files."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import BillLine, Journal, Ledger, Payment
from billing.queries.statement import BROUGHT_FORWARD, CARRIED_FORWARD, StatementLine
from bss.kernel.periods import Month
from customers.models import Service

BOUNDS = {
    BROUGHT_FORWARD: gettext_lazy("期初余额"),
    CARRIED_FORWARD: gettext_lazy("期末余额"),
}
SAYS_NO_MORE = (
    Journal.Kind.GRANT,
    Journal.Kind.RELEASE,
    Journal.Kind.LAPSE,
    Journal.Kind.BILL_PAYMENT,
)
"""Their reference is the ledger's or the account's own name."""


def ledger_name(ledger: Ledger) -> str:
    return name_of(ledger.kind, ledger.name)


def name_of(kind: str, name: str) -> str:
    return _("公用账本") if kind == Ledger.Kind.PUBLIC else name


def scope_words(ledger: Ledger) -> str:
    """What the ledger may pay, in words. Source: ACC-2."""
    parts = []
    if ledger.scope_subscriptions is not None:
        parts.append(_("%(n)s 个用户") % {"n": len(ledger.scope_subscriptions)})
    if ledger.scope_services is not None:
        names = dict(Service.choices)
        parts.append("、".join(_(names.get(s, s)) for s in ledger.scope_services))
    if ledger.scope_items is not None:
        names = dict(BillLine.Item.choices)
        parts.append("、".join(_(names.get(i, i)) for i in ledger.scope_items))
    return "；".join(parts) or _("全部费用")


def matter_of(line: StatementLine) -> str:
    """What kind of movement it is."""
    if line.kind in BOUNDS:
        return str(BOUNDS[line.kind])
    return _(str(dict(Journal.Kind.choices).get(line.kind, line.kind)))


def money_of(line: StatementLine) -> str:
    if line.kind in BOUNDS:
        return ""
    return _("赠款") if line.money == "gift" else _("现金")


def note_of(line: StatementLine) -> str:
    """Where the money came from or went to: a bill, a desk, another ledger; else the reference."""
    if line.bill_id is not None:
        month = Month.of(line.bill_month) if line.bill_month else None
        return _("%(month)s 帐单") % {"month": month} if month else _("期初欠费")
    if line.counterpart is not None:
        code, name = line.counterpart
        kind = Ledger.Kind.PUBLIC if name == "public" else Ledger.Kind.SPECIAL
        facts = {"account": code, "ledger": name_of(kind, name)}
        if line.amount_fen < 0:
            return _("转到 %(account)s %(ledger)s") % facts
        return _("从 %(account)s %(ledger)s 转来") % facts
    if line.means:
        words = dict(Payment.Means.choices)
        facts = {"means": _(str(words.get(line.means, line.means))), "channel": line.channel}
        return _("%(means)s，%(channel)s") % facts
    return "" if line.kind in SAYS_NO_MORE else line.ref
