"""Tables in which rows are looked up by a key."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Lookup(BaseModel):
    """A table in files of its own, in which rows are looked up by a key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: str = Field(min_length=1, description="Their names beside the loaded file, as in users*.csv.")
    key: str = Field(min_length=1, description="The column that tells its rows apart.")
    delimiter: str | None = Field(default=None, description="Where it is not that of [file].")
    encoding: str | None = Field(default=None, description="Where it is not that of [file].")
    sheet: str | None = Field(default=None, description="The sheet of a workbook that has several.")
    rows: str | None = Field(default=None, description="The list of a JSON file that has several.")
