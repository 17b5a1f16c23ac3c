"""By which rules a file is tried: those that a load into the warehouse would have."""

from __future__ import annotations

from pathlib import Path

from etl.privacy.text_rules import TextRules
from etl.store.archive import Archive
from etl.store.load_rules import rules_of_load
from metrics.settings.model import Settings
from metrics.settings.names import setting_names


def text_rules(folder: Path, settings: Settings) -> TextRules:
    """What texts of a file stay as they are written if it is loaded into the warehouse."""
    privacy, names = settings.privacy, {each.name for each in setting_names(settings)}
    if not (folder / "archive").is_dir():
        return TextRules(privacy.keep_free_text, privacy.regions, frozenset(names))
    return rules_of_load(
        Archive(folder / "archive"),
        keep_free_text=privacy.keep_free_text,
        regions=privacy.regions,
        names=names,
    )
