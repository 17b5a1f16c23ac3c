"""What holds for all tests."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.lengths import without_most_cases
from tests.warehouses import Templates


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Cases of one kind are run one by one in the long suite only."""
    items[:], left = without_most_cases(items)
    if left:
        config.hook.pytest_deselected(items=left)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Templates:
    """Warehouses made once for all workers, which have folders of their own in that of the run."""
    own = tmp_path_factory.getbasetemp()
    return Templates((own if worker_id == "master" else own.parent) / "templates")


@pytest.fixture(scope="session", autouse=True)
def _thawed() -> Iterator[None]:
    """Commands run in the process of the tests set all that lives then aside for good: DuckDB misses it."""
    yield
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def _of_no_country() -> Iterator[None]:
    """Commands speak the language of the terminal, whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "C.UTF-8")
        patch.delenv("LANGUAGE", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _of_few_agents() -> Iterator[None]:
    """Histories of a few rows are of a few agents: only tests of the gate for small groups close it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STEPSIGHT_SMALL_GROUPS", "1")
        yield
