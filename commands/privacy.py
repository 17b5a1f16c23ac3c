"""Commands that remove or show what is kept of people."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.options import Warehouse, path_by_name
from commands.output import print_lines
from commands.places import DEFAULT_WAREHOUSE
from commands.warehouses import archive_of, locked_there, make_anew, settings_of
from dashboard.language import _, words
from dashboard.language.messages import say
from etl.errors import InvalidRequest
from etl.messages import Message
from etl.privacy.erasure import forget_customer, purge_older
from etl.privacy.person_export import PersonExport, export_person
from etl.privacy.receipts import Erased, receipt_of_customer, receipt_of_purge
from etl.privacy.rekey import Rekeyed, rekey
from etl.store.erasure_plan import is_pending, written_receipts
from etl.store.ticket_groups import Retention
from metrics.settings.names import setting_names

app = typer.Typer()


@app.command()
def forget(
    customer: Annotated[
        str,
        typer.Option(
            help="The customer's id, as your files have it; source:id where several sources have it."
        ),
    ],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Remove a customer and all their tickets from everything that is kept."""
    with locked_there(warehouse) as receipts:
        settings = settings_of(warehouse)
        try:
            erased = forget_customer(
                customer,
                warehouse,
                archive_of(warehouse),
                now=datetime.now(UTC),
                run_ids=settings.runs.unique,
                regions=settings.privacy.regions,
                names={each.name for each in setting_names(settings)},
            )
        except InvalidRequest as error:
            if is_pending(warehouse):  # an earlier erasure has taken the database with it
                make_anew(warehouse)
            own = receipt_of_customer(customer, receipts, archive_of(warehouse))
            if own is None or error.message.code == "customer.of_several":
                _require_not_erased(error, customer, warehouse)
                raise
            receipts.remove(own)
            erased = Erased.of(own)
        else:
            make_anew(warehouse)
    _print_erased(erased)


def _require_not_erased(error: InvalidRequest, customer: str, warehouse: Path) -> None:
    """Of nobody known the receipt of an erasure is named, where there is one."""
    if error.message.code.startswith("customer.unknown"):
        receipts = written_receipts(warehouse)
        if receipt := receipt_of_customer(customer, receipts, archive_of(warehouse)):
            raise InvalidRequest("customer.erased", customer=customer, receipt=receipt.file) from error


@app.command("export-person")
def export_person_(
    customer: Annotated[
        str,
        typer.Option(
            help="The customer's id, as your files have it; source:id where several sources have it."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(parser=path_by_name, help="A new folder, outside of the warehouse.")
    ] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Write all that is kept of one customer, as JSON and CSV: what `forget` would remove."""
    with locked_there(warehouse):
        if is_pending(warehouse):  # an earlier erasure has taken the database with it
            make_anew(warehouse)
        settings = settings_of(warehouse)
        export = export_person(
            customer,
            warehouse,
            archive_of(warehouse),
            out,
            run_ids=settings.runs.unique,
            names={each.name for each in setting_names(settings)},
            in_words=say,
        )
    print_lines([*_export_lines(export), *_origin_lines(export.origin)])


def _export_lines(export: PersonExport) -> list[str]:
    rows = words.counted(export.rows["rejected_rows"], "rejected row")
    if export.rejecting_loads > 1:
        loads = words.counted(export.rejecting_loads, "load")
        rows = _("{rows} of {loads}", rows=rows, loads=loads)
    line = _(
        "Wrote {tickets} with {events}, {rows}, {mentions} in other tickets and {notes} of readers to "
        "{folder}. README.txt says what is what.",
        tickets=words.counted(export.tickets, "ticket"),
        events=words.counted(export.rows["events"], "event"),
        rows=rows,
        mentions=words.counted(export.rows["mentions"], "mention"),
        notes=words.counted(export.rows["notes"], "note"),
        folder=export.folder,
    )
    return [line] if export.is_customer else [_("No ticket has this customer."), line]


@app.command("rekey")
def rekey_(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Make a new key, as where somebody has seen the old one: all pseudonyms are made anew with it."""
    with locked_there(warehouse) as receipts:
        own = next((each for each in receipts if each.act == "rekey"), None)
        if own is None:
            done = rekey(warehouse, archive_of(warehouse), now=datetime.now(UTC))
        else:  # of this command, which was killed
            receipts.remove(own)
            done = Rekeyed(archive_of(warehouse).key_file, own.file)
        make_anew(warehouse)
    print_lines(
        [
            _(
                "All pseudonyms are of a new key in {file}. Back it up: nobody can be found without it. "
                "The lines above it are the old key, which opens backups of before. "
                "The receipt is {receipt}.",
                file=done.key_file,
                receipt=done.receipt,
            )
        ]
    )


@app.command("retain", hidden=True)  # its name in version 0.1
@app.command()
def purge(
    months: Annotated[int, typer.Option(min=1, help="Keep tickets with an event in the last N months.")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Remove tickets whose last event is older than some months."""
    now = datetime.now(UTC)
    with locked_there(warehouse) as receipts:
        settings = settings_of(warehouse)
        retention = Retention.of_months(months, now, settings.runs.unique)
        own = receipt_of_purge(retention, receipts)
        if own is None:
            erased = purge_older(
                retention, warehouse, archive_of(warehouse), now=now, regions=settings.privacy.regions
            )
        else:  # of this command, which was killed
            receipts.remove(own)
            erased = Erased.of(own)
        make_anew(warehouse)
    if erased is None:
        print_lines([_("No ticket is so old: nothing was removed, so there is no receipt.")])
        return
    _print_erased(erased)
    keep_months = settings.privacy.keep_months
    if keep_months is None or keep_months > months:
        print_lines(
            [
                _(
                    "Files that are loaded again bring such tickets back. Set keep_months = {months} in "
                    "[privacy] of the settings to keep them out.",
                    months=months,
                )
            ]
        )


def _print_erased(erased: Erased) -> None:
    counts = erased.counts
    if erased.is_customer:
        lines = [
            _(
                "Removed {tickets} with {events}, {rows} and {notes} of readers. The receipt is {receipt}.",
                tickets=words.counted(counts.tickets, "ticket"),
                events=words.counted(counts.events, "event"),
                rows=words.counted(counts.rejected_rows, "rejected row"),
                notes=words.counted(counts.notes, "note"),
                receipt=erased.receipt,
            )
        ]
    else:
        lines = [
            _(
                "No ticket has this customer. The id was taken out of {places}. The receipt is {receipt}.",
                places=words.counted(counts.places, "place"),
                receipt=erased.receipt,
            )
        ]
    if counts.mentions:
        cells = words.counted(counts.mentions, "cell")
        lines.append(_("A pseudonym is now in {cells} of other tickets that had such an id.", cells=cells))
    if counts.file_names:
        names = words.counted(counts.file_names, "file name")
        lines.append(_("“(erased)” is now in {names} that had such an id.", names=names))
    print_lines([*lines, *_origin_lines(erased.origin)])


def _origin_lines(origin: Message | None) -> list[str]:
    """Of which source the customer is, who may have a namesake in another one."""
    return [] if origin is None else [say(origin)]
