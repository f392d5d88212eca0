"""Keys and names of the simulated gateways, made once per installation, never kept in the tree."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from billing.gateways.credentials import AlipayCredentials, WechatCredentials

OWN = "simulator.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one simulated gateway knows: its own private key and the merchant's public one."""

    private_key: str
    merchant_key: str
    ids: dict[str, str]


def ensure(directory: Path, *, url: str) -> dict[str, Side]:
    """Both sides, made on first use; the merchant's files say where the simulator is now."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = directory / OWN
    if not own.exists():
        _write(own, _fresh())
    known = json.loads(own.read_text())
    sides = {name: Side(**known[name]["gateway"]) for name in ("alipay", "wechat")}
    _write_merchant(directory, known, url=url)
    return sides


def _fresh() -> dict[str, Any]:
    made = {}
    for name in ("alipay", "wechat"):
        gateway, merchant = _pair(), _pair()
        ids = {
            "app_id": ("20210" if name == "alipay" else "wx") + secrets.token_hex(8)[:11],
            "mch_id": "16" + str(secrets.randbelow(10**8)).zfill(8),
            "serial": secrets.token_hex(20).upper(),
            "api_key": secrets.token_hex(16),
            "public_key_id": f"PUB_KEY_ID_{secrets.token_hex(16).upper()}",
        }
        made[name] = {
            "gateway": asdict(Side(private_key=gateway[0], merchant_key=merchant[1], ids=ids)),
            "merchant": {"private_key": merchant[0], "public_key": gateway[1], **ids},
        }
    return made


def _write_merchant(directory: Path, known: dict[str, Any], *, url: str) -> None:
    where = {"alipay": f"{url}/gateway.do", "wechat": url}
    for name, kind in (("alipay", AlipayCredentials), ("wechat", WechatCredentials)):
        values = {**known[name]["merchant"], "url": where[name], "simulated": True}
        _write(directory / f"{name}.json", asdict(kind.of(values, name)))


def _pair() -> tuple[str, str]:
    """A private key and its public half, PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


def _write(path: Path, values: dict[str, Any]) -> None:
    """Whole or not at all, readable by its owner only."""
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(values, file, indent=1)
    fresh.rename(path)
