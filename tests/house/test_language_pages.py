"""Every page in English: no Chinese is left but what people, companies and places are called."""

import re
from collections import deque
from html import unescape
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.urls import Resolver404, resolve

from billing.models import (
    Account,
    BillLine,
    InvoiceBook,
    Ledger,
    Message,
    MessageTemplate,
    Payment,
    Refund,
)
from billing.services.books import check_books
from bss.desk.services.advising import advise_all
from bss.identity.models import InterfaceNumber, OutsideSystem
from bss.kernel import approvals, clock
from bss.kernel.models import AuditEntry, Organisation, Staff
from bss.kernel.periods import Month
from bss.kernel.sealed_field import Sealed
from bss.scenario.scratch import nothing_lasts
from channels.models import Channel
from complaints.models import Case, CaseStep
from customers.approval_kinds import UNMASK
from customers.models import (
    ClassMembership,
    Contact,
    Customer,
    CustomerClass,
    Document,
    Listing,
    PointsEntry,
    PointsRate,
)
from packages_wo.models import Bundle
from packages_wo.queries.catalogue import catalogue_on
from tests.builders.banks import a_waiting_upload
from tests.builders.staff import a_staff
from tests.builders.tariffs import a_rerating
from tests.builders.till import a_desk_day
from tests.house.source import addresses
from tests.house.words import CHINESE, OUR_NAME
from tests.oversight.watching import look

# Between them they open every page: business, accounts, the audit.
WALKERS = ("supervisor", "security_officer", "auditor")
# A page seen twice (two customers, two bills) says nothing new the third time.
OF_EACH_KIND = 2
PAGES_AT_LEAST = 35
# Answered to forms or machines; a paper that is Chinese; the law, which quotes its own terms.
NOT_WALKED = {
    "healthz", "logout", "login", "set_language", "theme", "api_schema", "api_docs",
    "styleguide", "rules", "acceptance_form", "agreement", "bill_pdf", "invoice_pdf", "ledger_pdf",
    "ending_pdf",
    "mandate_pdf",
}  # fmt: skip
# Before the session, or of one's own second factor.
OF_SIGN_IN = {
    "account_login", "mfa_authenticate", "mfa_login_webauthn", "openid_connect_login",
    "openid_connect_callback", "prove", "mfa_list_webauthn", "mfa_deactivate_totp",
    "mfa_remove_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "end_own_session", "end_session", "unlock",
}  # fmt: skip
FOR_FORMS = {
    "qr_look", "qr_close", "qr_accept", "gateway_notice", "book_all_lines", "book_line",
    "ask_line", "note_line", "reverse_line",
    "decide", "drop_view", "interface_close", "interface_reopen", "interface_rotate",
    "my_token_revoke", "oauth_revoke", "oauth_token", "read_notices", "redeem_points",
    "remove_relative", "retry_network", "save_view", "security_case_step", "token_revoke",
    "appoint", "bulk_dispatch", "check", "close", "complete", "complete_work_order",
    "confirm_shift", "credit", "print_receipt",
    "decide_level", "declassify", "different",
    "erase", "hand_over", "hold", "lift", "load_usage", "organisation_act",
    "retry_one", "correct_reject", "excuse_gap", "reveal", "reverse", "start", "step",
    "sub_account_close", "subject_export",
    "system_act", "withdraw",
    "check_books", "free_cash", "pause", "resume", "rehearse", "ask_to_close",
    "ask_limit", "set_notice_address", "press_credit_run", "retry_message", "close_ending",
    "settle_refund", "return_refund", "ask_refund", "give_up_refund", "reverse_transfer",
    "withdraw_promise", "retire_reason", "ask_to_rerate",
    "draw_up_debits", "end_debits", "end_mandate", "export_debits", "give_back", "identify",
    "match_desk", "advise",
}  # fmt: skip


@pytest.mark.django_db
def test_in_english_no_page_shows_chinese_but_names(client, settings):
    settings.BUSINESS_TIME = "2026-11-10T10:00"
    with nothing_lasts():
        call_command("demo", customers=12, months=1, through=Month(2026, 10), stdout=StringIO())
        a_desk_day(somebody("supervisor"))
        a_look_in_clear()
        look(at=clock.now())
        check_books(at=clock.now())
        advise_all(at=clock.now())
        a_waiting_upload("1", by_id=somebody("supervisor").pk, at=clock.now())
        fee = BillLine.objects.filter(item="PLAN_FEE").earliest("pk")
        a_rerating(fee.bill.account, fee.subscription, at=clock.now())
        names = names_in_use()

        bundle = Bundle.objects.filter(state=Bundle.State.IN_FORCE).order_by("-pk").first().code
        payment = Payment.objects.filter(reversed_at__isnull=True).earliest("pk").pk
        starts = [
            "/",
            f"/orders/change?bundle={bundle}",
            f"/orders/cancel?bundle={bundle}",
            f"/billing/payments/{payment}/invoice",
        ]

        seen, left = {}, {}
        for role in WALKERS:
            client.force_login(somebody(role))
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
            of_role, chinese = walk(client, starts if role == "supervisor" else ["/"], names)
            seen, left = seen | of_role, left | chinese

    assert {piece: url for url, pieces in left.items() for piece in pieces} == {}
    assert sum(map(len, seen.values())) > PAGES_AT_LEAST
    reached = {kind.split()[0].split(":")[-1] for kind in seen}
    pages = {pattern.name for _, pattern in addresses() if not pattern.name.startswith("tmf")}
    assert pages - reached == NOT_WALKED | FOR_FORMS | OF_SIGN_IN


