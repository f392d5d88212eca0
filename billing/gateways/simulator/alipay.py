"""The simulated 支付宝: ``gateway.do`` with RSA2, its notifications and its statement."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from billing.gateways.simulator.keys import Side
from billing.gateways.simulator.signing import is_signed, sign
from billing.gateways.simulator.trades import ZONE, Refund, Trade, Trades, fresh_token
from bss.kernel.units import parse_yuan_fen, yuan

NAME = "alipay"
STATES = {"waiting": "WAIT_BUYER_PAY", "paid": "TRADE_SUCCESS", "closed": "TRADE_CLOSED"}
SAID_NO = {
    "short": ("ACQ.SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足"),
    "old": ("ACQ.TRADE_HAS_FINISHED", "交易已完结"),
    "no": ("ACQ.BUYER_NOT_EXIST", "买家状态非法"),
}
HEAD = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,"
    "对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
    "商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)


class Alipay:
    """Answers one form at a time; what it says is signed, what it hears must be."""

    def __init__(self, side: Side, trades: Trades, *, url: str) -> None:
        self._side = side
        self._trades = trades
        self._url = url

    def answer(self, form: Mapping[str, str], *, trouble: str = "") -> bytes:
        """The JSON of one call; ``trouble`` is what goes wrong with it."""
        method = form.get("method", "")
        name = method.replace(".", "_") + "_response"
        if not self._is_ours(form):
            content = _no("40002", "isv.invalid-signature", "验签出错")
            return json.dumps({name: content}).encode()
        asked = json.loads(form.get("biz_content", "{}"))
        content = self._do(method, asked, form, trouble)
        text = json.dumps(content, ensure_ascii=False)
        spoilt = "!" if trouble == "forge" else ""
        signature = sign(text + spoilt, self._side.private_key)
        return f'{{"{name}":{text},"sign":"{signature}"}}'.encode()

    def notice(
        self, trade: Trade, *, forge: bool = False, **changes: str
    ) -> tuple[dict[str, str], bytes]:
        """The headers and body of a notification; ``changes`` are made before it is signed."""
        now = datetime.now(ZONE)
        values = {
            "notify_time": f"{now:%Y-%m-%d %H:%M:%S}",
            "notify_type": "trade_status_sync",
            "notify_id": fresh_token(),
            "app_id": self._side.ids["app_id"],
            "charset": "utf-8",
            "version": "1.0",
            "out_trade_no": trade.number,
            "trade_no": trade.trade_no,
            "trade_status": STATES[trade.state],
            "total_amount": yuan(trade.amount_fen),
            "subject": trade.subject,
            **({"gmt_payment": f"{trade.paid:%Y-%m-%d %H:%M:%S}"} if trade.paid_at else {}),
            **changes,
        }
        signed = "&".join(f"{name}={value}" for name, value in sorted(values.items()))
        signature = sign(signed, self._side.private_key)
        if forge:
            values["total_amount"] = "0.01"
        whole = {**values, "sign": signature, "sign_type": "RSA2"}
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(whole).encode()

    def statement(self, day: date) -> bytes:
        """A zip with the details of a day in GB18030."""
        rows = [_row(trade) for trade in self._trades.paid_on(NAME, day)]
        backs = [_back(*pair) for pair in self._trades.refunds_on(NAME, day)]
        paid = sum(trade.amount_fen for trade in self._trades.paid_on(NAME, day))
        returned = sum(refund.amount_fen for refund, _ in self._trades.refunds_on(NAME, day))
        until = day + timedelta(days=1)
        lines = [
            "#支付宝业务明细查询",
            f"#账号：[{self._side.ids['app_id']}]",
            f"#起始日期：[{day:%Y年%m月%d日} 00:00:00]   终止日期：[{until:%Y年%m月%d日} 00:00:00]",
            "#-----------------------------------------业务明细列表----------------------------",
            HEAD,
            *rows,
            *backs,
            "#-----------------------------------------业务明细列表结束------------------------",
            f"#交易合计：{len(rows)}笔，商家实收共{yuan(paid)}元，商家优惠共0.00元",
            f"#退款合计：{len(backs)}笔，商家实收退款共{yuan(-returned)}元，商家优惠共0.00元",
            f"#导出时间：[{until:%Y年%m月%d日} 09:00:00]",
        ]
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(f"{day:%Y%m%d}_details.csv", "\r\n".join(lines).encode("gb18030"))
            file.writestr(f"{day:%Y%m%d}_sums.csv", "#".encode("gb18030"))
        return packed.getvalue()

    def _is_ours(self, form: Mapping[str, str]) -> bool:
        signed = "&".join(f"{k}={v}" for k, v in sorted(form.items()) if k != "sign")
        known = form.get("app_id") == self._side.ids["app_id"]
        return known and is_signed(signed, form.get("sign", ""), self._side.merchant_key)

    def _do(
        self, method: str, asked: dict[str, Any], form: Mapping[str, str], trouble: str
    ) -> dict[str, Any]:
        if method == "alipay.trade.precreate":
            return self._create(asked, form)
        if method == "alipay.data.dataservice.bill.downloadurl.query":
            if date.fromisoformat(asked["bill_date"]) >= datetime.now(ZONE).date():
                return _no("40004", "isp.bill_not_exist", "账单不存在")
            return _yes(bill_download_url=f"{self._url}/alipay/bill?day={asked['bill_date']}")
        trade = self._trades.find(NAME, asked.get("out_trade_no", ""))
        if trade is None:
            return _no("40004", "ACQ.TRADE_NOT_EXIST", "交易不存在")
        if method == "alipay.trade.query":
            return _told(trade)
        if method == "alipay.trade.close":
            if trade.state == "paid":
                return _no("40004", "ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
            self._trades.close(NAME, trade.number)
            return _yes(out_trade_no=trade.number)
        if method == "alipay.trade.refund":
            return self._refund(trade, asked, trouble)
        if method == "alipay.trade.fastpay.refund.query":
            return self._refunded(asked["out_request_no"])
        return _no("40004", "isv.invalid-method", "不存在的方法名")

    def _create(self, asked: dict[str, Any], form: Mapping[str, str]) -> dict[str, Any]:
        trade = self._trades.create(
            Trade(
                gateway=NAME,
                number=asked["out_trade_no"],
                amount_fen=parse_yuan_fen(asked["total_amount"]),
                subject=asked["subject"],
                notify_url=form.get("notify_url", ""),
                expires_at=datetime.strptime(asked["time_expire"], "%Y-%m-%d %H:%M:%S")
                .replace(tzinfo=ZONE)
                .isoformat(),
                token=fresh_token(),
                state="waiting",
                trade_no="",
                paid_at="",
            )
        )
        return _yes(out_trade_no=trade.number, qr_code=f"{self._url}/pay/{trade.token}")

    def _refund(self, trade: Trade, asked: dict[str, Any], trouble: str) -> dict[str, Any]:
        if trouble in SAID_NO:
            return _no("40004", *SAID_NO[trouble])
        number, fen = asked["out_request_no"], parse_yuan_fen(asked["refund_amount"])
        if trade.state != "paid":
            return _no("40004", "ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
        known = self._trades.find_refund(NAME, number)
        if known is None and self._trades.refunded_fen(NAME, trade.number) + fen > trade.amount_fen:
            return _no("40004", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限")
        self._trades.refund(
            Refund(
                gateway=NAME,
                refund_number=number,
                number=trade.number,
                amount_fen=fen,
                at=datetime.now(ZONE).replace(microsecond=0).isoformat(),
                state="pending" if trouble == "slow" else "done",
            )
        )
        back = self._trades.refunded_fen(NAME, trade.number)
        change = "N" if known or trouble == "slow" else "Y"
        return _yes(out_trade_no=trade.number, refund_fee=yuan(back), fund_change=change)

    def _refunded(self, number: str) -> dict[str, Any]:
        """Without a state where nothing was sent back (yet)."""
        refund = self._trades.find_refund(NAME, number)
        if refund is None or refund.state != "done":
            return _yes()
        return _yes(
            out_trade_no=refund.number,
            out_request_no=number,
            refund_amount=yuan(refund.amount_fen),
            refund_status="REFUND_SUCCESS",
            gmt_refund_pay=f"{datetime.fromisoformat(refund.at):%Y-%m-%d %H:%M:%S}",
        )


def _yes(**content: Any) -> dict[str, Any]:
    return {"code": "10000", "msg": "Success", **content}


def _no(code: str, sub_code: str, text: str) -> dict[str, Any]:
    return {"code": code, "msg": "Business Failed", "sub_code": sub_code, "sub_msg": text}


def _told(trade: Trade) -> dict[str, Any]:
    paid = {"send_pay_date": f"{trade.paid:%Y-%m-%d %H:%M:%S}"} if trade.paid_at else {}
    return _yes(
        out_trade_no=trade.number,
        trade_no=trade.trade_no,
        trade_status=STATES[trade.state],
        total_amount=yuan(trade.amount_fen),
        **paid,
    )


def _row(trade: Trade) -> str:
    amount, at = yuan(trade.amount_fen), f"{trade.paid:%Y-%m-%d %H:%M:%S}"
    return (
        f"{trade.trade_no}\t,{trade.number}\t,交易,{trade.subject},{at},{at},,,,,"
        f"s***e@example.com,{amount},{amount},0.00,0.00,0.00,0.00,0.00,,0.00,0.00,,0.00,0.00,"
    )


def _back(refund: Refund, trade: Trade) -> str:
    amount, at = yuan(-refund.amount_fen), f"{datetime.fromisoformat(refund.at):%Y-%m-%d %H:%M:%S}"
    return (
        f"{trade.trade_no}\t,{trade.number}\t,退款,{trade.subject},{at},{at},,,,,"
        f"s***e@example.com,{amount},{amount},0.00,0.00,0.00,0.00,0.00,,0.00,0.00,"
        f"{refund.refund_number},0.00,0.00,"
    )
