"""微信支付: the adapter over wechatpayv3 (APIv3, RSA-SHA256 signatures, AES-GCM notifications).

The gateway is known by its public key 微信支付公钥; of an older merchant's platform certificate
平台证书 the key and the serial number are that (``WechatCredentials``). Neither is fetched here: a
new certificate is put into the file before the old one ends.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from requests import RequestException
from wechatpayv3 import WeChatPay, WeChatPayType

from billing.gateways.credentials import WechatCredentials
from billing.gateways.protocol import (
    TIMEOUT_S,
    ForgedError,
    NoAnswerError,
    NoStatementError,
    Reply,
    Returned,
    ReturnState,
    SaidNoError,
    Trade,
    TradeState,
)
from bss.kernel.periods import BUSINESS_ZONE

FRESH_S: Final = 300
MISSING: Final = ("ORDER_NOT_EXIST", "ORDERNOTEXIST")
CLOSED: Final = ("ORDER_CLOSED", "ORDERCLOSED")
NO_STATEMENT: Final = "NO_STATEMENT_EXIST"
BUSY: Final = ("SYSTEM_ERROR", "FREQUENCY_LIMITED", "BANK_ERROR")
STATES: Final = {
    "NOTPAY": TradeState.WAITING,
    "USERPAYING": TradeState.WAITING,
    "PAYERROR": TradeState.WAITING,
    "SUCCESS": TradeState.PAID,
    "REFUND": TradeState.PAID,
    "CLOSED": TradeState.CLOSED,
    "REVOKED": TradeState.CLOSED,
}
RETURNS: Final = {
    "SUCCESS": ReturnState.DONE,
    "PROCESSING": ReturnState.PENDING,
    "ABNORMAL": ReturnState.PENDING,
    "CLOSED": ReturnState.REFUSED,
}
"""ABNORMAL: the payer's card is closed; the merchant centre sends the money elsewhere."""
NO_RETURN: Final = "RESOURCE_NOT_EXISTS"
TOO_LITTLE: Final = "NOT_ENOUGH"
TOO_OLD_WORDS: Final = "期限"
SIGNED_BY: Final = (
    "Wechatpay-Signature",
    "Wechatpay-Timestamp",
    "Wechatpay-Nonce",
    "Wechatpay-Serial",
    "Wechatpay-Signature-Type",
)


