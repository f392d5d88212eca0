"""Acts under four eyes for the tests of approvals: a hall is given another name."""

from datetime import timedelta

from bss.kernel.approvals import ApprovalKind, Line
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import Organisation
from bss.kernel.rulebook import refuse


def describe(payload):
    hall = Organisation.objects.filter(pk=payload["hall"]).first()
    if hall is None:
        raise BadInputError(("hall", Sentence("没有营业厅 %(id)s。", id=payload["hall"])))
    return [
        Line("营业厅", Sentence("%(name)s厅", name=hall.code)),
        Line("名称", payload["name"], before=hall.name),
    ]


def rename(approval, *, at):
    if approval.payload["name"] == "禁用":
        raise refuse("PAY-2", "这个名称今天不能用。")
    hall = Organisation.objects.get(pk=approval.payload["hall"])
    hall.name = approval.payload["name"]
    hall.save(update_fields=["name"])
    return {"renamed": hall.code, "by": approval.decided_by_id}


def lock(payload):
    return list(Organisation.objects.select_for_update().filter(pk=payload["hall"]))


KINDS = {
    "hall.rename": ApprovalKind(
        permission="approval.decide",
        title="营业厅改名",
        describe=describe,
        perform=rename,
        lock=lock,
        valid_for=timedelta(hours=2),
        reached_by=lambda staff, payload: staff.username != "far_away",
    )
}
