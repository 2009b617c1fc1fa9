"""Make up the next step."""

from __future__ import annotations

from random import Random
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models

from tests.fidelity.outcome import Step
from tests.fidelity.reading import FORBIDDEN, Read, Search
from tests.fidelity.removing import Delete, RunAction
from tests.fidelity.sets import ModelSet, every
from tests.fidelity.values import NOWHERE, fields_of, value_for
from tests.fidelity.writing import Create, EditRows, Update

_CELLS = {"checked_at", "count", "name", "product", "quantity", "text", "unit_price"}
"""The fields that people fill in, in rows of any kind."""


def some_step(rng: Random, chosen: ModelSet) -> Step:
    kinds = {_search: 2, _read: 2, _update: 4, _create: 3, _delete: 3}
    if chosen.inlines:
        kinds[_edit_rows] = 4
    if chosen.actions:
        kinds[_run_action] = 3
    [make] = rng.choices([*kinds], weights=[*kinds.values()])
    return make(rng, chosen)


def _search(rng: Random, chosen: ModelSet) -> Step:
    return Search(
        model=rng.choice(chosen.registered),
        words=rng.choice(("", "", "1", "product", "nora quinn", "-", "zzz")),
        pick=rng.getrandbits(32),
        forbidden=rng.choice(FORBIDDEN) if rng.random() < 0.1 else "",
    )


def _read(rng: Random, chosen: ModelSet) -> Step:
    model = rng.choice(chosen.registered)
    key = some_key(rng, chosen, model)
    return Read(model=model, key=key, withheld=chosen.withheld)


def _update(rng: Random, chosen: ModelSet) -> Step:
    model = rng.choice(chosen.registered)
    # Another key makes Django save a copy, which the tools do not do.
    fields = [
        field
        for field in fields_of(model)
        if not field.primary_key and field.name not in chosen.never_set
    ]
    some = rng.sample(fields, min(len(fields), rng.choice((1, 1, 1, 1, 2))))
    return Update(
        model=model, key=some_key(rng, chosen, model), values=values_of(rng, some)
    )


def _create(rng: Random, chosen: ModelSet) -> Step:
    """Fill in what has to be, and some of the rest; now and then forget something."""
    model = rng.choice(chosen.registered)
    some = [
        field
        for field in fields_of(model)
        if field.editable
        and field.name not in chosen.never_set
        and not isinstance(field, models.AutoField)
        and rng.random() < _how_often(field)
    ]
    return Create(model=model, values=values_of(rng, some))


def _how_often(field: Any) -> float:
    if isinstance(field, models.SlugField):
        return 1  # the admin's script would fill it in
    return 0.3 if field.blank else 0.95


def _edit_rows(rng: Random, chosen: ModelSet) -> Step:
    label = rng.choice(sorted(chosen.inlines))
    prefix = rng.choice(sorted(chosen.inlines[label]))
    row_model = apps.get_model(chosen.inlines[label][prefix])
    model = apps.get_model(label)
    key = some_key(rng, chosen, model)
    stored = _rows_of(row_model, model, key)
    foreign = [str(pk) for pk in every(row_model).values_list("pk", flat=True)]
    if foreign and rng.random() < 0.1:
        stored = [rng.choice(foreign)]
    rng.shuffle(stored)
    fields = [one for one in fields_of(row_model) if one.name in _CELLS]
    changed = stored[:1] if rng.random() < 0.5 else []
    return EditRows(
        model=model,
        key=key,
        prefix=prefix,
        add=[_new_row(rng, fields)] if rng.random() < 0.5 or not stored else [],
        change={pk: values_of(rng, rng.sample(fields, 1)) for pk in changed},
        delete=stored[len(changed) :][:1] if rng.random() < 0.4 else [],
    )


def _new_row(rng: Random, fields: list[Any]) -> dict[str, Any]:
    """Return a row that is not blank, which the admin would pass over in silence."""
    row = values_of(rng, fields)
    return row if any(row.values()) else {**row, fields[0].name: "something"}


def _rows_of(
    row_model: type[models.Model], model: type[models.Model], key: Any
) -> list[str]:
    rows = every(row_model)
    if row_model._meta.label_lower == "awkward.note":
        kind = ContentType.objects.get_for_model(model)
        rows = rows.filter(content_type=kind, object_id=str(key))
    else:
        [link] = [
            field.name
            for field in row_model._meta.fields
            if field.related_model in {model, *model._meta.get_parent_list()}
        ]
        rows = rows.filter(**{link: key})
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def _delete(rng: Random, chosen: ModelSet) -> Step:
    model = rng.choice(chosen.registered)
    return Delete(model=model, keys=_some_keys(rng, chosen, model))


def _run_action(rng: Random, chosen: ModelSet) -> Step:
    label = rng.choice(sorted(chosen.actions))
    model = apps.get_model(label)
    action = chosen.actions[label] if rng.random() < 0.95 else "no_such_action"
    forms = ({"pieces": 5}, {"pieces": 0}, {"pieces": 3, "reference": "DN 7"})
    return RunAction(
        model=model,
        keys=_some_keys(rng, chosen, model),
        action=action,
        form=rng.choice(forms) if label == "shop.product" else {},
    )


def _some_keys(rng: Random, chosen: ModelSet, model: type[models.Model]) -> list[Any]:
    keys = [some_key(rng, chosen, model) for _number in range(rng.choice((1, 1, 2, 3)))]
    return list(dict.fromkeys(keys))


def values_of(rng: Random, fields: list[Any]) -> dict[str, Any]:
    return {field.name: value_for(rng, field) for field in fields}


def some_key(rng: Random, chosen: ModelSet, model: type[models.Model]) -> Any:
    """Return the key of a row, visible or not, and now and then of none."""
    keys = list(chosen.subjects(model).values_list("pk", flat=True))
    return rng.choice(keys) if keys and rng.random() < 0.95 else NOWHERE
