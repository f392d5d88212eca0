"""One PostgreSQL server: made, recovered after any death, started, stopped."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from bss.embedded import processes
from bss.embedded.accounts import Account, acting_as
from bss.embedded.addresses import DATABASE, ROLE
from bss.embedded.errors import HouseError
from bss.embedded.listening import POSTGRES_PORT, Listening, listening
from bss.embedded.places import LOCK_SUFFIX, Places, shut_above
from bss.embedded.programs import Programs

MAJOR = "18"
# Crash recovery replays the log written since the last checkpoint, at most max_wal_size.
START_PATIENCE_S = 300
STOP_PATIENCE_S = 60


def make_cluster(places: Places, programs: Programs, account: Account, *, durable: bool) -> None:
    """Make the data directory with its database, whole or not at all.

    Raises: HouseError, when the servers' account cannot get at it.
    """
    _check_way(places.root, account)
    if places.postgres.exists():
        _check_major(places.postgres)
        return
    fresh = places.root / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    os.chown(fresh, account.uid, account.gid)
    initdb = [
        programs.postgres("initdb"), "--pgdata", str(fresh), "--username", ROLE,
        "--auth", "peer", "--encoding", "UTF8", "--locale", "C",
        "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
        "--data-checksums", "--no-instructions",
    ]  # fmt: skip
    _run(initdb if durable else [*initdb, "--no-sync"], account)
    single = [programs.postgres("postgres"), "--single", "-j", "-D", str(fresh), "postgres"]
    _run(
        single if durable else [*single[:2], "-F", *single[2:]],
        account,
        f"CREATE DATABASE {DATABASE}",
    )
    fresh.rename(places.postgres)


def _check_way(root: Path, account: Account) -> None:
    """A checkout may have been closed after its ``.data`` was made inside it."""
    shut = shut_above(root) if account.uid != os.geteuid() else None
    if shut is not None:
        raise HouseError(
            f"The servers' account cannot enter {shut}: open it with chmod o+x {shut}, or move "
            f"{root} to a directory that every user can enter and name it in BSS_DATA."
        )


def recover(places: Places, account: Account) -> None:
    """End what a killed server left behind, then clear its lock files.

    A busy backend outlives its postmaster and keeps the shared memory; a second server on the same
    directory would corrupt it. So the leftovers are found by their working directory and have
    ended before the lock files go. The caller holds the keeper's lock: nobody else starts one.
    """
    with acting_as(account):
        leftovers = processes.working_in(places.postgres)
    postmaster = _recorded_pid(places.postgres)
    if postmaster in leftovers:
        processes.end([postmaster], (signal.SIGINT, STOP_PATIENCE_S), (signal.SIGQUIT, 10))
    stuck = processes.end(leftovers, (signal.SIGTERM, 5), (signal.SIGQUIT, 5), (signal.SIGKILL, 20))
    if stuck:
        raise HouseError(
            f"The PostgreSQL processes {stuck} of an earlier run do not end; end them, then retry."
        )
    (places.postgres / "postmaster.pid").unlink(missing_ok=True)
    places.postgres_socket.unlink(missing_ok=True)
    places.postgres_socket.with_name(places.postgres_socket.name + LOCK_SUFFIX).unlink(
        missing_ok=True
    )


def start(
    places: Places, programs: Programs, account: Account, *, durable: bool
) -> subprocess.Popen[bytes]:
    """Start the server and wait until it takes connections.

    Raises: HouseError with the last words of its log.
    """
    doors = listening(places)
    _write_access_rules(places.postgres, account, doors)
    log = places.logs / "postgres.log"
    settings = _settings(places, doors, durable=durable)
    options = [f"--{name}={value}" for name, value in settings.items()]
    with log.open("ab") as sink:
        said_before = sink.tell()
        server = subprocess.Popen(
            [programs.postgres("postgres"), "-D", str(places.postgres), *options],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            cwd=places.sockets,
            start_new_session=True,
            preexec_fn=processes.die_with_parent(signal.SIGINT),
            **account.popen_options,
        )
    deadline = time.monotonic() + START_PATIENCE_S
    while not _ready(places.postgres, server.pid):
        if server.poll() is not None:
            raise HouseError(f"PostgreSQL did not start: {_last_words(log, said_before)}")
        if time.monotonic() > deadline:
            raise HouseError(f"PostgreSQL is not ready after {START_PATIENCE_S} s; see {log}.")
        time.sleep(0.01)
    if doors is not None:
        _set_password(places, programs, account, doors.password)
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions are rolled back, a checkpoint is written."""
    processes.send(server.pid, signal.SIGINT)
    try:
        server.wait(STOP_PATIENCE_S)
    except subprocess.TimeoutExpired:
        processes.send(server.pid, signal.SIGQUIT)
        server.wait()


def _settings(places: Places, doors: Listening | None, *, durable: bool) -> dict[str, str]:
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings = {
        "listen_addresses": ",".join(doors.addresses) if doors else "",
        "port": str(POSTGRES_PORT),
        "unix_socket_directories": str(places.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{min(max(memory_mb // 12, 128), 2048)}MB",
        "work_mem": "64MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "effective_cache_size": f"{memory_mb // 2}MB",
        "random_page_cost": "1.1",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] ",
        # A log never holds a row: neither the statement that failed nor the values it named.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "track_io_timing": "on",
    }
    if not durable:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "128MB",
            "max_wal_size": "1GB",
            "autovacuum": "off",
        }
    return settings


def _write_access_rules(data: Path, account: Account, doors: Listening | None) -> None:
    """The servers' own account and root may connect, by the socket, as our role.

    Where the server listens by TCP, so may whoever has the password, from the networks named.
    """
    networks = doors.networks if doors else ()
    rules = [
        "local all all peer map=house\n",
        *(f"host all {ROLE} {network} scram-sha-256\n" for network in networks),
    ]
    _write_as_owner(data / "pg_hba.conf", "".join(rules), account)
    names = dict.fromkeys((account.name, "root"))
    _write_as_owner(
        data / "pg_ident.conf", "".join(f'house "{name}" {ROLE}\n' for name in names), account
    )


def _set_password(places: Places, programs: Programs, account: Account, password: str) -> None:
    """Before this nobody is let in by TCP, or by the password that was good until now."""
    psql = [programs.postgres("psql"), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1",
            "--host", str(places.sockets), "--username", ROLE, "--dbname", DATABASE]  # fmt: skip
    _run(psql, account, f"ALTER ROLE {ROLE} PASSWORD '{password}'")


def _write_as_owner(path: Path, text: str, account: Account) -> None:
    path.write_text(text)
    os.chown(path, account.uid, account.gid)
    path.chmod(0o600)


def _recorded_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _ready(data: Path, pid: int) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _check_major(data: Path) -> None:
    major = (data / "PG_VERSION").read_text().strip()
    if major != MAJOR:
        raise HouseError(
            f"The data in {data} was written by PostgreSQL {major}, this is {MAJOR}: "
            "back it up with the older version and restore it with this one."
        )


def _run(command: list[str], account: Account, stdin: str = "") -> None:
    done = subprocess.run(
        command, input=stdin, capture_output=True, text=True, cwd="/", **account.popen_options
    )
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise HouseError(f"{Path(command[0]).name} failed: {' '.join(reason[-3:])}")


def _last_words(log: Path, since: int) -> str:
    with log.open("rb") as source:
        source.seek(since)
        lines = source.read().decode(errors="replace").strip().splitlines()
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines
    return telling[-1] if telling else f"it said nothing; see {log}."
