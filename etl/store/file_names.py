"""What is kept of a file's name and path: the name without contact details, and a keyed hash of the path.

Paths name people, as in `/home/ann.smith/march.csv`, and names may, as in `ann.smith@example.org.csv`. The
hash tells files of one name apart, and the same file again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from operator import itemgetter
from pathlib import Path

from etl.contract.names import name_of
from etl.contract.sources import ids_of_word, own_id
from etl.errors import KeyMismatch
from etl.privacy.contact_details import CONTACT, ContactDetails
from etl.privacy.pseudonyms import Pseudonyms
from etl.sources import ENDINGS
from etl.store.archive import Archive, LoadRecord, Record, taken_out

ERASED = "(erased)"
"""What stands in a name in place of an id that was erased."""

_AT = re.compile(r"(?<=[^\W_])-at-(?=[^\W_])", re.IGNORECASE)
_BLANK = re.compile(r"(?<!_at)_(?!at_)", re.IGNORECASE)
_LONGEST_ID = 255
"""Characters; no name of a file is longer on most disks, but members of archives may be."""
_MARK = re.compile(r"p-[0-9a-f]*")
_ENDING = re.compile(rf"(?:{'|'.join(map(re.escape, ENDINGS))})+$", re.IGNORECASE)
# 20260302_091500, 2026_03_02-09-15: in the name of a file blanks are `_`, and colons are `-`.
_STAMP = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-_. ]?(?:0[1-9]|1[0-2])[-_. ]?(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0[1-9]|[12]\d|3[01])[-_. ](?:0[1-9]|1[0-2])[-_. ](?:19|20)\d\d)"
    r"(?:[-_T. ]{0,2}\d\d[-_.h ]?\d\d(?:[-_.m ]?\d\d)?Z?)?(?!\d)"
)


def name_to_keep(name: str, contacts: ContactDetails) -> str:
    """A file's name, with a sign in place of contact details; its ending says nothing of anybody."""
    name = name_of(name)
    ending = _ENDING.search(name)
    stem = name[: ending.start()] if ending else name
    readable = _BLANK.sub(" ", _STAMP.sub(lambda stamp: "~" * len(stamp[0]), stem))
    readable = _AT.sub("_at_", readable)
    for begin, end in reversed(contacts.spans_in(readable)):
        stem = stem[:begin] + CONTACT + stem[end:]
    return stem + (ending[0] if ending else "")


def path_to_keep(path: Path, pseudonyms: Pseudonyms) -> str:
    """A keyed hash of a whole path."""
    return pseudonyms.of(str(path.absolute()), "path")


def is_path_of(text: str, path: Path, mark: str | None) -> bool:
    """Whether a record has a path, as its hash or as earlier versions kept it."""
    return text == mark or (not _MARK.fullmatch(text) and Path(text).absolute() == path.absolute())


def without_ids(name: str, ids: Collection[str]) -> str:
    """A name with a sign in place of each of the ids that stands in it alone, between what are no letters.

    Here `_` and `-` part words as well: the customer C-1 is named by `tickets_C-1.csv`. A date stays whole,
    whatever a part of it is the id of.
    """
    without, begin, dates = "", 0, _dates_in(name)
    while begin < len(name):
        ends = [] if without[-1:].isalnum() else _ends_of_words(name, begin, dates)
        end = next((end for end in ends if name[begin:end] in ids), None)
        without += name[begin] if end is None else ERASED
        begin = begin + 1 if end is None else end
    return without


def words_in(name: str) -> set[str]:
    """All that could be an id in a name: what stands in it alone, as `without_ids` has it."""
    dates = _dates_in(name)
    return {
        name[begin:end]
        for begin in range(len(name))
        if not name[begin - 1 : begin].isalnum()
        for end in _ends_of_words(name, begin, dates)
    }


def words_of_record(record: LoadRecord) -> set[str]:
    """All that could be an id in the names that a load keeps: of its file, and of columns not used."""
    return set[str]().union(*map(words_in, (record.file, *record.ignored_columns)))


def _ends_of_words(name: str, begin: int, dates: Sequence[tuple[int, int]]) -> list[int]:
    """Where a word that begins somewhere, but does not lie within a date, may end; the longest first."""
    before = bisect_right(dates, begin, key=itemgetter(0)) - 1
    date_end = max(dates[before][1], begin) if before >= 0 else begin
    last = min(len(name), begin + _LONGEST_ID)
    return [end for end in range(last, date_end, -1) if not name[end : end + 1].isalnum()]


def _dates_in(name: str) -> list[tuple[int, int]]:
    return [match.span() for match in _STAMP.finditer(name)]


def renamed(
    record: LoadRecord, ids: Collection[str], pseudonyms: Pseudonyms | None, contacts: ContactDetails
) -> LoadRecord:
    """The record without ids in names of the file and of its columns, and without an earlier version's path.

    `pseudonyms`: None where their key is lost; what the path was cannot be told from then on.
    """
    name = without_ids(record.file, ids)
    path = record.path
    if not _MARK.fullmatch(path):
        name = without_ids(name_to_keep(record.file, contacts), ids)
        path = path_to_keep(Path(path), pseudonyms) if pseudonyms else "p-"
    columns = [without_ids(each, ids) for each in record.ignored_columns]
    return record.model_copy(update={"file": name, "path": path, "ignored_columns": columns})


def pseudonyms_if_any(archive: Archive) -> Pseudonyms | None:
    """The pseudonyms of an archive; None where their key is lost."""
    try:
        return archive.pseudonyms()
    except KeyMismatch:
        return None


class ErasedNames:
    """Who is erased, as names of files may call them.

    `words_of`: what stands for a customer in the rows of a load. A bare id counts in names of files of its
    own source alone, as in rejected rows, and files without a source count as one. Of a load that was taken
    out nothing else is left, and its source may have been mended: there it counts whatever the source.
    `contacts`: what is taken out of names that an earlier version kept. Case does not count.
    """

    def __init__(
        self,
        tickets: Collection[str],
        words_of: Callable[[LoadRecord], Collection[str]] | None,
        archive: Archive,
        contacts: ContactDetails,
    ) -> None:
        self._tickets, self._contacts = {each.casefold() for each in tickets}, contacts
        self._words_of = words_of or (lambda _: ())
        records = list(archive.records(after=0))
        self._gone = taken_out(records)
        sources = {each.source for each in records if isinstance(each, LoadRecord) and each.source}
        self._own_tickets = (
            {own_id(each, sources).casefold() for each in tickets} if self._gone else set[str]()
        )
        self._pseudonyms = pseudonyms_if_any(archive)

    def out_of(self, record: Record) -> Record:
        """The record of a load whose file is not called after anybody of them; others as they are."""
        if not isinstance(record, LoadRecord):
            return record
        names = {each.casefold() for each in self._words_of(record)}
        # Looked up word by word: of tickets there may be a million, and of loads thousands.
        ids = {
            each
            for each in words_of_record(record)
            if each.casefold() in names or self._is_ticket(each, record)
        }
        return renamed(record, ids, self._pseudonyms, self._contacts)

    def _is_ticket(self, word: str, record: LoadRecord) -> bool:
        if record.load_id in self._gone and word.casefold() in self._own_tickets:
            return True
        return any(each.casefold() in self._tickets for each in ids_of_word(word, record.source))
