"""Whether the one who sends a form is the one who is signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.views.decorators.debug import sensitive_variables

from agent_connector.conf import get_conf
from agent_connector.models import Throttle
from agent_connector.policy.address import address_of, sender_of
from agent_connector.policy.throttle import Bucket, Limit, give_back, take_turn

LIMIT = Limit(most=5, window=timedelta(minutes=15))
"""Wrong passwords that one user may give, and one address (IPv6: one /64) may send."""

_IN_SESSION = "agent_connector_confirmed"


class Proof(StrEnum):
    """What this person has to show."""

    NOTHING = "nothing"
    """They confirmed something a moment ago, and `REAUTH_MAX_AGE` allows for that."""

    OWN_PASSWORD = "own_password"  # noqa: S105  # a kind of proof, no secret
    SIGN_IN = "sign_in"
    """No password here: `REAUTHENTICATE` answers whether they signed in again."""


def needed_proof(request: HttpRequest, *, now: datetime) -> Proof:
    """Decide what the viewer has to show before an act that needs confirmation."""
    if _confirmed_lately(request, now=now):
        return Proof.NOTHING
    user: Any = request.user
    if get_conf().reauthenticate and not user.has_usable_password():
        return Proof.SIGN_IN
    return Proof.OWN_PASSWORD


@sensitive_variables("password")
def is_own_password(request: HttpRequest, password: str, *, now: datetime) -> bool:
    """Say whether the password signs in as the very user who is signed in.

    It is asked of `authenticate`, so that every backend of the site can answer and
    add-ons that lock accounts see a failure. After too many wrong ones it is not asked
    at all, and takes as long as if it were: a guesser learns nothing from the lock.
    """
    buckets = _buckets(request)
    if not take_turn(buckets, limit=LIMIT, now=now):
        make_password(password)
        return False
    name = request.user.get_username()
    found = authenticate(request, username=name, password=password)
    if found is None or found.pk != request.user.pk:
        return False
    give_back(buckets, limit=LIMIT, now=now)
    return True


def has_signed_in_again(request: HttpRequest) -> tuple[bool, str]:
    """Ask `REAUTHENTICATE`; a second answer is the page where to sign in again."""
    answer = import_string(get_conf().reauthenticate)(request)
    # Nothing but True confirms: a page, a user or a response is no yes.
    return answer is True, answer if isinstance(answer, str) else ""


def remember_confirmation(request: HttpRequest, *, now: datetime) -> None:
    """Let `REAUTH_MAX_AGE` begin, in this session only."""
    if get_conf().reauth_max_age:
        request.session[_IN_SESSION] = [str(request.user.pk), now.timestamp()]


def _confirmed_lately(request: HttpRequest, *, now: datetime) -> bool:
    longest = get_conf().reauth_max_age.total_seconds()
    if not longest:
        return False
    user_pk, at = request.session.get(_IN_SESSION, ["", 0])
    is_own = bool(user_pk == str(request.user.pk))
    return is_own and 0 <= now.timestamp() - float(at) < longest


def _buckets(request: HttpRequest) -> list[Bucket]:
    """Return what a failure counts for, always in this order."""
    buckets = [Bucket(Throttle.Scope.PASSWORD_USER, str(request.user.pk))]
    address = address_of(request.META)
    if address is not None:  # a unix socket has none
        buckets.append(Bucket(Throttle.Scope.PASSWORD_ADDRESS, sender_of(address)))
    return buckets
