"""A worker knows every task that the source declares: what it does not know, it throws away."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("bss", "customers", "channels", "packages_wo", "billing", "orders", "complaints")
LIST_TASKS = (
    "from bss.celery import app; app.loader.import_default_modules();"
    "print('\\n'.join(name for name in app.tasks if not name.startswith('celery.')))"
)


def declared_tasks() -> set[str]:
    found = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
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
