"""``python -m tests.hosts`` in a network namespace: exit 1 on any difference."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path

import django

from bss.embedded import listening
from bss.embedded import places as house
from bss.embedded.addresses import DATABASE, ROLE
from bss.embedded.attach import attach, wait_until_left
from bss.embedded.places import Places
from tests.durable import environment, make_copy, manage
from tests.hosts.host import Host

WORLD, CALM, HOSTS = "hosts_world", "hosts_calm", "hosts_both"
LOST_AFTER_S = 5
SHOWN = 20


def main() -> int:
    accounts = int(os.environ.get("HOSTS_ACCOUNTS", "400"))
    os.environ["LOST_AFTER_S"] = str(LOST_AFTER_S)
    with tempfile.TemporaryDirectory(prefix="wo-bss-shared-") as shared:
        names = enumerate(("north", "south"), start=1)
        hosts = [Host(name, number, Path(shared, f"{name}.log")) for number, name in names]
        with _servers(hosts) as places:
            make_copy(places, WORLD)
            os.environ.update(environment(places, WORLD))
            django.setup()
            import_module("bss.urls")
            try:
                return _run(places, hosts, Path(shared), accounts)
            except Exception:
                _say(*(f"{host.name}:\n{host.said()}" for host in hosts))
                raise
            finally:
                for host in hosts:
                    host.switch_off()


def _run(places: Places, hosts: Sequence[Host], shared: Path, accounts: int) -> int:
    from tests.chaos.picture import differences
    from tests.hosts.rounds import by_hosts, calm, prepare

    prepare(shared, database=WORLD, accounts=accounts)
    make_copy(places, CALM, template=WORLD)
    make_copy(places, HOSTS, template=WORLD)
    undisturbed = calm(shared, database=CALM)
    for host in hosts:
        host.start(_of_host(places, host, shared), hidden=places.root)
    seen, waits_s = by_hosts(places, hosts, shared, database=HOSTS)
    found = differences(undisturbed, seen)
    waited = " s and ".join(f"{wait_s:.1f}" for wait_s in waits_s)
    told = f"accounts {accounts} taken over after {waited} s differences {len(found)}"
    _say(*found[:SHOWN], told)
    return 1 if found else 0


@contextmanager
def _servers(hosts: Sequence[Host]) -> Iterator[Places]:
    """Servers that listen on the hosts' cables, with a database that all migrations have made."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for host in hosts:
        host.lay_cable()
    os.environ["LISTEN"] = ",".join(host.servers_address for host in hosts)
    os.environ["LISTEN_TO"] = ",".join(host.network for host in hosts)
    places = Places(Path(tempfile.mkdtemp(prefix="wo-bss-hosts-")).resolve())
    house.ensure(places)
    (places.secrets / listening.SECRET).write_text(secrets.token_hex(24))
    try:
        with closing(attach(places, throw_away=True)):
            manage(places, DATABASE, "migrate", "--verbosity", "0")
            yield places
        wait_until_left(places)
    finally:
        shutil.rmtree(places.root, ignore_errors=True)


def _of_host(places: Places, host: Host, shared: Path) -> dict[str, str]:
    """All that a worker of another machine is told."""
    word, at = listening.password(places), host.servers_address
    keys = {"SECRET_KEY": "django", "FIELD_KEY": "field", "AUDIT_KEY": "audit"}
    return {
        **{name: (places.secrets / secret).read_text() for name, secret in keys.items()},
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"postgres://{ROLE}:{word}@{at}:{listening.POSTGRES_PORT}/{HOSTS}",
        "REDIS_URL": f"redis://:{word}@{at}:{listening.VALKEY_PORT}/0",
        "BSS_DATA": str(shared / host.name),
        "USAGE_FILES_DIR": str(shared / HOSTS),
        "LOST_AFTER_S": str(LOST_AFTER_S),
        "PYTHONWARNINGS": "ignore:::celery.platforms",
    }


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
