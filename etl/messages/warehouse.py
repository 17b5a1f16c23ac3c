"""The warehouse, its key, what is removed from it, and what was rejected."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    # Saved views and annotations.
    "notes.unreadable": "The saved views and annotations in {file} cannot be read. The numbers do not depend "
    "on them. Put the file right or rename it; a new one is begun then.",
    "notes.busy": "Somebody else is writing to {file}. Try again in a moment.",
    "notes.not_written": "{file} cannot be written: {reason}. Nothing was changed. Make the warehouse folder "
    "writable for the dashboard, or make room.",
    "notes.full": "There is room for {views:saved view} and {notes:annotation}. Delete some that nobody "
    "needs.",
    "notes.name_taken": "There is another saved view named “{name}”. Choose another name.",
    "notes.name_length": "A name has 1 to {longest:character}. Write one, and try again.",
    "notes.text_length": "A text has 1 to {longest:character}. Write one, and try again.",
    "warehouse.busy": "The warehouse {folder} is being written by another process. Wait until it has "
    "finished, then try again.",
    "warehouse.nothing_loaded": "Nothing has been loaded into {folder}. Load a file with `stepsight load`, "
    "or name another warehouse with --warehouse.",
    "warehouse.is_file": "{path} is a file, but a warehouse is a folder. Name another one with --warehouse.",
    "warehouse.not_there": "There is no warehouse in {folder}. Name another one with --warehouse.",
    "warehouse.busy_with": "The warehouse {folder} is being written by another process (process {process}). "
    "Wait until it has finished, then try again.",
    "warehouse.no_room": "The warehouse folder {folder} cannot be written: {reason}. What was loaded before "
    "is safe. Make room or choose another folder with --warehouse, then try again.",
    "warehouse.read_only": "The warehouse folder {folder} cannot be written: {reason}. What was loaded "
    "before is safe. Mount the disk for writing or choose another folder with --warehouse, then try again.",
    "warehouse.not_permitted": "The warehouse folder {folder} cannot be written: {reason} for {file}. What "
    "was loaded before is safe. Give the user of this command the right to write there, then try again.",
    "warehouse.no_folder": "The warehouse folder {folder} cannot be written: {reason}. Choose another folder "
    "with --warehouse.",
    "warehouse.file_gone": "A file of the warehouse {folder} is gone: {file}. Somebody else removed it. Run "
    "the command again; if it fails again, see what is wrong with: stepsight rebuild.",
    "warehouse.no_locks": "The disk of the warehouse folder {folder} has no file locks, so two commands "
    "could write at once. Nothing was changed. Choose a folder on another disk with --warehouse.",
    "warehouse.disk_failed": "Reading or writing in the warehouse folder {folder} failed: {reason}. What was "
    "loaded before is safe. Try again; if it fails again, see what is wrong with: stepsight rebuild.",
    "warehouse.in_use": "Another program has {file} open. What was loaded before is safe. Close that "
    "program, then try again.",
    "warehouse.damaged_snapshot": "The snapshot {path} is damaged. Run `stepsight rebuild`; it "
    "publishes a new one.",
    "archive.damaged": "The archive of {folder} is damaged: {problems:parts}. Nothing was changed, and what "
    "is shown stays. Put these files back from a backup, or keep what is sound: stepsight rebuild --salvage.",
    "archive.file_missing": "{path} is missing ({of})",
    "archive.file_changed": "{path} is not what was written ({of})",
    "archive.record_missing": "{path} is missing",
    "archive.record_changed": "{path} is no record of this archive",
    "archive.record_miscounted": "{path} counts other rows than its files hold",
    "archive.of_load": "load {load}, {file}",
    "archive.lost_rows": "Lost: events of load {load} ({file}). Load that file again.",
    "archive.lost_rejected": "Lost: rejected rows of load {load} ({file}).",
    "archive.lost_repeats": "Lost: which rows of load {load} ({file}) repeat others. Load that file again.",
    "archive.lost_record": "Lost: load {load}; its record cannot be read. Load its file again.",
    "archive.recounted": "Load {load} ({file}) counts what its files hold now.",
    "archive.aside": "Damaged files are in {folder} now. Delete them when nobody needs them; `forget` does.",
    "archive.sound": "The archive is sound: nothing was lost.",
    "key.another": "The key in {path} is not the one this warehouse was loaded with. {loss}",
    "key.not_there": "The key of this warehouse is missing: there is no file {path}. {loss}",
    "key.loss": "Without it nobody can be found by an id: `load`, `forget`, `export-person` and `rekey` "
    "stop, and all else works. Put the key back from your backup, or say where it is with STEPSIGHT_KEY. If "
    "it is lost for good, start a new warehouse and load your files anew.",
    "key.of_later": "The key in {path} is of after a `rekey`, and this copy of the warehouse is of before. "
    "Its own key is in that file, down to line {line}. Write it to a file of its own, and name that with "
    "STEPSIGHT_KEY: umask 077; sed {line}q {path} > KEY",
    "key.no_key": "{path} does not hold a key (64 hexadecimal digits). Put it back from your backup.",
    "key.too_short": "The key in {path} is too short (64 hexadecimal digits). Put it back from your backup.",
    "key.open": "Others on this machine can read the key {file}, and could find out who is behind a "
    "pseudonym. Take that away: chmod 600 {file}",
    "key.not_written": "No new key can be written beside {path}: {reason}. Nothing was changed. Put the key "
    "where this command may write, and name its place with STEPSIGHT_KEY.",
    "key.not_readable": "The key {path} cannot be read: {reason}.",
    "salvage.damaged": "The list of what a salvage has lost so far, {path}, cannot be read. Put it back "
    "from a backup, or delete it and run again: what was lost before is then not said.",
    "erased.damaged": "The list of who was erased, {path}, cannot be read, so this command "
    "cannot go on. Put it back from your backup. Without one, delete it. Then run the command again. Who was "
    "on the lost list comes back with their files: repeat those erasures after you load them.",
    "erased.other_key": "The list of who was erased, {path}, was made with another key, so this command "
    "cannot go on. Put the list of this key in its place: after a restore, that of the backup. Only where "
    "there is none, move it away. Then run the command again, and repeat the erasures that are missing.",
    "forget.still_read": "Everything was removed from the archive, and new numbers stand. Some process still "
    "reads the old ones in {folder}, so there is no receipt yet. End it, then run: stepsight refresh.",
    "forget.pending": "An erasure in {folder} is not over. End what still reads the old numbers, then run: "
    "stepsight refresh.",
    "forget.plan_damaged": "The plan of an erasure, {path}, cannot be read. What is shown may still have who "
    "is to be erased. Delete that file, run `stepsight rebuild`, then repeat the erasure.",
    "forget.notes_busy": "Somebody is writing to {path}. Nothing was removed yet; try again in a moment.",
    "forget.notes_damaged": "The saved views and annotations in {path} cannot be read, so they may name the "
    "person. Nothing was removed yet. Put the file right or delete it, then try again.",
    "interrupted.load": "An interrupted command was carried through: load {load} ({file}) is in the numbers "
    "now.",
    "interrupted.replacement": "An interrupted command was carried through: load {load} ({file}) is in the "
    "numbers now, in place of load {replaced}.",
    "interrupted.unload": "An interrupted command was carried through: load {load} ({file}) is taken out.",
    "interrupted.definitions": "An interrupted command was carried through: the definitions of {workflows} "
    "are in use now.",
    "interrupted.erasure": "An interrupted `{act}` was carried through. The receipt is {receipt}.",
    "interrupted.archived": "Load {load} ({file}) is in the archive already. It comes into the numbers with "
    "the next command that writes, as with: stepsight refresh.",
    "load.unknown": "There is no load {load}. stepsight loads lists them.",
    "load.taken_out": "There is no load {load} any more: it was taken out. stepsight loads lists the others.",
    "load.replaced": "There is no load {load} any more: load {by} took its place.",
    "load.replace_one": "--replace {load} takes one file, and {n:file} were given.",
    "rejected.unknown_rule": "--reason {rule}: there is no such rule. {hint}",
    "rejected.rules": "Rows were rejected for: {rules}.",
    "rejected.none": "No row was rejected.",
    "rejected.unknown_file": "--file {file}: no file of this name was loaded. {hint}",
    "rejected.files": "Loaded files: {files}.",
    "rejected.nothing_loaded": "Nothing has been loaded yet.",
}
