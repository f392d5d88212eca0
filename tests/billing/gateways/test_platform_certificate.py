"""An older merchant knows WeChat Pay by its platform certificate instead of its public key."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import NameOID

from billing.gateways.configured import gateway
from billing.gateways.credentials import WechatCredentials
from billing.gateways.protocol import NoAnswerError, TradeState
from billing.gateways.simulator.keys import ensure
from bss.kernel import clock
from tests.builders.gateways import simulated_gateways

SERIAL = 0x0157F09EFDC096DE15EBE81A47057A7232F1B8E1
SHOWN = "0157F09EFDC096DE15EBE81A47057A7232F1B8E1"


def a_certificate(private_pem: str) -> str:
    key = serialization.load_pem_private_key(private_pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tenpay test")])
    now = clock.real_now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(SERIAL)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def with_a_certificate(directory: Path, certificate: str) -> None:
    """The merchant's file as such a merchant has it."""
    path = directory / "wechat.json"
    values = json.loads(path.read_text())
    del values["public_key"], values["public_key_id"]
    path.write_text(json.dumps(values | {"certificate": certificate}))


def test_answers_signed_under_the_certificate_are_believed_and_others_not(
    tmp_path: Path, settings
) -> None:
    settings.GATEWAYS_DIR = str(tmp_path)
    ensure(tmp_path, url="")
    own = tmp_path / "simulator.json"
    known = json.loads(own.read_text())
    known["wechat"]["gateway"]["ids"]["public_key_id"] = SHOWN
    own.write_text(json.dumps(known))
    with simulated_gateways(tmp_path) as customers:
        customers.create("wechat", "WO1", 100)
        with_a_certificate(tmp_path, a_certificate(known["wechat"]["gateway"]["private_key"]))
        assert gateway("wechat").query(number="WO1").state is TradeState.WAITING
        with_another = a_certificate(known["alipay"]["gateway"]["private_key"])
        path = tmp_path / "wechat.json"
        values = json.loads(path.read_text())
        path.write_text(json.dumps(values | {"certificate": with_another, "simulated": False}))
        with pytest.raises(NoAnswerError):
            gateway("wechat").query(number="WO1")


def test_the_serial_number_is_as_the_gateway_writes_it(tmp_path: Path) -> None:
    ensure(tmp_path, url="")
    values = json.loads((tmp_path / "wechat.json").read_text())
    certificate = a_certificate(values["private_key"])
    assert WechatCredentials.of({**values, "certificate": certificate}, "x").public_key_id == SHOWN
    with pytest.raises(ValueError, match="PEM"):
        WechatCredentials.of({**values, "certificate": "nonsense"}, "x")
