"""Answer the same address as a page, or as what a dialog shows of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseRedirectBase
from django.utils.cache import patch_vary_headers

HEADER = "X-AAC-Fragment"
"""On a request: only the page's body is wanted. On an answer: this is only that."""

LOCATION = "X-AAC-Location"
"""Where a person goes after it was done."""


def is_fragment(request: HttpRequest) -> bool:
    return request.headers.get(HEADER) == "1"


def in_its_form(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Mark a fragment, and tell a dialog where to go instead of redirecting it.

    A redirect would be followed unseen: the message meant for the next page would be
    shown to nobody. What carries no mark, such as the page to sign in, is no fragment,
    and the dialog gives way to the page.
    """
    answer = response
    if is_fragment(request):
        if isinstance(response, HttpResponseRedirectBase):
            answer = HttpResponse(status=204, headers={LOCATION: response.url})
        answer.headers[HEADER] = "1"
    patch_vary_headers(answer, [HEADER])
    return answer
