"""The browser of the acceptance tests: signs in, presses Authorize, goes back.

A client starts it with the address to open as its last argument, as it would start
any browser.
"""

from __future__ import annotations

import os
import sys
from urllib.parse import urljoin, urlsplit

import httpx

from tests.http.person import Person, Refused


def main(url: str) -> int:
    """Give the consent, and bring the answer to the client's own address."""
    origin = urlsplit(url)
    with Person(f"{origin.scheme}://{origin.netloc}") as person:
        person.sign_in(os.environ["ACCEPTANCE_USER"])
        try:
            page, form = person.consent_page(url)
        except Refused as refused:
            sys.stderr.write(f"{refused}\n")
            return 1
        answer = person.post(page, form, level="write", decision="allow")
    back = urljoin(str(answer.url), answer.headers["Location"])
    arrived = httpx.get(back, timeout=30, follow_redirects=True)
    sys.stderr.write(f"{url.partition('?')[0]}: {arrived.status_code}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[-1]))
