"""What a test fetch of a client ID metadata document asks for, and how it ended."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agent_connector.oauth.fetch import FetchFailed, Reason

KNOWN_DOCUMENT = "https://claude.ai/oauth/claude-code-client-metadata"
"""Claude Code's own: what a server has to reach to be of use to its people."""

SUCCESS_TEXT = gettext_lazy(
    "The test succeeded. AI clients are told from the next request on that this site"
    " reads client ID metadata documents."
)
LOCKED_TEXT = gettext_lazy("This is set in this site's code; nothing was tested.")

_REASONS: dict[Reason, str | Promise] = {
    Reason.BUSY: gettext_lazy("there were too many attempts; wait a minute"),
    Reason.NO_ADDRESS: gettext_lazy(
        "this server does not find the host; it may have no way to the internet, or no"
        " name server"
    ),
    Reason.FORBIDDEN: gettext_lazy(
        "the name of the host leads to an address that is not public; that may be a"
        " filter of your network"
    ),
    Reason.UNREACHABLE: gettext_lazy(
        "the host could not be reached over https; a firewall may forbid this server"
        " to connect to port 443 outside"
    ),
    Reason.CERTIFICATE: gettext_lazy(
        "the certificate of the host was not accepted; the certificate authorities of"
        " this server may be missing or out of date, or something in between opens the"
        " connection"
    ),
    Reason.TOO_SLOW: gettext_lazy(
        "there was no complete answer within 5 seconds; a firewall may drop what this"
        " server sends outside"
    ),
    Reason.STATUS: gettext_lazy("the host answered, but not with the document"),
    Reason.FORMAT: gettext_lazy("the host answered with something else than JSON"),
    Reason.TOO_LONG: gettext_lazy("the answer was longer than any such document"),
    Reason.CONTENT: gettext_lazy("what the host answered is not such a document"),
}


def failure_text(failure: FetchFailed) -> str:
    """Return why a test failed, in plain words and for administrators only."""
    reason = _REASONS[failure.reason]
    more = f" ({failure.detail})" if failure.detail else ""
    return _("The test failed, and nothing was changed: %(reason)s%(more)s.") % {
        "reason": reason,
        "more": more,
    }
