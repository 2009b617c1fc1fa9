"""How the project tests them."""

from __future__ import annotations

from django.contrib.auth.models import Permission, User
from django.test import TestCase

from agent_connector.testing import AgentClient
from agent_connector.tools import ToolFailed
from panel.shop.models import Category, Product


class TakeDeliveryTest(TestCase):
    def setUp(self) -> None:
        shelf = Category.objects.create(name="Kitchen", slug="kitchen")
        self.kettle = Product.objects.create(
            name="Kettle", sku="KIT-0042", category=shelf, price=40, stock=3
        )
        self.user = User.objects.create_user("jane", is_staff=True)

    def allow(self) -> None:
        permission = Permission.objects.get(codename="change_product")
        self.user.user_permissions.add(permission)

    def test_pieces_are_added_to_the_stock(self) -> None:
        self.allow()
        agent = AgentClient(self.user, level="write")

        answer = agent.call("take_delivery", sku="KIT-0042", pieces=5)

        self.assertEqual(answer, {"sku": "KIT-0042", "stock": 8})

    def test_an_unknown_product_is_told_apart(self) -> None:
        self.allow()
        agent = AgentClient(self.user, level="write")

        with self.assertRaisesMessage(ToolFailed, "no product"):
            agent.call("take_delivery", sku="KIT-9999", pieces=5)

    def test_without_the_permission_there_is_no_such_tool(self) -> None:
        agent = AgentClient(self.user, level="write")

        self.assertNotIn("take_delivery", agent.tools())
