"""One sentence for a whole run: the site first, then the clients it keeps out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agent_connector.doctor.clients import Outlook
from agent_connector.doctor.finding import Result

if TYPE_CHECKING:
    from agent_connector.doctor.run import Report


def headline_of(report: Report) -> str:
    """Return it without a full stop. Clients are not counted where the site has failed."""
    if not report.is_healthy:
        return _("Something has to be mended")
    clients = _of_clients(Counter(one.result for one in report.clients))
    if report.counts[Result.WARNING]:
        site = _("The site works, with remarks")
    elif clients:
        site = _("Everything on this site is right")
    else:
        site = _("Everything is right")
    return "; ".join([site, *clients])


def _of_clients(counts: Counter[Outlook]) -> list[str]:
    """Return what is to be said of those that do not work as things are."""
    said = []
    if count := counts[Outlook.FAILED]:
        text = ngettext(
            "%(count)d client does not work", "%(count)d clients do not work", count
        )
        said.append(text % {"count": count})
    if count := counts[Outlook.OUT_OF_REACH]:
        text = ngettext(
            "%(count)d client needs a public address",
            "%(count)d clients need a public address",
            count,
        )
        said.append(text % {"count": count})
    return said
