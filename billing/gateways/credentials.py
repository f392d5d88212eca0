"""Who the house is to its gateways: one JSON file per gateway in a directory of its own.

An operator puts files there that the gateways' merchant centres give; without them the local
simulator writes its own at its start. A gateway without a file is not offered.
"""

import json
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import serialization


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What both gateways have: where they are, and the two keys."""

    url: str
    app_id: str
    private_key: str
    """Ours, PEM: what we send is signed with it."""
    public_key: str
    """Theirs, PEM: what they send is checked with it."""
    simulated: bool = False

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """The file's content; None without a file. Raises: ValueError, when it is not whole."""
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return cls.of(json.loads(text), path.name)

    @classmethod
    def of(cls, values: Any, where: str) -> Self:
        if not isinstance(values, dict):
            raise ValueError(f"{where} is not a JSON object")
        known = {field.name for field in fields(cls)}
        needed = {field.name for field in fields(cls) if field.default is MISSING}
        if missing := needed - values.keys():
            raise ValueError(f"{where} lacks {', '.join(sorted(missing))}")
        return cls(**{name: value for name, value in values.items() if name in known})


@dataclass(frozen=True, slots=True, kw_only=True)
class AlipayCredentials(Credentials):
    """支付宝开放平台: ``url`` is gateway.do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WechatCredentials(Credentials):
    """微信支付商户平台: ``url`` is the API's root; the public key has an id of its own.

    Merchants from before 2024 have a platform certificate instead (``certificate``, PEM): its key
    and its serial number are then the public key and its id.
    """

    mch_id: str
    serial: str
    api_key: str
    public_key_id: str

    @classmethod
    def of(cls, values: Any, where: str) -> Self:
        if isinstance(values, dict) and values.get("certificate"):
            values = {**values, **_of_certificate(values["certificate"])}
        return super(WechatCredentials, cls).of(values, where)  # slots make another class


def _of_certificate(pem: str) -> dict[str, str]:
    """Raises: ValueError, when it is none."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    key = certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    serial = f"{certificate.serial_number:X}"
    return {
        "public_key": key.decode(),
        "public_key_id": serial.zfill(len(serial) + len(serial) % 2),
    }
