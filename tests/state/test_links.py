"""Links between two kinds of rows, seen from both sides."""

from mockletta.state.links import Links


def make_links(*pairs: str) -> Links:
    links = Links("agents", "blocks")
    for pair in pairs:
        links.add(pair[0], pair[1])
    return links


def test_links_are_seen_from_both_sides_in_order_of_linking() -> None:
    links = make_links("b2", "a1", "b1", "a2")

    assert (links.rights("a"), links.rights("b")) == (["1", "2"], ["2", "1"])
    assert (links.lefts("1"), links.lefts("2")) == (["a", "b"], ["b", "a"])


def test_an_id_without_links_has_none() -> None:
    links = Links("agents", "blocks")

    assert (links.rights("a"), links.lefts("1"), links.has("a", "1")) == ([], [], False)


def test_linking_twice_is_linking_once() -> None:
    assert make_links("a1", "a2", "a1").rights("a") == ["1", "2"]


def test_a_link_is_removed_on_both_sides() -> None:
    links = make_links("a1", "a2")

    links.remove("a", "1")

    assert (links.rights("a"), links.lefts("1"), links.has("a", "1")) == (["2"], [], False)


def test_a_left_that_goes_takes_its_links_along() -> None:
    links = make_links("a1", "a2", "b1")

    links.drop_left("a")
    links.drop_left("a")

    assert (links.rights("a"), links.lefts("1"), links.lefts("2")) == ([], ["b"], [])


def test_a_right_that_goes_takes_its_links_along() -> None:
    links = make_links("a1", "a2", "b1")

    links.drop_right("1")
    links.drop_right("1")

    assert (links.rights("a"), links.rights("b"), links.lefts("1")) == (["2"], [], [])


def test_a_copy_goes_on_by_itself() -> None:
    links = make_links("a1", "b1")
    copy = links.copy()

    copy.drop_left("a")
    copy.add("c", "1")
    links.add("a", "2")

    assert (links.rights("a"), links.lefts("1")) == (["1", "2"], ["a", "b"])
    assert (copy.rights("a"), copy.lefts("1"), copy.lefts("2")) == ([], ["b", "c"], [])
