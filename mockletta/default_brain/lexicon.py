"""The small lexicon: which words ask for the same thing, and which words say nothing."""

from mockletta.default_brain.words import base, stem, word_set

FIRST_PERSON = word_set("i me my mine myself we us our ours")
SECOND_PERSON = word_set("you your yours yourself")
THIRD_PERSON = word_set("he she it they his her its their him them")
BE = word_set("am is are was were be been being")

SILENT = (
    FIRST_PERSON
    | SECOND_PERSON
    | THIRD_PERSON
    | BE
    | word_set(
        """a an the this that these those there here and or but so then than too also as at by for
    from in into of off on onto out over per to up with within about above after before if while
    who whom whose what when where which why how do does did done doing have has had having will
    would shall should can could may might must cannot not no yes ask asked asking tell told
    telling say said saying mention mentioned know knew known remember remembered memorize
    memorise recall remind forget forgot give gave given share shared provide provided send sent
    note noted please kindly now currently current actual actually really new real full exact
    exactly just only simply earlier previously already again ever still once later today most
    thing things something anything everything information info detail details conversation chat
    memory memories answer question reply respond according let lets ok okay well very much many
    some any all each other one ones got get going go want wanted need make made like-to hey hi
    hello thanks us's use used go keep kept store stored save saved both either think thought
    guess idea"""
    )
)

CONCEPTS = {
    "name": "name named call called",
    "like": "like love enjoy adore prefer fond likes fan",
    "favorite": "favorite favourite fave preferred",
    "live": "live reside residence residing home based move moved relocated settled",
    "city": "city town village place location country",
    "work": "work job profession occupation career employed employer employment vocation",
    "birthday": "birthday birthdate born birth bday",
    "age": "age old aged",
    "deadline": "deadline due",
    "phone": "phone telephone mobile cell cellphone",
    "email": "email e-mail mail",
    "buy": "buy bought purchase purchased",
    "color": "color colour",
    "movie": "movie film",
    "food": "food foods dish meal cuisine eat eating ate eaten snack",
    "drink": "drink drinks beverage drank",
    "vacation": "vacation holiday",
    "password": "password passcode passphrase",
    "study": "study studied studying student major",
    "hobby": "hobby hobbies pastime",
    "child": "child children kid kids",
    "spouse": "spouse",
    "sibling": "sibling siblings",
    "parent": "parent parents",
    "pet": "pet pets animal",
    "speak": "speak spoke spoken",
    "go": "travel traveling visit visited visiting trip flew fly",
    "wed": "married marry wedding",
    "meet": "meet met meeting appointment",
    "see": "see saw seen",
    "write": "write wrote written",
    "teach": "teach teacher teaches",
    "drive": "drive drove driven",
    "win": "win won",
    "lose": "lose lost",
    "find": "find found",
    "build": "build built",
    "sell": "sell sold",
    "pay": "pay paid",
    "break": "break broke broken",
    "choose": "choose chose chosen",
    "begin": "begin began begun start",
    "leave": "leave left depart",
    "run": "run ran",
    "grow": "grow grew grown",
    "doctor": "doctor physician",
}

MEMBERS = {
    "food": """pizza sushi pasta burger hamburger taco burrito ramen noodle rice curry salad soup
    steak chicken fish salmon tuna beef pork bacon ham egg cheese bread toast sandwich chocolate
    cake pie cookie pancake waffle ice-cream gelato fruit apple banana mango strawberry orange
    vegetable potato fries tomato lasagna lasagne spaghetti risotto paella falafel hummus kebab
    dumpling pierogi dimsum pho tofu sausage schnitzel croissant bagel donut doughnut pudding
    cereal porridge lobster shrimp crab stew chili goulash fondue quiche kimchi gnocchi ravioli
    carbonara tiramisu brownie nachos popcorn""",
    "drink": """coffee tea water juice beer wine milk lemonade cola soda espresso latte cappuccino
    kombucha whisky whiskey vodka gin rum cider cocktail smoothie matcha champagne""",
    "color": """red blue green yellow orange purple violet pink black white gray grey brown
    turquoise teal cyan magenta indigo gold silver maroon beige crimson lavender navy olive
    scarlet""",
    "pet": "dog puppy cat kitten hamster rabbit parrot goldfish horse turtle snake guinea",
    "sport": """football soccer tennis basketball baseball volleyball hockey golf rugby cricket
    badminton swimming running cycling boxing judo karate skiing rowing surfing climbing""",
    "instrument": """guitar piano violin cello drums flute trumpet saxophone clarinet harp bass
    ukulele banjo viola oboe trombone accordion""",
    "language": """english french german spanish italian portuguese dutch swedish norwegian danish
    finnish polish czech russian ukrainian turkish arabic hebrew hindi urdu bengali chinese mandarin
    cantonese japanese korean vietnamese thai greek latin hungarian romanian python javascript
    typescript rust java kotlin ruby""",
    "music": "jazz rock pop metal classical techno reggae blues opera folk punk hip-hop country",
    "game": "chess checkers poker monopoly scrabble tetris minecraft backgammon",
    "day": "monday tuesday wednesday thursday friday saturday sunday",
    "month": """january february march april june july august september october november
    december""",
    "season": "spring summer autumn fall winter",
    "spouse": "wife husband partner",
    "sibling": "brother sister",
    "parent": "mother mom mum father dad",
    "child": "son daughter",
}

KIN_WORDS = {
    "favorite": "like",
    "like": "favorite",
    "programming": "language",
    "live": "origin",
    "origin": "live birthday",
    "city": "live origin birthday go",
    "address": "live",
    "date": "day month year",
    "time": "clock",
    "company": "work",
    "car": "drive",
    "kind": "pet",
    "type": "pet",
    "hobby": "sport instrument play",
    "language": "speak",
    "instrument": "play",
    "sport": "play",
}

NEGATIVE = word_set("not never dislike hate detest despise loathe")
AVERSIONS = frozenset(stem(word) for word in ["dislike", "hate", "detest", "despise", "loathe"])
STEMS = {stem(word): concept for concept, line in CONCEPTS.items() for word in line.split()}
CATEGORIES: dict[str, tuple[str, ...]] = {}
for _category, _line in MEMBERS.items():
    for _word in _line.split():
        CATEGORIES[stem(_word)] = (
            *CATEGORIES.get(stem(_word), ()),
            STEMS.get(stem(_category), stem(_category)),
        )


def root(word: str) -> str:
    return STEMS.get(stem(word), stem(word))


KIN = {root(word): frozenset(root(kin) for kin in line.split()) for word, line in KIN_WORDS.items()}


def concept(token: str) -> str | None:
    """Return what a word stands for, or None for a word that says nothing by itself."""
    word = base(token)
    if word in SILENT:
        return None
    return "like" if stem(word) in AVERSIONS else root(word)


def categories(token: str) -> tuple[str, ...]:
    """Return the kinds of thing a word is an example of: `pizza` is a food."""
    return CATEGORIES.get(stem(base(token)), ())


def concepts(words: list[str]) -> tuple[str, ...]:
    """Return the concepts of several words, in order and each once."""
    found = (concept(word) for word in words)
    return tuple(dict.fromkeys(item for item in found if item is not None))
