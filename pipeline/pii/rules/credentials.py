"""Passwords in commands, calls and pairs: curl -u, mysql -p, login(..), IDENTIFIED BY, user / X."""
# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

import re
from collections.abc import Iterator

import re2

from pipeline.pii.placeholders import classes
from pipeline.pii.rule import Match, Rule
from pipeline.pii.rules.password_values import found, is_set, is_strong

VALUE = r"(?P<value>[^\s\"'`“”„«»<>]+)"
PROGRAMS = (
    r"mysql[a-z]*|mariadb[a-z\-]*|sshpass|7z|7za|unzip|zip|rar|unrar|mongo[a-z]*|docker login|podman login|helm registry login"
    r"|sqlcmd|bcp|redis-cli|xfreerdp|rdesktop|ldapsearch|plink|pscp|smbclient|htpasswd|nmcli|ipmitool|keytool|openssl"
    r"|az login|cf login|argocd login|gpg|hydra|evil-winrm|wget|mosquitto_(?:pub|sub)"
)
FLAG = r"(?:-p|-P|-a|-w|/p:|--?pass(?:word|phrase|wd)?|-storepass|-keypass|-pass(?:in|out)? pass:)"
USER = r"[A-Za-z0-9_][A-Za-z0-9_.@+\\\-]*"
CALLS = (
    r"log_?[io]n|sign_?in|auth(?:enticate)?|connect|basic_?auth|HTTPBasicAuth|HTTPDigestAuth|NetworkCredential|PSCredential"
    r"|PasswordAuthentication|mysqli(?:_connect)?|PDO|getConnection|UsernamePassword[A-Za-z]*|PlainAuth|set_?credentials"
    r"|Credentials?|SetBasicAuth|basic|createUser|create_user|create_superuser|credentials|Login|auth ?= ?"
)
ACCOUNTS = (
    r"admin(?:istrator)?|root|router|log[io]n|log in(?: with)?|sign in with|creds?|credentials|account|acc|user ?name|user|zugang(?:sdaten)?"
    r"|anmeldung|identifiants?|acceso|credenciales|acesso|credenziali|accesso|inloggen|inloggegevens|dane logowania|логин|доступ|учетка|учётка"
    r"|账号|帳號|アカウント|계정|ssh|ftp|sftp|vpn|rdp|wifi|wi-fi|vnc|smtp|imap"
)
CALL = re2.compile(rf"(?:{CALLS})\(([^()\n]{{3,200}})".encode())
ARGUMENT = re.compile(rb"[\"']([^\"'\s]*)[\"']")


def _arguments(data: bytes) -> Iterator[tuple[int, int]]:
    """What stands in quotes behind the first argument of a call that logs in."""
    for call in CALL.finditer(data):
        start, end = call.span(1)
        first = data.find(b",", start, end)
        if first > 0:
            for argument in ARGUMENT.finditer(data, first, end):
                yield argument.span(1)


def _is_paired(match: Match) -> bool:
    """Three classes of characters and no path: names of groups and branches have two."""
    return "/" not in match.value and classes(match.value) > 2 and is_strong(match)  # noqa: PLR2004


RULES = (
    Rule(
        "password_user_flag",
        "password",
        r"(?:^|[ \[\"',])(?:-u|--user|--auth|-a|-U|--proxy-user)[ =\"',]{1,4}[A-Za-z0-9_][A-Za-z0-9_.@+\-]*:[^ /]",
        find=found(
            rf"(?:^|[\s\[\"',])(?:-u|--user|--auth|-a|-U|--proxy-user)[ =\"',]{{1,4}}{USER}:{VALUE}"
        ),
        check=is_set,
        score=0.65,
        priority=28,
        source="curl -u user:password, http -a",
    ),
    Rule(
        "password_flag",
        "password",
        r" (?:-p|-P|-a|-w|/p:|--?pass[a-z]*|-storepass|-keypass)[ =:]?[\"']?[^ ]",
        find=found(rf"\b(?:{PROGRAMS}) (?:[^\n]{{0,160}} )?{FLAG}[ =]?[\"']?{VALUE}"),
        check=is_strong,
        score=0.65,
        priority=27,
        source="mysql -pX, sshpass -p X, unzip -P X",
    ),
    Rule(
        "password_call",
        "password",
        rf"(?:{CALLS})\(",
        find=_arguments,
        check=is_strong,
        score=0.65,
        priority=27,
        source='smtp.login("user", "password")',
    ),
    Rule(
        "password_command",
        "password",
        r"(?i)identified (?:with [^ ]+ )?by |-?securestring |chpasswd|net user|/user:|passphrase |htpasswd |net use|wpa_passphrase",
        find=found(
            r"(?i:identified (?:with \S+ )?by (?:password )?|securestring (?:-string )?|passphrase (?:-p )?"
            rf"|net user {USER} |/user:{USER} |wpa_passphrase \S+ |htpasswd (?:-\w+ ){{0,3}}\S+ {USER} |(?:echo|printf) [\"']{USER}:)"
            rf"[\"']?{VALUE}"
        ),
        check=is_strong,
        score=0.65,
        priority=27,
        source="SQL's IDENTIFIED BY, chpasswd, net user, SecureString",
    ),
    Rule(
        "password_key",
        "password",
        r"(?i)(?:psk|wpa|wep|network key|wi-?fi|wlan|hotspot)",
        find=found(
            r"(?i:\b(?:psk|wpa2?(?:[ _-]?(?:key|psk))?|wep[ _-]?key|(?:network|security|wi-?fi|wlan)[ _-]?(?:key|code|schlüssel|pin|pass)|"
            r"clave (?:del )?wi-?fi|clé wi-?fi|wi-?fi|hotspot|code wi-?fi)[\"'`]?(?: (?:is|ist|est|es|to))?\s?[:=：(\- ]{0,3}[\"'`]?)"
            rf"{VALUE}"
        ),
        check=is_strong,
        score=0.65,
        priority=26,
        source="keys of wireless networks",
    ),
    Rule(
        "password_pair",
        "password",
        r" / [^ \n]*[0-9]|(?:admin|root|login|logon|creds|credentials|ssh|ftp|vpn|rdp)(?:: ?| )[A-Za-z0-9_.@\-]+:[^ /]",
        find=found(
            rf"(?i:(?:^|[^a-z/])(?:{ACCOUNTS})[\"'`]?(?:(?: is| with| are|:|：|=| -|-| \(|\()? ?[\"'`(]?{USER}){{0,2}} ?(?:/|\||:) ?[\"'`]?)"
            rf"{VALUE}"
        ),
        check=_is_paired,
        score=0.65,
        priority=26,
        source="admin / X, login: ann / X",
    ),
)
