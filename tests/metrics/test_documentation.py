"""docs/METRICS.md says what the code measures."""

from pathlib import Path

from metrics.catalog.metrics import CATALOG
from metrics.documentation import TABLES, filled_in

PAGE = Path(__file__).parents[2] / "docs" / "METRICS.md"


def test_the_tables_on_the_page_are_those_of_the_code():
    page = PAGE.read_text("utf-8")
    assert page == filled_in(page), "run `make docs`"
    assert all(f"<!-- /{name} -->" in page for name in TABLES)


def test_every_metric_is_on_the_page():
    page = PAGE.read_text("utf-8")
    assert [name for name in CATALOG if f"| `{name}` |" not in page] == []
