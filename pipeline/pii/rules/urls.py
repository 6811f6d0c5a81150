"""Addresses of pages: those of persons, private documents, meetings, and those with a secret."""

# ruff: noqa: RUF001, SIM905 (other scripts are the subject; a list would take a line a word)

import re

from pipeline.pii.rule import Match, Rule

END = r"[^\s<>\x22'`|\\^{}()\[\]，。、；）（」』】]"
LAST = r"[^\s<>\x22'`|\\^{}()\[\]，。、；）（」』】.,;:!?*]"
"""What an address goes on with, and ends with; brackets and quotes are the text's."""
HOST = r"https?://(?:[\p{L}\p{N}\-]+\.)+\p{L}{2,}(?::[0-9]+)?"
WORD = r"[\p{L}\p{N}_.\-%]"
SOCIAL = (
    r"linkedin\.com/(?:in|pub)/|facebook\.com/(?:profile\.php\?id=|people/)?|fb\.com/|"
    r"instagram\.com/|twitter\.com/|x\.com/|t\.me/|vk\.com/|ok\.ru/profile/|"
    r"tiktok\.com/@|youtube\.com/(?:@|user/|c/)|threads\.net/@|medium\.com/@|"
    r"github\.com/|gitlab\.com/|keybase\.io/|soundcloud\.com/|twitch\.tv/|"
    r"pinterest\.com/|snapchat\.com/add/|steamcommunity\.com/(?:id|profiles)/|"
    r"reddit\.com/(?:u|user)/|quora\.com/profile/|weibo\.com/(?:u/)?|space\.bilibili\.com/|"
    r"zhihu\.com/people/|strava\.com/athletes/|paypal\.me/|venmo\.com/|cash\.app/\$|ko-fi\.com/|"
    r"patreon\.com/|onlyfans\.com/|behance\.net/|linktr\.ee/|about\.me/|gravatar\.com/|"
    r"stackoverflow\.com/users/|orcid\.org/|researchgate\.net/profile/|"
    r"news\.ycombinator\.com/user\?id=|xing\.com/profile/|open\.spotify\.com/user/|"
    r"scholar\.google\.com/citations\?user="
)
SOCIAL_SITE = re.compile(rf"(?i)^(?:https?://)?(?:(?:www|m|[a-z][a-z])\.)?(?:{SOCIAL})")
PLACEHOLDER = re.compile(r"(?i)your|username|example|xxx|profile-?name|company|_id$")
PRIVATE = (
    r"docs\.google\.com/(?:document|spreadsheets|presentation|forms|"
    r"file)/(?:u/\d/)?d/(?:e/)?[\w\-]{15}|"
    r"drive\.google\.com/(?:file/d/|drive/(?:u/\d/)?folders/|open\?id=|uc\?[\w=&]*id=)[\w\-]{15}|"
    r"photos\.(?:app\.goo\.gl|google\.com/share)/\w|forms\.gle/\w{8}|"
    r"dropbox\.com/(?:s|sh|scl|t)/\w|1drv\.ms/\w|onedrive\.live\.com/\S*[?&](?:id|resid)=|"
    r"[\w\-]+\.sharepoint\.com/:|we\.tl/\w|mega\.nz/(?:file|folder|#)|icloud\.com/\w+/0|"
    r"(?:[\w\-]+\.)?zoom\.us/(?:j|my|s|w)/\w|meet\.google\.com/[a-z]{3}-[a-z]{4}-[a-z]{3}|"
    r"teams\.(?:microsoft|live)\.com/(?:l/meetup-join|meet)/|calendly\.com/\w|cal\.com/\w|"
    r"[\w\-]+\.webex\.com/(?:meet|join)/|chat\.whatsapp\.com/\w{10}|"
    r"wa\.me/\+?[0-9]{7}|api\.whatsapp\.com/send\?phone=|"
    r"chat\.openai\.com/share/|chatgpt\.com/(?:share|c)/|notion\.so/[\w\-/]*[0-9a-f]{32}|"
    r"trello\.com/[bc]/\w|miro\.com/app/board/|figma\.com/(?:file|design)/\w{15}|"
    r"overleaf\.com/(?:read|project)/\w|loom\.com/share/\w"
)
PERSONAL_PATH = r"(?:users?|u|profiles?|members?|people)"
PUBLIC_PAGES = frozenset(
    (
        "about account accounts add all avatar api apps blog business careers channel company "
        "contact "
        "create dashboard delete developer developers directory docs download edit en events "
        "explore features feed groups guide hashtag help home index index.html index.php info "
        "intent jobs join joinchat list login logout marketplace me messages new news "
        "notifications orgs p page pages photo photos pricing privacy profile public questions "
        "r reel reels register reset search security settings share sharer sharer.php shop "
        "signin signup site sponsors status stories tags terms topics tos trending tv update "
        "user username users video videos watch wiki your_username yourusername your-username "
        "your_profile yourprofile your-profile yourname your_name your-name johndoe john-doe "
        "example default null undefined id name profile.php test sample xxx"
    ).split()
)
VENDORS = frozenset(
    (
        "openai google microsoft facebook meta apple amazon nvidia huggingface deepmind "
        "tensorflow pytorch twitter github gitlab youtube netflix tesla spacex nasa elonmusk "
        "bbc cnn nytimes python django nodejs reactjs vuejs angular wordpress linux ubuntu "
        "docker kubernetes aws azure googlecloud cloudflare stripe paypal shopify unity "
        "epicgames discord slack zoom spotify telegram whatsapp instagram linkedin tiktok reddit "
        "medium "
        "wikipedia who un unicef"
    ).split()
)
SAMPLE_HOST = re.compile(
    r"(?i)//(?:[^/]*[.@])?(?:api|localhost|127\.|(?:example|test|domain|yourdomain|mysite|website|"
    r"yoursite|yourwebsite|your-domain|mydomain|site|foo|myapp|company|yourcompany|myapi|server|"
    r"host|jsonplaceholder|typicode|dummyjson|reqres)\.[a-z]+|[^/]*\.(?:example|test|invalid|"
    r"local))"
)
RESERVED_HOST = re.compile(r"(?i)//(?:[^/]*\.)?(?:example\.(?:com|org|net|edu)|[^/]+\.example)\b")
API_HOST = re.compile(
    r"(?i)//(?:[^/]*\.)?(?:api|dev|staging|localhost|graph)[.:/]|/api/|/v\d+/|/rest/"
)


