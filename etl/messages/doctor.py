"""Whether Stepsight can run on this machine, and where its dashboard is."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    "server.port_in_use": "Port {port} is in use. Choose another with --port (make demo PORT=…); 0 takes a "
    "free one.",
    "server.port_refused": "Port {port} cannot be used: {reason}. Choose another with --port (make demo "
    "PORT=…); 0 takes a free one.",
    "command.stopped": "Stopped. What was loaded before is safe. Run the command again.",
    "server.interrupted": "Stopped before the dashboard was open. Run the same command again: "
    "nothing is lost.",
    "server.address": "Stepsight is at {address} (Ctrl+C ends it)",
    "doctor.packages": "Packages: {n} as required ({main})",
    "doctor.package": "The package {name} has version {version}, but Stepsight needs {needed}. Install the "
    "versions it was tested with: pip install --require-hashes -r requirements.txt",
    "doctor.sample": "Sample: {folder}",
    "doctor.sample_missing": "The sample is missing in {folder}. Install Stepsight again.",
    "doctor.warehouse": "Warehouse: {folder}",
    "doctor.warehouse_not_writable": "The warehouse {warehouse} cannot be written: {folder}: {reason}. Mend "
    "its permissions, or name another folder with --warehouse or STEPSIGHT_WAREHOUSE.",
    "doctor.space": "Space: {free_gib:number} GiB are free in {folder}",
    "doctor.space_short": "Only {free_gib:number} GiB are free in {folder}, but a load needs "
    "{needed_gib:number} GiB. Make room there, or name another folder with --warehouse.",
    "doctor.key": "Key: {file}",
    "doctor.key_later": "Key: the first load makes {file}",
    "doctor.settings": "Settings: {file}",
    "doctor.settings_default": "Settings: there is no stepsight.toml; the defaults hold",
    "doctor.archive": "Archive: every file is what was written, up to load {load}",
    "doctor.archive_none": "Archive: nothing has been loaded yet",
    "doctor.damaged": "Damaged files of the archive are in {folder}. Nobody can tell whose rows are in them. "
    "Delete the folder when nobody needs it; `forget` and `purge` do.",
    "doctor.damaged_none": "Damaged files: none were put aside",
    "doctor.erasures": "Erasures: none is under way",
    "doctor.snapshot": "Snapshot: {file}",
    "doctor.snapshot_none": "Snapshot: nothing has been loaded yet",
    "doctor.port": "Port: {port} is free",
    "doctor.failed": "The check “{check}” failed: {reason}. Mend what this names.",
    "doctor.fine": "Nothing is wrong",
    "doctor.problems": "To mend: {n:problem}",
}
