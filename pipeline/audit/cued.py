"""Values that the words before them give away, in a dozen languages."""

import re

from pipeline.audit.check import STAND_IN, Check, always, digits_of, value_of

NOBODY = frozenset(
    (
        *("alexa", "alice", "assistant", "bard", "bing", "bob", "chatglm", "chatgpt", "claude"),
        *("copilot", "cortana", "dall-e", "dolly", "falcon", "fastchat", "gemini", "google"),
        *("gpt", "gpt-3", "gpt-4", "guanaco", "jane", "jarvis", "john", "koala", "llama"),
        *("mistral", "mpt", "open", "openassistant", "palm", "rwkv", "siri", "stablelm"),
        *("user", "vicuna", "alpaca", "name", "not", "the", "your", "in", "ai", "sir"),
        *("monsieur", "alex", "váš", "votre", "dein", "ihr", "tu", "su", "jouw", "as", "imię"),
        *(
            "ваше",
            "seu",
            "glados",
            "python",
            "챗봇입니",
            "챗봇",
            "chatbot",
            "bot",
            "约翰",
            "小明",
            "张三",
            "李四",
            "太郎",
            "花子",
            "山田",
        ),
        *("田中太郎",),
    )
)
"""First words after "my name is" that are models, samples, or no names."""
_UPPER = r"[^\W\d_a-z\u0430-\u045f\xdf-\xff][\w'\u2019-]{1,30}"
_NAME = rf"(?P<value>{_UPPER}(?: {_UPPER}){{0,3}})"
_FULL = rf"(?P<value>{_UPPER}(?: {_UPPER}){{1,3}})"
_CALLED = (
    r"(?:my name is|i am called|my name's|me llamo|mi nombre es|je m'appelle|ich hei(?:\xdf|ss)e"
    r"|mein name ist|mi chiamo|il mio nome [e\xe8]|meu nome [e\xe9]|me chamo|меня зовут"
    r"|mijn naam is|jag heter|nazywam si\u0119|ben\u0131m ad\u0131m|t\xean t\xf4i l\xe0|nama saya)"
)
_SIGNED = (
    r"(?:best regards|kind regards|warm regards|regards|sincerely|yours truly|yours faithfully"
    r"|cordialement|mit freundlichen gr\xfc\xdfen|atentamente|cordiali saluti|atenciosamente"
    r"|\u0441 уважением)"
)
_NUMBER = r"(?P<value>\+?\(?\d(?:[ ().-]{0,2}\d){6,14})(?!\d)"
_DATE = (
    r"(?P<value>\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d"
    r"|[A-Z][a-z]{2,8} \d{1,2},? (?:19|20)\d\d|\d{1,2}\.? [A-Za-z]{3,9} (?:19|20)\d\d)"
)
_BORN = (
    r"(?<!\w)(?:(?<!was )(?<!were )born|(?<=I was )born|date of birth|birthday|dob"
    r"|geboren|geburtsdatum|nac[i\xed]|nacimiento"
    r"|n\xe9e?|naissance|nasci|nascimento|nat[oa]|nascita|родил\w*|рождения|出生|生年月日|생년월일)"
)
_PAGE = re.compile(r"(?i)\.(?:php|html?|aspx?)$|^(?:login|me|all|new|edit|search|spotify|profile)$")
"""Pages of everybody."""
_DOCUMENT = (
    r"(?<!\w)(?P<cue>passport|passeport|reisepass|pasaporte|passaporto?|паспорт|护照|パスポート|여권"
    r"|driver'?s? licen[cs]e|driving licen[cs]e|f\xfchrerschein|social security|ssn|tax id|imei"
    r"|licen[cs]e plate|number plate|plate|kennzeichen|matr[i\xed]cula|身份证|national id)"
)
_TYPE = {
    "passport": re.compile(r"pass|pasa|паспорт|护照|パスポート|여권"),
    "driving_licence": re.compile(r"driv|f\xfchrer"),
    "plate": re.compile(r"plate|kennzeichen|matr"),
    "device_id": re.compile(r"imei"),
    "national_id": re.compile(r"ssn|social|tax|身份证|national"),
}