def _name(match: Match) -> str:
    return re.split(r"[?#]", match.value.rstrip("/"))[0].rsplit("/", 1)[-1].lstrip("@~")


def _is_person_page(match: Match) -> bool:
    """A user's name at the end of the path: no number, no placeholder, no page of the site."""
    name = _name(match)
    return (
        not RESERVED_HOST.search(match.value)
        and not SAMPLE_HOST.search(match.value)
        and _is_name(name, match)
        and name.lower() not in VENDORS
        and not API_HOST.search(match.value)
    )


def _is_reserved_page(match: Match) -> bool:
    return RESERVED_HOST.search(match.value) is not None and _is_name(_name(match), match)


def _is_name(name: str, match: Match) -> bool:
    return (
        len(name) > 2  # noqa: PLR2004 (languages and numbers of pages)
        and not name.replace("-", "").isdecimal()
        and name.lower() not in PUBLIC_PAGES
        and match.after[:1] not in {"{", "<", "[", "$", "("}
        and not re.search(r"(?i)\.(?:png|jpe?g|gif|svg|js|css|json|xml|html?|php|md)$", name)
    )


def _is_social_page(match: Match) -> bool:
    """The page of one user; on sites of code not a repository, which is mostly a product's."""
    if match.before.endswith((".", "-", "@")):
        return False
    path = SOCIAL_SITE.sub("", match.value)
    name = re.split(r"[/?#&]", path)[0].lstrip("@")
    if re.search(r"(?i)(?:github|gitlab)\.com/", match.value) and "/" in path.rstrip("/"):
        return False
    if re.search(r"(?i)id=$|user=$|users/$", match.value[: -len(path) or None]):
        return len(name) > 2 and not PLACEHOLDER.search(name)  # noqa: PLR2004
    return _is_name(name, match) and name.lower() not in VENDORS and not PLACEHOLDER.search(name)


def _is_private_page(match: Match) -> bool:
    rest = match.value.split("://")[-1].partition("/")[2]
    return not re.search(
        r"(?i)your[-_]|file_?id|document_?id|xxxx|example|1234567890|abc-defg-hij", rest
    )


PARAMETERS = (
    r"(?:[\w\-]*(?:token|secret|password|passwd|pwd|signature|apikey|api_key|api-key|access_key|"
    r"accesskey|appkey|app_key|auth_key|authkey|session_?id|sessid|jwt|credential)|sig|key|auth|"
    r"code|hash|pass|appid|subscription-key|client_secret|x-amz-[a-z\-]*|sv|se|awsaccesskeyid)"
)
VALUE_PLACEHOLDER = re.compile(
    r"(?i)your|xxx|\*\*\*|example|placeholder|^api_?key|^token|^secret|^password|<|\{|\.\.\.|here$"
    r"|insert|replace|dummy|sample|^abc(?:123|def)|^123456|^test|demo_key|^my|some"
)


def _has_secret(match: Match) -> bool:
    """A parameter whose value looks made by a machine."""
    for name, value in re.findall(r"[?&;#]([\w\-]+)=([^&;#]+)", match.value):
        if re.fullmatch(PARAMETERS, name, re.IGNORECASE) and _is_random(value):
            return True
    return False


def _is_random(value: str) -> bool:
    return (
        len(value) >= 12  # noqa: PLR2004 (shorter ones are words)
        and len(set(value)) > 6  # noqa: PLR2004
        and any(sign.isdecimal() for sign in value)
        and any(sign.isalpha() for sign in value)
        and not VALUE_PLACEHOLDER.search(value)
    )


