"""The last step: what the order will do, told by the code that takes it."""

from typing import Any

from bss.kernel.errors import BadInputError
from orders.queries.prospect import Preview
from orders.services import acceptance
from orders.views.graphs import prospective_items
from orders.views.source import source_of
from orders.views.wizard.request import request_of
from orders.views.wizard.steps import Scene


def show_preview(scene: Scene) -> dict[str, Any]:
    """The preview, or every refusal at once."""
    try:
        found = acceptance.preview(
            request=request_of(scene.draft, area=scene.customer.area, in_force=scene.in_force),
            at=scene.at,
            channel_id=source_of(scene.request.user),
            by_id=scene.request.user.pk,
        )
    except BadInputError as error:
        return {"preview": Preview(), "refusals": error.faults, "graph": []}
    return {
        "preview": found,
        "refusals": found.refusals,
        "graph": prospective_items(found.work_orders),
    }
