"""An order before it is accepted: what refuses it, and what it becomes."""

from datetime import datetime
from typing import Any

from tests.oracle import single
from tests.oracle.eligibility import fits, refusals_of_joiners, refusals_of_whole
from tests.oracle.entities import Bundle, Composition, Order, Subscription
from tests.oracle.months import month_of
from tests.oracle.orders import cancellation_of, changes_in, finish, supersede_changes
from tests.oracle.parsing import Parser
from tests.oracle.reader import BadFileError
from tests.oracle.subscribers import subscription_of
from tests.oracle.world import World

NOT_PERSONAL = (
    "business_license",
    "organisation_code",
    "military_unit_code",
    "legal_person_authorisation",
)
CHANGES_PER_MONTH = 3


def accept(world: World, fields: dict[str, Any], *, at: datetime) -> set[str]:
    """The rules that refuse the order; when none does, it is accepted."""
    if fields["id"] in world.orders:
        raise BadFileError(f"order {fields['id']!r} is there twice")
    if fields["customer"] not in world.customers:
        raise BadFileError(f"unknown customer {fields['customer']!r}")
    draft = Draft(world, fields, at)
    kind = fields["type"]
    if kind == "open_bundle":
        return draft.open_bundle()
    if kind in ("change_bundle", "cancel_bundle"):
        return draft.change_bundle() if kind == "change_bundle" else draft.cancel_bundle()
    return draft.single_user()


