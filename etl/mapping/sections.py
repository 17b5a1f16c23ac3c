"""The small sections of a mapping: how times and files are written, and what tells events apart."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from etl.mapping.value_from import TimeFormat, Zone, as_list
from etl.messages import field_error


class Section(BaseModel):
    """A table of TOML; keys that it does not have are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _delimiter(delimiter: str) -> str:
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n\0':
        raise field_error("mapping.wrong_delimiter", delimiter=delimiter)
    return delimiter


class Time(Section):
    """How instants are written: their form, and the zone of those that carry no offset of their own."""

    zone: Zone | None = Field(default=None, description="IANA time zone of naive times.")
    format: TimeFormat | None = Field(
        default=None, description="Their form, as in %d/%m/%Y %H:%M; or epoch, epoch_ms, epoch_us."
    )


class File(Section):
    """How a file is written."""

    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = Field(
        default=None, description="What parts the fields of a text file; a comma unless stated."
    )
    encoding: str = Field(default="utf-8", description="The encoding of a text file.")
    decimal: Literal[".", ","] = Field(
        default=".", description="The decimal sign of numbers; with ',' a point parts thousands."
    )
    sheet: str | None = Field(default=None, description="The sheet of a workbook that has several.")
    rows: str | None = Field(default=None, description="The list of a JSON file that has several.")
    each: Annotated[list[str], BeforeValidator(as_list)] = Field(
        default_factory=list, description="Columns with lists, each element of which is a row."
    )


class Identity(Section):
    """What makes an event one and the same, where a source has no id of its events."""

    columns: list[str] = Field(
        default_factory=list,
        description="Source columns; rows that agree in them and in the kind of event tell the same event.",
    )
