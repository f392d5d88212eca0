"""Why an order was cancelled, in one sentence per rule."""

from collections.abc import Mapping

SENTENCE_OF: Mapping[str, str] = {
    "EFF-6": "订单已撤单，不能再施工或撤单。",
    "CHG-4": "订单已被同一套餐后来的变更或解除取代，不再施工。",
    "CRD-4": "套餐因成员欠费预销号而终止，订单已失效。",
}
