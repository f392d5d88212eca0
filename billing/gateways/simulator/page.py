"""What the customer sees after scanning: the amount and one button."""

from html import escape

from billing.gateways.simulator.trades import Trade
from bss.kernel.units import yuan

NAMES = {"alipay": "支付宝", "wechat": "微信支付"}
PAGE = """<!DOCTYPE html>
<html lang="zh-hans"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}(模拟)</title>
<style>
:root {{ color-scheme: light dark; font: 1.125rem/1.6 system-ui, sans-serif; }}
main {{ max-width: 22rem; margin: 12vh auto; padding: 0 1.5rem; text-align: center; }}
.amount {{ font-size: 2.75rem; font-variant-numeric: tabular-nums; margin: .5rem 0 0; }}
button {{ font: inherit; width: 100%; padding: .75rem; margin-top: 2rem; border: 0;
  border-radius: .5rem; background: {colour}; color: #fff; cursor: pointer; }}
small {{ color: GrayText; }}
</style></head>
<body><main><p>{name} <small>模拟</small></p><p>{subject}</p>
<p class="amount">{amount}</p><p><small>{number}</small></p>{rest}</main></body></html>"""
COLOURS = {"alipay": "#1558c0", "wechat": "#0b6b34"}
BUTTON = '<form method="post"><button>确认付款</button></form>'
PAID = "<p><b>付款成功</b></p>"
SHUT = "<p><b>二维码已失效</b></p>"


def pay_page(trade: Trade) -> bytes:
    return PAGE.format(
        name=NAMES[trade.gateway],
        colour=COLOURS[trade.gateway],
        subject=escape(trade.subject),
        amount=f"¥ {yuan(trade.amount_fen)}",
        number=escape(trade.number),
        rest=PAID if trade.state == "paid" else BUTTON if trade.can_be_paid else SHUT,
    ).encode()
