"""Small files of every kind, written by hand so that a test can damage them."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import polars as pl
import pyarrow as pa

Row = Mapping[str, str]

THREE: list[Row] = [
    {"event_id": "e1", "occurred_at": "2026-03-02T09:00:00Z", "ticket_id": "t1", "kind": "opened"},
    {"event_id": "e2", "occurred_at": "2026-03-02T09:05:00Z", "ticket_id": "t1", "kind": "assigned"},
    {"event_id": "e3", "occurred_at": "2026-03-02T10:00:00Z", "ticket_id": "t1", "kind": "solved"},
]


def as_csv(rows: Sequence[Row] = THREE) -> bytes:
    return pl.DataFrame(rows).write_csv().encode()


def as_json_lines(rows: Sequence[Row] = THREE) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def as_json_array(rows: Sequence[Row] = THREE) -> bytes:
    return json.dumps(list(rows), indent=1).encode()


def as_parquet(rows: Sequence[Row] = THREE) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(rows).write_parquet(file)
    return file.getvalue()


def as_xes(rows: Sequence[Row] = THREE) -> bytes:
    """One trace; attributes called as the contract's columns."""
    events = "".join(
        "<event>"
        + "".join(f"<string key={quoteattr(key)} value={quoteattr(value)}/>" for key, value in row.items())
        + "</event>\n"
        for row in rows
    )
    return xes(f"<trace>{events}</trace>")


def xes(inside: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849-2016">{inside}</log>'.encode()


def as_xlsx(rows: Sequence[Row] = THREE) -> bytes:
    header = list(rows[0])
    lines = [header, *([row[name] for name in header] for row in rows)]
    return xlsx({"Events": sheet([[text_cell(text) for text in line] for line in lines])})


def text_cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def number_cell(number: float, style: int = 0) -> str:
    """Style 1 is a date."""
    return f'<c s="{style}"><v>{number}</v></c>'


def sheet(rows: Sequence[Sequence[str]]) -> str:
    return "".join(f'<row r="{i}">{"".join(cells)}</row>' for i, cells in enumerate(rows, start=1))


def xlsx(sheets: Mapping[str, str], shared: str = "", more: Mapping[str, str] | None = None) -> bytes:
    """A workbook whose sheets have these rows; `shared` are its shared texts."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    names = [f"worksheets/sheet{i}.xml" for i, _ in enumerate(sheets, start=1)]
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        + "".join(f'<Override PartName="/xl/{name}" ContentType="{kind}.worksheet+xml"/>' for name in names)
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{relation}"><sheets>'
        + "".join(
            f'<sheet name={quoteattr(name)} sheetId="{i}" r:id="s{i}"/>'
            for i, name in enumerate(sheets, start=1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        + "".join(
            f'<Relationship Id="s{i}" Type="{relation}/worksheet" Target="{name}"/>'
            for i, name in enumerate(names, start=1)
        )
        + f'<Relationship Id="t" Type="{relation}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="y" Type="{relation}/styles" Target="styles.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{space}">{shared}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{space}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
        **{
            f"xl/{name}": f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
            for name, rows in zip(names, sheets.values(), strict=True)
        },
    }
    return zipped({name: text.encode() for name, text in {**parts, **(more or {})}.items()})


def as_ods(rows: Sequence[Row] = THREE) -> bytes:
    header = list(rows[0])
    lines = [header, *([row[name] for name in header] for row in rows)]
    return ods("".join(ods_row(*map(ods_text, line)) for line in lines))


def ods_row(*cells: str, repeats: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeats}">{"".join(cells)}</table:table-row>'


def ods_text(text: str, repeats: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeats}">'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


def ods_cell(kind: str, value: str) -> str:
    """A number or a date, as in `float`, `1001`, or `date`, `2026-03-02T09:00:00`."""
    name = {"date": "date-value", "time": "time-value"}.get(kind, "value")
    return f'<table:table-cell office:value-type="{kind}" office:{name}="{value}"/>'


def ods(rows: str, before: str = "", more: Mapping[str, bytes] | None = None) -> bytes:
    """An OpenDocument sheet of these rows; `before`: what stands before its root."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    names = "".join(f' xmlns:{name}="{space}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"{before}<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Events">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()}
    return zipped({**parts, "META-INF/manifest.xml": b"<manifest/>", **(more or {})})


def as_arrow(rows: Sequence[Row] = THREE, *, stream: bool = False) -> bytes:
    table, file = pl.DataFrame(rows).to_arrow(), pa.BufferOutputStream()
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(file, table.schema) as writer:
        writer.write_table(table)
    content = file.getvalue().to_pybytes()
    assert isinstance(content, bytes)
    return content


def as_arrow_stream(rows: Sequence[Row] = THREE) -> bytes:
    return as_arrow(rows, stream=True)


def as_feather(rows: Sequence[Row] = THREE) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(rows).write_ipc(file, compression="zstd")
    return file.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def zstd(data: bytes) -> bytes:
    compressed = pa.Codec("zstd").compress(data, asbytes=True)
    assert isinstance(compressed, bytes)
    return compressed


KINDS: dict[str, Callable[[Sequence[Row]], bytes]] = {
    "events.csv": as_csv,
    "events.jsonl": as_json_lines,
    "events.json": as_json_array,
    "events.parquet": as_parquet,
    "events.xes": as_xes,
    "events.xlsx": as_xlsx,
    "events.ods": as_ods,
    "events.arrow": as_arrow,
    "stream.arrow": as_arrow_stream,
    "events.feather": as_feather,
}
PACKINGS: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstd}
