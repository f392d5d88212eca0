"""Where business may come from: an order or a payment without a source is refused."""

from bss.kernel.rulebook import Refusal

SOURCE_RULE = "S85-2"

NO_SOURCE = "没有受理渠道，请选择营业厅、代理商或接口后再提交"
UNKNOWN_SOURCE = "受理渠道 %(code)s 未登记，请核对接口编号"
CLOSED_SOURCE = "受理渠道 %(code)s（%(name)s）已停用，请换一个在用的渠道"


def refusals_of_source(
    *, code: str | None, name: str | None, active: bool | None
) -> tuple[Refusal, ...]:
    """Why business from this source is refused; nothing when it may come.

    ``name`` and ``active`` are None when no channel is registered under the code.
    Source: S85-2.
    """
    if not code:
        return (Refusal(SOURCE_RULE, NO_SOURCE),)
    if active is None:
        return (Refusal(SOURCE_RULE, UNKNOWN_SOURCE, {"code": code}),)
    if not active:
        return (Refusal(SOURCE_RULE, CLOSED_SOURCE, {"code": code, "name": name}),)
    return ()
