"""What can be said of the image and the compose file without an engine."""

import json
import re
import shutil
import subprocess

import pytest
import yaml

from bss.embedded.places import CHECKOUT
from bss.embedded.setup.debian import LIBRARIES
from bss.embedded.supervisor import commands

DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()
NEEDED = {"SECRET_KEY", "FIELD_KEY", "AUDIT_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())


def instruction(name):
    """The last instruction of that name, continuation lines joined."""
    lines = re.sub(r"\\\n\s*", "", DOCKERFILE).splitlines()
    return [line.split(" ", 1)[1] for line in lines if line.startswith(name + " ")][-1]


def test_image_starts_the_web_as_make_run_does():
    assert json.loads(instruction("CMD")) == commands.web("0.0.0.0:8000")


@pytest.mark.parametrize(
    ("service", "command"), [("worker", commands.worker), ("beat", commands.beat)]
)
def test_compose_starts_worker_and_beat_as_make_run_does(compose, service, command):
    assert compose["services"][service]["command"] == command()


def test_web_service_keeps_the_command_of_the_image(compose):
    assert "command" not in compose["services"]["web"]


def test_image_runs_as_an_ordinary_user_with_production_settings():
    assert instruction("USER") == "wo-bss"
    assert "DJANGO_SETTINGS_MODULE=bss.settings.production" in instruction("ENV")


def test_image_has_the_libraries_of_the_set_up():
    installed = re.findall(r"\blib[\w.+-]+", instruction("RUN"))

    assert set(LIBRARIES.values()) <= set(installed)


@pytest.mark.parametrize(
    "folder", ["USAGE_FILES_DIR", "BANK_FILES_DIR", "USAGE_ARCHIVE_DIR", "AUDIT_ANCHOR_DIR"]
)
@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_what_is_kept_in_files_outlives_the_container(compose, service, folder):
    product = compose["services"][service]
    volumes = [volume.split(":")[1] for volume in product["volumes"]]

    assert any(product["environment"][folder].startswith(f"{volume}/") for volume in volumes)


def test_images_are_pinned_to_a_version(compose):
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    images += [compose["services"][name]["image"] for name in ("postgres", "redis")]

    assert all(re.search(r":\d", image) for image in images), images


def test_build_context_leaves_secrets_and_data_out():
    ignored = (CHECKOUT / ".dockerignore").read_text().split()

    assert {".data", ".env", ".venv", ".git"} <= set(ignored)


def test_compose_asks_for_every_secret_and_gives_production_what_it_needs(compose):
    text = (CHECKOUT / "docker-compose.yml").read_text()
    product = compose["services"]["web"]["environment"]

    assert set(re.findall(r"\$\{(\w+):\?\}", text)) == NEEDED
    assert {
        "SECRET_KEY",
        "FIELD_KEY",
        "AUDIT_KEY",
        "DATABASE_URL",
        "REDIS_URL",
        "ALLOWED_HOSTS",
    } <= set(product)


def test_compose_file_is_accepted_by_the_engine_or_at_least_whole(compose):
    docker = shutil.which("docker")
    if (
        docker
        and not subprocess.run([docker, "compose", "version"], capture_output=True).returncode
    ):
        values = dict.fromkeys(NEEDED, "x")
        done = subprocess.run(
            [docker, "compose", "config", "--quiet"], cwd=CHECKOUT, env=values, capture_output=True
        )
        assert done.returncode == 0, done.stderr
        return
    services = compose["services"]
    assert set(services) == {"migrate", "web", "worker", "beat", "postgres", "redis"}
    for name, service in services.items():
        assert "image" in service, name
        assert set(service.get("depends_on", {})) <= set(services), name
    named = {volume.split(":")[0] for s in services.values() for volume in s.get("volumes", [])}
    assert named == set(compose["volumes"])


def test_all_programs_see_the_same_files_of_switches_and_banks(compose):
    for name in ("web", "worker", "beat"):
        service = compose["services"][name]
        assert service["volumes"] == ["files:/srv/files"]
        assert service["environment"]["USAGE_FILES_DIR"] == "/srv/files/usage"
    assert "files" in compose["volumes"]
    assert "install --directory --owner=wo-bss /srv/files" in instruction("RUN")
