"""Names and addresses of the records that agents worked on, for one viewer."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.utils import quote
from django.db.models import Model
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from agent_connector.models import ToolCall


class RecordLinks:
    """Asks each ModelAdmin once, however many records are shown."""

    def __init__(self, site: AdminSite, request: HttpRequest) -> None:
        self._site = site
        self._request = request
        self._models = models_on(site)
        self._visible: dict[str, bool] = {}

    def url_of(self, call: ToolCall) -> str:
        """Return the page of the record, "" where there is none for this viewer."""
        return self.url_to(call.model, call.object_id)

    def url_to(self, label: str, object_id: str, *, page: str = "change") -> str:
        """Return a page of the record of a model: `change` or `history`."""
        model = self._models.get(label)
        if model is None or not object_id or not self._may_view(label, model):
            return ""
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
        try:
            return reverse(name, args=[quote(object_id)], current_app=self._site.name)
        except NoReverseMatch:
            return ""

    def _may_view(self, label: str, model: type[Model]) -> bool:
        if label not in self._visible:
            model_admin: Any = self._site.get_model_admin(model)
            self._visible[label] = model_admin.has_view_or_change_permission(
                self._request
            )
        return self._visible[label]


def models_on(site: AdminSite) -> dict[str, type[Model]]:
    """Return the models of the site by the names that tools call them."""
    registered: Any = site._registry  # noqa: SLF001  # as Django's own docs page does
    return {model._meta.label_lower: model for model in registered}