def walk(client, starts, names):
    """Follow every link from the first pages; what each kind of page still says in Chinese."""
    waiting, known, seen, left = deque(starts), set(starts), {}, {}
    while waiting:
        url = waiting.popleft()
        kind = kind_of(url)
        if kind is None or len(seen.setdefault(kind, [])) >= OF_EACH_KIND:
            continue
        response = client.get(url)
        seen[kind].append(url)
        if response.status_code == 302:
            waiting.append(response.headers["Location"])
            continue
        assert response.status_code == 200, url
        if "html" not in response.headers["Content-Type"]:
            continue
        page = response.text
        if found := chinese_in(page, names):
            left[url] = found
        for link in re.findall(r'(?:href|hx-get)="([^"#]+)', page):
            address = unescape(link)
            address = f"{urlsplit(url).path}{address}" if address.startswith("?") else address
            if address.startswith("/") and address not in known:
                known.add(address)
                waiting.append(address)
    return seen, left


def kind_of(url):
    """The name of the page's address and what its query asks for; None for what is no page."""
    parts = urlsplit(url)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if match.url_name is None or match.url_name in NOT_WALKED or "export=" in parts.query:
        return None
    asked = ",".join(sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair}))
    return f"{match.view_name} {match.kwargs.get('type_', '')} {asked}".strip()


def chinese_in(page, names):
    """What a person would read in Chinese on this page, without names."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    text = re.sub(r"<form[^>]*action=\"/language\".*?</form>", " ", text, flags=re.DOTALL)
    text = re.sub(r"(<a class=\"rule\"[^>]*) title=\"[^\"]*\"", r"\1", text)
    text = re.sub(r"\s(?:value|href|data-words|action)=\"[^\"]*\"", " ", text)
    text = re.sub(r"[\u3400-\u9fff]+\*+", " ", unescape(text))  # masked names and addresses
    for name in names:
        text = text.replace(name, " ")
    return sorted({piece.strip() for piece in re.split(r"[<>\n\"]", text) if CHINESE.search(piece)})


def somebody(role):
    return Staff.objects.filter(roles__code=role).first() or a_staff(role)


def a_look_in_clear():
    """One supervisor may read a customer in clear, the other has just said yes."""
    asker, checker = Staff.objects.filter(roles__code="supervisor").order_by("pk")[:2]
    asked = approvals.ask(
        kind=UNMASK,
        payload={"customer_ids": [Customer.objects.earliest("pk").pk]},
        asked_by_id=asker.pk,
        at=clock.now(),
        reason="核对资料",
    )
    approvals.decide(approval_id=asked.pk, decided_by_id=checker.pk, approve=True, at=clock.now())


def names_in_use():
    """What people, places, accounts and products are called and wrote themselves; longest first."""
    catalogue = catalogue_on(Month(2026, 11).first_day)
    rows = [
        Customer.objects.values_list("name", "postal_address"),
        Contact.objects.values_list("name", "position"),
        Case.objects.values_list("subject", "description"),
        CaseStep.objects.values_list("text"),
        Document.objects.values_list("address"),
        Staff.objects.values_list("display_name"),
        OutsideSystem.objects.values_list("name"),
        InterfaceNumber.objects.values_list("name"),
        PointsEntry.objects.values_list("reason"),
        PointsRate.objects.values_list("reason"),
        AuditEntry.objects.exclude(reason="").values_list("reason"),
        Organisation.objects.values_list("name"),
        Listing.objects.values_list("reason"),
        Message.objects.values_list("text"),
        MessageTemplate.objects.values_list("subject", "body"),
        Channel.objects.values_list("name"),
        CustomerClass.objects.values_list("name", "note"),
        ClassMembership.objects.values_list("reason"),
        Account.objects.values_list("name"),
        Ledger.objects.values_list("name"),
        InvoiceBook.objects.values_list("name", "seller_name"),
        Refund.objects.values_list("payee_name", "payee_bank"),
    ]
    names = {
        value.open() if isinstance(value, Sealed) else str(value)
        for found in rows
        for row in found
        for value in row
    }
    for table in (catalogue.plans, catalogue.offerings, catalogue.packs, catalogue.vas):
        names |= {str(getattr(one, "name", "")) for one in table.values()}
    names |= {OUR_NAME, "简体中文", "中文"}
    return sorted((name for name in names if CHINESE.search(name)), key=len, reverse=True)