def _is_login(match: Match) -> bool:
    user, _, password = match.value.partition("://")[2].partition("@")[0].partition(":")
    weak = re.compile(
        r"(?i)(?:your|my|some)?[-_]?(?:user(?:name)?|pass(?:word|wd)?|pw|pwd|proxy|login|name|"
        r"admin|root|token|"
        r"secret|x+|\*+|guest|test|foo|bar|\d{1,4})\d*|postgres|.*[{}<>$%\[\]].*"
    )
    return len(password) > 2 and not weak.fullmatch(password) and not weak.fullmatch(user + "-")  # noqa: PLR2004


def _is_webhook(match: Match) -> bool:
    rest = match.value.split("://")[-1].partition("/")[2]
    return not re.search(r"(?i)your|xxx|T0{4}|webhook_?id|\.\.\.|abc123|example", rest)


RULES: tuple[Rule, ...] = (
    Rule(
        "url_person",
        "url",
        gate=r"://[^\s/]+/(?:[^\s/]+/)?(?:users?|u|profiles?|members?|people)/[A-Za-z\x80-\xff_%]",
        pattern=rf"{HOST}(?:/{WORD}+)?/{PERSONAL_PATH}/{WORD}*[\p{{L}}\p{{N}}_](?:/|\b)",
        check=_is_person_page,
        score=0.9,
        priority=3,
        source="/users/name, /profile/name",
    ),
    Rule(
        "url_home",
        "url",
        gate=r"://[^\s/]+/[~@][A-Za-z]",
        pattern=rf"{HOST}/[~@]{WORD}*[\p{{L}}\p{{N}}_](?:/|\b)",
        check=_is_person_page,
        score=0.6,
        priority=3,
        source="/~name, /@name: also of scholars and companies",
    ),
    Rule(
        "url_reserved",
        "url",
        gate=r"(?:example\.[a-z]+|\.example)/(?:(?:users?|u|profiles?|members?|people)/|"
        r"[~@])[A-Za-z]",
        pattern=rf"{HOST}/(?:{PERSONAL_PATH}/|[~@]){WORD}*[\p{{L}}\p{{N}}_](?:/|\b)",
        check=_is_reserved_page,
        score=0.6,
        priority=4,
        source="RFC 2606",
    ),
    Rule(
        "url_social",
        "url",
        gate=rf"(?i)(?:{SOCIAL})[A-Za-z0-9_]".replace(r"\x22", ""),
        pattern=rf"(?i)\b(?:https?://)?(?:(?:www|m|[a-z][a-z])\.)?(?:{SOCIAL}){WORD}*"
        rf"[\p{{L}}\p{{N}}_](?:[/?#]{END}*{LAST}|/)?",
        check=_is_social_page,
        score=0.7,
        priority=3,
        source="pages of people on social sites; not repositories",
    ),
    Rule(
        "url_private",
        "url",
        gate=rf"(?i){PRIVATE}",
        pattern=rf"(?i)\b(?:https?://)?(?:www\.)?(?:{PRIVATE})(?:{END}*{LAST})?",
        check=_is_private_page,
        score=0.9,
        priority=3,
        source="shared documents, meetings, chats: whoever has the address gets in",
    ),
    Rule(
        "url_secret_parameter",
        "url_secret",
        gate=rf"(?i)[?&;#]{PARAMETERS}=[A-Za-z0-9%_\-]".replace(r"\w", "A-Za-z0-9_"),
        pattern=rf"(?i)\b[a-z][a-z0-9+.\-]*://{END}+[?&;#]{PARAMETERS}=(?:{END}*{LAST})",
        check=_has_secret,
        score=0.85,
        priority=6,
        source="token=, sig=, X-Amz-Signature=",
    ),
    Rule(
        "url_secret_login",
        "url_secret",
        gate=r"(?:https?|ftps?|sftp|git|wss?|rtsp|"
        r"socks[45]h?)://[^\s/@:\x22']+:[^\s/@\x22']+@[A-Za-z0-9]",
        pattern=r"(?i)\b(?:https?|ftps?|sftp|git|wss?|rtsp|socks[45]h?)://[^\s/@:\x22'<>]+:"
        rf"[^\s/@\x22'<>]+@{END}*{LAST}",
        check=_is_login,
        score=0.9,
        priority=12,
        source="RFC 3986 section 3.2.1: user:password@host",
    ),
    Rule(
        "url_secret_webhook",
        "url_secret",
        gate=r"hooks\.slack\.com/|discord(?:app)?\.com/api/webhooks/|"
        r"webhook\.office\.com/webhookb2/"
        r"|api\.telegram\.org/bot[0-9]|hooks\.zapier\.com/hooks/catch/|maker\.ifttt\.com/trigger/",
        pattern=r"https://(?:hooks\.slack\.com/(?:services|workflows|triggers)/T[A-Z0-9]|"
        r"discord(?:app)?\.com/api/webhooks/[0-9]|[\w\-]+\.webhook\.office\.com/webhookb2/\w|"
        r"api\.telegram\.org/bot[0-9]+:|hooks\.zapier\.com/hooks/catch/\d|"
        rf"maker\.ifttt\.com/trigger/\w+/with/key/){END}*{LAST}",
        check=_is_webhook,
        score=0.95,
        priority=12,
        source="whoever knows the address may post",
    ),
)
