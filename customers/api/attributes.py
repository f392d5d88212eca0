"""What TMF629 customers can be found by."""

from bss.kernel.api.filters import Attribute, moment, words

KINDS = {"Organization": "enterprise", "Individual": "individual"}
STATUSES = {"active": "none", "blackListed": "black", "redListed": "red"}

CUSTOMER_ATTRIBUTES = {
    "id": Attribute("code"),
    "name": Attribute("name"),
    "status": Attribute("listed", words(STATUSES)),
    "engagedParty.id": Attribute("code"),
    "engagedParty.name": Attribute("name"),
    "engagedParty.@referredType": Attribute("kind", words(KINDS)),
    "relatedParty.id": Attribute("account_manager__username"),
    "validFor.startDateTime": Attribute("registered_at", moment, ordered=True),
}