class WechatGateway:
    """Every good answer's signature is checked by the SDK before it is believed."""

    name = "wechat"

    def __init__(self, ours: WechatCredentials) -> None:
        self._ours = ours
        self._client = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=ours.mch_id,
            appid=ours.app_id,
            private_key=ours.private_key,
            cert_serial_no=ours.serial,
            apiv3_key=ours.api_key,
            public_key=ours.public_key,
            public_key_id=ours.public_key_id,
            timeout=TIMEOUT_S,
        )
        self._client._core._gate_way = ours.url  # the SDK knows one address alone

    def create(
        self, *, number: str, amount_fen: int, subject: str, expires_at: datetime, notify_url: str
    ) -> str:
        answer = self._ask(
            "pay",
            description=subject,
            out_trade_no=number,
            amount={"total": amount_fen, "currency": "CNY"},
            time_expire=expires_at.astimezone(BUSINESS_ZONE).isoformat(timespec="seconds"),
            notify_url=notify_url,
        )
        return str(answer["code_url"])

    def query(self, *, number: str) -> Trade:
        try:
            return _trade(self._ask("query", out_trade_no=number))
        except SaidNoError as no:
            if no.code in MISSING:
                return Trade(number=number, state=TradeState.MISSING)
            raise

    def close(self, *, number: str) -> None:
        try:
            self._ask("close", out_trade_no=number)
        except SaidNoError as no:
            if no.code not in (*MISSING, *CLOSED):
                raise

    def refund(
        self, *, number: str, refund_number: str, amount_fen: int, total_fen: int, reason: str
    ) -> Returned:
        try:
            answer = self._ask(
                "refund",
                out_trade_no=number,
                out_refund_no=refund_number,
                amount={"refund": amount_fen, "total": total_fen, "currency": "CNY"},
                reason=reason,
            )
        except SaidNoError as no:
            return Returned(number=refund_number, state=_no_return(no), why=str(no))
        return _returned(answer)

    def query_refund(self, *, number: str, refund_number: str) -> Returned:
        try:
            return _returned(self._ask("query_refund", out_refund_no=refund_number))
        except SaidNoError as no:
            if no.code == NO_RETURN:
                return Returned(number=refund_number, state=ReturnState.MISSING)
            raise

    def fetch_statement(self, *, day: date) -> bytes:
        try:
            answer = self._ask("trade_bill", bill_date=day.isoformat())
        except SaidNoError as no:
            if no.code == NO_STATEMENT:
                raise NoStatementError(str(no)) from no
            raise
        packed = self._call("download_bill", url=answer["download_url"])
        try:
            file = gzip.decompress(packed)
        except (OSError, EOFError, TypeError) as error:
            raise NoAnswerError(f"the statement is not a whole gzip: {error}") from error
        if hashlib.sha1(file, usedforsecurity=False).hexdigest() != answer["hash_value"]:
            raise NoAnswerError("the statement is not what its digest says")
        return file

    def read_notice(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Trade:
        signed = {name: headers.get(name, "") for name in SIGNED_BY}
        self._check_before(signed, now=now)
        try:
            told = self._client.callback(signed, body)
        except Exception as error:  # the SDK raises nothing narrower
            raise ForgedError(str(error)) from error
        if not told:
            raise ForgedError("the signature is wrong, or the content cannot be decrypted")
        values = told["resource"]
        if values.get("mchid") != self._ours.mch_id or values.get("appid") != self._ours.app_id:
            raise ForgedError("the notification is for another merchant")
        try:
            return _trade(values)
        except (KeyError, ValueError, TypeError) as error:
            raise ForgedError(f"the notification cannot be read: {error}") from error

    def reply(self, *, heard: bool) -> Reply:
        if heard:
            return Reply(status=204)
        return Reply(status=500, body=b'{"code": "FAIL", "message": "not booked"}')

    def _check_before(self, signed: Mapping[str, str], *, now: datetime) -> None:
        """What the SDK does not look at: which key, and how old."""
        if signed["Wechatpay-Serial"] != self._ours.public_key_id:
            raise ForgedError("it is signed with a key that we do not know")
        stamp = signed["Wechatpay-Timestamp"]
        if not stamp.isdecimal() or abs(now.timestamp() - int(stamp[:12])) > FRESH_S:
            raise ForgedError("the notification is not of now")

    def _ask(self, method: str, **content: Any) -> dict[str, Any]:
        answer = self._call(method, **content)
        try:
            return json.loads(answer) if answer else {}
        except ValueError as error:
            raise NoAnswerError("the answer is not JSON") from error

    def _call(self, method: str, **content: Any) -> Any:
        try:
            status, answer = getattr(self._client, method)(**content)
        except RequestException as error:
            raise NoAnswerError(str(error)) from error
        except Exception as error:  # the SDK raises nothing narrower for a wrong signature
            raise NoAnswerError(str(error)) from error
        if 200 <= status < 300:
            return answer
        code, text = _fault(answer)
        if status >= 500 or status == 429 or code in BUSY:
            raise NoAnswerError(f"{status} {code} {text}")
        raise SaidNoError(code, text)


def _fault(answer: Any) -> tuple[str, str]:
    try:
        told = json.loads(answer)
        return str(told.get("code", "")), str(told.get("message", ""))
    except (ValueError, TypeError, AttributeError):
        return "", ""


def _no_return(no: SaidNoError) -> ReturnState:
    if no.code == TOO_LITTLE:
        return ReturnState.SHORT
    return ReturnState.TOO_OLD if TOO_OLD_WORDS in str(no) else ReturnState.REFUSED


def _returned(values: Mapping[str, Any]) -> Returned:
    try:
        moment = values.get("success_time")
        return Returned(
            number=values["out_refund_no"],
            state=RETURNS[values["status"]],
            amount_fen=values.get("amount", {}).get("refund"),
            done_at=datetime.fromisoformat(moment) if moment else None,
            why=values["status"],
        )
    except (KeyError, ValueError, TypeError) as error:
        raise NoAnswerError(f"the answer cannot be read: {error}") from error


def _trade(values: Mapping[str, Any]) -> Trade:
    moment = values.get("success_time")
    return Trade(
        number=values["out_trade_no"],
        state=STATES[values["trade_state"]],
        amount_fen=values.get("amount", {}).get("total"),
        trade_no=values.get("transaction_id", ""),
        paid_at=datetime.fromisoformat(moment) if moment else None,
    )
