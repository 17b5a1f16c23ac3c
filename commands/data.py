"""Commands that bring data in, look after it, and take it out again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from commands.findings import finding_line, finding_lines
from commands.inspection_lines import inspection_lines
from commands.options import Form, Format, Warehouse, path_by_name
from commands.output import (
    print_aside,
    print_first,
    print_frame,
    print_json,
    print_lines,
    print_problem,
    print_table,
)
from commands.places import DEFAULT_WAREHOUSE
from commands.warehouses import (
    locked_there,
    open_reader,
    progress_bar,
    rebuild_from_archive,
    settings_of,
    writing,
)
from dashboard.language import _, words
from dashboard.language.load_outcome import outcome
from dashboard.language.mapping_text import mapping_text
from dashboard.language.messages import say
from dashboard.views.data_health.tables import SEVERITIES
from etl.contract.instants import Bounds
from etl.contract.workflows import read_definitions
from etl.export import export as export_table
from etl.health.run_checks import findings, worst
from etl.mapping.inspect import inspect as inspect_file
from etl.mapping.inspect import write_mapping
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping, with_source
from etl.messages import rejection
from etl.sources import ENDINGS, files
from etl.store.interrupted import is_taken_out
from etl.store.load import add_definitions
from etl.store.load import load as load_files
from etl.store.load import unload as unload_one
from etl.store.load_report import FileReport, LoadReport
from etl.store.rejected import rejected_rows
from metrics.query.load_history import loads as load_history
from metrics.query.load_history import without_idle_columns
from metrics.query.workflow_versions import workflow_versions
from metrics.settings.names import setting_names

app = typer.Typer()
workflows = typer.Typer(help="Workflow definitions: how a version is meant to run.", no_args_is_help=True)
app.add_typer(workflows, name="workflows")


@app.command()
def load(
    paths: Annotated[
        list[Path],
        typer.Argument(
            parser=path_by_name,
            metavar="PATHS...",
            help=f"Files, folders or patterns: {' '.join(ENDINGS)}",
        ),
    ],
    mapping: Annotated[
        Path | None, typer.Option(help="What the file's columns and activities mean (TOML).")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            help="The system the files come from, where a warehouse holds several; put in front of all ids."
        ),
    ] = None,
    replace: Annotated[
        int | None, typer.Option(help="The load whose place the file takes: a number of `stepsight loads`.")
    ] = None,
    allow_erased: Annotated[
        bool,
        typer.Option("--allow-erased", help="Take rows of who was erased, too; the load's record notes it."),
    ] = False,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Load event files. The same file again adds nothing; with another mapping its events are replaced."""
    report = load_paths(paths, warehouse, mapping, replace=replace, source=source, allow_erased=allow_erased)
    if as_json:
        print_json(report.model_dump(mode="json", exclude_none=True))
    else:
        print_report(report)
        print_worst(warehouse)
    if report.is_empty or any(file.error for file in report.files):
        raise typer.Exit(1)


@app.command()
def loads(warehouse: Warehouse = DEFAULT_WAREHOUSE, form: Form = Format.TABLE) -> None:
    """List what was loaded, the newest first: number, file, and what became of its rows."""
    history = load_history(open_reader(warehouse))
    print_frame(without_idle_columns(history) if form is Format.TABLE else history, form)


