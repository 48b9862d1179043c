"""Forms of texts: what may stand in each, and which spellings mean the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from area1_provider import forms

FORMS = [value for value in vars(forms).values() if isinstance(value, forms.Form)]
anything = st.text(max_size=40)

GOOD = [
    (forms.ADDRESS, ["a@b.example", "O'Neil+x@Sub.Example.org", "x@journaling.mxrecord.io"]),
    (forms.DOMAIN, ["example.com", "X-1.example.museum"]),
    (forms.TLS_DOMAIN, ["example.com", "*.example.com"]),
    (forms.RECIPIENT_DOMAIN, ["example.com", "*.example.com", "*"]),
    (forms.SMART_HOST, ["mail.example.com", "192.0.2.1", "192.0.2.0/24", "2001:db8::1", "2001:db8::/32"]),
    (forms.UNDELIVERABLE, ["ndr@example.com"]),
    (forms.PROXY_ADDRESS, ["SMTP:a@b.example", "smtp:a@b.example", "X500:/o=Org/cn=x"]),
    (forms.ALIAS, ["a", "a.b", "Zürich", "o'neil", "a_b-c!#%*+/=?^~$&`{}|"]),
    (forms.SIMPLE_NAME, ["Plain (1)", ""]),
    (forms.MAIL_TIP, ["x" * 175, "<html><body>" + "x" * 175 + "</body></html>"]),
]
BAD = [
    (forms.ADDRESS, ["a", "a@", "@b.example", "a b@c.example", "a@b", "a@b..example", "Name <a@b.example>"]),
    (forms.DOMAIN, ["example", "-a.example", "a..example", "*.example.com", "user@example.com", "a.example.", "a b.c"]),
    (forms.TLS_DOMAIN, ["a.*.example.com", "*", "*.*.example.com", "*example.com"]),
    (forms.RECIPIENT_DOMAIN, ["a.*.example.com", "**", "*.", "user@example.com"]),
    (forms.SMART_HOST, ["mail.example.com:25", "localhost", "http://a.example", "a b.example"]),
    (forms.SMART_HOST, ["192.0.2.0/33", "192.0.2.0/255.255.255.0", "300.1.1.1"]),
    (forms.UNDELIVERABLE, ["<>", "nobody"]),
    (forms.PROXY_ADDRESS, ["a@b.example", "SMTP:a", "smtp:"]),
    (forms.ALIAS, ["two words", ".a", "a.", "a..b", "a@b", "東京", "a,b"]),
    (forms.SIMPLE_NAME, ["Zürich", "a;b"]),
    (forms.MAIL_TIP, ["x" * 176]),
]


def cases(table: list[tuple[forms.Form, list[str]]]) -> list[tuple[forms.Form, str]]:
    """Give every form with every text."""
    return [(form, text) for form, texts in table for text in texts]


@pytest.mark.parametrize(("form", "text"), cases(GOOD), ids=lambda value: str(getattr(value, "name", value))[:40])
def test_good_texts(form: forms.Form, text: str) -> None:
    """A text that the cmdlet's page allows is no problem."""
    assert form.problem(text) is None


@pytest.mark.parametrize(("form", "text"), cases(BAD), ids=lambda value: str(getattr(value, "name", value))[:40])
def test_bad_texts(form: forms.Form, text: str) -> None:
    """A text that the page excludes is named."""
    assert form.problem(text)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@given(text=anything)
def test_forms_take_any_text(form: forms.Form, text: str) -> None:
    """Whatever the text, a form has an opinion and a canonical spelling that is its own canonical spelling."""
    problem = form.problem(text)
    once = form.canonical(text)

    assert problem is None or problem.strip()
    if form is not forms.MAIL_TIP:
        assert form.canonical(once) == once


@given(text=st.from_regex(r"\A[a-z]{1,8}@[a-z]{1,8}\.example\Z"))
def test_case_of_addresses(text: str) -> None:
    """Addresses compare without case; of a proxy address the kind does not, since capitals mark the primary one."""
    assert forms.ADDRESS.canonical(text.upper()) == forms.ADDRESS.canonical(text)
    assert forms.PROXY_ADDRESS.canonical(f"SMTP:{text}") != forms.PROXY_ADDRESS.canonical(f"smtp:{text}")
    assert forms.PROXY_ADDRESS.canonical(f"SMTP:{text.upper()}") == forms.PROXY_ADDRESS.canonical(f"SMTP:{text}")


def test_a_port_is_named() -> None:
    """A smart host with a port says what is wrong with it, not only that something is."""
    assert "port" in str(forms.SMART_HOST.problem("mail.example.com:25"))


def test_unset_undeliverable_address() -> None:
    """`<>` and the empty text are one state."""
    assert forms.UNDELIVERABLE.canonical("<>") == forms.UNDELIVERABLE.canonical("") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [("d0d71cb9-6105-410f-8193-3640e12852a5", True), ("D0D71CB9-6105-410F-8193-3640E12852A5", True)],
)
def test_guids(text: str, *, expected: bool) -> None:
    """A GUID of 36 characters is one in either case."""
    assert forms.is_guid(text) is expected
    assert not forms.is_guid(text[1:])
    assert not forms.is_guid(text + "\n")