_SIGNS = {
    "passport": ("pass", "pasa", "паспорт", "护照", "パスポート", "여권"),
    "driving_licence": ("licen", "f\xfchrer"),
    "plate": ("plate", "kennzeichen", "matr"),
    "device_id": ("imei",),
    "national_id": ("ssn", "social sec", "tax id", "身份证", "national id"),
}
CALLED = (
    *("my name", "i am called", "me llamo", "mi nombre", "je m'appelle", "ich hei", "mein name"),
    *("mi chiamo", "mio nome", "meu nome", "me chamo", "меня зовут", "mijn naam", "jag heter"),
    *("nazywam si", "ben\u0131m", "tên tôi", "nama saya"),
)
PHONE_SIGNS = (
    *(
        "tel",
        "phone",
        "mobile",
        "cell",
        "call me",
        "reach me",
        "whatsapp",
        "fax",
        "tel\xe9",
        "celular",
    ),
    *("handy", "телефон", "номер", "电话", "手机", "電話", "전화", "هاتف"),
)
PASSWORD_SIGNS = (
    *("passw", "contrase", "mot de passe", "senha", "пароль", "密码", "パスワード", "비밀번호"),
)
BORN_SIGNS = (
    *("born", "birth", "dob", "gebor", "geburt", "nacid", "nacim", "nac\xed", "n\xe9 ", "n\xe9e"),
    *("naissance", "nasci", "nato ", "nata ", "родил", "рождения", "出生", "生年月日", "생년월일"),
)


def _is_phone(match: re.Match[str]) -> bool:
    digits = digits_of(value_of(match))
    is_counted = any(run in digits for run in ("12345", "98765", "00000"))
    return len(set(digits[-7:])) > 2 and not is_counted  # noqa: PLR2004 (no sample)


def _is_person(match: re.Match[str]) -> bool:
    words = value_of(match).casefold().split()
    return words[0] not in NOBODY and words[-1] not in OFFICES


OFFICES = frozenset(("team", "department", "service", "support", "staff", "office", "committee"))
"""Who signs for many."""


def _is_password(match: re.Match[str]) -> bool:
    """Letters and digits, as no word of a manual has them, and no expression of a program."""
    value = value_of(match)
    is_code = re.search(r"[(){}\[\]<>$;]|\w\.\w+|\w_\w+_\w", value)
    return not is_code and _is_mixed(match)


def _is_mixed(match: re.Match[str]) -> bool:
    value = value_of(match)
    kinds = sum(map(any, zip(*((c.isalpha(), c.isdigit()) for c in value), strict=True)))
    return kinds > 1 and not STAND_IN.search(value)


def _of(kind: str) -> Check:
    """A check for the number of a document: the same words, told apart by the cue."""
    is_kind = _TYPE[kind]

    def holds(match: re.Match[str]) -> bool:
        digits = digits_of(value_of(match))
        is_sample = len(set(digits)) < 3 or "12345" in digits  # noqa: PLR2004
        is_cut = kind == "national_id" and len(digits) < LEAST_ID
        return not (is_sample or is_cut) and is_kind.search(match["cue"].lower()) is not None

    return Check(f"{kind} after a cue", kind, DOCUMENT, holds, _SIGNS[kind])


