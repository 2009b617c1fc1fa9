"""An amount of money as it stands in a list."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext


def euros(amount: Decimal) -> str:
    """Return `amount` with two decimals, such as `€1,234.50`, in German `1.234,50 €`."""
    number = number_format(amount, decimal_pos=2, force_grouping=True)
    return gettext("€%(amount)s") % {"amount": number}
