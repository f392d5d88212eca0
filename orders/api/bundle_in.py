"""A posted item about a bundle as the request that the acceptance service takes.

Inside the bundle's item stand its members and packs, one item each:

* an existing member names its ``product`` (id or productSerialNumber);
* a new one names its plan as ``productOffering`` and has the characteristics service and number,
  and the ``place`` at which it is installed;
* a pack names itself as ``productOffering``; its terminal is another item inside, named by a
  relationship of type ``terminal``.
"""

from dataclasses import dataclass
from typing import Any

from customers.models import Customer
from orders.api.places import install_address_of
from orders.api.reading import Item
from orders.api.references import (
    account_of,
    bundle_of,
    customer_by_code,
    joining_subscription_of,
    subscription_of,
)
from orders.rules.requests import (
    CancelBundleOrder,
    ChangeBundleOrder,
    Named,
    NewSubscription,
    OpenBundleOrder,
    PackChoice,
)


@dataclass(frozen=True, slots=True)
class Inside:
    """What the items inside a bundle's item come to."""

    members: tuple[Named, ...]
    removed: tuple[int, ...]
    packs: tuple[PackChoice, ...] | None
    new: tuple[NewSubscription, ...]
    named: dict[str, Named]


def opening(item: Item, *, customer: Customer, account: str, staff: Any) -> OpenBundleOrder:
    """``add`` of an offering. The unified account: ``billingAccount``, else a new one by name."""
    inside = _inside(item, customer=customer, staff=staff)
    main = item.text("main")
    if main and main not in inside.named:
        item.wrong("product.productCharacteristic.main", "主号码应为本套餐内一个成员的项目编号")
    tier = item.whole("tier")
    if tier is None:
        item.wrong("product.productCharacteristic.tier", "请给出档位（整数）")
    account_id = account_of(account, customer_id=customer.pk) if account else None
    if account and account_id is None:
        item.faults.add("billingAccount.id", "该客户没有这个统一帐户")
    return OpenBundleOrder(
        customer_id=customer.pk,
        offering=item.offering,
        scheme=item.text("scheme", "A"),
        tier=tier or 0,
        members=inside.members,
        account_id=account_id,
        account_name="" if account_id else item.text("accountName", f"{customer.name}统一帐户"),
        packs=inside.packs or (),
        main=inside.named.get(main) if main else None,
        separate_3g=item.flag("separate3g"),
        filed_by_manager=item.flag("filedByManager"),
        documents=item.texts("documents"),
        new=inside.new,
    )


def change(item: Item, *, customer: Customer, staff: Any) -> ChangeBundleOrder:
    """``modify`` of a bundle. Pack items, when there are any, are the whole new list."""
    inside = _inside(item, customer=customer, staff=staff)
    return ChangeBundleOrder(
        customer_id=customer.pk,
        bundle_id=bundle_of(item, staff=staff),
        tier=item.whole("tier"),
        add=inside.members,
        remove=inside.removed,
        packs=inside.packs,
        new=inside.new,
    )


def cancellation(item: Item, *, customer: Customer, staff: Any) -> CancelBundleOrder:
    """``delete`` of a bundle; each member's item names its new plan (CAN-4)."""
    plans = {}
    for part in item.parts:
        if not part.offering:
            part.wrong("productOffering.id", "请给出该成员解除后的新套餐")
        plans[subscription_of(part, staff=staff)] = part.offering
    return CancelBundleOrder(
        customer_id=customer.pk, bundle_id=bundle_of(item, staff=staff), new_plans=plans
    )


def _inside(item: Item, *, customer: Customer, staff: Any) -> Inside:
    parts = item.parts
    new = tuple(_new(part, staff=staff) for part in parts if part.has("number"))
    packs = [part for part in parts if _is_pack(part)]
    named: dict[str, Named] = {one.key: one.key for one in new}
    removed = []
    for part in parts:
        if part.has("number") or _is_pack(part):
            continue
        if part.action == "delete":
            removed.append(subscription_of(part, staff=staff))
        elif part.action == "add":
            named[part.id] = joining_subscription_of(part, staff=staff)
        else:
            named[part.id] = subscription_of(part, staff=staff)
    terminals = {part.related("terminal") for part in packs} - {""}
    choices = tuple(_pack(part, named) for part in packs if part.action != "delete")
    joining = [part for part in parts if part.id in named and part.id not in terminals]
    return Inside(
        members=tuple(named[part.id] for part in joining if part.action == "add"),
        removed=tuple(removed),
        packs=choices if packs else None,
        new=new,
        named=named,
    )


def _is_pack(part: Item) -> bool:
    return bool(part.offering) and not part.product.keys() & {
        "id",
        "productSerialNumber",
        "productCharacteristic",
    }


def _pack(part: Item, named: dict[str, Named]) -> PackChoice:
    terminal = part.related("terminal")
    if terminal and terminal not in named:
        part.wrong("productOrderItemRelationship", "终端应为本套餐内另一个项目的编号")
    return PackChoice(pack=part.offering, terminal=named.get(terminal) if terminal else None)


def _new(part: Item, *, staff: Any) -> NewSubscription:
    for name in ("service", "number"):
        if not part.text(name):
            part.wrong(f"product.productCharacteristic.{name}", "新装用户请给出此特征")
    if not part.offering:
        part.wrong("productOffering.id", "新装用户请给出单产品套餐")
    owner_code = part.party("owner")
    owner = customer_by_code(owner_code, staff=staff) if owner_code else None
    if owner_code and owner is None:
        part.wrong("product.relatedParty", "没有这个客户，或不在您的客户范围内")
    return NewSubscription(
        key=part.id,
        service=part.text("service"),
        number=part.text("number"),
        plan=part.offering,
        owner_id=owner.pk if owner else None,
        area=part.text("area"),
        line=part.text("line", "enterprise"),
        payment=part.text("payment", "postpaid"),
        install_address=install_address_of(part),
    )