class Draft:
    """An order before it is accepted."""

    def __init__(self, world: World, fields: dict[str, Any], at: datetime):
        self.world, self.fields, self.at = world, fields, at
        self.new = {
            sub: subscription_of(
                world, sub, {"owner": fields["customer"], **flags}, from_=at, state="pending"
            )
            for sub, flags in (fields.get("new") or {}).items()
        }

    def find(self, sub: str) -> Subscription:
        found = self.new.get(sub) or self.world.subscriptions.get(sub)
        if not found:
            raise BadFileError(f"unknown subscription {sub!r}")
        return found

    def open_bundle(self) -> set[str]:
        world, fields = self.world, self.fields
        offering = world.catalogue.offering_name(fields["offering"])
        tier = int(fields["tier"])
        world.catalogue.tier(offering, tier)
        members = list(fields["members"])
        terminals, extras, pairs_fit = self._packs(fields.get("packs") or [])
        main = fields.get("main") or self._default_main(members)
        composition = Composition(fields["scheme"], tier, members, terminals, extras, main)
        customer = world.customers[fields["customer"]]

        rules = set()
        shown = fields.get("documents")
        if shown is None:
            shown = [customer.document]
        by_company = any(document in NOT_PERSONAL for document in shown)
        if not by_company and not fields.get("filed_by_manager"):
            rules.add("ELG-1")
        twice = len(set(composition.everyone)) < len(composition.everyone)
        whole = fits(world, self.find, offering=offering, composition=composition, may_lack=set())
        if not pairs_fit or twice or not whole:
            rules.add("ELG-8")
        if customer.listed == "black":
            rules.add("ELG-9")
        rules |= refusals_of_joiners(
            world,
            self.find,
            composition=composition,
            joiners=composition.everyone,
            main_customer=customer.id,
            bundle=None,
        )
        rules |= refusals_of_whole(
            world,
            self.find,
            offering=offering,
            composition=composition,
            main_customer=customer.id,
        )
        if rules:
            return rules

        order = self._take(bundle=fields["id"], composition=composition)
        account = fields["account"]
        if account not in world.accounts:
            world.open_account(account, owner=customer.id, unified=True)
        bundle = Bundle(
            id=order.id,
            customer=customer.id,
            offering=offering,
            account=account,
            separate_3g=bool(fields.get("separate_3g")),
            opening=composition,
            ordered=order.seq,
        )
        world.bundles[bundle.id] = bundle
        order.work_orders = Parser(world, self.find, list(self.new)).opening(bundle)
        self._settle(order)
        return set()

    def change_bundle(self) -> set[str]:
        world = self.world
        bundle = self._bundle()
        if not bundle.now or cancellation_of(world, bundle):
            return {"EFF-3"}
        old = bundle.now
        new, faults = self._changed(bundle, old)
        leavers = [sub for sub in old.everyone if sub not in new.everyone]
        joiners = [sub for sub in new.everyone if sub not in old.everyone]

        rules = set()
        if faults or not fits(
            world,
            self.find,
            offering=bundle.offering,
            composition=new,
            may_lack=self._may_lack(bundle, old, new),
        ):
            rules.add("CHG-1")
        if changes_in(world, bundle.customer, month_of(self.at)) >= CHANGES_PER_MONTH:
            rules.add("CHG-4")
        if any(world.account(world.payer_now(sub)).owes for sub in leavers):
            rules.add("CAN-9")
        rules |= refusals_of_joiners(
            world,
            self.find,
            composition=new,
            joiners=joiners,
            main_customer=bundle.customer,
            bundle=bundle,
        )
        rules |= refusals_of_whole(
            world,
            self.find,
            offering=bundle.offering,
            composition=new,
            main_customer=bundle.customer,
        )
        if rules:
            return rules

        supersede_changes(world, bundle, at=self.at)
        order = self._take(bundle=bundle.id, composition=new)
        order.work_orders = Parser(world, self.find, list(self.new)).change(bundle, new)
        self._settle(order)
        return set()

    def _changed(self, bundle: Bundle, old: Composition) -> tuple[Composition, bool]:
        """The composition as it will be, and whether the order cannot be meant so."""
        fields = self.fields
        remove, add = list(fields.get("remove") or []), list(fields.get("add") or [])
        tier = int(fields.get("tier") or old.tier)
        self.world.catalogue.tier(bundle.offering, tier)
        faults = any(sub not in old.everyone for sub in remove)
        faults |= len(set(remove)) < len(remove)

        members = [sub for sub in old.members if sub not in remove] + add
        if fields.get("packs") is None:
            terminals = {s: pack for s, pack in old.terminals.items() if s not in remove}
            extras = list(old.extras)
        else:
            listed, extras, pairs_fit = self._packs(fields["packs"])
            faults |= not pairs_fit
            gone = [sub for sub in remove if sub in old.terminals]
            listed = {sub: pack for sub, pack in listed.items() if sub not in gone}
            staying = [sub for sub in old.terminals if sub in listed]
            order = staying + [sub for sub in listed if sub not in staying]
            terminals = {sub: listed[sub] for sub in order}
        main = old.main if old.main in members else self._default_main(members)
        has_3g = any(self.find(sub).service == "m3g" for sub in members)
        scheme = "B" if old.scheme == "B" and has_3g else "A"
        new = Composition(scheme, tier, members, terminals, extras, main)

        faults |= len(set(new.everyone)) < len(new.everyone)
        part = self.world.part
        faults |= any(
            sub in old.everyone and part(old, sub) != part(new, sub) for sub in new.everyone
        )
        faults |= any(sub in add for sub in remove)
        return new, faults

    def _may_lack(self, bundle: Bundle, old: Composition, new: Composition) -> set[str]:
        """CHG-7: what a bundle opened as B, now A, lacks already."""
        if bundle.opening.scheme != "B" or new.scheme != "A":
            return set()
        return {"fixed", "m2g"} - {self.find(sub).service for sub in old.members}

    def cancel_bundle(self) -> set[str]:
        world = self.world
        bundle = self._bundle()
        if not bundle.now or cancellation_of(world, bundle):
            return {"EFF-3"}
        rules = set()
        new_plans = self.fields.get("new_plans") or {}
        for sub in bundle.now.everyone:
            service = self.find(sub).service
            if world.takes_bundle_plan(bundle.now, sub, service):
                plan = new_plans.get(sub)
                if not plan or world.catalogue.plan(plan)["service"] != service:
                    rules.add("CAN-4")
        if world.account(bundle.account).owes:
            rules.add("CAN-9")
        if rules:
            return rules

        supersede_changes(world, bundle, at=self.at)
        order = self._take(bundle=bundle.id)
        order.work_orders = Parser(world, self.find, []).cancellation(bundle, new_plans)
        self._settle(order)
        return set()

    def single_user(self) -> set[str]:
        rules = single.refusals(self.world, self.fields, at=self.at)
        if not rules:
            order = self._take()
            work_order = single.work_order(self.fields)
            order.work_orders = {work_order.name: work_order}
        return rules

    def _bundle(self) -> Bundle:
        name = self.fields["bundle"]
        if name not in self.world.bundles:
            raise BadFileError(f"unknown bundle {name!r}")
        return self.world.bundles[name]

    def _default_main(self, members: list[str]) -> str:
        fixed = [sub for sub in members if self.find(sub).service == "fixed"]
        return (fixed or members or [""])[0]

    def _packs(self, packs: list[dict]) -> tuple[dict[str, str], list[str], bool]:
        """Terminals with their packs, the other packs, and whether each has what it takes."""
        terminals: dict[str, str] = {}
        extras, fit = [], True
        for row in packs:
            pack = self.world.catalogue.pack(row["pack"])
            terminal = row.get("terminal")
            fit &= bool(terminal) == bool(pack.get("adds_terminal")) and terminal not in terminals
            if terminal:
                self.find(terminal)
                terminals[terminal] = row["pack"]
            else:
                extras.append(row["pack"])
        return terminals, extras, fit

    def _take(self, *, bundle: str | None = None, composition: Any = None) -> Order:
        world, fields = self.world, self.fields
        order = Order(
            id=fields["id"],
            type=fields["type"],
            customer=fields["customer"],
            fields=fields,
            at=self.at,
            seq=world.next(),
            new=list(self.new),
            bundle=bundle,
            composition=composition,
        )
        world.orders[order.id] = order
        for sub, subscription in self.new.items():
            world.subscriptions[sub] = subscription
            world.open_account(sub, owner=subscription.owner, unified=False)
        return order

    def _settle(self, order: Order) -> None:
        if not order.work_orders:
            finish(self.world, order, at=self.at)
