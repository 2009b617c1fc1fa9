"""What every address answers to whom: one line an address, by its name.

A new address fails the matrix until it stands here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

import django

from tests.matrix.principals import Principal

READS = ("GET", "HEAD", "OPTIONS")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
ALL = frozenset([*READS, *UNSAFE])
PAGE = frozenset(["GET", "HEAD"])
FORM = frozenset(["GET", "HEAD", "POST"])

OUR_USERS = "agent_connector.view_mcpuser"
OUR_ACCESS = "agent_connector.change_mcpaccess"
OUR_REVOKE = "agent_connector.revoke_connection"
OUR_CALLS = "agent_connector.view_toolcall"
OUR_CLIENTS = "agent_connector.change_client"
OUR_SETTINGS = "agent_connector.change_connectorsettings"


class Outcome(StrEnum):
    SERVED = "served"  # 2xx, or a redirect to another page of the same viewer
    INDEX = "the admin's front page"  # also where Django leads from what is not there
    LOGIN = "sign-in page"
    FORBIDDEN = "403"
    MISSING = "404"
    NOT_ALLOWED = "405"
    UNAUTHORIZED = "401"
    REFUSED = "another 4xx: the form, or what it is about, is wrong"


Judge = Callable[[Principal], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One address: what it needs to be written down, and how it answers."""

    judge: Judge
    arguments: tuple[tuple[str, str], ...] = ()
    """Parts of the address, by the name of a thing in the world of the matrix."""

    methods: frozenset[str] = ALL
    method_first: bool = False
    """A method that it does not know is refused before the person is looked at."""

    has_csrf_check: bool = True
    class_based: bool = False
    """A view of Django's that judges in its methods: OPTIONS is never judged."""

    query: str = ""
    body: str = ""
    """What POST carries, as JSON."""

    posts: Judge | None = None
    """Who may POST, where that is not whoever may look."""

    outsiders: Outcome = Outcome.LOGIN
    """What those get who are not signed in as staff, where staff are asked for."""

    differs: dict[str, Outcome] = field(default_factory=dict)
    """By method, where the method decides whoever comes and passes the judge."""

    may_write: frozenset[str] = frozenset()
    """Tables that a mere look may write to, each for a good reason."""


def outcome_of(
    entry: Entry, principal: Principal, *, method: str, with_csrf: bool
) -> Outcome:
    """Return the one right answer to this request."""
    if method in UNSAFE and entry.has_csrf_check and not with_csrf:
        return Outcome.FORBIDDEN
    judge = entry.posts if entry.posts and method == "POST" else entry.judge
    judged = judge(principal)
    is_known = method in entry.methods
    if not is_known and entry.method_first:
        return Outcome.NOT_ALLOWED
    if judged in {Outcome.LOGIN, Outcome.UNAUTHORIZED}:
        return _of_outsiders(entry, judged, method=method)
    if not is_known:
        return Outcome.NOT_ALLOWED
    if judged is Outcome.SERVED or entry.class_based:
        return entry.differs.get(method, judged)
    return judged


def _of_outsiders(entry: Entry, judged: Outcome, *, method: str) -> Outcome:
    if judged is Outcome.LOGIN:
        return entry.outsiders
    return Outcome.SERVED if method == "OPTIONS" else judged


def _anyone(principal: Principal) -> Outcome:
    del principal
    return Outcome.SERVED


def _staff(principal: Principal, *, then: Outcome = Outcome.SERVED) -> Outcome:
    return then if principal.signed_in and principal.is_staff else Outcome.LOGIN


def _holder(
    principal: Principal, *any_of: str, otherwise: Outcome = Outcome.FORBIDDEN
) -> Outcome:
    if _staff(principal) is Outcome.LOGIN:
        return Outcome.LOGIN
    return Outcome.SERVED if principal.holds(*any_of) else otherwise


def _bearer(principal: Principal) -> Outcome:
    return Outcome.SERVED if principal.token_works else Outcome.UNAUTHORIZED


def _consenter(principal: Principal) -> Outcome:
    if not principal.signed_in:
        return Outcome.LOGIN
    return Outcome.SERVED if principal.may_connect else Outcome.FORBIDDEN


def _connector(principal: Principal) -> Outcome:
    if _staff(principal) is Outcome.LOGIN:
        return Outcome.LOGIN
    return Outcome.SERVED if principal.may_connect else Outcome.FORBIDDEN


def _needs(*any_of: str, otherwise: Outcome = Outcome.FORBIDDEN) -> Judge:
    def judge(principal: Principal) -> Outcome:
        return _holder(principal, *any_of, otherwise=otherwise)

    return judge


def _front_page(principal: Principal) -> Outcome:
    del principal
    return Outcome.INDEX


