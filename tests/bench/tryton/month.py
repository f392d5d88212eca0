"""A month of Tryton's own subscription invoicing. Runs inside Tryton's environment alone.

``python month.py DATABASE CONFIG ACCOUNTS LINES`` on a database that has ``sale_subscription``: one
party and subscription an account, so many lines with tax each; then consumption, invoices, and
posting, each a transaction of its own. The last line printed is what it took, as JSON.
"""

import json
import sys
import time
from datetime import date
from decimal import Decimal
from importlib.metadata import version

from proteus import Model, config
from trytond.modules.account.tests.tools import (
    create_chart,
    create_fiscalyear,
    create_tax,
    get_accounts,
)
from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
from trytond.modules.company.tests.tools import create_company, get_company
from trytond.pool import Pool
from trytond.transaction import Transaction, TransactionError

OCTOBER, OCTOBER_ENDS, NOVEMBER = date(2025, 10, 1), date(2025, 10, 31), date(2025, 11, 1)


def main() -> None:
    database, settings, accounts, lines = sys.argv[1:]
    tryton = config.set_trytond(f"postgresql:///{database}", config_file=settings)
    company_id, services, monthly_id = _found(int(lines))

    def begun(**locks):
        """A transaction of its own, by the person and with the rights of the desk."""
        return Transaction().start(database, tryton.user, context=tryton.context, **locks)

    with begun():
        _subscribe(company_id, services, monthly_id, accounts=int(accounts))
    told = {step: _seconds(begun, *works) for step, works in STEPS.items()}
    with begun():
        told["invoices"] = _count("account.invoice", ("state", "=", "posted"))
        told["lines"] = _count("account.invoice.line", ("type", "=", "line"))
        told["entries"] = _count("account.move.line", ("move.state", "=", "posted"))
    sys.stdout.write(json.dumps(told | {"version": version("trytond")}) + "\n")


def _found(lines: int):
    """The company with its chart, year, tax, and as many services as a subscription has lines."""
    create_company()
    company = get_company()
    create_chart(company)
    year = set_fiscalyear_invoice_sequences(create_fiscalyear(company, NOVEMBER))
    year.click("create_period")
    tax = create_tax(Decimal("0.06"))
    tax.save()
    category = Model.get("product.category")(name="Telecommunication", accounting=True)
    category.account_revenue = get_accounts(company)["revenue"]
    category.customer_taxes.append(tax)
    category.save()
    monthly = Model.get("sale.subscription.recurrence.rule.set")(name="Monthly")
    (rule,) = monthly.rules
    rule.freq, rule.interval = "monthly", 1
    monthly.save()
    return company.id, [_service(n, category, monthly) for n in range(lines)], monthly.id


def _service(number: int, category, monthly):
    (unit,) = Model.get("product.uom").find([("name", "=", "Unit")])
    template = Model.get("product.template")(name=f"Service {number}", type="service")
    template.default_uom, template.list_price = unit, Decimal(10 + number)
    template.account_category = category
    template.save()
    service = Model.get("sale.subscription.service")(product=template.products[0])
    service.consumption_recurrence = monthly
    service.save()
    return {"service": service.id, "unit": unit.id, "unit_price": template.list_price}


def _subscribe(company_id: int, services, monthly_id: int, *, accounts: int) -> None:
    pool = Pool()
    currency_id = pool.get("company.company")(company_id).currency.id
    parties = pool.get("party.party").create(
        [{"name": f"Test company {n}", "addresses": [("create", [{}])]} for n in range(accounts)]
    )
    line = {"quantity": 1, "consumption_recurrence": monthly_id, "start_date": OCTOBER}
    model = pool.get("sale.subscription")
    subscriptions = model.create(
        [
            {
                "company": company_id,
                "party": party.id,
                "invoice_address": party.addresses[0].id,
                "currency": currency_id,
                "start_date": OCTOBER,
                "invoice_start_date": NOVEMBER,
                "invoice_recurrence": monthly_id,
                "lines": [("create", [line | service for service in services])],
            }
            for party in parties
        ]
    )
    model.quote(subscriptions)
    model.run(subscriptions)


def _consume() -> None:
    Pool().get("sale.subscription.line").generate_consumption(date=OCTOBER_ENDS)


def _invoice() -> None:
    Pool().get("sale.subscription").generate_invoice(date=NOVEMBER)


def _post(at_most: int | None = None) -> None:
    model = Pool().get("account.invoice")
    model.post(model.search([("state", "=", "draft")], limit=at_most))


def _post_one() -> None:
    """By the first one Tryton learns which locks the others need."""
    _post(1)


STEPS = {
    "consumption_s": (_consume,),
    "invoices_s": (_invoice,),
    "posting_s": (_post_one, _post),
}


def _seconds(begun, *works) -> float:
    """Those attempts that went through; one that Tryton wants again with a lock is not counted."""
    locks, seconds = {}, 0.0
    for work in works:
        while True:
            began = time.perf_counter()
            try:
                with begun(**locks):
                    work()
            except TransactionError as error:
                error.fix(locks)
            else:
                seconds += time.perf_counter() - began
                break
    return seconds


def _count(model: str, *clauses) -> int:
    return Pool().get(model).search(list(clauses), count=True)


if __name__ == "__main__":
    main()
