"""The adapter that speaks SMPP 3.4, as a transceiver: texts go out, receipts come in."""

import logging
import re
from typing import Any

from smpplib import consts, exceptions
from smpplib.client import Client

from billing.messaging.carrier import Answer, Heard, Outcome, Outgoing, Receipt

log = logging.getLogger(__name__)

TIMEOUT_S = 5.0
SHORT_AT_MOST = 140
MESSAGE_TYPE, DELIVERY_RECEIPT = 0x3C, 0x04  # of esm_class, 5.2.12
PASSING = {
    consts.SMPP_ESME_RTHROTTLED,
    consts.SMPP_ESME_RMSGQFUL,
    consts.SMPP_ESME_RSYSERR,
    consts.SMPP_ESME_RX_T_APPN,
}
STATES = {1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD",
          7: "UNKNOWN", 8: "REJECTD"}  # fmt: skip
_ID = re.compile(rb"\bid:(\S+)")
_STATE = re.compile(rb"\bstat:(\w+)")

GONE = "短信中心断开连接，不知道它是否已受理。"
NOBODY = "短信中心无法连接。"


class SmppCarrier:
    """Bound when it is first needed; a connection that failed is opened anew by the next."""

    def __init__(
        self, host: str, port: int, *, system_id: str, password: str, source: str,
        timeout_s: float = TIMEOUT_S,
    ) -> None:  # fmt: skip
        self._address = (host, port)
        self._login = {"system_id": system_id, "password": password}
        self._source = source
        self._timeout_s = timeout_s
        self._client: Client | None = None
        self._answers: dict[int, Any] = {}

    def send(self, message: Outgoing) -> Answer:
        try:
            client = self._bound()
        except (exceptions.ConnectionError, exceptions.PDUError, OSError) as error:
            log.warning("the message centre cannot be reached: %s", error)
            self.close()
            return Answer(outcome=Outcome.PUT_OFF, error=NOBODY)
        try:
            sent = client.send_message(**self._submit(message))
            while sent.sequence not in self._answers:
                client.read_once(auto_send_enquire_link=False)
        except (exceptions.ConnectionError, exceptions.PDUError, OSError):
            self.close()
            return Answer(outcome=Outcome.UNKNOWN, error=GONE)
        return _answer(self._answers.pop(sent.sequence))

    def listen(self, heard: Heard, *, patience_s: float) -> int:
        """Raises: what ``heard`` raises; that receipt is not acknowledged, and comes again."""
        try:
            client = self._bound()
        except (exceptions.ConnectionError, exceptions.PDUError, OSError):
            self.close()
            return 0
        took = 0

        def take(pdu: Any) -> int:
            nonlocal took
            if receipt := _receipt(pdu):
                heard(receipt)
                took += 1
            return int(consts.SMPP_ESME_ROK)

        client.set_message_received_handler(lambda pdu: take(pdu))
        try:
            client._socket.settimeout(patience_s)
            while True:
                client.read_once(auto_send_enquire_link=False)
        except TimeoutError:
            client._socket.settimeout(self._timeout_s)
        except (exceptions.ConnectionError, exceptions.PDUError, OSError):
            self.close()
        finally:
            client.set_message_received_handler(_not_now)
        return took

    def close(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        try:
            client.unbind()
        except (exceptions.ConnectionError, exceptions.PDUError, OSError):
            pass
        finally:
            client.state = consts.SMPP_CLIENT_STATE_OPEN
            client.disconnect()

    def _bound(self) -> Client:
        if self._client is None:
            client = Client(
                *self._address, timeout=self._timeout_s, allow_unknown_opt_params=True,
                logger_name="smpp",
            )  # fmt: skip
            self._client = client
            client.set_message_received_handler(_not_now)
            client.set_message_sent_handler(self._answered)
            client.set_error_pdu_handler(self._answered)
            client.connect()
            client.bind_transceiver(**self._login)
        return self._client

    def _answered(self, pdu: Any) -> None:
        self._answers[pdu.sequence] = pdu

    def _submit(self, message: Outgoing) -> dict[str, Any]:
        plain = message.text.isascii()
        coded = message.text.encode("ascii" if plain else "utf-16-be")
        body: dict[str, Any] = (
            {"short_message": coded}
            if len(coded) <= SHORT_AT_MOST
            else {"short_message": b"", "message_payload": coded}
        )
        return {
            "source_addr_ton": consts.SMPP_TON_SBSCR,
            "source_addr_npi": consts.SMPP_NPI_ISDN,
            "source_addr": self._source,
            "dest_addr_ton": consts.SMPP_TON_NATNL,
            "dest_addr_npi": consts.SMPP_NPI_ISDN,
            "destination_addr": message.recipient,
            "data_coding": consts.SMPP_ENCODING_IA5 if plain else consts.SMPP_ENCODING_ISO10646,
            "registered_delivery": True,
            "user_message_reference": message.reference % 65536,
            **body,
        }


def _not_now(pdu: Any) -> int:
    """A receipt that comes while something is sent: refused for now, and delivered again."""
    return int(consts.SMPP_ESME_RX_T_APPN)


def _answer(pdu: Any) -> Answer:
    status = int(pdu.status)
    if status == consts.SMPP_ESME_ROK:
        return Answer(outcome=Outcome.ACCEPTED, gateway_id=pdu.message_id.decode())
    said = f"{status:#010x} {consts.DESCRIPTIONS.get(status, '')}".strip()
    passing = status in PASSING
    return Answer(outcome=Outcome.PUT_OFF if passing else Outcome.REFUSED, error=said)


def _receipt(pdu: Any) -> Receipt | None:
    """By its parameters, else by the text that 3.4 leaves to the vendors."""
    if int(pdu.esm_class) & MESSAGE_TYPE != DELIVERY_RECEIPT:
        return None
    text = bytes(pdu.short_message or b"")
    named = getattr(pdu, "receipted_message_id", None)
    found = _ID.search(text)
    name = named.decode() if named else found[1].decode() if found else ""
    coded = getattr(pdu, "message_state", None)
    stated = _STATE.search(text)
    state = STATES.get(coded, "") if coded else stated[1].decode() if stated else ""
    return Receipt(gateway_id=name.rstrip("\0"), state=state or "UNKNOWN") if name else None
