"""The Celery application: ``celery -A bss.celery worker`` and ``… beat``."""

import os
from typing import Any

from celery import Celery, Task
from celery.worker.request import Request
from kombu.transport.virtual import QoS

from bss.kernel.acting import acting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bss.settings")


class LeavingRequest(Request):  # type: ignore[misc]
    """A task that has ended leaves its worker, also when the broker could not be told.

    Else a worker that lost its broker for a moment would count it as going on, and wait for ever
    before it takes another one. The broker hands it out once more, after the visibility timeout.
    """

    def acknowledge(self) -> None:
        super().acknowledge()
        message = self.message
        if not message.acknowledged:
            QoS.ack(message.channel.qos, message.delivery_tag)


class ActingTask(Task):  # type: ignore[misc]
    """A task that says who acts: itself. Whom it works for, its service says."""

    Request = "bss.celery:LeavingRequest"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with acting(source=f"task {self.name.rpartition('.')[2]}"):
            return super().__call__(*args, **kwargs)


app = Celery("bss", task_cls=ActingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
