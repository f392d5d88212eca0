"""Which gateways this installation has."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from billing.gateways.credentials import AlipayCredentials, Credentials, WechatCredentials
from billing.gateways.protocol import GatewayAdapter, NoAnswerError

KINDS: Mapping[str, type[Credentials]] = {
    "alipay": AlipayCredentials,
    "wechat": WechatCredentials,
}


def offered() -> list[str]:
    """The names of the gateways that have their credentials; production has no simulated one."""
    found = [name for name in KINDS if _file(name).exists()]
    return [name for name in found if not (settings.PRODUCTION and simulated(name))]


def gateway(name: str) -> GatewayAdapter:
    """The adapter of one gateway. Raises: NoAnswerError without its credentials."""
    path = _file(name)
    try:
        return _adapter(name, path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        raise NoAnswerError(f"{name} has no credentials: {error}") from error


def simulated(name: str) -> bool:
    """Whether it is the local simulator that answers for this gateway."""
    try:
        found = KINDS[name].read(_file(name))
    except ValueError:  # ``gateway`` says what is wrong with it
        return False
    return found is not None and found.simulated


@lru_cache(maxsize=8)
def _adapter(name: str, path: Path, written_ns: int) -> GatewayAdapter:
    """Made again when its file was written again. The SDKs are loaded when first needed."""
    found: Any = KINDS[name].read(path)
    if found is None:
        raise ValueError(f"{path.name} is gone")
    return _makers()[name](found)


def _makers() -> Mapping[str, Callable[[Any], GatewayAdapter]]:
    from billing.gateways.alipay import AlipayGateway
    from billing.gateways.wechat import WechatGateway

    return {"alipay": AlipayGateway, "wechat": WechatGateway}


def _file(name: str) -> Path:
    return Path(settings.GATEWAYS_DIR) / f"{name}.json"
