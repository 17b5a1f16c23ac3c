"""What came with Stepsight and where it lies, and where data goes unless somebody names a place."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from platformdirs import user_data_path

STEPSIGHT = "stepsight"
PACKAGE_DATA = Path(str(files("stepsight_data")))
SAMPLE = PACKAGE_DATA / "sample"


def installed(package: str) -> str | None:
    """The version of an installed package; None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def data_folder(code: Path) -> Path:
    """Where warehouses go: `data` in a checkout, else the user's folder, which outlives an installation."""
    is_checkout = (code / "pyproject.toml").is_file()
    return code / "data" if is_checkout else user_data_path("stepsight", appauthor=False)


_DATA = data_folder(Path(__file__).parents[1])
DEFAULT_WAREHOUSE = _DATA / "warehouse"
DEMO_WAREHOUSE = _DATA / "demo"
