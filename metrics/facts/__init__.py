"""The facts: one SELECT per file, headed by its grain, in a folder per subject."""

from importlib.abc import Traversable
from importlib.resources import files


def fact_files() -> dict[str, Traversable]:
    """The files by place, `tickets/solves.sql`, in the order of their names."""
    folders = sorted(
        (each for each in files(__name__).iterdir() if each.is_dir()), key=lambda each: each.name
    )
    return {
        f"{folder.name}/{file.name}": file
        for folder in folders
        for file in sorted(folder.iterdir(), key=lambda each: each.name)
        if file.name.endswith(".sql")
    }
