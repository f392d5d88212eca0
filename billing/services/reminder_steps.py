"""The steps of reminding and their words: what the product brings along, and changing it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from billing.models import Language, Medium, MessageTemplate, ReminderStep
from billing.rules import notices
from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence

BROUGHT_ALONG = Path(__file__).resolve().parent.parent / "data" / "reminders.yaml"
NO_WORDS = "请填写正文。"
TAKEN = "同一基准日、同一天数已有步骤，请改用别的天数。"


@transaction.atomic
def load_steps() -> int:
    """Add the steps and words that the database lacks; how many. What is there stays as it is."""
    document = yaml.safe_load(BROUGHT_ALONG.read_text(encoding="utf-8"))
    known = set(ReminderStep.objects.values_list("code", flat=True))
    fresh = [ReminderStep(**row) for row in document["steps"] if row["code"] not in known]
    ReminderStep.objects.bulk_create(fresh)
    MessageTemplate.objects.bulk_create(
        (
            MessageTemplate(
                code=code,
                medium=medium,
                language=language,
                subject=words["subject"][language] if medium == Medium.EMAIL else "",
                body=words[language],
            )
            for code, words in document["texts"].items()
            for medium in Medium.values
            for language in Language.values
        ),
        ignore_conflicts=True,
    )
    return len(fresh)


@transaction.atomic
def change_step(
    *, step_id: int, days: int, channels: list[str], active: bool, at: datetime, by_id: int
) -> ReminderStep:
    """Another day, other channels, on or off; what was told already stays told.

    Raises: BadInputError: another step of the same anchor has that day.
    """
    step = ReminderStep.objects.select_for_update().get(pk=step_id)
    others = ReminderStep.objects.filter(anchor=step.anchor, percent=step.percent, days=days)
    if others.exclude(pk=step.pk).exists():
        raise BadInputError(("days", TAKEN))
    before = _facts(step)
    step.days, step.active = days, active
    step.channels = [medium for medium in Medium.values if medium in channels]
    step.save(update_fields=["days", "channels", "active"])
    _record("reminder_step.change", f"reminder_step:{step.pk}", at, by_id,
            before=before, after=_facts(step))  # fmt: skip
    return step


@transaction.atomic
def change_words(
    *, template_id: int, subject: str, body: str, at: datetime, by_id: int
) -> MessageTemplate:
    """Other words. Raises: BadInputError: none, a place that does not exist, or too long."""
    template = MessageTemplate.objects.select_for_update().get(pk=template_id)
    faults: list[tuple[str, str | Sentence]] = []
    if not body.strip():
        faults.append(("body", NO_WORDS))
    for name in notices.unknown_places(subject + body):
        places = "、".join(notices.PLACES)
        faults.append(("body", Sentence(notices.UNKNOWN_PLACE, place=name, places=places)))
    if template.medium == Medium.SMS and len(body) > notices.SMS_AT_MOST:
        faults.append(("body", Sentence(notices.TOO_LONG, most=notices.SMS_AT_MOST)))
    if faults:
        raise BadInputError(*faults)
    before = template.body
    template.subject, template.body = subject.strip(), body.strip()
    template.save(update_fields=["subject", "body"])
    _record("message_template.change", f"message_template:{template.pk}", at, by_id,
            before=before, after=template.body)  # fmt: skip
    return template


def _facts(step: ReminderStep) -> dict[str, Any]:
    return {"days": step.days, "channels": step.channels, "active": step.active}


def _record(action: str, subject: str, at: datetime, by_id: int, **detail: Any) -> None:
    audit.record(action=action, subject=subject, at=at, staff_id=by_id, detail=detail)
