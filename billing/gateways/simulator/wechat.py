"""The simulated 微信支付: APIv3 paths, signed both ways, notifications in AES-GCM."""

import gzip
import hashlib
import json
import re
import secrets
import time
from base64 import b64encode
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from billing.gateways.simulator.keys import Side
from billing.gateways.simulator.signing import is_signed, sign
from billing.gateways.simulator.trades import ZONE, Refund, Trade, Trades, fresh_token
from bss.kernel.units import yuan

NAME = "wechat"
STATES = {"waiting": "NOTPAY", "paid": "SUCCESS", "closed": "CLOSED"}
ORDERS = "/v3/pay/transactions/out-trade-no/"
REFUNDS = "/v3/refund/domestic/refunds"
SAID_NO = {
    "short": (403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起"),
    "old": (400, "INVALID_REQUEST", "订单已超过可退款的最大期限"),
    "no": (403, "USER_ACCOUNT_ABNORMAL", "用户账户异常"),
}
HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
SUMS = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)
Answer = tuple[int, dict[str, str], bytes]


class Wechat:
    """Answers one request at a time; what it says is signed, what it hears must be."""

    def __init__(self, side: Side, trades: Trades, *, url: str) -> None:
        self._side = side
        self._trades = trades
        self._url = url

    def answer(
        self, method: str, path: str, authorization: str, body: bytes, *, trouble: str = ""
    ) -> Answer:
        """Status, headers and body of one call; ``trouble`` is what goes wrong with it."""
        text = body.decode()
        if not self._is_ours(method, path, authorization, text):
            return self._said(401, {"code": "SIGN_ERROR", "message": "签名错误"})
        parts = urlsplit(path)
        if parts.path == "/v3/billdownload/file":
            day = date.fromisoformat(parse_qs(parts.query)["day"][0])
            return 200, {"Content-Type": "application/x-gzip"}, gzip.compress(self.statement(day))
        status, content = self._do(parts.path, parse_qs(parts.query), text, trouble)
        return self._said(status, content, spoil=trouble == "forge")

    def notice(
        self, trade: Trade, *, forge: bool = False, stale: bool = False, **changes: Any
    ) -> tuple[dict[str, str], bytes]:
        """The headers and body of a notification; ``changes`` are made before it is signed."""
        content = {**self._told(trade), **changes}
        nonce, extra = secrets.token_hex(6), "transaction"
        sealed = AESGCM(self._side.ids["api_key"].encode()).encrypt(
            nonce.encode(), json.dumps(content, ensure_ascii=False).encode(), extra.encode()
        )
        body = json.dumps(
            {
                "id": fresh_token(),
                "create_time": datetime.now(ZONE).isoformat(timespec="seconds"),
                "event_type": "TRANSACTION.SUCCESS",
                "resource_type": "encrypt-resource",
                "summary": "支付成功",
                "resource": {
                    "algorithm": "AEAD_AES_256_GCM",
                    "original_type": "transaction",
                    "ciphertext": b64encode(sealed).decode(),
                    "associated_data": extra,
                    "nonce": nonce,
                },
            }
        )
        headers = self._signed(body, at=int(time.time()) - (3600 if stale else 0))
        sent = body.replace("TRANSACTION", "transaction") if forge else body
        return {"Content-Type": "application/json", **headers}, sent.encode()

    def statement(self, day: date) -> bytes:
        """The details of a day, UTF-8 with BOM, every value behind a backtick."""
        paid = self._trades.paid_on(NAME, day)
        backs = self._trades.refunds_on(NAME, day)
        came = yuan(sum(trade.amount_fen for trade in paid))
        went = yuan(sum(refund.amount_fen for refund, _ in backs))
        sums = [str(len(paid) + len(backs)), came, went, "0.00", "0.00000", came, went]
        rows = [self._row(trade, None) for trade in paid]
        rows += [self._row(trade, refund) for refund, trade in backs]
        lines = [HEAD, *rows, SUMS, ",".join(f"`{value}" for value in sums)]
        return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()

    def _do(
        self, path: str, query: dict[str, list[str]], body: str, trouble: str
    ) -> tuple[int, dict[str, Any]]:
        asked = json.loads(body) if body else {}
        if path == "/v3/pay/transactions/native":
            return self._create(asked)
        if path == "/v3/bill/tradebill":
            return self._bill(date.fromisoformat(query["bill_date"][0]))
        if path == REFUNDS:
            return self._refund(asked, trouble)
        if path.startswith(f"{REFUNDS}/"):
            return self._refunded(path.removeprefix(f"{REFUNDS}/"))
        if not path.startswith(ORDERS):
            return 404, {"code": "NOT_FOUND", "message": path}
        number, _, verb = path.removeprefix(ORDERS).partition("/")
        trade = self._trades.find(NAME, number)
        if trade is None:
            return 404, {"code": "ORDER_NOT_EXIST", "message": "订单不存在"}
        if verb == "close":
            if trade.state == "paid":
                return 400, {"code": "ORDERPAID", "message": "该订单已支付"}
            self._trades.close(NAME, number)
            return 204, {}
        return 200, self._told(trade)

    def _create(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        before = self._trades.find(NAME, asked["out_trade_no"])
        if before is not None and before.state == "closed":
            return 400, {"code": "ORDER_CLOSED", "message": "该订单已关闭"}
        trade = self._trades.create(
            Trade(
                gateway=NAME,
                number=asked["out_trade_no"],
                amount_fen=int(asked["amount"]["total"]),
                subject=asked["description"],
                notify_url=asked["notify_url"],
                expires_at=asked["time_expire"],
                token=fresh_token(),
                state="waiting",
                trade_no="",
                paid_at="",
            )
        )
        return 200, {"code_url": f"{self._url}/pay/{trade.token}"}

    def _refund(self, asked: dict[str, Any], trouble: str) -> tuple[int, dict[str, Any]]:
        if trouble in SAID_NO:
            status, code, text = SAID_NO[trouble]
            return status, {"code": code, "message": text}
        trade = self._trades.find(NAME, asked["out_trade_no"])
        if trade is None or trade.state != "paid":
            return 404, {"code": "RESOURCE_NOT_EXISTS", "message": "订单不存在"}
        number, fen = asked["out_refund_no"], int(asked["amount"]["refund"])
        back = self._trades.refunded_fen(NAME, trade.number)
        known = self._trades.find_refund(NAME, number)
        if known is None and back + fen > trade.amount_fen:
            return 400, {"code": "INVALID_REQUEST", "message": "累计退款金额大于支付金额"}
        refund = self._trades.refund(
            Refund(
                gateway=NAME,
                refund_number=number,
                number=trade.number,
                amount_fen=fen,
                at=datetime.now(ZONE).replace(microsecond=0).isoformat(),
                state="pending" if trouble == "slow" else "done",
            )
        )
        return 200, _told_of(refund)

    def _refunded(self, number: str) -> tuple[int, dict[str, Any]]:
        refund = self._trades.find_refund(NAME, number)
        if refund is None:
            return 404, {"code": "RESOURCE_NOT_EXISTS", "message": "退款单不存在"}
        return 200, _told_of(refund)

    def _bill(self, day: date) -> tuple[int, dict[str, Any]]:
        if day >= datetime.now(ZONE).date():
            return 400, {"code": "NO_STATEMENT_EXIST", "message": "账单文件不存在"}
        digest = hashlib.sha1(self.statement(day), usedforsecurity=False).hexdigest()
        where = f"{self._url}/v3/billdownload/file?day={day}"
        return 200, {"hash_type": "SHA1", "hash_value": digest, "download_url": where}

    def _told(self, trade: Trade) -> dict[str, Any]:
        paid = (
            {"transaction_id": trade.trade_no, "success_time": trade.paid_at}
            if trade.paid_at
            else {}
        )
        back = self._trades.refunded_fen(NAME, trade.number)
        return {
            "appid": self._side.ids["app_id"],
            "mchid": self._side.ids["mch_id"],
            "out_trade_no": trade.number,
            "trade_type": "NATIVE",
            "trade_state": "REFUND" if back else STATES[trade.state],
            "amount": {"total": trade.amount_fen, "currency": "CNY"},
            **paid,
        }

    def _row(self, trade: Trade, refund: Refund | None) -> str:
        at = datetime.fromisoformat(refund.at) if refund else trade.paid
        total = yuan(trade.amount_fen)
        came = "0.00" if refund else total
        went = yuan(refund.amount_fen) if refund else "0.00"
        values = [
            f"{at:%Y-%m-%d %H:%M:%S}", self._side.ids["app_id"], self._side.ids["mch_id"], "", "",
            trade.trade_no, trade.number, "o***e", "NATIVE", "REFUND" if refund else "SUCCESS",
            "OTHERS", "CNY", came, "0.00", f"50{trade.trade_no[:8]}" if refund else "0",
            refund.refund_number if refund else "0", went, "0.00", "ORIGINAL" if refund else "",
            "SUCCESS" if refund else "", trade.subject, "", "0.00000", "0.60%", came, went, "",
        ]  # fmt: skip
        return ",".join(f"`{value}" for value in values)

    def _said(self, status: int, content: dict[str, Any], *, spoil: bool = False) -> Answer:
        body = "" if status == 204 else json.dumps(content, ensure_ascii=False)
        signed = self._signed(body + ("!" if spoil else ""), at=int(time.time()))
        return status, {"Content-Type": "application/json", **signed}, body.encode()

    def _signed(self, body: str, *, at: int) -> dict[str, str]:
        nonce = secrets.token_hex(16)
        return {
            "Wechatpay-Timestamp": str(at),
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": self._side.ids["public_key_id"],
            "Wechatpay-Signature": sign(f"{at}\n{nonce}\n{body}\n", self._side.private_key),
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        }

    def _is_ours(self, method: str, path: str, authorization: str, body: str) -> bool:
        told = dict(re.findall(r'(\w+)="([^"]*)"', authorization))
        if told.get("mchid") != self._side.ids["mch_id"]:
            return False
        signed = f"{method}\n{path}\n{told.get('timestamp')}\n{told.get('nonce_str')}\n{body}\n"
        return is_signed(signed, told.get("signature", ""), self._side.merchant_key)


def _told_of(refund: Refund) -> dict[str, Any]:
    done = refund.state == "done"
    return {
        "out_refund_no": refund.refund_number,
        "out_trade_no": refund.number,
        "status": "SUCCESS" if done else "PROCESSING",
        "amount": {"refund": refund.amount_fen, "currency": "CNY"},
        **({"success_time": refund.at} if done else {}),
    }