LEAST_ID = 8
"""Digits of the numbers that these words announce; the shortest is a tax number of eight."""
DOCUMENT = re.compile(
    rf"(?i:{_DOCUMENT}(?: (?:no|nr|number|nummer|num|is|id))?[.:# ]{{1,4}}(?:is )?)"
    r"(?P<value>(?=[A-Z0-9 -]{0,9}\d{3}|\d)[A-Z0-9]{2,4}(?:[ -]?[A-Z0-9]){3,12})(?!\w)"
)
CHECKS = (
    Check(
        "phone after a cue",
        "phone",
        re.compile(
            r"(?i)(?<!\w)(?:tel|phone|mobile|cell|call me|reach me|whatsapp|fax|telefon\w{0,3}"
            r"|tel[e\xe9]fono|t[e\xe9]l[e\xe9]phone|celular|handy|telefone|телефон\w{0,2}|номер\w?"
            r"|电话|手机|電話|전화번호는?|هاتف)(?: is| at| number| on| no| nr|は|是|号码|番号){0,2}"
            rf"[ .:#]{{0,3}}{_NUMBER}"
        ),
        _is_phone,
        PHONE_SIGNS,
    ),
    Check(
        "password after 'is'",
        "password",
        re.compile(
            r"(?i)(?<![\w-])(?:password|passwort|contrase\xf1a|mot de passe|senha|пароль|密码"
            r"|パスワード|비밀번호)(?: is| ist| es| est| \xe9|是|は|는)[: ]{0,2}(?P<value>\S{6,64})"
        ),
        _is_mixed,
        PASSWORD_SIGNS,
    ),
    Check(
        "password after a colon",
        "password",
        re.compile(
            r"(?i)(?<![\w-])(?:password|passwd|passwort|contrase\xf1a|mot de passe|senha|пароль)"
            r"\s?[:=]\s?[\"'`]?(?P<value>[^\s\"'`,]{6,64})"
        ),
        _is_password,
        PASSWORD_SIGNS,
    ),
    Check("name after a cue", "person", re.compile(rf"(?i:{_CALLED}) {_NAME}"), _is_person, CALLED),
    Check(
        "name below a greeting",
        "person",
        re.compile(rf"(?i:{_SIGNED}),?[ \t]{{0,3}}\n\s{{0,3}}{_FULL}[ \t]{{0,3}}(?:\n|$)"),
        _is_person,
        ("regards", "sincerely", "yours", "cord", "freundl", "atent", "atenc", "уважением"),
    ),
    Check(
        "name of a contact",
        "person",
        re.compile(
            rf"(?<!\w)(?<!\w )(?:(?:Contact|Full name|Author):|written by) {_FULL}(?=[\n,)])"
        ),
        _is_person,
        ("contact", "name", "author", "written by"),
    ),
    Check(
        "name after a cue, unspaced",
        "person",
        re.compile(
            r"(?:我叫|我的名字叫|我的名字是|私の名前は|제 이름은 )"
            r"(?P<value>[\u3400-\u9fff\uac00-\ud7a3]{2,4})"
        ),
        _is_person,
        ("我叫", "我的名字", "私の名前は", "제 이름은"),
    ),
    Check(
        "date of birth after a cue",
        "date_of_birth",
        re.compile(rf"(?i:{_BORN})(?: (?i:on|am|le|el|em|is|in))?[ :]{{0,3}}{_DATE}(?!\d)"),
        always,
        BORN_SIGNS,
    ),
    Check(
        "handle after a cue",
        "username",
        re.compile(
            r"(?i)(?<!\w)(?:handle|instagram|insta|twitter|telegram|discord|tiktok|snapchat"
            r"|follow me|username)(?: (?:is|on|at|handle))?[: ]{1,3}@(?P<value>[\w.]{2,39}\w)"
        ),
        lambda match: not STAND_IN.search(value_of(match)),
        ("@",),
    ),
    Check(
        "page of a person",
        "url",
        re.compile(
            r"(?i)https?://[\w.-]{4,80}/(?:users|user|u|in|people|profile|~)/(?P<value>[\w.-]{2,59}\w)"
        ),
        lambda match: not (STAND_IN.search(value_of(match)) or _PAGE.search(value_of(match))),
        ("://",),
    ),
    *map(_of, _TYPE),
)
