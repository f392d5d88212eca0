"""The Celery application: ``celery -A bss.celery worker`` and ``… beat``."""

import os
from typing import Any

from celery import Celery, Task

from bss.kernel.acting import acting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bss.settings")


class ActingTask(Task):  # type: ignore[misc]
    """A task that says who acts: itself. Whom it works for, its service says."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with acting(source=f"task {self.name.rpartition('.')[2]}"):
            return super().__call__(*args, **kwargs)


app = Celery("bss", task_cls=ActingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
