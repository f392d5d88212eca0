"""When a bundle ends by itself.

Source: CRD-4; scenarios README "Credit".
"""

from collections.abc import Collection, Mapping

from packages_wo.rules.catalogue import MemberNeeds


def ends_by_pre_termination(
    needs: MemberNeeds, *, base: Mapping[int, str], lost: Collection[int]
) -> bool:
    """Whether the loss of these base members ends the bundle.

    One whose service its scheme requires, or all of those of which it must have one or more.
    Shape: ``base`` is subscription id -> service.
    """
    if any(base[member] in needs.required for member in lost if member in base):
        return True
    alternatives = [member for member, service in base.items() if service in needs.one_or_more_of]
    return bool(alternatives) and all(member in lost for member in alternatives)
