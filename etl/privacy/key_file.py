"""The file of the key: where it lies, who may read it, and the keys in it."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from etl.errors import KeyMismatch
from etl.messages import Message, os_reason
from etl.privacy.pseudonyms import Pseudonyms
from etl.private_files import FILE_MODE, OTHERS


def read_key(path: Path, *, archive_fingerprint: str | None) -> Pseudonyms:
    """The key in a file, which is made with mode 600 where nothing was ever loaded with another.

    Raises:
        KeyMismatch: the archive was written with a key that is not in the file, or others may read it.
    """
    if path.exists():
        _require_private(path)
        pseudonyms = Pseudonyms(*(keys := _decoded(path)))
        later = () if archive_fingerprint is None else pseudonyms.since(archive_fingerprint)
        if later is None:
            raise KeyMismatch("key.another", path=path, loss=Message("key.loss"))
        if later:
            raise KeyMismatch("key.of_later", path=path, line=len(keys) - len(later))
        return pseudonyms
    if archive_fingerprint is not None:
        raise KeyMismatch("key.not_there", path=path, loss=Message("key.loss"))
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_bytes(32)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "w") as file:
        file.write(key.hex() + "\n")
    return Pseudonyms(key)


def _require_private(path: Path) -> None:
    """A key is for its owner alone, unless nobody can set its mode: secrets are mounted read-only."""
    if os.name != "posix" or not path.stat().st_mode & OTHERS:
        return
    if not os.statvfs(path).f_flag & os.ST_RDONLY:
        raise KeyMismatch("key.open", file=path)


def _decoded(path: Path) -> list[bytes]:
    """The keys in a file, one a line, the first one first."""
    try:
        keys = [bytes.fromhex(line) for line in path.read_text().splitlines() if line.strip()]
    except (ValueError, UnicodeDecodeError) as error:
        raise KeyMismatch("key.no_key", path=path) from error
    except OSError as error:
        raise KeyMismatch("key.not_readable", path=path, reason=os_reason(error)) from error
    if not keys or any(len(key) < hashlib.sha256().digest_size for key in keys):
        raise KeyMismatch("key.too_short", path=path)
    return keys


def next_key(path: Path) -> Path:
    """Where the keys lie that are to take the place of those in a file, until the archive has them."""
    return path.with_name(f"{path.name}.next")


def key_path(warehouse: Path) -> Path:
    """Where the key of a warehouse lies unless named otherwise: beside its folder, not in it.

    Beside the folder itself where a link leads to it: whoever comes by another link, or by none, has the same
    key. One that an earlier version made beside the link is used as long as there is no other.
    """
    folder = warehouse.resolve() if warehouse.is_symlink() or warehouse.name in {"", ".."} else warehouse
    key = folder.with_name(f"{folder.name}.key")
    if folder is not warehouse and warehouse.name and not key.exists():
        beside_link = warehouse.with_name(f"{warehouse.name}.key")
        return beside_link if beside_link.exists() else key
    return key
