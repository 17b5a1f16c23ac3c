"""What holds for tests that run pages in this process: see the dashboard's own."""

from tests.dashboard.conftest import (
    _installed_stays_installed,
    _main_stays_main,
    _settings_of_the_server,
)

__all__ = ["_installed_stays_installed", "_main_stays_main", "_settings_of_the_server"]
