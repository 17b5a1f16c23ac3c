"""What the page "Your data" says of a file: how large it is, and what a load would take and refuse."""

from __future__ import annotations

from dashboard.language import _, ngettext, words
from dashboard.queries import warehouse
from dashboard.views.your_data.uploads import Tried
from etl.mapping.inspect import Inspection


def size(inspection: Inspection) -> str:
    """How many rows and columns the file has."""
    n = len(inspection.columns)
    columns = ngettext("{n} column", "{n} columns", n, n=words.count(n))
    rows = words.counted(inspection.looked_at, "row")
    if inspection.all_rows:
        return _("The file has {rows} and {columns}.", rows=rows, columns=columns)
    return _("The first {rows} were looked at; they have {columns}.", rows=rows, columns=columns)


def outcome(tried: Tried, inspection: Inspection) -> str:
    """What a load would take, from when to when, and how much it would refuse."""
    refused = tried.read - tried.accepted - tried.skipped
    not_taken = _not_taken(tried)
    if not tried.accepted:
        none = _("None of the {rows} could be loaded.", rows=words.counted(tried.read, "row"))
        return " ".join([none, *not_taken])
    zone = warehouse.settings().time_zone
    sentences = [
        _(
            "{taken} of {rows} would be loaded, unless they are there already.",
            taken=words.count(tried.accepted),
            rows=words.counted(tried.read, "row"),
        )
    ]
    if inspection.first and inspection.last:
        sentences.append(
            _(
                "They hold {tickets} from {first} to {last} ({zone}).",
                tickets=words.counted(inspection.tickets, "ticket"),
                first=words.instant(inspection.first, zone),
                last=words.instant(inspection.last, zone),
                zone=zone,
            )
        )
    if tried.skipped:
        rows = words.counted(tried.skipped, "row")
        sentences.append(_("{rows} would be skipped, without an event by the mapping.", rows=rows))
    if refused:
        share = words.share(refused / tried.read)
        sentences.append(
            ngettext(
                "{n} row ({share}) would be rejected; it is kept aside and can be mended later.",
                "{n} rows ({share}) would be rejected; they are kept aside and can be mended later.",
                refused,
                n=words.count(refused),
                share=share,
            )
        )
    else:
        sentences.append(_("None would be rejected."))
    return " ".join([*sentences, *not_taken])


def _not_taken(tried: Tried) -> list[str]:
    """How many rows more the file has that no load takes."""
    if not tried.erased:
        return []
    return [
        ngettext(
            "{n} row more would not be taken: its customer or ticket was erased.",
            "{n} rows more would not be taken: their customers or tickets were erased.",
            tried.erased,
            n=words.count(tried.erased),
        )
    ]
