"""Which accounts a person who looks after accounts reaches: the branch that their role reaches."""

from typing import Any

from django.db.models import QuerySet

from bss.kernel.models import Organisation, Staff
from bss.kernel.scope import in_place


def visible_staff(viewer: Any) -> "QuerySet[Staff]":
    """The main accounts within this person's reach, whatever has become of them. Source: S33-1."""
    return Staff.objects.filter(in_place(viewer, permission="staff.view"))


def visible_organisations(viewer: Any) -> "QuerySet[Organisation]":
    """The branch of the tree within this person's reach. Source: S33-1."""
    return Organisation.objects.filter(in_place(viewer, organisation="pk", permission="staff.view"))
