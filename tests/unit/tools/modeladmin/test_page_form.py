"""A page is read as a browser reads it: what it asks, and what it would send."""

from __future__ import annotations

from agent_connector.tools.modeladmin.page_form import Control, Form, read_page


def form_of(inner: str) -> Form:
    [form] = read_page(f'<form method="post">{inner}</form>').forms
    return form


def control_of(inner: str) -> Control:
    return form_of(inner).controls[-1]


def test_inputs_are_sent_as_they_stand() -> None:
    form = form_of(
        '<input type="hidden" name="action" value="restock">'
        '<input name="a&amp;b" value="x &lt; y"><input name="empty">'
        '<textarea name="note">\n one\n two</textarea>'
        '<input name="off" value="1" disabled><input value="nameless">'
    )

    assert form.sent() == [
        ("action", "restock"),
        ("a&b", "x < y"),
        ("empty", ""),
        ("note", " one\n two"),
    ]


def test_only_the_first_button_is_pressed() -> None:
    form = form_of(
        '<button type="button" name="js">?</button><input type="reset" name="r">'
        '<input type="submit" name="apply" value="Go">'
        '<button name="cancel" value="1">Cancel</button>'
    )

    assert form.sent() == [("apply", "Go")]


def test_a_nameless_button_keeps_the_others_unpressed() -> None:
    form = form_of('<input type="submit" value="Go"><button name="cancel">No</button>')

    assert form.sent() == []


def test_boxes_and_buttons_are_joined_by_name() -> None:
    form = form_of(
        '<label><input type="checkbox" name="to" value="1" checked> One</label>'
        '<label><input type="checkbox" name="to" value="2"> Two</label>'
        '<label for="r1">Yes</label><input type="radio" id="r1" name="how" value="y">'
        '<label for="r2">No</label>'
        '<input type="radio" id="r2" name="how" value="n" checked>'
        '<label for="sure">Sure</label><input type="checkbox" id="sure" name="sure">'
    )

    to, how, sure = form.controls
    assert [(one.value, one.label) for one in to.options] == [
        ("1", "One"),
        ("2", "Two"),
    ]
    assert [one.label for one in how.options] == ["Yes", "No"]
    assert (to.several, how.several, sure.several) == (True, False, False)
    assert sure.label == "Sure"
    assert form.sent() == [("to", "1"), ("how", "n")]


def test_a_select_sends_its_first_option_unless_another_is_chosen() -> None:
    first = control_of(
        '<select name="s"><option value="">-<option value="b">B</select>'
    )
    chosen = control_of(
        '<select name="s"><option>A</option><option selected>B</select>'
    )
    several = control_of('<select name="s" multiple><option>A</option></select>')

    assert first.sent() == [""]
    assert [one.label for one in first.options] == ["-", "B"]
    assert chosen.sent() == ["B"]
    assert (several.sent(), several.several) == ([], True)


def test_labels_are_found_by_id_and_around() -> None:
    form = form_of(
        '<label for="id_n">Pieces to add:</label><input id="id_n" name="n" required>'
        "<label>Note <input name=note></label>"
    )

    assert [one.label for one in form.controls] == ["Pieces to add", "Note"]
    assert [one.required for one in form.controls] == [True, False]


def test_errors_are_told_by_the_control_they_belong_to() -> None:
    page = read_page(
        '<form method="post"><ul class="errorlist nonfield"><li>Both, please.</li></ul>'
        '<ul class="errorlist" id="id_n_error"><li>Too <b>few</b>.</li></ul>'
        '<input id="id_n" name="n"></form><ul><li>no error</li></ul>'
    )

    assert page.errors == {"": ["Both, please."], "n": ["Too few."]}


def test_words_are_those_of_the_content() -> None:
    page = read_page(
        "<title>Restock | Site</title><div>menu</div>"
        '<div id="content"><h1>Restock</h1><div>2 products</div>'
        "<script>let x;</script><style>a{}</style> get them</div><div>footer</div>"
    )

    assert page.title == "Restock"
    assert page.words == "Restock 2 products get them"


def test_a_form_that_searches_is_not_one_to_send() -> None:
    assert read_page('<form><input name="q"></form>').forms == []


def test_broken_markup_is_read_as_far_as_it_goes() -> None:
    page = read_page('</div></ul><option>x<form method="POST"><input name="a"><select')

    assert [one.name for one in page.forms[0].controls] == ["a"]
