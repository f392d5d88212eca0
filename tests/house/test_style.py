"""What decays silently unless a machine looks: imports, format, words, sources, guards."""

import ast
import dataclasses
import os
import pkgutil
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.template.loader import get_template
from django.utils import translation

from bss.kernel.access import PERMISSIONS
from tests.house.production import STRONG
from tests.house.source import (
    APPS,
    HOUSE,
    RULE_ID,
    addresses,
    clauses_of,
    files,
    lines_with,
    place,
    tracked,
    trees,
)

TOOLS = Path(sys.executable).parent
OUR_RULES = HOUSE / "docs" / "rules.md"
THE_LAW = HOUSE.parent / "shared" / "domain" / "rules.md"
MONEY = ("billing/", "packages_wo/", "orders/", "channels/")
NAMES_NOTHING = {"utils", "helpers", "common", "misc", "manager"}
LONGEST_MODULE = 350

# Pages without a permission, and why.
FOR_MACHINES = {"oauth_token", "oauth_revoke"}
FOR_ANYONE = FOR_MACHINES | {
    "healthz", "login", "account_login", "mfa_authenticate", "mfa_login_webauthn", "logout",
    "openid_connect_login", "openid_connect_callback", "set_language", "theme",
    "gateway_notice",
}  # fmt: skip
OF_ONESELF = {
    "password", "prove", "end_own_session", "save_view", "drop_view",
    "mfa_index", "mfa_list_webauthn", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
}  # fmt: skip
FOR_ALL_STAFF = OF_ONESELF | {
    "home",
    "search",
    "rules",
    "approvals",
    "approval",
    "withdraw",
    "read_notices",
}


def passes(*command: str) -> None:
    ran = subprocess.run(
        [str(TOOLS / command[0]), *command[1:]], cwd=HOUSE, capture_output=True, text=True
    )
    assert ran.returncode == 0, f"{' '.join(command[:4])}\n{ran.stdout[-4000:]}{ran.stderr[-2000:]}"


@pytest.mark.parametrize("check", [["check", "."], ["format", "--check", "."]], ids=" ".join)
def test_ruff_finds_nothing(check):
    passes("ruff", *check, "--quiet")


def test_imports_go_down_only():
    passes("lint-imports", "--no-cache")


def test_templates_are_written_in_one_way():
    passes("djade", "--check", "--target-version", "5.2", *map(str, tracked("templates/*.html")))


def test_every_template_can_be_read():
    for file in (HOUSE / "templates").rglob("*.html"):
        get_template(file.relative_to(HOUSE / "templates").as_posix())


def test_nothing_is_written_for_an_older_django():
    passes("django-upgrade", "--check", "--target-version", "5.2", *map(str, tracked("*.py")))


def test_no_model_waits_for_a_migration():
    loader = MigrationLoader(None)
    with translation.override(None):  # as makemigrations does
        present = ProjectState.from_apps(apps)
        changes = MigrationAutodetector(loader.project_state(), present).changes(loader.graph)

    assert {app: [m.operations for m in found] for app, found in changes.items()} == {}


def test_production_settings_pass_the_deployment_checks():
    unlike_here = {"DJANGO_ALLOW_ASYNC_UNSAFE"}  # set as soon as a browser test has run
    environment = {name: os.environ[name] for name in os.environ.keys() - unlike_here} | {
        "DJANGO_SETTINGS_MODULE": "bss.settings.production",
        **STRONG,
    }
    ran = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=HOUSE,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 0, ran.stderr


def test_no_module_has_a_name_that_names_nothing():
    assert [place(file) for file in files(".py") if file.stem in NAMES_NOTHING] == []


def test_no_module_is_longer_than_anyone_reads():
    lengths = {place(file): len(file.read_text().splitlines()) for file in files(".py")}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_no_float_comes_near_money():
    found = []
    for name, tree in trees().items():
        if not name.startswith(MONEY):
            continue
        for node in ast.walk(tree):
            is_call = isinstance(node, ast.Call) and ast.unparse(node.func) == "float"
            is_field = isinstance(node, ast.Attribute) and node.attr == "FloatField"
            if is_call or is_field:
                found.append(f"{name}:{node.lineno}")

    assert found == []


def test_no_model_acts_behind_its_service():
    """No signal and no save() of a model's own: what a service does stands in the service."""
    found = []
    for name, tree in trees().items():
        for node in ast.walk(tree):
            imported = isinstance(node, ast.ImportFrom) and (node.module or "")
            if imported in ("django.db.models.signals", "django.dispatch"):
                found.append(f"{name}:{node.lineno} {imported}")
            if isinstance(node, ast.ClassDef) and "/models/" in name:
                found += [
                    f"{name}:{method.lineno} {node.name}.{method.name}"
                    for method in node.body
                    if isinstance(method, ast.FunctionDef) and method.name in ("save", "delete")
                ]

    assert found == []


