"""Real servers under load while pages are published and the database goes away; in full in
`tests/benchmarks/page_cache_drill.py`."""

import os
import time

import pytest

from tests.benchmarks._drill import Load, Server, Site, publish_under_load, seconds_until_new
from tests.with_postgres import cluster, find_programs

on_postgres = "postgres" in os.environ.get("DATABASE_URL", "")


@pytest.mark.skipif(on_postgres, reason="it makes an SQLite file of its own")
def test_no_reader_gets_an_old_text_during_publications_and_no_page_is_rendered_in_vain(tmp_path):
    site = Site(tmp_path)
    site.make()
    with site.served():
        load = Load(site.port, patience_of_search=3.0)
        publish_under_load(site, load, requests=1500, publications=20)
    assert load.requests >= 1500
    assert load.stale == []
    assert not load.bad
    count, line = site.most_renders()
    assert count <= 2, line


@pytest.mark.skipif(
    not on_postgres or find_programs() is None, reason="freezes a PostgreSQL server of its own"
)
def test_pages_seen_before_are_answered_while_postgresql_is_frozen_or_gone(tmp_path):
    with cluster(find_programs()) as url:
        site, server = Site(tmp_path, url), Server(url)
        site.make()
        with site.served():
            load = Load(site.port, patience=1.0, patience_of_search=3.0)
            publish_under_load(site, load, requests=500, publications=5)
            assert (load.stale, dict(load.bad)) == ([], {})
            site.wait_until_every_page_is_kept()
            for count, going in enumerate((server.frozen, server.stopped), start=100):
                load = Load(site.port)
                with going():
                    load.begin(readers=1)
                    time.sleep(3)
                    status, text = site.ask("/conditions/nowhere/")
                    load.end()
                assert (load.requests > 100, dict(load.bad)) == (True, {})
                assert status == 503
                assert "In an emergency, call" in text
                time.sleep(2)
                assert site.ask("/conditions/nowhere/")[0] == 404
                assert seconds_until_new(site, 0, count) < 2
                site.wait_until_every_page_is_kept()
