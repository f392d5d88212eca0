"""A worker knows every task that the source declares: what it does not know, it throws away."""

import ast
import subprocess
import sys
from pathlib import Path

from celery.utils.imports import symbol_by_name
from kombu import Connection

from bss.celery import LeavingRequest, app
from bss.kernel.tasks import help_run

ROOT = Path(__file__).resolve().parents[2]
APPS = ("bss", "customers", "channels", "packages_wo", "billing", "orders", "complaints")
LIST_TASKS = (
    "from bss.celery import app; app.loader.import_default_modules();"
    "print('\\n'.join(name for name in app.tasks if not name.startswith('celery.')))"
)


def declared_tasks() -> set[str]:
    found = set()
    for place in APPS:
        for path in (ROOT / place).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef) and any(
                    "shared_task" in ast.unparse(decorator) for decorator in node.decorator_list
                ):
                    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                    found.add(f"{module}.{node.name}")
    return found


def test_a_worker_knows_every_declared_task() -> None:
    # when
    answer = subprocess.run(
        [sys.executable, "-c", LIST_TASKS], cwd=ROOT, capture_output=True, text=True, check=True
    )

    # then
    declared = declared_tasks()
    assert "orders.tasks.provisioning.execute_ready" in declared
    assert set(answer.stdout.split()) == declared


def test_a_task_whose_end_the_broker_did_not_hear_of_leaves_its_place_to_the_next(monkeypatch):
    def gone(*_: object, **__: object) -> None:
        raise ConnectionError("the cable is out")

    with Connection("memory://") as broker:
        help_run.apply_async((1,), connection=broker)
        channel = broker.channel()
        channel.basic_qos(0, 1, False)
        message = channel.basic_get(app.conf.task_default_queue)
        monkeypatch.setattr(channel, "basic_ack", gone)
        request = LeavingRequest(
            message,
            app=app,
            task=help_run,
            on_ack=message.ack_log_error,
            connection_errors=(ConnectionError,),
        )
        assert not channel.qos.can_consume()

        request.acknowledge()

        assert channel.qos.can_consume()
    assert symbol_by_name(help_run.Request) is LeavingRequest