def test_no_test_misses_a_word_that_a_page_may_have_by_chance():
    """A page's tokens are random letters and figures: two of them stand there every few days."""
    chance = re.compile(r'assert "[A-Za-z0-9]{1,3}" not in .*(content|text|page|html|shown)')

    assert lines_with(chance, tracked("tests/*.py")) == []


def test_no_browser_test_looks_at_a_page_before_it_is_there():
    """A click ends when the answer begins; ``expect`` waits for the words, these do not."""
    glance = re.compile(
        r"\bassert .*(\.is_\w+\(\)|\)\.count\(\)|\.content\(\)|\.inner_text\(\)"
        r"|\.text_content\(\)|\.input_value\(\)|page\.url\b)"
    )

    assert lines_with(glance, tracked("tests/browser/test_*.py")) == []


def test_every_row_of_a_rule_table_has_its_source():
    ours, found, rows = clauses_of(OUR_RULES), [], 0
    for module in rule_modules():
        for name, table in vars(module).items():
            if not (isinstance(table, tuple) and table and dataclasses.is_dataclass(table[0])):
                continue
            for row in table:
                rows += 1
                cited = set(RULE_ID.findall(sources_of(row)))
                if not cited or cited - ours:
                    found.append(f"{module.__name__}.{name}: {row}")

    assert rows > 20
    assert found == []


def rule_modules():
    for app in APPS[1:]:
        rooms = import_module(f"{app}.rules")
        for module in pkgutil.iter_modules(rooms.__path__, f"{app}.rules."):
            yield import_module(module.name)


def sources_of(row: object) -> str:
    return " ".join(str(getattr(row, name, "")) for name in ("rule", "rules", "source"))


def test_every_rule_that_the_product_names_can_be_read():
    """Refusals, work orders, bill lines and docstrings cite clauses of docs/rules.md only."""
    ours = clauses_of(OUR_RULES)
    pages = (HOUSE / "templates").rglob("*.html")
    unknown = {
        f"{place(file)}: {rule}"
        for file in (*files(".py", ".sql"), *pages)
        for rule in RULE_ID.findall(file.read_text())
        if rule not in ours
    }

    assert unknown == set()


def test_every_refusal_names_its_rule():
    ours, found, seen = clauses_of(OUR_RULES), [], 0
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Refusal", "refuse"):
                seen += 1
                rule = node.args[0] if node.args else None
                if isinstance(rule, ast.Constant) and rule.value not in ours:
                    found.append(f"{name}:{node.lineno} {rule.value}")

    assert seen > 40
    assert found == []


# Where the law is silent: refunds, transfers, write-offs, promises, the late fee.
DECIDED_HERE = {"PAY-4", "PAY-5", "PAY-6", "PAY-7", "PAY-8"}


def test_our_rules_are_the_whole_law():
    if not THE_LAW.exists():
        pytest.skip("the law stands beside the checkout, in ../shared/domain/rules.md; it is not")

    assert clauses_of(THE_LAW) - clauses_of(OUR_RULES) == set()
    assert clauses_of(OUR_RULES) - clauses_of(THE_LAW) == DECIDED_HERE


def test_every_page_is_guarded_or_says_that_it_is_open():
    unguarded, seen = set(), 0
    for route, pattern in addresses():
        view = pattern.callback
        behind = getattr(view, "view_class", None) or getattr(view, "cls", None)
        permission = getattr(view, "permission", None) or getattr(behind, "permission", None)
        seen += 1
        if permission is None:
            unguarded.add(pattern.name or route)
        else:
            assert permission in PERMISSIONS, route
        if getattr(view, "login_required", True) is False and permission is None:
            assert pattern.name in FOR_ANYONE, route

    assert seen > 30
    assert unguarded == FOR_ANYONE | FOR_ALL_STAFF


def test_nothing_in_the_repository_knows_the_machine_it_was_made_on():
    homes = re.compile(r"/(?:home|Users|root|work)/[a-z]")
    allowed = {"tests/house/test_style.py"}
    kinds = ("*.py", "*.md", "*.toml", "*.yaml", "*.yml", "*.html", "Makefile", "*.in")
    read = [
        file
        for file in tracked(*kinds)
        if place(file) not in allowed and not place(file).startswith("specs/")
    ]

    assert lines_with(homes, read) == []
