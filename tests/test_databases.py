"""What the settings ask of the database is in force on every connection that the site opens."""

import contextlib
import socket
import sqlite3
import threading
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.utils import ConnectionHandler

from causes.monitoring.deadline import Question
from causes.public.pagecache import layer
from causes.public.pagecache.postgres import PostgresQuestion
from causes.public.pagecache.sqlite import DEADLINE
from config.postgresql import base
from config.sqlite3.base import DatabaseWrapper

OPENING = ("sqlite3.connect(", "psycopg.connect(", "Database.connect(")
is_sqlite = connection.vendor == "sqlite"
on_sqlite = pytest.mark.skipif(not is_sqlite, reason="SQLite's own settings")
on_postgres = pytest.mark.skipif(is_sqlite, reason="PostgreSQL's own settings")
PRAGMAS = {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 5000}
SHOWN = {"statement_timeout": "30s", "lock_timeout": "5s"}
OF_SOCKET = {
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE): 1,
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE): 5,
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL): 2,
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT): 2,
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT): 5000,
}


def elsewhere(ask):
    """What it answers in a thread of its own, on a connection of that thread."""
    answers = []

    def work() -> None:
        try:
            answers.append(ask())
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)
    [answer] = answers
    return answer


WHERE = {
    "in a request": lambda ask: ask(),
    "in another thread": elsewhere,
    "of the health report": lambda ask: Question(ask).answer(30),
}


def pragmas() -> dict[str, object]:
    with connection.cursor() as cursor:
        return {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}


@on_sqlite
@pytest.mark.parametrize("where", WHERE.values(), ids=WHERE.keys())
def test_every_pragma_is_in_force(transactional_db, where):
    assert where(pragmas) == PRAGMAS


@on_sqlite
def test_a_transaction_takes_the_write_lock_when_it_begins(transactional_db):
    """One that reads first and then writes could not wait for the lock: it would fail."""
    name = connection.settings_dict["NAME"]
    with contextlib.closing(sqlite3.connect(name, timeout=0, isolation_level=None)) as other:
        with transaction.atomic():
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            assert other.execute("SELECT COUNT(*) FROM causes_page").fetchone() == (0,)
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")


@on_sqlite
def test_a_writer_waits_for_the_one_before_it(transactional_db):
    name = connection.settings_dict["NAME"]
    other = sqlite3.connect(name, timeout=0, isolation_level=None, check_same_thread=False)
    with contextlib.closing(other):
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, other.execute, ["ROLLBACK"])
        release.start()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE causes_contentversion SET number = number + 1")
        release.join()


@on_sqlite
def test_the_page_caches_own_connection_reads_only_and_waits_no_longer_than_it_says(
    transactional_db,
):
    freshness = layer.freshness_of_the_database()
    assert freshness.read() is not None
    own = freshness._connection
    assert own.isolation_level is None
    [(waits,)] = own.execute("PRAGMA busy_timeout").fetchall()
    assert waits == DEADLINE * 1000
    assert own.execute("PRAGMA journal_mode").fetchall() == [("wal",)]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        own.execute("UPDATE causes_contentversion SET number = 0")
    assert not own.in_transaction
    freshness.close()


@pytest.fixture
def in_a_file(tmp_path, django_db_blocker):
    """A function that makes connections to a file of their own, which is not there yet."""
    made = []

    def connect(name: str | Path = tmp_path / "a.sqlite3") -> DatabaseWrapper:
        kept = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
        given = {"ENGINE": "config.sqlite3", "NAME": name} | kept
        made.append(ConnectionHandler({"default": given})["default"])
        return made[-1]

    with django_db_blocker.unblock():
        yield connect
        for wrapper in made:
            wrapper.close()


def ask(wrapper: DatabaseWrapper, sql: str = "SELECT name FROM sqlite_master") -> list[tuple]:
    """In a request of its own."""
    wrapper.close_if_unusable_or_obsolete()
    with wrapper.cursor() as cursor:
        return cursor.execute(sql).fetchall()


def test_a_file_that_is_not_there_is_not_made(in_a_file, tmp_path):
    with pytest.raises(OperationalError, match=r"no database at .*a\.sqlite3.*manage\.py prepare"):
        ask(in_a_file())
    assert list(tmp_path.iterdir()) == []


def test_to_migrate_makes_it_for_us_alone(in_a_file, tmp_path):
    wrapper = in_a_file()
    wrapper.prepare_database()
    assert ask(wrapper) == []
    assert (tmp_path / "a.sqlite3").stat().st_mode & 0o777 == 0o600
    ask(wrapper, "CREATE TABLE one (number)")
    in_a_file().prepare_database()
    assert ask(in_a_file()) == [("one",)]


def test_to_migrate_says_why_it_cannot_be_made(in_a_file, tmp_path):
    with pytest.raises(OperationalError, match="No such file or directory"):
        in_a_file(tmp_path / "none" / "a.sqlite3").prepare_database()


def test_a_request_does_not_write_into_a_file_that_was_moved_away(in_a_file, tmp_path):
    file, away = tmp_path / "a.sqlite3", tmp_path / "b.sqlite3"
    file.touch()
    wrapper = in_a_file()
    ask(wrapper, "CREATE TABLE one (number)")
    file.rename(away)
    with pytest.raises(OperationalError, match="no database"):
        ask(wrapper, "INSERT INTO one VALUES (1)")
    assert not file.exists()
    away.rename(file)
    assert ask(wrapper, "SELECT COUNT(*) FROM one") == [(0,)]
    kept = wrapper.connection
    assert ask(wrapper) == [("one",)]
    assert wrapper.connection is kept


