"""Statements that Django puts together once in a process, and asks at every request.

Putting a statement together takes Django several times as long as a database takes to
answer it. What every call of a tool asks is always the same but for a few values, so
it is compiled once for each database, with a `Slot` where a value belongs. Only the text
of the statement is kept, never a row: each asking is a statement of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from weakref import WeakKeyDictionary

from django.db import connections, transaction
from django.db.models import Expression, Model, QuerySet, sql
from django.db.models.query import get_related_populators
from django.db.models.sql.constants import ROW_COUNT, SINGLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Field
    from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Slot(Expression):
    """The place of a value that is given each time the statement is asked."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return a placeholder, and this slot itself where its value will stand."""
        placeholder = getattr(self.output_field, "get_placeholder", None)
        text = placeholder(b"", compiler, connection) if placeholder else "%s"
        return text, [self]

    def filled(self, values: Mapping[str, Any], connection: Any) -> Any:
        return self.output_field.get_db_prep_save(values[self.name], connection)


class _Prepared:
    """A statement as Django's compiler has made it, and what it knows of its columns."""

    def __init__(self, compiler: SQLCompiler) -> None:
        self._alias = compiler.using
        made = compiler.as_sql()
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
        kind, columns = self._state["klass_info"], self._state["select"]
        own = kind["select_fields"]
        self._own = slice(own[0], own[-1] + 1)
        self._names = [one[0].target.attname for one in columns[self._own]]
        self._related = get_related_populators(kind, columns, self._alias)
        self._converters: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()

    def first(self, **values: Any) -> Row | None:
        """Return the first row, as the queryset would; None: there is none."""
        asking = self._asking(values)
        found = asking.execute_sql(SINGLE)
        if found is None:
            return None
        [columns] = asking.apply_converters([found], self._converters_of(asking))
        row = self._model.from_db(self._alias, self._names, columns[self._own])
        for related in self._related:
            related.populate(columns, row)
        for name, place in asking.annotation_col_map.items():
            setattr(row, name, columns[place])
        return row

    def _converters_of(self, asking: Any) -> Any:
        """Return what makes values of columns, found once for each connection."""
        known = self._converters.get(asking.connection)
        if known is None:
            known = asking.get_converters([one[0] for one in asking.select])
            self._converters[asking.connection] = known
        return known


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
        row._state.adding = False
        row._state.db = self._alias
