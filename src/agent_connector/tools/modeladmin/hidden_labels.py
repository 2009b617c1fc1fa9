"""The words by which the admin's history names fields that agents may not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import label_for_field
from django.utils.translation import override

from agent_connector.tools.modeladmin.narrowed import NARROWING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.admin import ModelAdmin
    from django.db.models import Model

    from agent_connector.tools.modeladmin.request import AdminRequest


def hidden_labels(
    model_admin: ModelAdmin, request: AdminRequest, record: Model | None
) -> frozenset[str]:
    """Return the labels of what is hidden on the page of a record, inlines included.

    Messages are stored untranslated by Django, and in the site's language by our tools.
    """
    admins = (model_admin, *model_admin.get_inline_instances(request, record))
    words = {word for admin in admins for word in _labels_of(admin)}
    with override(None):
        return frozenset(words.union(*map(_labels_of, admins)))


def _labels_of(admin: Any) -> Iterator[str]:
    narrowing = getattr(admin, NARROWING, None)
    for name in narrowing.hidden_fields if narrowing is not None else ():
        yield name
        try:
            yield str(label_for_field(name, admin.model, admin))
        except AttributeError:  # a field that only the form has
            continue
