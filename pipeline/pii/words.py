"""Small lists of words that detection needs."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _set("""
    don dott doña dr drg drs frau herr ii iii ing jr m madam md miss mlle mme mr mrs ms mx phd
    prof sir sr sra srta
""")
"""Words before and behind a name that are no part of it."""

COMMON_NAMES = _set("""
    abu amber and april art august autumn banks bell ben best bill bin black bob brown bush
    case cash chance chase christian cook dale dawn day dean del den der drew earl east ernest
    faith ford frank gene glen good grace grant gray green grey guy heath hill hope hunter ibn
    ivy jack jade jean jewel joy june king lane las law lee lily long los love mac major mark
    max may mercy miles misty norm north olive page park parks pat pearl penny pierce price
    ray reed rich rob rock rose royal ruby rusty sage sandy scout short sky south star
    sterling stone stormy sue summer sunny the trinity van victor von wade west white will
    wood woods young
""")
"""Words that are names too: alone, they are not taken for the name of someone named before."""

EXAMPLES = _set("""
    a abc admin administrator alice anonymous bar baz billing bob bot carol contact customer
    demo dev developer editor email email1 email2 example fake feedback first.last
    firstname.lastname foo foobar git hello help hr inbox info invalid jane jane.doe janedoe
    jdoe jobs joe john john.doe johndoe list lorem mail mailer-daemon marketing me member
    myemail myname myuser name no-reply no_reply nobody noreply office postmaster press
    privacy recipient root sales sample security sender service somebody someone spam support
    team test test.user test1 test2 tester testing testuser to user user.name user1 user2
    user3 user_name username valid webmaster x xxx xyz y you your your.email your.name
    your_email youremail yourname
""")
"""What stands before the @ in examples."""
