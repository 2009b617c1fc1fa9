"""A role has at most one policy, which goes with it and starts without a limit."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from agent_connector.models import RolePolicy

pytestmark = pytest.mark.django_db


def test_a_new_policy_limits_nothing() -> None:
    policy = RolePolicy(group=Group(name="Editors"))

    assert (policy.allowed_tools, policy.allowed_models, policy.read_only) == (
        [],
        [],
        False,
    )
    assert str(policy) == "Editors"


def test_a_role_has_one_policy() -> None:
    group = Group.objects.create(name="Editors")
    RolePolicy.objects.create(group=group)

    with pytest.raises(IntegrityError), transaction.atomic():
        RolePolicy.objects.create(group=group)


def test_a_policy_goes_with_its_role() -> None:
    group = Group.objects.create(name="Editors")
    RolePolicy.objects.create(group=group)

    group.delete()

    assert not RolePolicy.objects.exists()
