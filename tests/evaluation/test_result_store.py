"""What was worked out before a stop is not worked out again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import polars as pl
import pytest

from tests.evaluation.result_store import folder, results


@dataclass
class Counted:
    """A job that knows how often it was done, and fails where it is told to."""

    name: str
    fails: bool = False
    done: list[str] = field(default_factory=list)

    def __call__(self):
        self.done.append(self.name)
        if self.fails:
            raise OSError("stopped")
        return {"steps": pl.DataFrame({"name": [self.name]})}


def test_a_stopped_evaluation_goes_on_where_it_stood(tmp_path):
    first, second = Counted("first"), Counted("second", fails=True)
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(OSError, match="stopped"):
            list(results([first, second], pool, tmp_path))
        second.fails = False
        frames_of = dict(results([first, second], pool, tmp_path))
    assert (first.done, second.done) == (["first"], ["second", "second"])
    assert {name: frames["steps"]["name"].item() for name, frames in frames_of.items()} == {
        "first": "first",
        "second": "second",
    }


def test_results_belong_to_a_state_of_the_code():
    assert folder() == folder()
    assert folder().name.startswith("stepsight-evaluation-")
