"""Statements that Django puts together once in a process, and asks at every request.

Putting a statement together takes Django several times as long as a database takes to
answer it. What every call of a tool asks is always the same but for a few values, so
it is compiled once for each database, with a `Slot` where a value belongs. The text of
the statement is kept and what its columns are, never a row: each asking is a statement
of its own.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import connections, transaction
from django.db.models import Expression, Model, QuerySet, sql
from django.db.models.query import ModelIterable
from django.db.models.sql.constants import ROW_COUNT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Field
    from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Slot(Expression):
    """The place of a value that is given each time the statement is asked."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return a placeholder, and this slot itself where its value will stand."""
        placeholder = getattr(self.output_field, "get_placeholder", None)
        text = placeholder(b"", compiler, connection) if placeholder else "%s"
        return text, [self]

    def filled(self, values: Mapping[str, Any], connection: Any) -> Any:
        return self.output_field.get_db_prep_save(values[self.name], connection)


class _Prepared:
    """A statement as Django's compiler has made it, and what it knows of its columns."""

    def __init__(self, compiler: SQLCompiler) -> None:
        self._alias: Any = compiler.using
        made: Any = compiler.as_sql()
        self._several = isinstance(made, list)  # of an INSERT
        self._text, self._params = made[0] if self._several else made
        self._kind = type(compiler)
        self._state = {**vars(compiler), "connection": None}  # each thread has its own

    def _asking(self, values: Mapping[str, Any]) -> Any:
        """Return a compiler for this thread that asks with these values."""
        asking: Any = self._kind.__new__(self._kind)
        vars(asking).update(self._state)
        asking.connection = connections[self._alias]
        params = tuple(
            one.filled(values, asking.connection) if isinstance(one, Slot) else one
            for one in self._params
        )
        made = [(self._text, params)] if self._several else (self._text, params)
        asking.as_sql = lambda: made
        return asking


class PreparedQuestion(_Prepared, Generic[Row]):
    """A question for one row and those that it selects as related."""

    def __init__(self, rows: QuerySet[Row]) -> None:
        super().__init__(rows.query.get_compiler(rows.db))
        self._model = rows.model
        self._of_thread = _OfThread()

    def first(self, **values: Any) -> Row | None:
        """Return the first row, as the queryset would; None: there is none."""
        query: Any = _Asked(self._asking(values))
        rows: Any = QuerySet(self._model, query, self._alias)
        return next(iter(ModelIterable(rows)), None)

    def _asking(self, values: Mapping[str, Any]) -> Any:
        asking = super()._asking(values)
        known = self._of_thread
        if known.connection is not asking.connection:
            columns = [column[0] for column in asking.select]
            known.converters = asking.get_converters(columns)
            known.connection = asking.connection
        asking.get_converters = lambda _columns: known.converters
        return asking


class _OfThread(threading.local):
    """What makes values of columns: of one connection, which it may refer to.

    So it must not outlive the thread: under ASGI each request has one of its own.
    """

    connection: Any = None
    converters: Any = None


class _Asked:
    """Stands for a query whose compiler is at hand already."""

    def __init__(self, compiler: SQLCompiler) -> None:
        self._compiler = compiler

    def get_compiler(self, using: str) -> SQLCompiler:
        del using
        return self._compiler


class PreparedUpdate(_Prepared):
    """An UPDATE of the rows of a queryset."""

    def __init__(self, rows: QuerySet[Any], /, **columns: Any) -> None:
        query: Any = rows.query.chain(sql.UpdateQuery)
        query.add_update_values(columns)
        super().__init__(query.get_compiler(rows.db))

    def __call__(self, **values: Any) -> int:
        """Return the number of rows that were found."""
        with transaction.mark_for_rollback_on_error(using=self._alias):
            return int(self._asking(values).execute_sql(ROW_COUNT) or 0)


class PreparedInsert(_Prepared):
    """An INSERT of one row of a model whose key the database gives."""

    def __init__(self, model: type[Model], *, using: str) -> None:
        meta = model._meta
        fields = [field for field in meta.concrete_fields if not field.primary_key]
        slots = {field.attname: Slot(field.attname, field) for field in fields}
        query: Any = sql.InsertQuery(model)
        query.insert_values(fields, [model(**slots)], raw=True)
        compiler: Any = query.get_compiler(using)
        compiler.returning_fields = [meta.pk]
        super().__init__(compiler)
        self._names = tuple(slots)

    def __call__(self, row: Model) -> None:
        """Write the row, and give it its key. No signal of Django's is sent."""
        values = {name: getattr(row, name) for name in self._names}
        with transaction.mark_for_rollback_on_error(using=self._alias):
            [(row.pk,)] = self._asking(values).execute_sql([row._meta.pk])
        state = row._state  # noqa: SLF001  # as Django keeps it
        state.adding, state.db = False, self._alias