def _sign_in(principal: Principal) -> Outcome:
    """Whoever may use the admin needs no form to sign in to it."""
    return Outcome.SERVED if _staff(principal) is Outcome.LOGIN else Outcome.INDEX


def _draft(*any_of: str, hides_first: bool = False) -> Judge:
    """About a product that is hidden from most: to them it is not there."""

    def judge(principal: Principal) -> Outcome:
        judged = _holder(principal, *any_of)
        is_denied = judged is Outcome.LOGIN or (
            judged is Outcome.FORBIDDEN and not hides_first
        )
        if is_denied or principal.holds("shop.view_draft_product"):
            return judged
        return Outcome.INDEX

    return judge


def _changed_draft(principal: Principal) -> Outcome:
    """About the form that changes it; to whoever sees it, as about any other."""
    may_change = _needs("shop.change_product")(principal)
    if django.VERSION < (6, 1):  # asked for the permission before it looked for the row
        return may_change
    found = _DRAFT(principal)
    return may_change if found is Outcome.SERVED else found


def screen(*any_of: str, methods: frozenset[str] = PAGE, **things: str) -> Entry:
    """A page of ours: for holders of one of the permissions; none: for all staff."""
    judge = _needs(*any_of) if any_of else _staff
    return Entry(judge=judge, methods=methods, arguments=tuple(things.items()))


def machine(*methods: str, **options: object) -> Entry:
    """An endpoint of OAuth, where no cookie and no bearer counts."""
    return Entry(
        judge=_anyone,
        methods=frozenset([*methods, "OPTIONS"]),
        method_first=True,
        has_csrf_check=False,
        **options,  # type: ignore[arg-type]  # handed on as they are
    )


def stock(app: str, model: str) -> dict[str, Entry]:
    """The pages that every ModelAdmin of Django has."""
    thing = (("object_id", model),)
    may = {verb: f"{app}.{verb}_{model}" for verb in ("view", "add", "change")}
    sees = _needs(may["view"], may["change"])
    name = f"admin:{app}_{model}"
    return {
        f"{name}_changelist": Entry(judge=sees),
        f"{name}_add": Entry(judge=_needs(may["add"])),
        f"{name}_history": Entry(judge=sees, arguments=thing),
        f"{name}_delete": Entry(judge=_needs(f"{app}.delete_{model}"), arguments=thing),
        f"{name}_change": Entry(
            judge=sees, posts=_needs(may["change"]), arguments=thing
        ),
        f"/admin/{app}/{model}/<path:object_id>/": Entry(judge=_staff, arguments=thing),
    }


_MESSAGE = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
_MCP = Entry(
    judge=_bearer,
    methods=frozenset(["POST", "OPTIONS"]),
    has_csrf_check=False,
    body=_MESSAGE,
    # That a token was presented for the first time, with whatever method.
    may_write=frozenset(["agent_connector_token"]),
)
_DOCUMENT = machine("GET", "HEAD")
_REFUSES = {"POST": Outcome.REFUSED}

OURS = "admin:agent_connector_mcpuser"
_DRAFT = _draft("shop.view_product", "shop.change_product")

