"""What TMF622 product orders can be found by, and the words of their states."""

from bss.kernel.api.filters import Attribute, moment, words

STATE_OF = {
    "accepted": "acknowledged",
    "in_progress": "inProgress",
    "completed": "completed",
    "cancelled": "cancelled",
}
STORED_STATES = {word: state for state, word in STATE_OF.items()}

ORDER_ATTRIBUTES = {
    "id": Attribute("code"),
    "externalId": Attribute("request__external_id"),
    "category": Attribute("type"),
    "state": Attribute("state", words(STORED_STATES)),
    "orderDate": Attribute("accepted_at", moment, ordered=True),
    "completionDate": Attribute("completed_at", moment, ordered=True),
    "channel.id": Attribute("channel__code"),
    "relatedParty.id": Attribute("customer__code"),
}
