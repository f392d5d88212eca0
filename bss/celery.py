"""The Celery application: ``celery -A bss.celery worker`` and ``… beat``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bss.settings")

app = Celery("bss")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