TABLE: dict[str, Entry] = {
    "/": Entry(judge=_front_page),
    # The site itself
    "admin:index": Entry(judge=_staff),
    "admin:login": Entry(
        judge=_sign_in,
        posts=_anyone,
        methods=ALL - {"PATCH", "DELETE"},
        class_based=True,  # but GET, to which the AdminSite answers
        differs=dict.fromkeys(["HEAD", "OPTIONS", "PUT"], Outcome.SERVED),
    ),
    "admin:logout": Entry(
        judge=_staff,
        methods=frozenset(["OPTIONS", "POST"]),
        outsiders=Outcome.INDEX,
    ),
    "admin:password_change": Entry(judge=_staff, methods=ALL - {"PATCH", "DELETE"}),
    "admin:password_change_done": Entry(judge=_staff, methods=frozenset(READS)),
    "admin:autocomplete": Entry(
        judge=_needs("shop.view_customer"),
        methods=frozenset(READS),
        class_based=True,
        differs={"OPTIONS": Outcome.SERVED},
        query="app_label=shop&model_name=order&field_name=customer&term=",
    ),
    "admin:jsi18n": Entry(judge=_staff, methods=frozenset(READS)),
    "admin:view_on_site": Entry(
        judge=partial(_staff, then=Outcome.MISSING),
        arguments=(("content_type_id", "number"), ("object_id", "number")),
    ),
    "admin:app_list": Entry(
        judge=_needs(
            "shop.view_product", "shop.change_product", otherwise=Outcome.MISSING
        ),
        arguments=(("app_label", "app"),),
    ),
    "/admin/(?P<url>.*)$": Entry(
        judge=partial(_staff, then=Outcome.MISSING), arguments=(("url", "nowhere"),)
    ),
    # MCP Users and what lies below
    f"{OURS}_changelist": screen(OUR_USERS, methods=FORM),
    f"{OURS}_account": screen(),
    f"{OURS}_personal": Entry(judge=_connector, methods=FORM),
    f"{OURS}_trace": screen(OUR_REVOKE, methods=FORM),
    f"{OURS}_role": screen(OUR_SETTINGS, methods=FORM, pk="group"),
    f"{OURS}_info": screen(OUR_USERS, pk="victim"),
    f"{OURS}_tokens": screen(OUR_USERS, pk="victim"),
    f"{OURS}_events": screen(OUR_USERS, pk="victim"),
    f"{OURS}_access": screen(OUR_ACCESS, methods=FORM, pk="victim"),
    f"{OURS}_revoke": screen(OUR_REVOKE, methods=FORM, pk="victim"),
    f"{OURS}_token_revoke": screen(
        OUR_REVOKE, methods=FORM, pk="victim", public_id="connection"
    ),
    f"{OURS}_token_resume": screen(
        OUR_ACCESS, methods=FORM, pk="victim", public_id="connection"
    ),
    f"{OURS}_effective": screen(OUR_USERS, pk="victim"),
    f"{OURS}_change": screen(OUR_USERS, pk="victim"),
    "/admin/agent_connector/mcpuser/<str:pk>/": screen(OUR_USERS, pk="victim"),
    f"{OURS}_export": screen(OUR_USERS),
    # The other screens of ours
    "admin:agent_connector_toolcall_changelist": screen(OUR_CALLS),
    "admin:agent_connector_toolcall_export": screen(OUR_CALLS),
    "admin:agent_connector_toolcall_change": screen(OUR_CALLS, pk="call"),
    "admin:agent_connector_client_changelist": screen(OUR_CLIENTS),
    "admin:agent_connector_client_add": screen(OUR_CLIENTS, methods=FORM),
    "admin:agent_connector_client_secret": screen(
        OUR_CLIENTS, methods=FORM, pk="entered"
    ),
    "admin:agent_connector_client_change": screen(OUR_CLIENTS, pk="client"),
    "admin:agent_connector_client_block": screen(
        OUR_CLIENTS, methods=FORM, pk="client"
    ),
    "admin:agent_connector_client_unblock": screen(
        OUR_CLIENTS, methods=FORM, pk="client"
    ),
    "admin:agent_connector_connectorsettings_changelist": screen(
        OUR_SETTINGS, methods=FORM
    ),
    "admin:agent_connector_connectorsettings_test_fetch": screen(
        OUR_SETTINGS, methods=frozenset(["POST"])
    ),
    "admin:agent_connector_connectorsettings_doctor": screen(
        OUR_SETTINGS, methods=FORM
    ),
    # Users and the shop
    **stock("auth", "group"),
    **stock("auth", "user"),
    "admin:auth_user_password_change": Entry(
        judge=_needs("auth.change_user"), arguments=(("id", "user"),)
    ),
    **stock("shop", "category"),
    **stock("shop", "coupon"),
    **stock("shop", "customer"),
    **stock("shop", "order"),
    **stock("shop", "product"),
    # A draft: hidden from most, who are led away as from what is not there
    "admin:shop_product_change": Entry(
        judge=_DRAFT,
        posts=_changed_draft,
        arguments=(("object_id", "product"),),
    ),
    "admin:shop_product_history": Entry(
        judge=_draft("shop.view_product", "shop.change_product", hides_first=True),
        arguments=(("object_id", "product"),),
    ),
    # What AI clients talk to
    "agent_connector:mcp": _MCP,
    "agent_connector:mcp-slash": _MCP,
    "agent_connector:oauth-authorize": Entry(
        judge=_consenter,
        methods=FORM,
        method_first=True,
        query="consent",
        differs=_REFUSES,
        # The ticket of the page that is shown; a refusal is on the record, a few times.
        may_write=frozenset(
            ["django_session", "agent_connector_event", "agent_connector_throttle"]
        ),
    ),
    "agent_connector:oauth-token": machine("POST", differs=_REFUSES),
    "agent_connector:oauth-register": machine("POST", differs=_REFUSES),
    "agent_connector:oauth-revoke": machine("POST", differs=_REFUSES),
    "agent_connector:oauth-authorization-server": _DOCUMENT,
    "agent_connector:oauth-protected-resource": _DOCUMENT,
    "agent_connector:oauth-protected-resource-mcp": _DOCUMENT,
}
