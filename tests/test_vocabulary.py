"""Files of what people write, by language."""

import pytest

from mkdocs_incident.source.vocabulary import vocabulary


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("en:\n  labels:\n    id: [number, no]\n", "`False` below `en/labels/id`"),
        ("en:\n  labels:\n    on: [date]\n", "`True` below `en/labels`"),
        ("en:\n  words: [none, 5]\n", "`5` below `en/words`"),
        ("en:\n  words:\n", "`None` below `en/words`"),
    ],
)
def test_what_yaml_takes_for_no_text_is_named(write, tmp_path, text, said):
    write({"words.yml": text})
    with pytest.raises(TypeError) as raised:
        vocabulary(tmp_path / "words.yml")
    assert str(raised.value) == f"words.yml: {said} is no text: put it in quotes"


def test_text_is_given_language_by_language(write, tmp_path):
    write({"words.yml": 'en: {words: ["no", none]}\nde: {words: [nein]}\n'})
    assert vocabulary(tmp_path / "words.yml") == [{"words": ["no", "none"]}, {"words": ["nein"]}]
