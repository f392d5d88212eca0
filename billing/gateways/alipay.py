"""支付宝: the adapter over python-alipay-sdk (RSA2, form in, signed JSON out)."""

import io
import zipfile
from binascii import Error as Base64Error
from collections.abc import Mapping
from datetime import date, datetime
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import parse_qsl
from urllib.request import urlopen

from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError
from alipay.utils import AliPayConfig

from billing.gateways.credentials import AlipayCredentials
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
from bss.kernel.units import parse_yuan_fen, yuan

OK: Final = "10000"
BUSY: Final = ("20000", "ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error")
MISSING: Final = "ACQ.TRADE_NOT_EXIST"
NO_STATEMENT: Final = ("isp.bill_not_exist", "BILL_NOT_EXIST")
TOO_LITTLE: Final = "ACQ.SELLER_BALANCE_NOT_ENOUGH"
TOO_OLD: Final = ("ACQ.TRADE_HAS_FINISHED", "ACQ.TRADE_NOT_ALLOW_REFUND")
RETURNED: Final = "REFUND_SUCCESS"
MOMENT: Final = "%Y-%m-%d %H:%M:%S"
STATES: Final = {
    "WAIT_BUYER_PAY": TradeState.WAITING,
    "TRADE_SUCCESS": TradeState.PAID,
    "TRADE_FINISHED": TradeState.PAID,
    "TRADE_CLOSED": TradeState.CLOSED,
}


class _Client(AliPay):  # type: ignore[misc]
    """The SDK knows two addresses; the house's may be a third."""

    def __init__(self, ours: AlipayCredentials) -> None:
        super().__init__(
            appid=ours.app_id,
            app_private_key_string=ours.private_key,
            alipay_public_key_string=ours.public_key,
            config=AliPayConfig(timeout=TIMEOUT_S),
        )
        self._gateway = ours.url


