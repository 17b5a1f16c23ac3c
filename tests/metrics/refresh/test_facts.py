"""Facts are made anew when the SQL they are made from has changed, and for stale tickets only else."""

from etl.store.warehouse import open_writer
from metrics.refresh import statements
from metrics.refresh.facts import clear_outdated, has_facts, refresh
from metrics.settings.model import Settings
from metrics.settings.thresholds import Thresholds
from tests.metrics.histories import own_warehouse, rows

TWO_TICKETS = ("a opened @0m", "b opened @1m")
MANY_TICKETS = """
INSERT INTO events BY NAME
SELECT
    'e' || n AS event_id, 't' || n AS ticket_id, 'r' || n AS run_id, 'entered' AS kind,
    TIMESTAMPTZ '2026-03-02 09:00Z' + to_seconds(n) AS occurred_at, 0 AS seq,
    'refund' AS workflow, '1' AS version, 'ask' AS step, 1 AS load_id
FROM range(20000) AS numbers(n)
"""


def kept(connection):
    return connection.sql("FROM facts_made_with").pl().row(0, named=True)


def tables(connection):
    return connection.sql("SHOW TABLES").pl()["name"].to_list()


def blocks(connection):
    """How many blocks the file has, free ones too."""
    connection.execute("CHECKPOINT")
    return connection.execute("SELECT total_blocks FROM pragma_database_size()").fetchall()[0][0]


def without_facts(connection):
    """A warehouse in which only making all facts anew brings tickets back."""
    connection.execute("DELETE FROM tickets")
    return connection


def test_the_statements_kept_are_those_of_this_version():
    made_with = kept(own_warehouse(*TWO_TICKETS))
    assert made_with["of_stale"] == list(statements.facts_of_stale())
    assert made_with["served_of_stale"] == list(statements.served_of_stale())
    assert made_with["fingerprint"] == statements.fingerprint(Thresholds())


def test_nothing_is_made_anew_while_nothing_has_changed():
    connection = without_facts(own_warehouse(*TWO_TICKETS))
    connection.execute("INSERT INTO stale_tickets VALUES ('a')")
    refresh(connection)
    assert rows(connection, "tickets")["ticket_id"].to_list() == ["a"]


def test_statements_are_written_again_when_what_they_come_from_has_changed_and_facts_stay():
    connection = without_facts(own_warehouse(*TWO_TICKETS))
    connection.execute("UPDATE facts_made_with SET sources = 'of older files', of_stale = ['not SQL']")
    connection.execute("INSERT INTO stale_tickets VALUES ('b')")
    refresh(connection)
    assert rows(connection, "tickets")["ticket_id"].to_list() == ["b"]
    assert kept(connection)["of_stale"] == list(statements.facts_of_stale())


def test_other_sql_makes_all_facts_anew_also_where_an_older_version_kept_no_statements():
    connection = without_facts(own_warehouse(*TWO_TICKETS))
    connection.execute("CREATE OR REPLACE TABLE facts_made_with AS SELECT 'of older SQL' AS fingerprint")
    refresh(connection)
    assert rows(connection, "tickets")["ticket_id"].sort().to_list() == ["a", "b"]
    assert kept(connection)["fingerprint"] == statements.fingerprint(Thresholds())


def test_a_table_of_an_earlier_version_goes_when_facts_are_made_anew():
    with own_warehouse(*TWO_TICKETS) as connection:
        connection.execute("ALTER TABLE open_periods RENAME TO open_spells")
        connection.execute(
            "UPDATE facts_made_with SET fingerprint = 'of older SQL', sources = 'of older files'"
        )
        refresh(connection)
        assert "open_spells" not in tables(connection)
        assert "open_periods" in tables(connection)
        connection.execute("CREATE TABLE open_spells AS FROM open_periods")
        connection.execute(
            "UPDATE facts_made_with SET fingerprint = 'of older SQL', sources = 'of older files'"
        )
        clear_outdated(connection, Settings())
        assert "open_spells" not in tables(connection)


def test_facts_made_anew_take_the_room_of_the_outdated_ones_in_the_file(tmp_path):
    with open_writer(tmp_path) as connection:
        connection.execute(MANY_TICKETS)
        refresh(connection)
        sizes = [blocks(connection)]
        for days in (8, 9):
            settings = Settings(thresholds=Thresholds(repeat_days=days))
            clear_outdated(connection, settings)
            refresh(connection, settings)
            sizes.append(blocks(connection))
    assert max(sizes) < 1.3 * sizes[0]


def test_facts_that_still_hold_are_not_cleared():
    connection = own_warehouse(*TWO_TICKETS)
    clear_outdated(connection, Settings())
    connection.execute("UPDATE facts_made_with SET sources = 'of older files'")
    clear_outdated(connection, Settings())
    assert rows(connection, "tickets").height == 2
    clear_outdated(connection, Settings(thresholds=Thresholds(repeat_days=8)))
    assert not has_facts(connection)
    refresh(connection, Settings(thresholds=Thresholds(repeat_days=8)))
    assert rows(connection, "tickets").height == 2
