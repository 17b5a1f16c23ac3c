"""A load that goes on whatever the reader does meanwhile: clicking, reloading and leaving do not stop it.

Streamlit ends a page's run at the next click, wherever it is; a load must not end half-way for that. So it
has a thread of its own, and the page looks at it now and then.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread

import structlog

from dashboard.language import N_
from dashboard.views.your_data import uploads
from dashboard.views.your_data.uploads import Upload
from etl.errors import StepsightError
from etl.mapping.mapping import Mapping
from etl.messages import Message
from etl.store.load_report import LoadReport
from metrics.settings.model import Settings

STAGES = (N_("waiting"), N_("checking"), N_("archiving"), N_("loading"), N_("computing facts"))
"""What the core calls the stages of a load: pages and command line look them up as they come."""
_one_at_a_time = Lock()


@dataclass
class Job:
    """One load under way or over: where it is, and what came of it."""

    name: str
    rows: int
    future: Future[LoadReport] = field(default_factory=Future)
    stage: str = "waiting"
    done: int = 0

    def note(self, stage: str, rows: int) -> None:
        """Where the load is."""
        self.stage, self.done = stage, rows

    @property
    def share(self) -> float:
        """How much of the rows has come, 0–1."""
        return min(self.done / self.rows, 1.0) if self.rows else 0.0

    @property
    def report(self) -> LoadReport | None:
        """What was loaded; None while it goes on, or where it failed."""
        return self.future.result() if self.future.done() and not self.future.exception() else None

    @property
    def error(self) -> Message | None:
        """Why it failed; None while it goes on, or where it did not."""
        error = self.future.exception() if self.future.done() else None
        if error is None:
            return None
        return error.message if isinstance(error, StepsightError) else Message("upload.failed")


def start(upload: Upload, mapping: Mapping, rows: int, folder: Path, settings: Settings) -> Job:
    """Load it in a thread of its own, one after the other; the end of the server waits for none."""
    job = Job(upload.name, rows)

    def run() -> None:
        try:
            with _one_at_a_time:
                now = datetime.now(UTC)
                report = uploads.keep(upload, mapping, folder, settings, now=now, progress=job.note)
            job.future.set_result(report)
        except Exception as error:
            if not isinstance(error, StepsightError):
                structlog.get_logger().error("upload_failed", reason=repr(error), exc_info=error)
            job.future.set_exception(error)

    Thread(target=run, name="stepsight.upload", daemon=True).start()
    return job
