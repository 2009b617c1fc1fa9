"""What a browser would send for a form of a page."""

from __future__ import annotations

from panel.agent.forms import form_with, forms_in

CONSENT = """
<form method="post" action="/admin/logout/"><button>Log out</button></form>
<form method="POST">
  <input type="hidden" name="ticket" value="t&amp;1">
  <input type="text" value="without a name">
  <input type="radio" name="level" value="read">
  <input type="radio" name="level" value="write">
  <input type="radio" name="level" value="delete" disabled>
  <input type="checkbox" name="remember" checked>
  <select name="access"><option value="on">On<option value="off" selected>Off</select>
  <button name="decision" value="allow">Authorize</button>
  <button name="decision" value="deny">Deny</button>
</form>
"""


def test_fields_are_read_as_they_stand_on_the_page() -> None:
    form = form_with(CONSENT, "ticket")

    assert form is not None
    assert form.method == "post"
    assert form.fields == {"ticket": "t&1", "remember": "on", "access": "off"}


def test_what_can_be_chosen_leaves_out_what_is_disabled() -> None:
    form = form_with(CONSENT, "decision", "level")

    assert form is not None
    assert form.choices["level"] == ["read", "write"]
    assert form.choices["decision"] == ["allow", "deny"]
    assert form.choices["access"] == ["on", "off"]


def test_a_form_without_the_wanted_field_is_not_returned() -> None:
    assert form_with(CONSENT, "password") is None
    assert len(forms_in(CONSENT)) == 2
