"""The discovery documents: there, this site's own, and of one address."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from django.utils.translation import gettext as _

from agent_connector.doctor import fixes
from agent_connector.doctor.absence import absence_of, silence_of
from agent_connector.doctor.examination import (
    RESOURCE_PATH,
    SERVER_PATH,
    Examination,
)
from agent_connector.doctor.finding import (
    Blame,
    Finding,
    Probe,
    failed,
    ok,
    skipped,
)
from agent_connector.doctor.wire import Answer, NoAnswer
from agent_connector.policy.site import MCP_PATH

PLACES = {
    Probe.RESOURCE_DOCUMENT: RESOURCE_PATH + MCP_PATH,
    Probe.ROOT_DOCUMENT: RESOURCE_PATH,
    Probe.SERVER_DOCUMENT: SERVER_PATH,
}


def probe_documents(exam: Examination) -> Iterator[Finding]:
    """Yield a finding for each document and one for the addresses that they name."""
    for probe, path in PLACES.items():
        yield _document(exam, probe, path)
    yield _issuer(exam)


def _document(exam: Examination, probe: Probe, path: str) -> Finding:
    try:
        answer = exam.page(path)
    except NoAnswer as silence:
        return failed(probe, path, silence_of(silence, host=exam.host))
    seen = f"{path}: {answer.status}"
    document = answer.document()
    if answer.arrival is None and (answer.status != HTTPStatus.OK or not document):
        return failed(probe, seen, absence_of(exam, answer))
    if document == exam.expected_document(path):
        return ok(probe, f"{seen}, {_origin_of(answer)}")
    return failed(probe, f"{seen}, {_origin_of(answer)}", _difference(exam, answer))


def _origin_of(answer: Answer) -> str:
    if answer.arrival is not None:
        return _("from this site")
    return _("not from this site itself")


def _difference(exam: Examination, answer: Answer) -> Blame:
    if answer.arrival is not None:
        return Blame(
            cause=_(
                "The site runs with other settings than this process: another"
                " SITE_URL, or it was not restarted since they changed."
            ),
            fix=fixes.site_url(exam.site),
        )
    return Blame(
        cause=_(
            "A cache keeps an old document, or another program answers here: it is"
            " not what this site says now."
        ),
        fix=fixes.location(f"= {answer.path}").replace(
            "\n}", f"\n    {fixes.OWN_CACHE}\n}}"
        ),
    )


def _issuer(exam: Examination) -> Finding:
    named = {exam.site}
    read = 0
    for path in PLACES.values():
        try:
            document = exam.page(path).document() or {}
        except NoAnswer:
            continue
        said = document.get("authorization_servers", document.get("issuer"))
        if said is not None:
            read += 1
            named.update(map(str, said if isinstance(said, list) else [said]))
    if not read:
        return skipped(Probe.ISSUER, _("No document was read."))
    if named == {exam.site}:
        return ok(Probe.ISSUER, exam.site)
    others = ", ".join(sorted(named - {exam.site}))[:200]
    return failed(
        Probe.ISSUER,
        others,
        Blame(
            cause=_(
                "Clients compare these addresses letter by letter with %(site)s and"
                " give up. Every process has to have the same SITE_URL."
            )
            % {"site": exam.site},
            fix=fixes.site_url(exam.site),
        ),
    )
