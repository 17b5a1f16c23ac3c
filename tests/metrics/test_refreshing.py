"""Facts are made anew when the SQL they are made from has changed, and for stale tickets only else."""

from metrics import statements
from metrics.refreshing import refresh
from metrics.thresholds import Thresholds
from tests.metrics.histories import rows, warehouse

TWO_TICKETS = ("a opened @0m", "b opened @1m")


def kept(connection):
    return connection.sql("FROM facts_made_with").pl().row(0, named=True)


def without_facts(connection):
    """A warehouse in which only making all facts anew brings tickets back."""
    connection.execute("DELETE FROM tickets")
    return connection


def test_the_statements_kept_are_those_of_this_version():
    made_with = kept(warehouse(*TWO_TICKETS))
    assert made_with["of_stale"] == list(statements.facts_of_stale())
    assert made_with["served_of_stale"] == list(statements.served_of_stale())
    assert made_with["fingerprint"] == statements.fingerprint(Thresholds())


def test_nothing_is_made_anew_while_nothing_has_changed():
    connection = without_facts(warehouse(*TWO_TICKETS))
    connection.execute("INSERT INTO stale_tickets VALUES ('a')")
    refresh(connection)
    assert rows(connection, "tickets")["ticket_id"].to_list() == ["a"]


def test_statements_are_written_again_when_what_they_come_from_has_changed_and_facts_stay():
    connection = without_facts(warehouse(*TWO_TICKETS))
    connection.execute("UPDATE facts_made_with SET sources = 'of older files', of_stale = ['not SQL']")
    connection.execute("INSERT INTO stale_tickets VALUES ('b')")
    refresh(connection)
    assert rows(connection, "tickets")["ticket_id"].to_list() == ["b"]
    assert kept(connection)["of_stale"] == list(statements.facts_of_stale())


def test_other_sql_makes_all_facts_anew_also_where_an_older_version_kept_no_statements():
    connection = without_facts(warehouse(*TWO_TICKETS))
    connection.execute("CREATE OR REPLACE TABLE facts_made_with AS SELECT 'of older SQL' AS fingerprint")
    refresh(connection)
    assert rows(connection, "tickets")["ticket_id"].sort().to_list() == ["a", "b"]
    assert kept(connection)["fingerprint"] == statements.fingerprint(Thresholds())
