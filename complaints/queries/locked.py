"""The one place where cases are locked, ordered by key."""

from collections.abc import Iterable

from complaints.models import Case


def lock_case(case_id: int) -> Case:
    """The case, locked until the transaction ends. Raises: Case.DoesNotExist."""
    return Case.objects.select_for_update(of=("self",)).get(pk=case_id)


def lock_cases(case_ids: Iterable[int]) -> list[Case]:
    """These cases, locked in the order of their keys; unknown keys are left out."""
    return list(
        Case.objects.select_for_update(of=("self",)).filter(pk__in=list(case_ids)).order_by("pk")
    )
