"""Why a charge comes out otherwise after a tariff correction, in one sentence."""

from billing.models import ReratedLine
from billing.queries.rerated_prices import price_change
from bss.kernel.errors import Sentence
from bss.kernel.units import yuan

FEES = ("BUNDLE_FEE", "PACK_FEE", "PLAN_FEE", "HOLD_FEE")
FEE = "%(item)s由 %(before)s 元改为 %(after)s 元。"
PRICE = "%(item)s的资费由 %(before)s 元改为 %(after)s 元。"
OVERFLOW = "超出共享时长的每分钟由 %(before)s 元改为 %(after)s 元。"
ANEW = "%(item)s按更正后的产品目录重算。"


def reason_of(line: ReratedLine) -> Sentence:
    """The fee as it was and is, or the price of its usage; else that it is reckoned anew."""
    item = Sentence(line.bill_item)
    if line.item in FEES:
        return Sentence(FEE, item=item, before=yuan(line.old_fen), after=yuan(line.new_fen))
    change = price_change(line)
    if change is None:
        return Sentence(ANEW, item=item)
    if change.is_overflow:
        return Sentence(OVERFLOW, before=change.before, after=change.after)
    return Sentence(PRICE, item=item, before=change.before, after=change.after)
