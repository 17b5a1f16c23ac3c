"""What texts of a row may stay as they are written."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from functools import cached_property

from etl.privacy.contact_details import ContactDetails
from etl.privacy.phone_numbers import DEFAULT_REGIONS


@dataclass(frozen=True)
class TextRules:
    """What the settings say of texts.

    `keep_free_text`: all of them stay. `regions`: in which telephone numbers may be without the `+` that says
    them to everybody. `names`: those that definitions, settings and mappings state; they are never altered.
    """

    keep_free_text: bool = False
    regions: tuple[str, ...] = DEFAULT_REGIONS
    names: frozenset[str] = frozenset()

    def with_names(self, names: Set[str]) -> TextRules:
        """The rules, with more names that are never altered."""
        return replace(self, names=self.names | names)

    @cached_property
    def contacts(self) -> ContactDetails:
        """What looks like contact details by these rules."""
        return ContactDetails(self.regions)
