"""Lines of records as pages show them: words without markup need no cleaning, all others get it."""

from html import escape

import nh3
import pytest

from mkdocs_incident.pages.markup import phrase, prose

SURROGATES = range(0xD800, 0xE000)
MARKUP = set("`*_[<&\\\0")


@pytest.mark.parametrize("shown", [phrase, prose])
def test_words_without_markup_are_what_cleaning_would_leave(shown):
    characters = (chr(code) for code in range(0x110000) if code not in SURROGATES)
    words = [char for char in characters if char not in MARKUP]
    for at in range(0, len(words), 10_000):
        line = " ".join(f"a{char}b" for char in words[at : at + 10_000])
        cleaned = nh3.clean(escape(" ".join(line.split()), quote=False), tags=set(), attributes={})
        assert shown(line) == cleaned


@pytest.mark.parametrize(
    ("line", "html"),
    [
        ("a > b", "a &gt; b"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("&lt;b&gt;", "&lt;b&gt;"),
        ("`rm`  *now*", "<code>rm</code> <em>now</em>"),
        (r"\*", "*"),
        ("a\0b", nh3.clean("a\0b")),
        ("[a](https://status.parcels.example)", "a"),
    ],
)
def test_markup_is_rendered_and_cleaned(line, html):
    assert phrase(line) == html


def test_an_address_in_angle_brackets_is_a_link():
    link = '<a href="https://status.parcels.example">https://status.parcels.example</a>'
    assert prose("see <https://status.parcels.example>") == f"see {link}"
