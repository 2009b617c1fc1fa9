"""The action “Restock”: ask how many pieces arrived, then add them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from panel.shop.models import Product

MOST_PIECES = 10_000
"""More than this in one delivery is a slip of the finger."""
NAMES_SHOWN = 20


class RestockForm(forms.Form):
    pieces = forms.IntegerField(
        label=_("Pieces to add"),
        min_value=1,
        max_value=MOST_PIECES,
        help_text=_("Added to the stock of each chosen product."),
        widget=forms.NumberInput(attrs={"class": "vIntegerField", "autofocus": True}),
    )
    reference = forms.CharField(
        label=_("Delivery note"),
        required=False,
        max_length=60,
        help_text=_("Kept in the history of each product."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


@admin.action(description=_("Restock selected products"), permissions=["change"])
def restock(
    model_admin: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet[Product]
) -> TemplateResponse | None:
    """Show the form, and on its second visit put the pieces into stock."""
    form = RestockForm(request.POST if "apply" in request.POST else None)
    if not form.is_valid():
        return _show_form(model_admin, request, chosen=chosen, form=form)
    count = add_to_stock(
        chosen,
        pieces=form.cleaned_data["pieces"],
        reference=form.cleaned_data["reference"],
        user_id=request.user.pk,
    )
    model_admin.message_user(
        request,
        ngettext(
            "Added %(pieces)d pieces to %(count)d product.",
            "Added %(pieces)d pieces to each of %(count)d products.",
            count,
        )
        % {"pieces": form.cleaned_data["pieces"], "count": count},
        messages.SUCCESS,
    )
    return None


@transaction.atomic
def add_to_stock(
    chosen: QuerySet[Product], *, pieces: int, reference: str, user_id: Any
) -> int:
    """Add `pieces` to the stock of each chosen product; return how many they were."""
    products = Product.objects.filter(pk__in=list(chosen.values_list("pk", flat=True)))
    count = products.update(stock=F("stock") + pieces)
    note = f" ({reference})" if reference else ""
    LogEntry.objects.log_actions(
        user_id, products, CHANGE, f"Restocked: {pieces} pieces added{note}."
    )
    return count


def _show_form(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    *,
    chosen: QuerySet[Product],
    form: RestockForm,
) -> TemplateResponse:
    names = list(chosen.order_by("name")[: NAMES_SHOWN + 1])
    count = chosen.count()
    return TemplateResponse(
        request,
        "admin/shop/product/restock.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": _("Restock products"),
            "opts": model_admin.opts,
            "media": model_admin.media + form.media,
            "form": form,
            "products": names[:NAMES_SHOWN],
            "more_count": max(count - NAMES_SHOWN, 0),
            "count": count,
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "chosen_ids": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
        },
    )
