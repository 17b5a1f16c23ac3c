"""What the browser reports of a click becomes the thing clicked, or nothing."""

from __future__ import annotations

import polars as pl
import pytest

from dashboard.charts.chart import Option
from dashboard.clicking import Clicked, clickable, found

DATASET: Option = {
    "dataset": {"source": pl.DataFrame({"name": ["late", "lost"], "level": [2.0, 1.0]})},
    "series": [{"type": "bar", "silent": True}, {"type": "scatter"}],
}
GRAPH: Option = {
    "series": [
        {"type": "graph", "data": [{"name": "a"}, {"name": "b"}], "links": [{"source": "a", "target": "b"}]}
    ]
}


def test_only_what_a_pointer_reaches_can_be_selected() -> None:
    bar, dots = clickable(DATASET)["series"]
    assert "selectedMode" not in bar
    assert dots["selectedMode"] == "single"
    assert "selectedMode" not in DATASET["series"][1]


@pytest.mark.parametrize(
    ("option", "item", "clicked"),
    [
        (DATASET, (1, "main", 1), Clicked("main", 1, "lost")),
        (GRAPH, (0, "node", 0), Clicked("node", 0, "a")),
        (GRAPH, (0, "edge", 0), Clicked("edge", 0, "")),
        (GRAPH, (0, "node", 2), None),
        (GRAPH, (0, "edge", 1), None),
        (GRAPH, (3, "node", 0), None),
        (DATASET, (1, "main", -1), None),
        (DATASET, (1, "sun", 0), None),
    ],
)
def test_a_report_is_looked_up_and_never_trusted(option, item, clicked) -> None:
    assert found(option, item) == clicked
