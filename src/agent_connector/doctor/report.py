"""A run's report as a document that programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent_connector.doctor.run import Report


def document_of(report: Report) -> dict[str, Any]:
    """Return plain values only; the names are those that `docs/doctor.md` lists."""
    return {
        "site": report.site,
        "at": report.at,
        "healthy": report.is_healthy,
        "counts": {str(result): count for result, count in report.counts.items()},
        "findings": [
            {
                "id": str(one.id),
                "title": str(one.title),
                "result": str(one.result),
                "seen": str(one.seen),
                "cause": str(one.cause),
                "fix": one.fix,
            }
            for one in report.findings
        ],
        "clients": [
            {
                "key": one.key,
                "title": str(one.title),
                "result": str(one.result),
                "because": str(one.because),
                "fix": one.fix,
            }
            for one in report.clients
        ],
    }
