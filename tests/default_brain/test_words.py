"""Words made comparable."""

from mockletta.default_brain.words import expand, stem


def test_contractions_are_written_out() -> None:
    for short, long in (
        ("I'm", "I am"),
        ("whats my dog's name", "what is my dog's name"),
        ("im Al", "I am Al"),
        ("I can't and won't, don't", "I cannot and will not, do not"),
        ("they\u2019ve", "they have"),
    ):
        assert expand(short) == long


def test_inflections_have_one_stem() -> None:
    for words in ("live lives lived living", "plan plans planned planning", "party parties"):
        assert len({stem(word) for word in words.split()}) == 1


def test_the_plural_of_a_hiss_has_its_stem() -> None:
    for words in ("box boxes", "church churches", "dish dishes", "class classes"):
        assert len({stem(word) for word in words.split()}) == 1
