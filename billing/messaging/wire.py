"""SMPP 3.4 on the wire, as the simulator reads and writes it: apart from the adapter's library.

Source: SMPP Protocol Specification v3.4, sections 4.1 to 4.6 and 5.2, 5.3.
"""

import struct
from dataclasses import dataclass, field

HEADER = struct.Struct(">IIII")
LONGEST = 65_536

GENERIC_NACK = 0x80000000
BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER = 0x01, 0x02, 0x09
BINDS = {BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER}
SUBMIT_SM, DELIVER_SM, UNBIND, ENQUIRE_LINK = 0x04, 0x05, 0x06, 0x15
RESPONSE = 0x80000000

OK, INVALID_COMMAND, INVALID_BIND, INVALID_PASSWORD = 0x00, 0x03, 0x04, 0x0E
INVALID_DESTINATION, THROTTLED = 0x0B, 0x58

MESSAGE_PAYLOAD, RECEIPTED_MESSAGE_ID, MESSAGE_STATE = 0x0424, 0x001E, 0x0427
USER_MESSAGE_REFERENCE = 0x0204
UCS2 = 8


class WireError(ValueError):
    """Bytes that are no SMPP."""


@dataclass(frozen=True, slots=True)
class Pdu:
    """One protocol data unit; ``body`` is everything after the header."""

    command: int
    sequence: int
    status: int = OK
    body: bytes = b""

    def encode(self) -> bytes:
        length = HEADER.size + len(self.body)
        return HEADER.pack(length, self.command, self.status, self.sequence) + self.body

    def answer(self, status: int = OK, body: bytes = b"") -> "Pdu":
        return Pdu(self.command | RESPONSE, self.sequence, status, body)


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a submit_sm asks for."""

    source: str
    destination: str
    text: str
    wants_receipt: bool
    reference: int | None = None


@dataclass(slots=True)
class Reader:
    """Fields one after the other, as section 3 lays them down."""

    raw: bytes
    place: int = 0
    tlvs: dict[int, bytes] = field(default_factory=dict)

    def text(self) -> str:
        end = self.raw.find(b"\0", self.place)
        if end < 0:
            raise WireError("a text without an end")
        value = self.raw[self.place : end].decode("ascii")
        self.place = end + 1
        return value

    def number(self) -> int:
        value = self.octets(1)
        return value[0]

    def octets(self, length: int) -> bytes:
        value = self.raw[self.place : self.place + length]
        if len(value) < length:
            raise WireError("shorter than it says")
        self.place += length
        return value

    def rest(self) -> dict[int, bytes]:
        """The optional parameters, by their tags."""
        while self.place < len(self.raw):
            tag, length = struct.unpack(">HH", self.octets(4))
            self.tlvs[tag] = self.octets(length)
        return self.tlvs


def read_submit(body: bytes) -> Submitted:
    """Source: 4.4.1. Raises: WireError."""
    reader = Reader(body)
    reader.text()  # service_type
    reader.octets(2)
    source = reader.text()
    reader.octets(2)
    destination = reader.text()
    reader.octets(3)  # esm_class, protocol_id, priority_flag
    reader.text(), reader.text()  # schedule_delivery_time, validity_period
    wants_receipt = bool(reader.number() & 0x01)
    reader.number()  # replace_if_present_flag
    coding = reader.number()
    reader.number()  # sm_default_msg_id
    coded = reader.octets(reader.number())
    tlvs = reader.rest()
    coded = tlvs.get(MESSAGE_PAYLOAD, coded)
    named = tlvs.get(USER_MESSAGE_REFERENCE)
    return Submitted(
        source=source,
        destination=destination,
        text=coded.decode("utf-16-be" if coding == UCS2 else "ascii"),
        wants_receipt=wants_receipt,
        reference=int.from_bytes(named, "big") if named else None,
    )


def write_receipt(sequence: int, *, message_id: str, source: str, state: str, code: int) -> Pdu:
    """A deliver_sm that says what became of a message. Source: 4.6.1, 5.2.12, appendix B."""
    text = (
        f"id:{message_id} sub:001 dlvrd:{int(state == 'DELIVRD'):03} submit date:2601010000"
        f" done date:2601010000 stat:{state} err:{0 if state == 'DELIVRD' else 1:03} text:"
    ).encode()
    body = b"".join(
        (
            b"\0\x01\x01", source.encode(), b"\0\x05\x00", b"10010\0",
            b"\x04\x00\x00\0\0\x00\x00\x00\x00", bytes([len(text)]), text,
            struct.pack(">HH", RECEIPTED_MESSAGE_ID, len(message_id) + 1), message_id.encode(),
            b"\0", struct.pack(">HHB", MESSAGE_STATE, 1, code),
        )
    )  # fmt: skip
    return Pdu(DELIVER_SM, sequence, OK, body)
