"""A DATABASE_URL that names a primary and its standby: whichever takes writes is used."""

from urllib.parse import urlsplit

import psycopg
import pytest

from tests.browser.served import environment_of, free_port, manage
from tests.public.pagecache.test_drill import on_postgres
from tests.with_postgres import cluster, find_programs

pytestmark = pytest.mark.skipif(
    not on_postgres or find_programs() is None, reason="runs with the tests on PostgreSQL"
)


@pytest.fixture(scope="module")
def two_hosts():
    """The first does not answer, the second does."""
    with cluster(find_programs()) as url:
        parts = urlsplit(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE causes")
        yield (
            f"postgres://{parts.username}:{parts.password}@/causes"
            f"?host=127.0.0.1,127.0.0.1&port={free_port()},{parts.port}"
            "&target_session_attrs=read-write"
        )


def test_the_commands_find_the_server_that_answers(two_hosts, tmp_path):
    (tmp_path / "static").mkdir()
    environment = environment_of(tmp_path, DATABASE_URL=two_hosts)
    manage(environment, "migrate", "-v0")
    assert "All is well" in manage(environment, "verify")
    # PostgreSQL's own programs are told the same.
    assert "is written" in manage(environment, "backup", str(tmp_path / "b.tar.gz"))
    assert "Restored" in manage(environment, "restore", str(tmp_path / "b.tar.gz"), "--replace")


def test_a_server_that_takes_no_writes_is_passed_over(two_hosts, tmp_path):
    """As a standby is, before it is promoted."""
    options = "options=-c%20default_transaction_read_only=on"
    environment = environment_of(tmp_path, DATABASE_URL=f"{two_hosts}&{options}")
    with pytest.raises(RuntimeError, match="read-only"):
        manage(environment, "migrate", "-v0")
