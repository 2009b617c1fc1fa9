"""What an action answers is told for what it is: a file, a page, or a way to go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import (
    FileResponse,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template.response import SimpleTemplateResponse

from agent_connector.tools.definition import ToolFailed
from agent_connector.tools.modeladmin import action_answer
from agent_connector.tools.modeladmin.action_answer import ActionAnswer, read_answer
from agent_connector.tools.modeladmin.links import admin_site, list_path
from agent_connector.tools.modeladmin.request import AdminRequest
from panel.shop.models import Order
from tests.callers import make_caller

pytestmark = pytest.mark.django_db

IN_BETWEEN = """
<form method="post" {0}><input name="action" value="a">
<input name="_selected_action" value="1"></form>
"""


def read(response: Any) -> ActionAnswer:
    path = list_path(admin_site().get_model_admin(Order))
    request = AdminRequest(make_caller(), path=path, query={"status__exact": "paid"})
    return read_answer(request, response)


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/admin/shop/order/?status__exact=paid", ""),
        ("http://127.0.0.1:8000/admin/shop/order/", ""),
        ("/labels/", "http://127.0.0.1:8000/labels/"),
        ("../product/", "http://127.0.0.1:8000/admin/shop/product/"),
        ("https://example.com/x", "https://example.com/x"),
    ],
)
def test_a_redirect_is_done_and_told_where_it_leads(
    location: str, leads_to: str
) -> None:
    assert read(HttpResponseRedirect(location)).leads_to == leads_to


def test_json_is_a_file() -> None:
    file = read(JsonResponse({"a": 1})).file

    assert file is not None
    assert (file.media_type, file.text, file.name) == (
        "application/json",
        '{"a": 1}',
        "",
    )


def test_a_page_that_is_to_be_kept_is_a_file() -> None:
    kept = {"Content-Disposition": "attachment; filename*=UTF-8''L%C3%A4den.html"}

    file = read(HttpResponse("<p>x</p>", headers=kept)).file

    assert file is not None
    assert (file.name, file.text) == ("Läden.html", "<p>x</p>")


def test_the_text_of_a_file_that_is_none_is_left_out() -> None:
    file = read(HttpResponse(b"\x89PNG", content_type="image/png")).file

    assert file is not None
    assert (file.size, file.text, file.truncated) == (4, "", False)


def test_long_texts_are_cut_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_answer, "MAX_FILE_CHARACTERS", 3)

    file = read(HttpResponse("abcdef", content_type="text/plain")).file

    assert file is not None
    assert (file.size, file.text, file.truncated) == (6, "abc", True)


def test_a_stream_is_read_to_its_end_and_given_back() -> None:
    closed: list[bool] = []

    class Report(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    file = read(
        StreamingHttpResponse(Report([b"a,", b"b\n"]), content_type="text/csv")
    ).file

    assert file is not None
    assert (file.text, file.size) == ("a,b\n", 4)
    assert closed == [True]


def test_an_endless_stream_is_left_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_answer, "MAX_FILE_BYTES", 10)

    def chunks() -> Iterator[bytes]:
        while True:
            yield b"1234"

    file = read(StreamingHttpResponse(chunks(), content_type="text/plain")).file

    assert file is not None
    assert (file.size, file.truncated) == (10, True)


def test_a_stream_that_waits_is_refused() -> None:
    async def chunks() -> Any:
        yield b"1"

    with pytest.raises(ToolFailed, match="asynchronous"):
        read(StreamingHttpResponse(chunks(), content_type="text/plain"))


def test_a_file_of_the_disk_is_named(tmp_path: Any) -> None:
    path = tmp_path / "labels.txt"
    path.write_text("one")

    file = read(FileResponse(path.open("rb"), as_attachment=True)).file

    assert file is not None
    assert (file.name, file.text) == ("labels.txt", "one")


def test_an_unknown_charset_hides_the_text() -> None:
    file = read(HttpResponse(b"x", content_type="text/plain; charset=klingon")).file

    assert file is not None
    assert file.text == ""


@pytest.mark.parametrize(
    ("attributes", "goes_on"),
    [
        ("", True),
        ('action=""', True),
        ('action="/admin/shop/order/"', True),
        ('action="."', True),
        ('action="/elsewhere/"', False),
        ('id="changelist-form"', False),
    ],
)
def test_only_a_form_that_goes_on_with_the_action_is_in_between(
    attributes: str, *, goes_on: bool
) -> None:
    answer = read(HttpResponse(IN_BETWEEN.format(attributes)))

    assert (answer.form is not None) is goes_on


def test_a_page_without_a_form_is_told_by_its_words() -> None:
    page = SimpleTemplateResponse("admin/404.html", {"title": "x"})
    plain = HttpResponse('<h1>Report</h1><div id="content">3 sold</div>')

    assert read(page).page is not None
    told = read(plain)
    assert told.page == action_answer.PageShown(title="Report", text="3 sold")
    assert told.form is None


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_an_error_is_a_failure(status: int) -> None:
    with pytest.raises(ToolFailed, match=str(status)):
        read(HttpResponse("<h1>No</h1>", status=status))
