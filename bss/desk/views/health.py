"""``GET /healthz``: whether the parts that make the whole are up."""

from collections.abc import Callable

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bss.kernel.heartbeat import beat_is_alive

WORKER_PATIENCE_S = 2.0


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all four answer, else 503; the body is the same and says which."""
    state = {name: "up" if _answers(probe) else "down" for name, probe in PROBES.items()}
    well = all(answer == "up" for answer in state.values())
    return JsonResponse({"status": "up" if well else "down", **state}, status=200 if well else 503)


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def broker_answers() -> bool:
    cache.get("healthz")
    return True


def worker_answers() -> bool:
    return bool(current_app.control.ping(timeout=WORKER_PATIENCE_S, limit=1))


PROBES: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "broker": broker_answers,
    "workers": worker_answers,
    "beat": beat_is_alive,
}


def _answers(probe: Callable[[], bool]) -> bool:
    try:
        return probe()
    except Exception:  # whatever it is, the part does not answer
        return False
