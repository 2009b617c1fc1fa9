"""How a test fetch of a client ID metadata document ended, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agent_connector.doctor.outbound import REASONS
from agent_connector.oauth.fetch import FetchFailed

SUCCESS_TEXT = gettext_lazy(
    "The test succeeded. AI clients are told from the next request on that this site"
    " reads client ID metadata documents."
)
LOCKED_TEXT = gettext_lazy("This is set in this site's code; nothing was tested.")


def failure_text(failure: FetchFailed) -> str:
    """Return why a test failed, in plain words and for administrators only."""
    more = f" ({failure.detail})" if failure.detail else ""
    return _("The test failed, and nothing was changed: %(reason)s%(more)s.") % {
        "reason": REASONS[failure.reason],
        "more": more,
    }
