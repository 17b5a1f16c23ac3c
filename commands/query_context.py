"""What every command that prints numbers is asked: which scope, of which warehouse, in which form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import duckdb
import polars as pl

from commands.options import AsOf, Form, Format, From, SmallGroups, To, Warehouse, Wheres
from commands.output import print_first, print_frame, print_lines, print_notice
from commands.places import DEFAULT_WAREHOUSE
from commands.scopes import missing_values, scope_of
from commands.small_groups_log import log_small_groups
from commands.warehouses import open_reader, settings_of
from dashboard.language import _
from metrics.query.agents import desk_size, smallest_group
from metrics.query.scope import Scope
from metrics.settings.model import Settings

Own = ParamSpec("Own")


@dataclass(frozen=True)
class QueryContext:
    """The answers to the options that such commands share."""

    scope: Scope
    warehouse: Path
    form: Format

    @cached_property
    def reader(self) -> duckdb.DuckDBPyConnection:
        """The newest snapshot; says so where a filter asks for a value that it does not hold."""
        connection = open_reader(self.warehouse)
        for notice in missing_values(connection, self.scope):
            print_notice(notice)
        return connection

    @cached_property
    def settings(self) -> Settings:
        """The settings that hold for the warehouse."""
        return settings_of(self.warehouse)

    def print(self, frame: pl.DataFrame, at_a_glance: Sequence[str] | None = None) -> None:
        """The frame in the form asked for; people see the columns that say most, where these are named.

        Where it has no row they read a sentence.
        """
        if self._for_people and frame.is_empty():
            print_lines([self._nothing])
        else:
            print_frame(frame.select(at_a_glance) if at_a_glance and self._for_people else frame, self.form)

    def print_first(self, frame: pl.DataFrame) -> None:
        """As `print`, but people see the first rows only, and how many there are."""
        if self._for_people and not frame.is_empty():
            print_first(frame, everything="--format csv")
        else:
            self.print(frame)

    def tell(self, frame: pl.DataFrame, lines: Callable[[pl.DataFrame], list[str]]) -> None:
        """People read what the frame says in words, scripts get the frame."""
        if self._for_people:
            print_lines(lines(frame))
        else:
            print_frame(frame, self.form)

    def add(self, lines: Callable[[], list[str]]) -> None:
        """People read these lines, too; scripts do not."""
        if self._for_people:
            print_lines(lines())

    @property
    def _nothing(self) -> str:
        least = smallest_group(self.reader)
        if self.scope.small_groups or not desk_size(self.reader):
            return _("There is nothing to show in this selection.")
        return _(
            "There is nothing to show in this selection. What fewer than {least} agents did is left out.",
            least=least,
        )

    @property
    def _for_people(self) -> bool:
        return self.form is Format.TABLE


def with_query_context(command: Callable[Concatenate[QueryContext, Own], None]) -> Callable[..., None]:
    """A command with its own options and, after them, all that make an `QueryContext`, which it is given."""
    _, *own = signature(command, eval_str=True).parameters.values()
    shared = signature(_query_context, eval_str=True).parameters

    @wraps(command)
    def run(**options: Any) -> None:
        answers = {name: options.pop(name) for name in shared}
        context = _query_context(**answers)
        log_small_groups(context.warehouse, command.__name__, context.scope)
        command(context, **options)  # type: ignore[call-arg]

    parameters = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in (*own, *shared.values())]
    # Typer reads options from both of these.
    run.__signature__ = signature(run).replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def _query_context(
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    where: Wheres = None,
    small_groups: SmallGroups = False,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Form = Format.TABLE,
) -> QueryContext:
    scope = scope_of(start, end, as_of, where or [], warehouse, small_groups=small_groups)
    return QueryContext(scope, warehouse, form)
