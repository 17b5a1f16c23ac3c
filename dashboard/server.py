"""Streamlit's server, which imports what pages need while its first reader is still on the way.

Importing takes longer than the first page's numbers do, and a page is only run once somebody asks for it.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from pkgutil import walk_packages
from threading import Thread
from time import sleep

from streamlit import runtime
from streamlit.web import cli

import dashboard

_RUN_BY_STREAMLIT = ("dashboard.app", "dashboard.views")
_IMPORTED_WHERE_NEEDED = ("scipy.stats", "scipy.optimize")  # commands would start later with them


def make_ready() -> None:
    """Import all that pages import, read the facts' definitions, and open the newest snapshot."""
    for module in walk_packages(dashboard.__path__, "dashboard."):
        if not module.name.startswith(_RUN_BY_STREAMLIT):
            import_module(module.name)
    from dashboard import data
    from etl.errors import StepsightError
    from metrics.relations import relations

    relations()
    with suppress(StepsightError):  # a page says it, where somebody reads it
        data.snapshot()
    for name in _IMPORTED_WHERE_NEEDED:
        import_module(name)


def _once_it_runs() -> None:
    while not runtime.exists():
        sleep(0.05)
    make_ready()


if __name__ == "__main__":
    Thread(target=_once_it_runs, daemon=True).start()
    sys.exit(cli.main(prog_name="streamlit"))
