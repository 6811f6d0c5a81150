"""Passwords: the word behind `the password is`, in many languages, unless it is prose or code."""
# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

import re

from pipeline.pii.rule import Rule
from pipeline.pii.rules import columns, credentials, cued
from pipeline.pii.rules.password_values import (
    bare,
    found,
    is_in_column,
    is_password,
    is_set,
    is_strong,
)

WORDS = (
    "passw(?:or)?d|passphrase|passcode|pass ?word|passwort|kennwort|mot de passe|mdp|contraseña"
    "|contrasena|contrasenya|senha|palavra-passe|parola|password|wachtwoord|lösenord|adgangskode"
    "|passord|salasana|lykilorð|hasło|hasła|heslo|jelszó|lozinka|šifra|geslo|slaptažodis"
    "|parool|fjalëkalim|κωδικός|κωδικό πρόσβασης|пароль|пароля|паролата|лозинка|şifre|şifrem|parolam"
    "|mật khẩu|kata sandi|kata laluan|sandi|รหัสผ่าน|पासवर्ड|পাসওয়ার্ড|கடவுச்சொல்|پاس ورڈ"
    "|كلمة المرور|كلمة السر|رمز عبور|گذرواژه|پسورد|סיסמה|סיסמא|הסיסמה|密码|密碼|口令|パスワード"
    "|暗証番号|비밀번호|패스워드|암호"
)
IS = (
    "is|was|are|ist|lautet|war|est|es|é|è|era|e|is:|är|er|on|to|je|este|είναι|это|olarak|là|adalah"
    "|ialah|คือ|है|هي|هو|است|היא|הוא|是|为|為|は|は、|は「|는|은|가|이"
)
SHORT = "pwd|passwd|psw|pw|pass|pswd"
LINK = rf"[\"'`*\])]{{0,3}}\s{{0,2}}(?:[:=]{{1,2}}>?|：|->|(?:{IS})(?:[\s:：\"'`“„«「]|\b))"
OPEN = r"(?:\s|[\"'`“„«「]|\*\*){0,5}"
FOR = r"(?: (?:for|to|of|on|at|für|zu|pour|para|da|do|del|de|от|для|к)(?: [^\s:=]+){1,4})?"
VALUE = r"(?P<value>[^\s\"'`“”„«»<>「」]+)"
SAYS = rf"(?i:(?:^|\b|[^a-z])(?:{WORDS})(?:{FOR}){LINK}{OPEN}){VALUE}"
SETS = rf"(?i:(?:\b|_)(?:{SHORT})[\"'`\]]{{0,2}}\s?(?:[:=]{{1,2}}>?|->|→|is|to)\s?[\"'`]{{0,3}}){VALUE}"
ALSO = (
    "비번|الباسورد|باسورد|الرقم السري|كلمة سر|كلمة مرور|رمز|پسوورد|कूटशब्द|mật mã|kodeord|jelszava"
    "|passwd|pwd|wi-?fi pass|pass ?wd|clave|clau|fjalekalim|pasahitza|парол[ьяюей]м?|סיסמ[אה]|登录码|パス"
)
"""Words behind which only what is no word is taken."""
NOW = (
    r"(?: (?:is|was|as|to|be|should|will|used|now|currently|still|set|changed|reset|stays|here|below|called"
    r"|ist|war|bleibt|auf|est|sera|es|era|será|é|foi|era|è|is|was|to|jest|na|är|är nu|это|теперь|это:|был|была"
    r"|là|adalah|saya|of mine|olarak|است|من|هي|هو|היא|שלי|है|मेरा)){0,3}"
)
BESIDE_CUE = (
    rf"(?i:(?:^|\b|[^a-z])(?:{WORDS}|{ALSO}))|[a-z]P(?:assword|assphrase|asscode|asswd|ass|wd)"
)
BESIDE = (
    r"\p{L}{0,4}"
    rf"(?i:{NOW})"
    r"(?:[\"'] ?value ?= ?[\"']|</(?:key|name|th|td|dt|label|b|strong)>\s{0,4}<(?:string|value|td|dd|code|span)>"
    r"|[\"'][^<>\n]{0,60} value=[\"']|[ \t]?(?:[ \t:：=>→➜⇒|/\-–—\"'`“„«「*\\]|,? ?\\?[\"'`]|[ \t]\(){1,6})"
    rf"{VALUE}"
)
MINE = (
    r"(?:as|is|was|for|to be|ist|est|es|é|è|jest|är|как|это|—|-) (?:my|our|his|her|the|a|mein|unser|mon|notre|mi|nuestra"
    r"|minha|la mia|mijn|moje|mitt|мой|наш|пароль) ?(?:[\p{L}\-]+ )?"
)
BEHIND = rf"(?P<value>[^\s\"'`“”„«»<>「」]+)[\"'`”»」]? ?(?i:{MINE}(?:{WORDS})|[がは](?:私|僕|俺)のパスワード|是我的密码|是密码)"
BEHIND_GATE = (
    r"(?i)(?:my|our|his|her|the|an?|mein|unser|mon|notre|mi|nuestra|minha|mia|mijn|moje|mitt) (?:[a-z\-]+ )?"
    r"(?:password|passwort|kennwort|mot de passe|contrase|senha|wachtwoord|has|l\xc3\xb6senord|passcode|passphrase)"
    r"|мой пароль|наш пароль|のパスワード|是我的密码|是密码"
)
GATE = (
    rf"(?i)(?:{WORDS})[\"'`*\])]{{0,3}}(?: (?:for|to|of|on|at|für|pour|para|d[aoe]|от|для) "
    rf"|\s{{0,2}}(?:[:=]|：|->|{IS}))"
)
SHORT_GATE = r"(?i)(?:^|[^a-z])(?:pwd|passwd|psw|pswd|pw|pass)[\"'\]]{0,2} ?(?:[:=]|->|→|is |to )"
ORDINARY = ("parola", "clave", "clau", "رمز", "パス", "sandi", "암호", "mdp", "geslo", "hasła")
"""Words that also say other things: a figure must follow soon."""
BESIDE_GATE = (
    "(?i)(?:"
    + "|".join(word for word in f"{WORDS}|{ALSO}".split("|") if word not in ORDINARY)
    .replace("[ьяюей]м?", "")
    .replace("[אה]", "")
    + rf"|[a-z]pass|[a-z]pwd|(?:{'|'.join(ORDINARY)})[^A-Za-z0-9\n]*[!-~]*[0-9!@#$%^&*])"
)
COLUMNS = (
    rf"(?:[a-z]+[_ .\-])?(?:{WORDS}|{ALSO}|{SHORT})(?:[_ ]?(?:1|plain|text|value|clear|user|wifi))?"
)

RULES = (
    Rule(
        "password_said",
        "password",
        GATE,
        find=found(SAYS),
        check=is_password,
        score=0.9,
        priority=30,
    ),
    Rule(
        "password_set",
        "password",
        SHORT_GATE,
        find=found(SETS),
        check=is_set,
        score=0.8,
        priority=29,
    ),
    Rule(
        "password_beside",
        "password",
        BESIDE_GATE,
        find=bare(cued.behind(BESIDE_CUE, BESIDE, re.compile(rb"[0-9!@#$%^&*+~]"))),
        check=is_strong,
        score=0.65,
        priority=28,
        source="password X, dbPassword -> X, value=X: what is no word, name or number",
    ),
    Rule(
        "password_behind",
        "password",
        BEHIND_GATE,
        find=found(BEHIND),
        check=is_strong,
        score=0.65,
        priority=28,
        source="I typed X as my password",
    ),
    Rule(
        "password_column",
        "password",
        BESIDE_GATE,
        find=columns.found(COLUMNS),
        check=is_in_column,
        score=0.65,
        priority=28,
        source="columns of CSV, tables and SQL",
    ),
    *credentials.RULES,
)
