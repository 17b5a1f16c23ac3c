"""The keys of a reader's session: what one run keeps for the next, and widgets that other code reads or sets.

A widget that nobody else reads or sets has a key of its own page, which is not listed here.
"""

from __future__ import annotations

SCOPE = "asked"
"""The snapshot and the scope of this run."""
PERIOD = "period"
STEP = "step"
NOTICES = "notices"
"""What of the link could not be followed and has not been said yet."""
ADDRESS = "in the address"
"""What each widget last stood for in the address."""
PAGE_NUMBER, PAGINATION = "page", "pagination"
"""The page of a long list: as the address spells it, and as the widget counts it."""

PAGE_CONTENT = "drawn"
"""What this run has put on the page so far."""

LANGUAGE, LANGUAGE_OF_LINK = "language", "language of the link"

VIEW_TO_OPEN = "view to open"
VIEW_NAME, NEW_VIEW_NAME, VIEW_ERROR = "view name", "new view name", "view refused"
ANNOTATION_DAY, ANNOTATION_OCCASION = "annotation day", "annotation occasion"
ANNOTATION_TEXT, ANNOTATION_ERROR = "annotation text", "annotation refused"

UPLOAD_JOB, UPLOAD_RESULTS = "upload under way", "upload looked at"


def selected(chart: str) -> str:
    """What is selected on a chart."""
    return f"{chart} selected"


def clicked(chart: str) -> str:
    """What was clicked on a chart in this run."""
    return f"{chart} clicked"
