"""What companies order: the bundle that suits their lines, changes of it."""

from datetime import datetime, timedelta
from random import Random

from bss.demo.companies import Company, Founder, Line
from bss.demo.operator import CITIES, Operator
from bss.kernel.periods import Month
from bss.kernel.rulebook import RefusedError
from customers.models import Subscription
from orders.models import Order
from orders.rules.requests import ChangeBundleOrder, NewSubscription, OpenBundleOrder, PackChoice
from orders.services import acceptance, withdrawal, work_orders

TIERS = {"basic": (56, 106, 206, 306), "enhanced": (136, 186, 286, 386)}
HOW_OFTEN = (4, 5, 2, 1)


class Wishes:
    """Turns companies into orders; every choice comes from the seed."""

    def __init__(self, random: Random, operator: Operator, founder: Founder) -> None:
        self.random = random
        self.operator = operator
        self.founder = founder

    def open(self, company: Company, *, at: datetime, finish: Month | None) -> bool:
        """Order the bundle; with ``finish`` its work is done some days later in that month.

        Gives False for a company in arrears: it is refused (ELG-9) and stays without.
        """
        request = self.opening(company, needs_installer=finish is None)
        hall = company.hall
        try:
            order = acceptance.accept(
                request=request, at=at, channel_id=hall.channel_id, by_id=hall.clerk_ids[0]
            )
        except RefusedError:
            return False
        if finish is None:
            self._begin(order, at=at)
            return True
        if self.random.random() < 0.03:
            withdrawal.withdraw(order_id=order.pk, at=at + timedelta(hours=5))
            return True
        done_at = min(
            at + timedelta(days=self.random.randrange(1, 6), hours=1),
            finish.ends_at - timedelta(hours=4),
        )
        work_orders.complete(order_id=order.pk, at=done_at, by_id=hall.clerk_ids[0])
        company.bundle_id = order.bundle_id
        company.order_code = order.code
        for new in request.new:
            found = Subscription.objects.get(number=new.number)
            habit = self.random.lognormvariate(0, 0.6)
            line = Line(found.pk, new.service, new.number, company.area, habit)
            company.lines[new.service].append(line)
        return True

    def _begin(self, order: Order, *, at: datetime) -> None:
        """Some of it is under way: what is ready and automatic is done, field work is not."""
        ready = order.work_orders.filter(state="ready", manual=False).values_list("id", flat=True)
        if self.random.random() < 0.6 and ready:
            ids = list(ready)
            work_orders.complete(
                order_id=order.pk, work_order_ids=ids, at=at + timedelta(minutes=4)
            )

    def opening(self, company: Company, *, needs_installer: bool) -> OpenBundleOrder:
        random, lines = self.random, company.lines
        offering = "enhanced" if lines["broadband"] else "basic"
        scheme = "B" if lines["m3g"] and random.random() < 0.8 else "A"
        members = [lines["fixed"][0], *lines["broadband"][:1], lines["m2g"][0]]
        if scheme == "B":
            members.append(lines["m3g"][0])
        packs = [
            PackChoice("TERM-SHARE" if random.random() < 0.7 else "TERM-VPN", line.id)
            for line in (*lines["m2g"][1:], *lines["fixed"][1:])
        ]
        new: tuple[NewSubscription, ...] = ()
        if needs_installer:
            new = (self._new_line(company),)
            packs.append(PackChoice("TERM-SHARE", new[0].key))
        elif random.random() < 0.15:
            new = (self._new_mobile(company),)
            packs.append(PackChoice("TERM-SHARE", new[0].key))
        if lines["broadband"] and random.random() < 0.25:
            packs.append(PackChoice("BB-4M"))
        if random.random() < 0.15:
            packs.append(PackChoice("MIN-300"))
        tier = random.choices(TIERS[offering], HOW_OFTEN)[0]
        return OpenBundleOrder(
            customer_id=company.id,
            offering=offering,
            scheme=scheme,
            tier=tier,
            members=tuple(line.id for line in members),
            account_name=f"{company.name}统一帐户",
            packs=tuple(packs),
            separate_3g=scheme == "B" and random.random() < 0.3,
            new=new,
        )

    def _new_mobile(self, company: Company) -> NewSubscription:
        number = self.founder.new_number(company.area, "m2g")
        return NewSubscription(
            key="new", service="m2g", number=number, plan="M2G-STD", area=company.area
        )

    def _new_line(self, company: Company) -> NewSubscription:
        place = next(place for area, place, _ in CITIES if area == company.area)
        return NewSubscription(
            key="new",
            service="fixed",
            number=self.founder.new_number(company.area, "fixed"),
            plan="FIXED-STD",
            area=company.area,
            install_address=self.founder.names.address(place),
        )

    def change(self, company: Company, *, at: datetime) -> None:
        """Another tier from the next 1st; a company that may not change now stays as it is."""
        assert company.bundle_id is not None
        order = Order.objects.select_related("bundle").get(code=company.order_code)
        assert order.bundle is not None
        tier = self.random.choice(TIERS[order.bundle.offering])
        try:
            accepted = acceptance.accept(
                request=ChangeBundleOrder(
                    customer_id=company.id, bundle_id=company.bundle_id, tier=tier
                ),
                at=at,
                channel_id=company.hall.channel_id,
                by_id=company.hall.clerk_ids[0],
            )
        except RefusedError:  # its opening is not in force yet
            return
        work_orders.complete(order_id=accepted.pk, at=at + timedelta(minutes=30))