@app.command()
def unload(
    load_id: Annotated[int, typer.Argument(metavar="LOAD", help="A number of `stepsight loads`.")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Take a load out again, as if its file had never been loaded."""
    with writing(warehouse) as (connection, archive):
        gone = None if is_taken_out(load_id, archive) else unload_one(load_id, connection, archive)
    if gone is None:  # by this command, which was killed; `writing` says so
        return
    events = words.counted(gone.events, "event")
    print_lines([_("Removed load {load} ({file}): {events}.", load=load_id, file=gone.file, events=events)])
    if gone.repeated_by:
        again = _(
            "An earlier version did not note what these loads repeat. Load their files again: {loads}",
            loads=", ".join(map(str, gone.repeated_by)),
        )
        print_lines([again])


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="A file, or one in a .zip: export.zip/events.csv.")],
    mapping: Annotated[
        Path | None, typer.Option(help="Look with this mapping, not with a guessed one.")
    ] = None,
    write_to: Annotated[
        Path | None, typer.Option("--write-mapping", help="Write the guessed mapping there, to check.")
    ] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Look into a file before loading it: columns, a guessed mapping, what it would give and reject."""
    bounds = Bounds.of_load(datetime.now(UTC), settings_of(warehouse).earliest)
    inspection = inspect_file(file, read_mapping(mapping) if mapping else None, bounds=bounds)
    if as_json:
        print_json(inspection.model_dump(mode="json", exclude_none=True))
    else:
        print_lines(inspection_lines(inspection))
    if write_to and inspection.is_guess and inspection.problem:
        raise typer.Exit(1)
    if write_to:
        write_mapping(mapping_text(inspection), write_to)
        print_aside(
            _(
                "Wrote {mapping}. Check it, then: stepsight load {file} --mapping {mapping}",
                mapping=write_to,
                file=file,
            )
        )


@workflows.command("add")
def workflows_add(file: Path, warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Add workflow definitions (JSON); one of the same workflow version is replaced."""
    definitions = read_definitions(file)
    with writing(warehouse) as (connection, archive):
        add_definitions(definitions, connection, archive)
    print_lines(
        f"{added.workflow} {added.version}: {words.counted(len(added.steps), 'step')}"
        for added in definitions
    )


@workflows.command("list")
def workflows_list(warehouse: Warehouse = DEFAULT_WAREHOUSE, form: Form = Format.TABLE) -> None:
    """List the workflow versions, with the steps of their definition and the runs in the data."""
    print_frame(workflow_versions(open_reader(warehouse)), form)


@app.command()
def rebuild(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    salvage: Annotated[
        bool, typer.Option("--salvage", help="Keep what is sound of a damaged archive; list what is lost.")
    ] = False,
) -> None:
    """Check the archive and make the database anew from it; its content stays the same."""
    with locked_there(warehouse, carries_through=not salvage):
        rebuild_from_archive(warehouse, salvages=salvage)
    print_lines([_("Made {file} anew from its archive.", file=warehouse / "warehouse.duckdb")])


@app.command()
def health(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Show what to check in the data before you trust the numbers."""
    all_findings = findings(open_reader(warehouse))
    if as_json:
        print_json([finding.model_dump(mode="json") for finding in all_findings])
    elif all_findings:
        print_lines(finding_lines(all_findings))
    else:
        print_lines([_("The data has not been examined yet. Load a file, or run: stepsight refresh")])


@app.command()
def rejected(
    reason: Annotated[str | None, typer.Option(help="Only rows that broke this rule.")] = None,
    file: Annotated[str | None, typer.Option(help="Only rows of this file.")] = None,
    export: Annotated[Path | None, typer.Option(help="Write all of them to a .csv, .jsonl or .xlsx.")] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
    # The name of `--file` in earlier versions: in `load`, a source is a system.
    former_file: Annotated[str | None, typer.Option("--source", hidden=True)] = None,
) -> None:
    """List the rows that were rejected, each with the rule it broke and its content."""
    rows = rejected_rows(open_reader(warehouse), reason=reason, file=file or former_file)
    explain = str if as_json else say
    explained = {rule: explain(rejection(rule)) for rule in rows["rule"].unique()}
    rows = rows.with_columns(explanation=pl.col("rule").replace_strict(explained, return_dtype=pl.String))
    if export:
        export_table(rows, export)
        print_lines([_("Wrote {rows} to {file}.", rows=words.counted(rows.height, "row"), file=export)])
    elif as_json:
        print_frame(rows, Format.JSON)
    else:
        print_first(rows, everything="--export FILE.csv")


def load_paths(
    paths: list[Path],
    warehouse: Path,
    mapping: Path | None,
    *,
    replace: int | None = None,
    source: str | None = None,
    allow_erased: bool = False,
) -> LoadReport:
    """Load files and folders, with the settings of the warehouse; `source` wins over the mapping's."""
    read = with_source(read_mapping(mapping) if mapping else Mapping(), source)
    settings = settings_of(warehouse)
    now = datetime.now(UTC)
    with progress_bar() as progress, writing(warehouse) as (connection, archive):
        report = load_files(
            files(paths),
            connection,
            archive,
            now=now,
            earliest=settings.earliest,
            mapping=read,
            keep_free_text=settings.privacy.keep_free_text,
            regions=settings.privacy.regions,
            names={each.name for each in setting_names(settings)},
            replace=replace,
            retention=settings.retention(now),
            allow_erased=allow_erased,
            resumes=True,
            progress=progress,
        )
        progress("computing facts", report.read)
    return report


def print_report(report: LoadReport) -> None:
    """What became of every row, file by file."""
    counts = ("read", "loaded", "duplicates", "rejected", "skipped")
    print_table(
        [("file", pl.String()), *((name, pl.Int64()) for name in counts)],
        [(Path(file.path).name, *(getattr(file, name) for name in counts)) for file in report.files],
    )
    for file in report.files:
        _print_remarks(file)
    print_lines(map(say, report.remarks))


def print_worst(warehouse: Path) -> None:
    """The worst that data health has found, in a sentence each."""
    # The report says what was rejected.
    notable = [each for each in findings(open_reader(warehouse)) if each.check != "rejected_rows"]
    print_lines(
        _("{name}: {value}", name=_(SEVERITIES[each.severity]), value=finding_line(each))
        for each in worst(notable)
    )
    more = len(worst(notable, len(notable))) - len(worst(notable))
    print_lines([_("and more ({n}): stepsight health", n=words.count(more))] if more else [])


def _print_remarks(file: FileReport) -> None:
    print_lines(outcome(file))
    print_lines(map(say, file.remarks))
    if file.error:
        print_problem(file.error)
