"""The tool `lookup_choices`: what a form field offers, such as the customers of an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from agent_connector.policy.scopes import Scope
from agent_connector.tools.definition import Answer, Arguments, Tool, ToolFailed
from agent_connector.tools.modeladmin.choices import (
    Choice,
    choices_of,
    has_choices,
    links_to,
)
from agent_connector.tools.modeladmin.cursor import (
    MAX_CURSOR_CHARACTERS,
    make_cursor,
    read_cursor,
)
from agent_connector.tools.modeladmin.find import find_admin
from agent_connector.tools.modeladmin.get_record import ModelName
from agent_connector.tools.modeladmin.links import add_path
from agent_connector.tools.modeladmin.page import Page, open_page
from agent_connector.tools.modeladmin.request import AdminRequest
from agent_connector.tools.modeladmin.settable import settable_fields
from agent_connector.tools.suggest import did_you_mean, quoted

if TYPE_CHECKING:
    from django import forms
    from django.contrib.admin import ModelAdmin

    from agent_connector.policy.caller import Caller

MAX_CHOICES = 20


class LookupChoicesArguments(Arguments, frozen=True, kw_only=True):
    model: ModelName
    field: Annotated[
        str,
        msgspec.Meta(
            min_length=1, max_length=200, description="As describe_model names it."
        ),
    ]
    query: Annotated[
        str,
        msgspec.Meta(max_length=500, description="Words of the choice; empty: all."),
    ] = ""
    id: (
        Annotated[
            str,
            msgspec.Meta(
                max_length=255, description="Of the record; empty: a new one."
            ),
        ]
        | int
    ) = ""
    inline: Annotated[
        str,
        msgspec.Meta(
            max_length=200,
            description="For a field of its rows.",
        ),
    ] = ""
    cursor: Annotated[str, msgspec.Meta(max_length=MAX_CURSOR_CHARACTERS)] = ""


class ChoiceShown(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    label: str
    url: str = ""


class LookupChoicesAnswer(Answer, frozen=True, kw_only=True):
    field: str
    choices: Annotated[
        list[ChoiceShown],
        msgspec.Meta(description="Send `id` as the field's value."),
    ]
    next_cursor: str = ""


def lookup_choices(
    caller: Caller, arguments: LookupChoicesArguments
) -> LookupChoicesAnswer:
    """Return what the field's widget would offer this user for the same words."""
    start = int(read_cursor(caller, arguments) or 0)
    pk = str(arguments.id)
    model_admin = find_admin(caller, arguments.model, adding=not pk)
    adding = not pk and _may_add(caller, model_admin)
    page = open_page(caller, model_admin, pk=pk, adding=adding)
    field = _field_of(page, arguments)
    limit = min(MAX_CHOICES, caller.most_rows)
    offered = choices_of(
        page.request, field, query=arguments.query, start=start, limit=limit
    )
    cursor = ""
    if offered.following:
        cursor = make_cursor(caller, arguments, str(offered.following))
    return LookupChoicesAnswer(
        field=arguments.field,
        choices=_shown(page, offered.found),
        next_cursor=cursor,
    )


def _may_add(caller: Caller, model_admin: ModelAdmin) -> bool:
    request = AdminRequest(caller, path=add_path(model_admin))
    return model_admin.has_add_permission(request)


def _field_of(page: Page, arguments: LookupChoicesArguments) -> forms.Field:
    fields = {
        name: field
        for name, field in settable_fields(_form_of(page, arguments.inline)).items()
        if has_choices(field)
    }
    name = arguments.field
    if name in fields:
        return fields[name]
    raise ToolFailed(
        f"{quoted(name)} is not a field with choices that this user may set."
        + did_you_mean(name, fields),
        code="invalid_field",
        allowed=fields,
    )


def _form_of(page: Page, inline: str) -> forms.BaseForm:
    if not inline:
        return page.form
    found = page.inlines.get(inline)
    if found is not None and page.may_set_rows(found[1]):
        form: forms.BaseForm = found[0].empty_form
        return form
    names = [name for name, (_, one) in page.inlines.items() if page.may_set_rows(one)]
    raise ToolFailed(
        f"{quoted(inline)} is not an inline whose rows this user may set."
        + did_you_mean(inline, names),
        code="invalid_inline",
        allowed=names,
    )


def _shown(page: Page, choices: list[Choice]) -> list[ChoiceShown]:
    records = [choice.record for choice in choices if choice.record is not None]
    links = links_to(page.request, records)
    return [
        ChoiceShown(
            id=choice.id,
            label=choice.label,
            url=links.get(choice.record.pk, "") if choice.record is not None else "",
        )
        for choice in choices
    ]


LOOKUP_CHOICES = Tool(
    name="lookup_choices",
    title="Look choices up",
    description=(
        "Finds what a form's field may be set to: related records by id, or fixed"
        " choices."
    ),
    needs=Scope.READ,
    input=LookupChoicesArguments,
    output=LookupChoicesAnswer,
    run=lookup_choices,
    read_only=True,
    destructive=False,
    idempotent=True,
)
