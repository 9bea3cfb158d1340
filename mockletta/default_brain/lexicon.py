"""The small lexicon: which words ask for the same thing, and which words say nothing."""

from collections.abc import Iterable

from mockletta.default_brain.words import base, stem, word_set

FIRST_PERSON = word_set("i me my mine myself we us our ours")
SECOND_PERSON = word_set("you your yours yourself")
THIRD_PERSON = word_set("he she it they his her its their him them")
OWNING = word_set("my our your user's")
BE = word_set("am is are was were be been being")
AUXILIARY = BE | word_set(
    """do does did have has had will would shall should can could may might must cannot"""
)

SILENT = (
    FIRST_PERSON
    | SECOND_PERSON
    | THIRD_PERSON
    | AUXILIARY
    | word_set(
        """a an the this that these those there here and or but so then than too also as at by for
    from in into of off on onto out over per to up with within about above after before if while
    who whom whose what when where which why how done doing having not no yes ask asked asking tell
    told telling say said saying says mention mentioned know knew known remember remembered
    memorize memorise recall remind forget forgot give gave given share shared provide provided
    send sent note noted please kindly now currently current actual actually really new real full
    exact exactly just only simply earlier previously already again ever still once later today most
    thing things something anything everything information info detail details conversation chat
    memory memories answer question reply respond according let lets ok okay well very much many
    some any all each other one ones got get getting going want wanted make made hey hi hello
    thanks us's use used keep kept store stored save saved both either think thought guess idea
    own since last-week currently's anymore longer never more fact"""
    )
)

CONCEPTS = {
    "name": "name named call called nickname",
    "like": "like love enjoy adore prefer fond likes fan",
    "favorite": "favorite favourite fave preferred",
    "live": "live reside residence residing home based move moved relocate relocated settled",
    "city": "city town village place location country",
    "work": "work job profession occupation career employ employed employer employment vocation",
    "birthday": "birthday birthdate born birth bday",
    "age": "age old aged",
    "deadline": "deadline due",
    "phone": "phone telephone mobile cell cellphone",
    "email": "email e-mail mail",
    "buy": "buy bought purchase purchased",
    "color": "color colour",
    "movie": "movie film",
    "food": "food foods dish meal cuisine eat eating ate eaten",
    "drink": "drink drinks beverage drank",
    "vacation": "vacation holiday",
    "password": "password passcode passphrase",
    "study": "study studied studying student major",
    "hobby": "hobby hobbies pastime",
    "child": "child children kid kids",
    "spouse": "spouse",
    "sibling": "sibling siblings",
    "parent": "parent parents",
    "pet": "pet pets animal animals",
    "speak": "speak spoke spoken",
    "go": "go goes went travel traveling visit visited visiting trip fly flew flown flight",
    "wed": "marry married wedding",
    "meet": "meet met meeting appointment",
    "see": "see saw seen",
    "write": "write wrote written",
    "teach": "teach teacher teaches taught",
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
    "own": "own owned",
    "maths": "math maths mathematics",
}

MEMBERS = {
    "food": """pizza sushi pasta burger hamburger taco burrito ramen noodle rice curry salad soup
    steak chicken fish salmon tuna beef pork bacon ham egg cheese bread toast sandwich chocolate
    cake pie cookie pancake waffle ice-cream gelato fruit apple banana mango strawberry orange
    vegetable potato fries tomato lasagna lasagne spaghetti risotto paella falafel hummus kebab
    dumpling pierogi dimsum pho tofu sausage schnitzel croissant bagel donut doughnut pudding
    cereal porridge lobster shrimp crab stew chili goulash fondue quiche kimchi gnocchi ravioli
    carbonara tiramisu brownie nachos popcorn meat""",
    "drink": """coffee tea water juice beer wine milk lemonade cola soda espresso latte cappuccino
    kombucha whisky whiskey vodka gin rum cider cocktail smoothie matcha champagne cocoa""",
    "color": """red blue green yellow orange purple violet pink black white gray grey brown
    turquoise teal cyan magenta indigo gold silver maroon beige crimson lavender navy olive
    scarlet""",
    "pet": """dog puppy cat kitten hamster rabbit parrot goldfish horse turtle tortoise snake guinea
    canary pony budgie ferret gerbil""",
    "sport": """football soccer tennis basketball baseball volleyball hockey golf rugby cricket
    badminton swimming running cycling boxing judo karate skiing rowing surfing climbing""",
    "instrument": """guitar piano violin cello drums flute trumpet saxophone clarinet harp bass
    ukulele banjo viola oboe trombone accordion""",
    "language": """english french german spanish italian portuguese dutch swedish norwegian danish
    finnish polish czech russian ukrainian turkish arabic hebrew hindi urdu bengali chinese mandarin
    cantonese japanese korean vietnamese thai greek latin hungarian romanian welsh irish python
    javascript typescript rust java kotlin ruby golang scala swift""",
    "music": "jazz rock pop metal classical techno reggae blues opera folk punk hip-hop country",
    "game": "chess checkers poker monopoly scrabble tetris minecraft backgammon",
    "database": """postgres postgresql mysql sqlite mariadb mongodb redis oracle cassandra dynamodb
    duckdb""",
    "subject": """physics chemistry biology maths mathematics history geography law medicine
    economics philosophy""",
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
    "origin": "live birthday grow",
    "city": "live origin birthday go",
    "address": "live",
    "date": "day month year",
    "time": "clock",
    "company": "work",
    "shop": "work",
    "school": "study teach go",
    "college": "study go",
    "university": "study go",
    "car": "drive",
    "kind": "pet",
    "type": "pet",
    "hobby": "sport instrument play",
    "language": "speak learn",
    "instrument": "play",
    "sport": "play",
    "go": "leave",
    "mobile": "phone",
    "cost": "buy pay price",
    "price": "cost",
}

