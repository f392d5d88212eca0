"""Each bank is a channel: what it brings in has its source, as every payment has (S85-1)."""

from billing.rules.banks import Bank
from bss.kernel.errors import BadInputError
from bss.kernel.models import Organisation
from channels.models import Channel
from channels.services.channels import register_channel

NO_HOUSE = "还没有组织机构，不能登记银行渠道；请先建立组织机构。"


def channel_of(bank: Bank) -> Channel:
    """The bank's channel, registered under the highest organisation when it is first needed.

    Raises: BadInputError where there is no organisation yet.
    """
    code = f"BANK-{bank.code}"
    found = Channel.objects.filter(code=code).first()
    if found is not None:
        return found
    top = Organisation.objects.filter(parent__isnull=True).order_by("pk").first()
    if top is None:
        raise BadInputError(("", NO_HOUSE))
    return register_channel(
        code=code, name=bank.name, kind=Channel.Kind.BANK, organisation_id=top.pk
    )
