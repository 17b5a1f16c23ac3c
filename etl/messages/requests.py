"""What was asked for and is not there, or does not fit."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    "upload.failed": (
        "The load ended with an unexpected error, which stands in the log of the dashboard. What was loaded "
        "before is safe; load the file again, or on the command line with: stepsight load FILE"
    ),
}