def test_another_file_of_that_name_is_read_at_the_next_request(in_a_file, tmp_path):
    file, other = tmp_path / "a.sqlite3", tmp_path / "b.sqlite3"
    for path, table in ((file, "one"), (other, "two")):
        path.touch()
        ask(in_a_file(path), f"CREATE TABLE {table} (number)")
    wrapper = in_a_file()
    assert ask(wrapper) == [("one",)]
    other.replace(file)
    assert ask(wrapper) == [("two",)]


def test_a_database_in_memory_needs_no_file(in_a_file):
    wrapper = in_a_file(":memory:")
    wrapper.prepare_database()
    ask(wrapper, "CREATE TABLE one (number)")
    assert ask(wrapper) == [("one",)]


def shown() -> tuple[dict[str, str], dict[tuple[int, int], int], str]:
    with connection.cursor() as cursor:
        found = {name: cursor.execute(f"SHOW {name}").fetchone()[0] for name in SHOWN}
    return found, of_socket(connection.connection), waits_to_connect(connection.connection)


def of_socket(link: psycopg.Connection) -> dict[tuple[int, int], int]:
    with socket.fromfd(link.fileno(), socket.AF_INET, socket.SOCK_STREAM) as known:
        return {option: known.getsockopt(*option) for option in OF_SOCKET}


def waits_to_connect(link: psycopg.Connection) -> str:
    return link.info.get_parameters()["connect_timeout"]


@on_postgres
@pytest.mark.parametrize("where", WHERE.values(), ids=WHERE.keys())
def test_every_timeout_is_in_force(transactional_db, where):
    assert where(shown) == (SHOWN, OF_SOCKET, "2")


@on_postgres
def test_the_page_caches_own_connection_has_them_too(transactional_db):
    question = PostgresQuestion(lambda: connections["default"])
    question()
    own = question._connection
    assert {name: own.execute(f"SHOW {name}").fetchone()[0] for name in SHOWN} == SHOWN
    assert (of_socket(own), waits_to_connect(own)) == (OF_SOCKET, "2")
    assert own.autocommit
    question.close()


@on_postgres
def test_a_lock_is_not_waited_for_for_ever(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")

        def hold(held: threading.Event, done: threading.Event) -> None:
            with transaction.atomic(), connection.cursor() as other:
                other.execute("LOCK TABLE causes_page")
                held.set()
                done.wait(20)
            connections.close_all()

        held, done = threading.Event(), threading.Event()
        holder = threading.Thread(target=hold, args=(held, done))
        holder.start()
        assert held.wait(20)
        with pytest.raises(OperationalError, match="lock timeout"):
            cursor.execute("SELECT 1 FROM causes_page")
        done.set()
        holder.join()
        cursor.execute("RESET lock_timeout")


def test_connections_are_kept_and_looked_at_first(db):
    made = connection.settings_dict
    assert made["CONN_MAX_AGE"] == 600
    assert made["CONN_HEALTH_CHECKS"]


TWO = {"host": "a,b", "port": "1,2"}


@pytest.mark.parametrize(
    ("given", "first", "order"),
    [
        (TWO, ("b", "2"), {"host": "b,a", "port": "2,1"}),
        (TWO, ("a", "1"), TWO),
        (TWO, ("c", "1"), TWO),
        (TWO, None, TWO),
        ({"host": "a,b,c", "port": 7}, ("c", "7"), {"host": "c,a,b", "port": "7,7,7"}),
        ({"host": "a,b"}, ("b", "5432"), {"host": "b,a", "port": ","}),
        ({"host": "a", "port": 1}, ("b", "2"), {}),
        ({"host": "a,b", "port": "1,2,3"}, ("b", "2"), {}),  # PostgreSQL's own complaint
        ({}, ("b", "2"), {}),
        (TWO | {"hostaddr": "10.0.0.5,10.0.0.6"}, ("b", "2"), {}),
    ],
    ids=["other", "same", "foreign", "new", "one port", "no port", "one", "odd", "none", "address"],
)
def test_the_server_that_answered_last_is_asked_first(given, first, order):
    assert base.in_order(given, first) == order


@on_postgres
def test_a_machine_that_is_switched_off_is_waited_for_once(db, monkeypatch):
    """Its address takes a connection here, and never says a word."""
    monkeypatch.setattr(base, "_answered_last", None)
    made = connection.get_connection_params() | {"connect_timeout": 2}
    real = connection.connection.info
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0.5)
        places = {
            "host": f"127.0.0.1,{real.host}",
            "port": f"{silent.getsockname()[1]},{real.port}",
        }
        for _ in range(3):
            with connection.Database.connect(**(made | places)) as other:
                assert other.info.port == real.port
        silent.accept()[0].close()
        with pytest.raises(TimeoutError):
            silent.accept()


def test_nothing_else_opens_a_connection_of_its_own():
    """Whatever does must be in the tests above."""
    openers = {
        str(path.relative_to(layer.settings.BASE_DIR))
        for path in (layer.settings.BASE_DIR / "causes").rglob("*.py")
        if any(word in path.read_text("utf-8") for word in OPENING)
    }
    assert openers <= {
        "causes/public/pagecache/sqlite.py",
        "causes/public/pagecache/postgres.py",
        "causes/backups/sqlite.py",
        "causes/backups/restoring.py",
        "causes/monitoring/remounted.py",
        "causes/backups/postgres.py",
    }
