"""Make a personal access token for a user, and print it once."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from agent_connector.connections.personal import (
    MOST_ACTIVE,
    PersonalToken,
    Wanted,
    issue_personal_token,
)
from agent_connector.connections.secret import Prefix, secrets_in
from agent_connector.errors import SiteURLMissing
from agent_connector.management.find import find_user
from agent_connector.management.options import actor_of, add_actor, add_dry_run, days
from agent_connector.management.output import DONE, WRONG_USAGE, Error
from agent_connector.management.rehearsal import act
from agent_connector.models import Connection, Level, MCPUser
from agent_connector.oauth.choices import choices_for, open_level
from agent_connector.oauth.client_name import UNNAMED, clean_name
from agent_connector.oauth.views.consent import reach_of
from agent_connector.policy.caller import Caller
from agent_connector.policy.rules import Denial, access_of
from agent_connector.policy.settings import read_settings
from agent_connector.policy.site import resource_url
from agent_connector.tools.modeladmin.links import admin_site, index_path
from agent_connector.tools.modeladmin.request import AdminRequest

if TYPE_CHECKING:
    from agent_connector.management.output import Output

HELP = """\
Make a personal access token.

For a script or a client that cannot sign in through the browser. It can do no more than
its user, and only where the settings of the site allow such tokens. The token is the
only thing on standard output, and is stored nowhere: only its digest is.

examples:
  manage.py agent_connector create-token reporter --name "nightly report" --level read
  manage.py agent_connector create-token jane --name ci --level write --days 7 --json
"""
VIA = "manage.py agent_connector create-token"
MOST_CHARACTERS = 100

_WHY_NOT = {
    Denial.NOT_ALLOWED: "Personal access tokens are not allowed on this site: see"
    " Settings, or PERSONAL_ACCESS_TOKENS.",
    Denial.INACTIVE: "This user is not active.",
    Denial.NOT_STAFF: "This user is not staff.",
    Denial.DISABLED: "MCP access of this user is disabled: agent_connector enable.",
    Denial.TOO_MANY: f"This user has {MOST_ACTIVE} that work, as many as one may have.",
    Denial.TOO_LONG: "This is longer than the site allows a token to work.",
    Denial.ABOVE_CEILING: "An administrator limits this user's clients to less.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("username", metavar="USERNAME")
    parser.add_argument(
        "--name", required=True, help="where it will be used, to know it by later"
    )
    parser.add_argument(
        "--level",
        required=True,
        choices=Level.values,
        help="read; write: also add and change; delete: also delete and run actions",
    )
    parser.add_argument(
        "--days",
        type=days,
        metavar="N",
        help="how long it works (default: 30, or the site's maximum if that is less)",
    )
    add_actor(parser)
    add_dry_run(parser)


@sensitive_variables()
def run(options: argparse.Namespace, out: Output) -> int:
    user = find_user(options.username)
    wanted = _wanted(options)
    _require_reach(user, wanted)
    issue = partial(
        issue_personal_token,
        user,
        wanted,
        actor=actor_of(options),
        now=timezone.now(),
        address=None,
        via=VIA,
    )
    issued = act(issue, dry_run=options.dry_run)
    if not isinstance(issued, PersonalToken):
        denial = issued.denial
        raise Error(
            _WHY_NOT.get(denial, f"It was refused: {denial}.") if denial else ""
        )
    _show(out, issued, dry_run=options.dry_run)
    return DONE


@sensitive_variables()
def _show(out: Output, issued: PersonalToken, *, dry_run: bool) -> None:
    connection = issued.connection
    facts = {
        "dry_run": dry_run,
        "user": connection.user.get_username(),
        "name": connection.label,
        "level": connection.level,
        "expires_at": connection.expires_at,
    }
    if dry_run:
        out.result(facts, "The token can be made.")
        return
    out.note("This is shown once. Whoever has it can do what it may: keep it safe.")
    secret = {"id": str(connection.public_id), "token": issued.text}
    out.result({**facts, **secret}, issued.text)


def _wanted(options: argparse.Namespace) -> Wanted:
    """Return what is asked for, named as a page would name it.

    Raises:
        Error: the name is none, or the site does not know its address.
    """
    label = clean_name(options.name)
    if label == UNNAMED or len(label) > MOST_CHARACTERS or secrets_in(label, *Prefix):
        raise Error(
            f"--name is 1 to {MOST_CHARACTERS} characters, and no token.",
            code=WRONG_USAGE,
        )
    longest = read_settings().personal_access_token_lifetime
    try:
        resource = resource_url()
    except SiteURLMissing:
        raise Error(
            'Set AGENT_CONNECTOR["SITE_URL"] first: tokens are bound to it.'
        ) from None
    return Wanted(
        label=label,
        level=options.level,
        lifetime=options.days or min(days("30"), longest),
        resource=resource,
    )


def _require_reach(user: MCPUser, wanted: Wanted) -> None:
    """Let through what Account Setting would offer this user.

    Raises:
        Error: the level is above what the user may do in the admin.
    """
    connection = Connection(user=user, level=wanted.level, resource=wanted.resource)
    caller = Caller(connection=connection, level=wanted.level)
    request = AdminRequest(caller, path=index_path())
    access = access_of(user)
    choices = choices_for(
        asked=Level.DELETE,
        ceiling=access.ceiling if access else Level.READ,
        reach=reach_of(request, site=admin_site()),
    )
    if open_level(wanted.level, choices=choices) is None:
        why = next(one.obstacle for one in choices if one.level == wanted.level)
        raise Error(f"{user} may not have such a token. {why}")
