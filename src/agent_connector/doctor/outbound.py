"""Whether client ID metadata documents can be fetched, and in words why not."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agent_connector.doctor.examination import Examination
from agent_connector.doctor.finding import Blame, Finding, Probe, failed, ok, skipped
from agent_connector.oauth.document_client import read_document
from agent_connector.oauth.fetch import FetchFailed, Reason

KNOWN_DOCUMENT = "https://claude.ai/oauth/claude-code-client-metadata"
"""Claude Code's own: what a server has to reach to be of use to its people."""

REASONS: dict[Reason, str | Promise] = {
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


def probe_outbound(exam: Examination) -> Finding:
    """Fetch a document that is known to exist; what it says is not used."""
    is_on = exam.in_force.client_id_metadata_documents
    try:
        read_document(KNOWN_DOCUMENT, now=exam.now)
    except FetchFailed as failure:
        because = {"reason": reason_text(failure)}
        if not is_on:
            cause = _(
                "Such documents are switched off, so that clients register themselves"
                " instead. They could not be read if they were switched on: %(reason)s."
            )
            return skipped(Probe.OUTBOUND, cause % because)
        cause = _(
            "Clients are told to send such documents, but %(reason)s. Open the way"
            " out, or switch the documents off on the page Settings."
        )
        return failed(Probe.OUTBOUND, KNOWN_DOCUMENT, Blame(cause=cause % because))
    if is_on:
        return ok(Probe.OUTBOUND, KNOWN_DOCUMENT)
    seen = _("%(url)s: fetched; the documents may be switched on in Settings.")
    return ok(Probe.OUTBOUND, seen % {"url": KNOWN_DOCUMENT})


def reason_text(failure: FetchFailed) -> str:
    """Return why a fetch failed, in plain words and for administrators only."""
    more = f" ({failure.detail})" if failure.detail else ""
    return f"{REASONS[failure.reason]}{more}"
