"""PostgreSQL's arrays are lists to an agent, one line of text in the form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.contrib.admin import ModelAdmin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.db import connection, models
from django.urls import path

from agent_connector.tools.modeladmin.given import Unfit, read_value
from panel.site import site
from tests.callers import call, failure_of, make_caller, use_admin

LABELS = SimpleArrayField(forms.CharField(max_length=9, required=False))
SIZES = SimpleArrayField(forms.IntegerField(), delimiter=";", max_length=3)


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        (LABELS, ["new", "sale"], ["new", "sale"]),
        (LABELS, ["", "sale"], ["", "sale"]),
        (LABELS, [], []),
        (LABELS, None, []),
        (SIZES, [1, "2"], [1, 2]),
        (SIZES, ["much"], ["much"]),
    ],
)
def test_a_list_is_read_item_by_item(field: Any, given: Any, value: Any) -> None:
    assert read_value(field, given) == value


@pytest.mark.parametrize(
    ("field", "given"),
    [
        (LABELS, "new,sale"),
        (LABELS, ["new,sale"]),
        (LABELS, [""]),
        (LABELS, [None]),
        (LABELS, [["new"]]),
        (LABELS, ["new", "[more]"]),
        (SIZES, ["1;2"]),
    ],
)
def test_what_the_form_would_split_or_lose_is_refused(field: Any, given: Any) -> None:
    with pytest.raises(Unfit):
        read_value(field, given)


@pytest.fixture
def crate(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[type[models.Model]]:
    """A model with arrays, its table and its admin, until the test is over."""

    class Crate(models.Model):
        name = models.CharField(max_length=20)
        labels = ArrayField(models.CharField(max_length=9), size=3, blank=True)
        sizes = ArrayField(models.IntegerField(), default=list, blank=True)

        class Meta:
            app_label = "shop"

        def __str__(self) -> str:
            return self.name

    with connection.schema_editor() as editor:
        editor.create_model(Crate)
    use_admin(monkeypatch, Crate, ModelAdmin)
    # The panel's own routes may have been read before the model was there.
    settings.ROOT_URLCONF = (path("admin/", site.urls),)
    yield Crate
    del apps.all_models["shop"]["crate"]
    apps.clear_cache()


@pytest.mark.postgresql
@pytest.mark.django_db
def test_arrays_are_described_read_and_changed_as_lists(crate: Any) -> None:
    record = crate.objects.create(name="a", labels=["old"], sizes=[1, 2])
    caller = make_caller()
    target = {"model": "shop.crate", "id": record.pk}

    form = call(caller, "describe_model", model="shop.crate", purpose="change")
    shown = call(caller, "get_record", **target)
    values = {"labels": ["new", "sale"], "sizes": [1, 2]}
    answer = call(caller, "update_record", **target, values=values)
    failure = failure_of(caller, "update_record", **target, values={"labels": ["a,b"]})

    record.refresh_from_db()
    assert '"type": "array"' in str(form).replace("'", '"')
    assert "old" in str(shown)
    assert answer["changed"] == {
        "labels": {"before": ["old"], "after": ["new", "sale"]}
    }
    assert (record.labels, record.sizes) == (["new", "sale"], [1, 2])
    assert "labels" in failure.fields
