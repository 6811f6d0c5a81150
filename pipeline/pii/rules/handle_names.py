"""Names of accounts: which are somebody's, and which are examples, roles and brands."""

# ruff: noqa: SIM905 (other scripts are the subject; a list would take a line a word)

import re

from pipeline.pii.rule import Match

SITES = (
    r"twitter|instagram|insta|ig|tiktok|telegram|tg|discord|snapchat|snap|youtube|twitch|reddit|"
    r"github|facebook|fb|linkedin|threads|mastodon|bluesky|skype|wechat|weixin|line id|kik|steam|"
    r"xbox|psn|venmo|cashapp|cash app|signal|vk|weibo|qq|gamertag|telegrama|телеграм|телеграмм?|тг|"
    r"инстаграм|инста|твиттер|дискорд|скайп|вк|インスタ|ツイッター|ディスコード|트위터|인스타|"
    r"카카오톡|"
    r"디스코드|微信|微博|推特|تويتر|انستقرام|انستغرام|تلگرام|اینستاگرام|توییتر|טלגרם|טוויטר|"
    r"אינסטגרם"
)
HANDLE = r"[A-Za-z0-9_][A-Za-z0-9_.\-]*[A-Za-z0-9_]"
MIN_NAME = 3
PLACEHOLDER = re.compile(r"[A-Z]+_\d+")
"""What redaction leaves."""
PLACEHOLDERS = frozenset(
    (
        "user username user_name user1 user2 user123 your_username yourusername your_handle "
        "yourhandle handle name yourname your_name johndoe john_doe janedoe jane_doe example "
        "someone somebody everyone here channel all me you admin root guest test testuser "
        "test_user demo anonymous myusername my_username account profile null none undefined "
        "true false string str text varchar override param property app media decorator "
        "staticmethod classmethod mention mentions username1 username2 required optional email "
        "password and or the is a an in to of for with on as by at not this that friend brand "
        "influencer company organization postgres ubuntu"
    ).split()
)
ORGANISATIONS = frozenset(
    (
        "openai google microsoft facebook meta apple amazon nvidia huggingface twitter github "
        "youtube netflix tesla spacex nasa elonmusk bbc cnn nytimes who un unicef whitehouse "
        "potus realdonaldtrump barackobama joebiden telegram discord anthropicai langchain"
    ).split()
)
PLACEHOLDER_LIKE = re.compile(
    r"(?i)^(?:(?:my|your|the|new|test|example|sample|some|demo|user|admin|db|app|service|johndoe|"
    r"john|"
    r"jane|alice|bob|server|friend|player|amigo|ami|freund|jogador|jugador|spieler|zero|family|"
    r"group|"
    r"gamer|password|usuario|utilisateur|benutzer|utente|seu|sua|tu|votre|nama|je|nome|nombre|"
    r"deine?|"
    r"twoj|ваш|epic|dragon|hero|shadow|spell)[a-z]*[_\d]*[a-z]*\d{0,4})$|user_?name|^[A-Z]+_\d+$|"
    r"_id$"
    r"|_name$|^\d+$|^_|_(?:user|usuario|player|pengguna|gebruikersnaam|utilisateur)$"
)


def is_handle(match: Match) -> bool:
    """Whether it can be a person's: no example, brand, file or name of a program."""
    name = match.value.lstrip("@").lower()
    if (
        PLACEHOLDER.fullmatch(match.value.lstrip("@"))
        or name in PLACEHOLDERS
        or name in ORGANISATIONS
        or len(name) < MIN_NAME
    ):
        return False
    return not name.startswith("your") and not re.search(r"(?i)\.(?:com|org|net|py|js)$", name)


def is_folder(match: Match) -> bool:
    """Whether a home folder of this name is a person's, not a machine's or an example."""
    name = match.value.lower()
    return name not in FOLDERS and name not in PLACEHOLDERS and not PLACEHOLDER_LIKE.search(name)


FOLDERS = frozenset(
    (
        "public default shared all app apps node ubuntu vagrant pi ec2-user runner jovyan hadoop "
        "circleci vscode git www deploy centos debian work student me local linuxbrew gitpod "
        "oracle "
        "postgres jenkins codespace docker guest name nombre nome nom administrator administrador "
        "downloads documents desktop project projects data yourname johndoe john doe jane alice "
        "bob "
        "usuario utilisateur benutzer utente gebruiker samba blender qwen seunome tu_usuario "
        "seu_usuario "
        "nutzer mysql redis nginx ftp hduser spark airflow steam dev build ci test tester demo "
        "minecraft "
        "homeassistant backups data xxx foo bar"
    ).split()
)