class AlipayGateway:
    """Every answer's signature is checked by the SDK before it is believed."""

    name = "alipay"

    def __init__(self, ours: AlipayCredentials) -> None:
        self._ours = ours
        self._client = _Client(ours)

    def create(
        self, *, number: str, amount_fen: int, subject: str, expires_at: datetime, notify_url: str
    ) -> str:
        answer = self._ask(
            "alipay.trade.precreate",
            {
                "out_trade_no": number,
                "total_amount": yuan(amount_fen),
                "subject": subject,
                "time_expire": expires_at.astimezone(BUSINESS_ZONE).strftime(MOMENT),
            },
            notify_url=notify_url,
        )
        return str(answer["qr_code"])

    def query(self, *, number: str) -> Trade:
        try:
            answer = self._ask("alipay.trade.query", {"out_trade_no": number})
        except SaidNoError as no:
            if no.code == MISSING:  # nobody has scanned the code yet
                return Trade(number=number, state=TradeState.MISSING)
            raise
        return _trade(answer, paid_at=answer.get("send_pay_date"))

    def close(self, *, number: str) -> None:
        try:
            self._ask("alipay.trade.close", {"out_trade_no": number})
        except SaidNoError as no:
            if no.code != MISSING:
                raise

    def refund(
        self, *, number: str, refund_number: str, amount_fen: int, total_fen: int, reason: str
    ) -> Returned:
        asked = {
            "out_trade_no": number,
            "out_request_no": refund_number,
            "refund_amount": yuan(amount_fen),
            "refund_reason": reason,
        }
        try:
            self._ask("alipay.trade.refund", asked)
        except SaidNoError as no:
            return Returned(number=refund_number, state=_no_return(no), why=str(no))
        # Its answer tells the trade's sum of refunds, not this one: that is asked for.
        return self.query_refund(number=number, refund_number=refund_number)

    def query_refund(self, *, number: str, refund_number: str) -> Returned:
        asked = {
            "out_trade_no": number,
            "out_request_no": refund_number,
            "query_options": ["gmt_refund_pay"],
        }
        try:
            answer = self._ask("alipay.trade.fastpay.refund.query", asked)
        except SaidNoError as no:
            if no.code == MISSING:
                return Returned(number=refund_number, state=ReturnState.MISSING)
            raise
        return _returned(answer, refund_number)

    def fetch_statement(self, *, day: date) -> bytes:
        try:
            answer = self._ask(
                "alipay.data.dataservice.bill.downloadurl.query",
                {"bill_type": "trade", "bill_date": day.isoformat()},
            )
        except SaidNoError as no:
            if no.code in NO_STATEMENT:
                raise NoStatementError(str(no)) from no
            raise
        try:
            with urlopen(answer["bill_download_url"], timeout=TIMEOUT_S) as file:
                return unpacked(file.read())
        except (OSError, HTTPException) as error:
            raise NoAnswerError(str(error)) from error

    def read_notice(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Trade:
        try:
            values = dict(parse_qsl(body.decode(), keep_blank_values=True))
        except UnicodeDecodeError as error:
            raise ForgedError("the body is not UTF-8") from error
        sign = values.pop("sign", "")
        try:
            signed = self._client.verify(dict(values), sign)
        except (AliPayException, Base64Error, ValueError) as error:
            raise ForgedError(str(error)) from error
        if not signed:
            raise ForgedError("the signature is wrong")
        if values.get("app_id") != self._ours.app_id:
            raise ForgedError("the notification is for another merchant")
        try:
            return _trade(values, paid_at=values.get("gmt_payment"))
        except (KeyError, ValueError) as error:
            raise ForgedError(f"the notification cannot be read: {error}") from error

    def reply(self, *, heard: bool) -> Reply:
        return Reply(status=200, body=b"success" if heard else b"fail", content_type="text/plain")

    def _ask(self, method: str, content: dict[str, Any], **common: str) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = self._client.server_api(method, content, **common)
        except AliPayValidationError as error:
            raise NoAnswerError("the answer's signature is wrong") from error
        except AliPayException as error:
            raise NoAnswerError("the answer is not signed") from error
        except (OSError, HTTPException, ValueError, KeyError) as error:
            raise NoAnswerError(str(error) or type(error).__name__) from error
        code = answer.get("sub_code") or answer.get("code", "")
        if answer.get("code") == OK:
            return answer
        if answer.get("code") in BUSY or code in BUSY:
            raise NoAnswerError(f"{code} {answer.get('sub_msg', '')}")
        raise SaidNoError(code, answer.get("sub_msg") or answer.get("msg", ""))


def unpacked(file: bytes) -> bytes:
    """The details out of the zip (a second file in it holds sums only).

    Raises: NoAnswerError, when it is not a whole zip.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as whole:
            details = max(whole.infolist(), key=lambda entry: entry.file_size)
            return whole.read(details)
    except (zipfile.BadZipFile, ValueError) as error:
        raise NoAnswerError(f"the statement is not a whole zip: {error}") from error


def _no_return(no: SaidNoError) -> ReturnState:
    if no.code == TOO_LITTLE:
        return ReturnState.SHORT
    return ReturnState.TOO_OLD if no.code in TOO_OLD else ReturnState.REFUSED


def _returned(values: Mapping[str, Any], number: str) -> Returned:
    """An answer without a state: it was not done. To ask again for the same one is harmless."""
    state = values.get("refund_status")
    if not state:
        return Returned(number=number, state=ReturnState.MISSING)
    try:
        amount, moment = values.get("refund_amount"), values.get("gmt_refund_pay")
        return Returned(
            number=number,
            state=ReturnState.DONE if state == RETURNED else ReturnState.PENDING,
            amount_fen=parse_yuan_fen(amount) if amount else None,
            done_at=_moment(moment) if moment else None,
            why=str(state),
        )
    except ValueError as error:
        raise NoAnswerError(f"the answer cannot be read: {error}") from error


def _moment(text: str) -> datetime:
    return datetime.strptime(text, MOMENT).replace(tzinfo=BUSINESS_ZONE)


def _trade(values: Mapping[str, Any], *, paid_at: str | None) -> Trade:
    amount = values.get("total_amount")
    return Trade(
        number=values["out_trade_no"],
        state=STATES[values["trade_status"]],
        amount_fen=parse_yuan_fen(amount) if amount else None,
        trade_no=values.get("trade_no", ""),
        paid_at=_moment(paid_at) if paid_at else None,
    )