PEOPLE = word_set(
    """wife husband partner spouse brother sister sibling mother mom mum father dad parent son
    daughter child kid baby uncle aunt cousin nephew niece grandmother grandfather grandma grandpa
    granny friend girlfriend boyfriend fiance fiancee boss manager colleague coworker neighbour
    neighbor teacher tutor doctor dentist coach mentor landlord roommate flatmate assistant team
    teammate client customer family dog puppy cat kitten hamster rabbit parrot goldfish horse turtle
    tortoise snake pet canary pony lawyer nurse student host guest twin stepfather stepmother"""
)
ATTRIBUTES = word_set(
    """name code password pin number color colour address email phone birthday age job title budget
    deadline username id nickname size weight height language price cost codename motto time date
    gate platform room status version office capital postcode zip iban plate score rank level floor
    team group desk locker badge"""
)
VERBS = frozenset(
    stem(word)
    for word in word_set(
        """accept act add admire adopt adore agree aim allow answer appear apply argue arrive ask
        assemble attend avoid bake ban be bear beat become begin believe belong bike bite book
        borrow break breed brew bring build burn buy call camp cancel care carry catch celebrate
        change chase check choose clean climb close coach code collect come commute compete complain
        compose consist contain cook cost count cover crash create cross cut cycle dance deal
        decide deliver depart depend deploy describe deserve design desire despise detest
        develop die dig direct discover dislike dive do draw dread dream dress drink drive drop
        earn eat edit employ end enjoy enrol equal escape exercise expect expire explain explore
        export face fail fall farm fear feed feel fetch fight file fill film find finish fish
        fit fix flood flow fly follow forget free garden get give go graduate grow guard guess
        guide hand handle hang happen hate have head hear help hide hike hire hold hope host
        hunt hurt import include intend invest invite join juggle jump keep kick knit know land
        last laugh launch lead lean learn leave lend lie lift like limp listen live loathe lock
        look lose love maintain make manage march marry matter mean measure meet mend migrate
        mind miss mix move need offer open operate order organise organize owe own pack paint
        park pass pay perform pick plan plant play post postpone practise practice prefer
        prepare print produce program publish pull push put race rain raise reach read receive
        record recover relax relocate rely remain remember rename rent repair reply report
        represent research rest retire return ride ring rise roar roll row run sail say scare
        search see seem sell send serve set sew shift shine shoot shout show sing sit skate ski
        sleep smell smoke sneeze snore snow sound speak specialise specialize spend spill stand
        start stay stick stop store study suffer suit support swap swear swim switch take talk
        taste teach tell tend think throw tour train translate travel treat trust try turn type
        understand use visit volunteer vote wait wake walk want wash watch wear weigh win wish
        wonder work worry write yell"""
    )
)
IRREGULAR_PAST = word_set(
    """was were had did went came got took made said saw met knew thought found gave told left felt
    became began brought bought built caught chose drew drank drove ate fell flew forgot froze grew
    heard held hid kept led lent lost meant paid put ran read rode rose sang sat sent set shot slept
    sold spent spoke stood stole swam swore taught threw understood woke won wore wrote broke bit
    moved lived cost"""
)
NEGATIVE = word_set("not never dislike hate detest despise loathe no cannot without none nobody")
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
    """Return the concept of a lower-case word."""
    return STEMS.get(stem(word), stem(word))


KIN = {root(word): frozenset(root(kin) for kin in line.split()) for word, line in KIN_WORDS.items()}
PERSONS = frozenset(root(word) for word in PEOPLE)


def concept(token: str) -> str | None:
    """Return what a word stands for, or None for a word that says nothing by itself."""
    word = base(token)
    if word in SILENT:
        return None
    return "like" if stem(word) in AVERSIONS else root(word)


def categories(token: str) -> tuple[str, ...]:
    """Return the kinds of thing a word is an example of: `pizza` is a food."""
    return CATEGORIES.get(stem(base(token)), ())


def concepts(words: Iterable[str]) -> tuple[str, ...]:
    """Return the concepts of several words, in order and each once."""
    found = (concept(word) for word in words)
    return tuple(dict.fromkeys(item for item in found if item is not None))


def is_verb(token: str) -> bool:
    """Whether a word can be a verb in one of its forms."""
    word = token.lower()
    return word in AUXILIARY or word in IRREGULAR_PAST or stem(word) in VERBS


def is_name(word: str) -> bool:
    """Whether a word looks like a name: it begins with a capital and is no common word."""
    return word[:1].isupper() and base(word) not in SILENT and not categories(word)
