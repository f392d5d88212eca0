"""What leads to a customer and is not in their copy, each with its reason.

A table that is in neither is a fault (``tests/oversight/queries/test_subject.py``).
"""

from collections.abc import Mapping

from django.db.models import Model

from billing.models import (
    BundleAdvice,
    Entry,
    GatewayRefund,
    ParkedAccount,
    ReconciliationLine,
    ReratedLine,
    Rerating,
    UnbilledAccount,
)
from channels.models import RevenueFact, SaleFact
from customers.models import DuplicatePair, LegalHold
from orders.models import NumberResource

LEFT_OUT: Mapping[type[Model], str] = {
    Entry: "the legs of journals: bills, payments, refunds and transfers tell the same money",
    GatewayRefund: "how a refund that is told went to the gateway",
    BundleAdvice: "reckoned anew each night from bills and usage that are told",
    ParkedAccount: "a step of a run that was put off: says nothing of the person",
    UnbilledAccount: "a bill that was put off: the bill tells what came of it",
    ReconciliationLine: "the gateway's own record of a payment that is told",
    Rerating: "what a correction of tariffs looked at: says nothing of the person",
    ReratedLine: "a charge that might come out otherwise: adjustments tell what came of it",
    DuplicatePair: "a guess that two records are one: would tell the one of the other",
    LegalHold: "an authority's measure, which it may forbid us to tell",
    NumberResource: "the stock of numbers; whose a number is, the lines tell",
    SaleFact: "what a channel is paid commission for; the orders tell what was sold",
    RevenueFact: "what a channel took; the payments tell it",
}
