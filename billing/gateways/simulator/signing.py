"""RSA-SHA256, as both gateways use it."""

from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key


def sign(text: str, private_key: str) -> str:
    key = load_pem_private_key(private_key.encode(), password=None)
    signature: bytes = key.sign(text.encode(), PKCS1v15(), SHA256())  # type: ignore[union-attr,call-arg,arg-type]
    return b64encode(signature).decode()


def is_signed(text: str, signature: str, public_key: str) -> bool:
    key = load_pem_public_key(public_key.encode())
    try:
        key.verify(b64decode(signature), text.encode(), PKCS1v15(), SHA256())  # type: ignore[union-attr,call-arg,arg-type]
    except (InvalidSignature, ValueError):
        return False
    return True
