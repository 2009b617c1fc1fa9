"""The grid's cells, as HTML."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agent_connector.admin.clients import ClientGroup, Clients
from agent_connector.models import MCPUser
from agent_connector.policy.staff import name_of

Text = str | Promise

NOTHING = "–"  # noqa: RUF001  # a dash is what an empty cell shows


def user_head() -> SafeString:
    """Return the column's name, and by what it sorts: the index is on that."""
    return format_html(
        '<span title="{}">{}</span>', _("Sorted by sign-in name"), _("User")
    )


def user_cell(user: MCPUser, *, url: str) -> SafeString:
    """Return the full name as a link, what marks the user, and the sign-in name."""
    name, sign_in = name_of(user), user.get_username()
    return format_html(
        '<bdi><a class="aac-name" href="{}">{}</a></bdi>{}{}',
        url,
        name,
        _marks(user),
        format_html('<span class="aac-under"><bdi>{}</bdi></span>', sign_in)
        if sign_in != name
        else "",
    )


def _marks(user: MCPUser) -> SafeString | str:
    if not user.is_active:
        return format_html(' <span class="aac-mark">{}</span>', _("Inactive"))
    if not user.is_staff:
        return format_html(' <span class="aac-mark">{}</span>', _("Not staff"))
    return ""


def status_cell(*, is_enabled: bool) -> SafeString:
    """Return the badge: the word says it, the colour repeats it."""
    if is_enabled:
        return badge(_("Enabled"), tone="green")
    return badge(_("Disabled"), tone="red")


def badge(text: Text, *, tone: str) -> SafeString:
    return format_html('<span class="aac-badge is-{}">{}</span>', tone, text)


def clients_cell(clients: Clients, *, now: datetime) -> SafeString:
    """Return one named dot per program; what is long out of use as a count."""
    if not clients.groups:
        return empty_cell()
    shown = clients.shown(now=now)
    dots = format_html_join("", "{}", ((_dot(group),) for group in shown))
    folded = len(clients.groups) - len(shown)
    rest: SafeString | str = ""
    if folded:
        alone = ngettext("%(count)d older client", "%(count)d older clients", folded)
        more = (_("+%(count)d older") if shown else alone) % {"count": folded}
        rest = format_html('<li class="aac-dot is-more">{}</li>', more)
    return format_html('<ul class="aac-dots">{}{}</ul>', dots, rest)


def _dot(group: ClientGroup) -> SafeString:
    count = group.shown_count
    return format_html(
        '<li class="aac-dot is-{}"{}><span>{}{}</span>'
        '<span class="aac-visually-hidden">: {}</span></li>',
        "active" if group.is_active else "inactive",
        format_html(' title="{}"', group.host) if group.host else "",
        group.name,
        format_html(" <b>×{}</b>", count) if count > 1 else "",  # noqa: RUF001  # times
        _("active") if group.is_active else _("inactive"),
    )


def date_cell(at: datetime | None, *, label: Text) -> SafeString:
    return time_tag(at, label=label, with_time=False)


def moment_cell(at: datetime | None, *, label: Text) -> SafeString:
    return time_tag(at, label=label, with_time=True)


def time_tag(at: datetime | None, *, label: Text, with_time: bool) -> SafeString:
    """Return date, and time to the second, in the viewer's time zone.

    `label` is shown where the table has no header, on narrow screens.
    """
    caption = format_html('<span class="aac-cell-label">{}</span> ', label)
    if at is None:
        return format_html("{}{}", caption, empty_cell())
    local = timezone.localtime(at) if settings.USE_TZ else at
    clock: SafeString | str = ""
    if with_time:
        clock = format_html(' <span class="aac-clock">{}</span>', clock_of(local))
    return format_html(
        '{}<time datetime="{}">{}{}</time>',
        caption,
        local.isoformat(timespec="seconds"),
        date_format(local, "DATE_FORMAT"),
        clock,
    )


def clock_of(local: datetime) -> str:
    """Return the time to the second, the same in every language."""
    return time_format(local, "H:i:s")


def empty_cell() -> SafeString:
    return format_html(
        '<span class="aac-nothing" aria-hidden="true">{}</span>'
        '<span class="aac-visually-hidden">{}</span>',
        NOTHING,
        _("none"),
    )


def menu_cell(
    pk: object, *, name: str, details_url: str, links: list[tuple[str, str, bool]]
) -> SafeString:
    """Return Details and a menu of `links`: text, address, and whether it ends things.

    The menu is the browser's own popover: it needs no script, and a table that
    scrolls does not cut it off.
    """
    details = format_html(
        '<a class="aac-button is-small" data-aac-dialog href="{}">{}'
        '<span class="aac-visually-hidden">: {}</span></a>',
        details_url,
        _("Details"),
        name,
    )
    if not links:
        return format_html('<div class="aac-row-actions">{}</div>', details)
    items = format_html_join(
        "",
        '<li><a class="aac-menu-item{}" data-aac-dialog href="{}">{}</a></li>',
        ((" is-danger" if ends else "", url, text) for text, url, ends in links),
    )
    label = _("More actions for %(name)s") % {"name": name}
    return format_html(
        '<div class="aac-row-actions">{}<button type="button" class="aac-button is-small'
        ' is-icon" popovertarget="aac-menu-{}" aria-label="{}">'
        '<span class="aac-kebab" aria-hidden="true"></span></button>'
        '<div class="aac-menu" id="aac-menu-{}" popover><ul>{}</ul></div></div>',
        details,
        pk,
        label,
        pk,
        items,
    )
