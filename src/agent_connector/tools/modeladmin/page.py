"""Open the add or change page of a model to look at it: its form and its inlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent_connector.tools.modeladmin.find import find_record, is_open_model
from agent_connector.tools.modeladmin.form import open_form
from agent_connector.tools.modeladmin.links import add_path, record_path
from agent_connector.tools.modeladmin.request import AdminRequest

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.options import InlineModelAdmin
    from django.db.models import Model
    from django.forms import BaseInlineFormSet, ModelForm

    from agent_connector.policy.caller import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the add page, or the change page of `record`, holds for one user."""

    request: AdminRequest
    adding: bool
    record: Model | None
    form: ModelForm
    inlines: dict[str, tuple[BaseInlineFormSet, InlineModelAdmin]]
    """By the prefix of their rows; those that the page has for this user."""

    def may_set_rows(self, inline: InlineModelAdmin) -> bool:
        """Say whether the user may add or change rows of the inline."""
        return inline.has_add_permission(
            self.request, self.record
        ) or inline.has_change_permission(self.request, self.record)


def open_page(
    caller: Caller, model_admin: ModelAdmin, *, pk: str, adding: bool
) -> Page:
    """Return the page; without `pk` and not adding: the change page of any record.

    Raises:
        ToolFailed: there is no such record that the user may view.
    """
    path = record_path(model_admin, pk) if pk else add_path(model_admin)
    request = AdminRequest(caller, path=path)
    record = find_record(model_admin, request, pk) if pk else None
    opened = open_form(model_admin, request, record, adding=adding)
    inlines = {
        str(formset.prefix): (formset, inline)
        for formset, inline in zip(opened.formsets, opened.inlines, strict=True)
        if is_open_model(inline.model)
    }
    return Page(
        request=request,
        adding=adding,
        record=record,
        form=opened.form,
        inlines=inlines,
    )
