"""An agent answers what the page asks, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin.form_fields import described_fields, fill
from agent_connector.tools.modeladmin.page_form import Form, read_page

PAGE = """
<form method="post">
  <input type="hidden" name="action" value="restock">
  <input type="hidden" name="_selected_action" value="7">
  <label for="n">Pieces</label><input type="number" id="n" name="n" value="1" required>
  <label for="u">Urgent</label><input type="checkbox" id="u" name="urgent" checked>
  <select name="where"><option value="a">Aisle</option><option value="b">Bin</option></select>
  <select name="tags" multiple><option value="1" selected>x</option><option value="2">y
  </select>
  <input type="password" name="pin"><input name="api_key" value="canary">
  <input type="file" name="scan"><input type="submit" name="apply" value="Go">
</form>
"""


def form() -> Form:
    return read_page(PAGE).forms[0]


def sent(**given: Any) -> dict[str, list[str]]:
    answer: dict[str, list[str]] = {}
    for name, value in fill(form(), given):
        answer.setdefault(name, []).append(value)
    return answer


def test_what_is_asked_is_described_without_secrets_and_files() -> None:
    fields = {one.name: one for one in described_fields(form())}

    assert list(fields) == ["n", "urgent", "where", "tags"]
    assert (fields["n"].label, fields["n"].required, fields["n"].value) == (
        "Pieces",
        True,
        "1",
    )
    assert fields["urgent"].value is True
    assert [one.value for one in fields["where"].choices] == ["a", "b"]
    assert (fields["tags"].several, fields["tags"].value) == (True, ["1"])


def test_answers_replace_what_the_page_had_and_the_rest_is_kept() -> None:
    told = sent(n=12, urgent=False, where="b", tags=["1", 2])

    assert told == {
        "action": ["restock"],
        "_selected_action": ["7"],
        "n": ["12"],
        "where": ["b"],
        "tags": ["1", "2"],
        "api_key": ["canary"],
        "pin": [""],
        "apply": ["Go"],
    }


def test_without_answers_the_page_is_sent_as_it_stands() -> None:
    assert sent()["urgent"] == ["on"]
    assert sent(n=None, tags=[])["n"] == [""]
    assert "tags" not in sent(tags=[])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pieces", 1),
        ("action", "delete_selected"),
        ("_selected_action", ["8"]),
        ("apply", "Go"),
        ("pin", "1234"),
        ("api_key", "x"),
        ("scan", "x"),
        ("n", [1, 2]),
        ("n", {"a": 1}),
        ("n", True),
        ("urgent", "yes"),
        ("where", "c"),
        ("tags", ["3"]),
        ("tags", [["1"]]),
    ],
    ids=str,
)
def test_what_a_browser_could_not_send_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ToolFailed) as failure:
        fill(form(), {name: value})

    assert failure.value.fields.keys() == {name}
    assert failure.value.allowed == ["n", "urgent", "where", "tags"]
