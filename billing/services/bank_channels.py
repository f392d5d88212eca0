"""Banks and gateways are channels: what they bring in has its source (S85-1)."""

from billing.models import Gateway
from billing.rules.banks import BANKS, Bank
from bss.kernel.errors import BadInputError
from bss.kernel.models import Organisation
from channels.models import Channel
from channels.services.channels import register_channel

NO_HOUSE = "还没有组织机构，不能登记银行渠道；请先建立组织机构。"


def channel_of(bank: Bank) -> Channel:
    """The bank's channel, registered under the highest organisation when it is first needed.

    Raises: BadInputError where there is no organisation yet.
    """
    return _registered(f"BANK-{bank.code}", bank.name, Channel.Kind.BANK)


def channel_of_source(source: str) -> Channel:
    """The channel of a bank by its code, or of a gateway by its name. Raises: as ``channel_of``."""
    if source in BANKS:
        return channel_of(BANKS[source])
    return _registered(f"PAY-{source}", str(Gateway(source).label), Channel.Kind.ONLINE)


def _registered(code: str, name: str, kind: Channel.Kind) -> Channel:
    found = Channel.objects.filter(code=code).first()
    if found is not None:
        return found
    top = Organisation.objects.filter(parent__isnull=True).order_by("pk").first()
    if top is None:
        raise BadInputError(("", NO_HOUSE))
    return register_channel(code=code, name=name, kind=kind, organisation_id=top.pk)
