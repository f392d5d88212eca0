"""What is due with a bundle on the next 1st, as sentences."""

from django.utils.translation import gettext as _

from bss.kernel.periods import Month
from customers.models import Subscription
from packages_wo.models import Bundle, BundleChange
from packages_wo.queries.bundles import composition_of
from packages_wo.queries.catalogue import catalogue_on

ON_THE_WAY = (BundleChange.State.ACCEPTED, BundleChange.State.SCHEDULED)


def coming(bundle: Bundle, changes: list[BundleChange], this_month: Month) -> list[str]:
    """What will be different, or that nothing will; two queries at most."""
    due = next((c for c in changes if c.state in ON_THE_WAY), None)
    if due is None:
        if bundle.state != Bundle.State.IN_FORCE:
            return []
        day = this_month.next.first_day.isoformat()
        return [_("%(day)s 没有变动：条款、成员和月费照旧。") % {"day": day}]
    when = due.effective_on.isoformat() if due.effective_on else _("订单竣工后的 1 日")
    if due.kind == BundleChange.Kind.OPEN:
        return [_("%(day)s 生效，当月起收取套餐月费。") % {"day": when}]
    if due.kind == BundleChange.Kind.CANCEL:
        return [_("%(day)s 终止，成员回到各自的单产品套餐。") % {"day": when}]
    return [
        _("%(day)s 起按变更后的条款：") % {"day": when},
        *_differences(changes, due, this_month),
    ]


def _differences(changes: list[BundleChange], due: BundleChange, this_month: Month) -> list[str]:
    before = [c for c in changes if c.state == BundleChange.State.APPLIED]
    if not before:
        return []
    old, new = composition_of(before[-1]), composition_of(due)
    sentences = []
    if (old.tier, old.scheme) != (new.tier, new.scheme):
        sentences.append(
            _("%(old)s 元档 %(old_scheme)s 方案改为 %(new)s 元档 %(new_scheme)s 方案。")
            % {
                "old": old.tier,
                "old_scheme": old.scheme,
                "new": new.tier,
                "new_scheme": new.scheme,
            }
        )
    joins = set(new.members) - set(old.members)
    leaves = set(old.members) - set(new.members)
    numbers = dict(
        Subscription.objects.filter(pk__in=joins | leaves).values_list("pk", "number")
    ) if joins or leaves else {}  # fmt: skip
    sentences += [_("%(number)s 加入。") % {"number": numbers[pk]} for pk in sorted(joins)]
    sentences += [_("%(number)s 退出。") % {"number": numbers[pk]} for pk in sorted(leaves)]
    if old.packs != new.packs:
        packs = catalogue_on(this_month.first_day).packs
        names = "、".join(_(packs[pack.pack].name) for pack in new.packs) or _("无")
        sentences.append(_("加装包：%(names)s。") % {"names": names})
    return sentences
