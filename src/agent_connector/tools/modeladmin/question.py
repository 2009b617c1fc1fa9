"""What the person is asked before something is done that cannot be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.admin.utils import model_ngettext
from django.utils.translation import gettext

from agent_connector.tools.modeladmin.values import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model

MAX_NAMES = 10
_NAME_CHARACTERS = 80


def ask_to_delete(records: Sequence[Model], counts: Mapping[str, int]) -> str:
    """Return the question, with everything that goes along."""
    question = gettext("Delete %(count)s %(items)s?") % _counted(records)
    total = ", ".join(f"{kind}: {number}" for kind, number in counts.items())
    in_all = gettext("In all: %(total)s.") % {"total": total}
    return "\n".join([question, _names(records), in_all])


def ask_to_run(label: str, records: Sequence[Model], answers: Mapping[str, str]) -> str:
    """Return the question, with what was filled in."""
    question = gettext("Run “%(action)s” on %(count)s %(items)s?") % {
        "action": label,
        **_counted(records),
    }
    filled = [f"{name}: {_short(value)}" for name, value in answers.items()]
    return "\n".join([question, _names(records), *filled])


def _counted(records: Sequence[Model]) -> dict[str, object]:
    count = len(records)
    return {"count": count, "items": model_ngettext(records[0]._meta, count)}


def _names(records: Sequence[Model]) -> str:
    names = [_short(str(record)) for record in records[:MAX_NAMES]]
    return ", ".join([*names, *["…"] * (len(records) > MAX_NAMES)])


def _short(words: str) -> str:
    return text(words, limit=_NAME_CHARACTERS)
