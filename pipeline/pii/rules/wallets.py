"""Wallets: addresses by their checksums, seed phrases behind their name."""
# ruff: noqa: E501 (rows of a table)

import re

from pipeline.pii import checksums
from pipeline.pii.placeholders import is_repetitive
from pipeline.pii.rule import Match, Rule
from pipeline.pii.surroundings import alone

B58 = "[1-9A-HJ-NP-Za-km-z]"
NOT_WORDS = re.compile(
    r"\b(?:the|and|for|are|was|with|your|from|which|these|they|have|has|not|will|would|should"
    r"|phrase|words|consists|been|must|might|into|very|each|its)\b"
)
COINS = (
    "wallet", "address", "send", "deposit", "crypto", "coin", "btc", "eth", "usdt", "metamask",
    "ledger", "donate", "кошел", "адрес", "billetera", "carteira", "cüzdan", "钱包", "地址", "錢包",
    "ウォレット", "지갑", "محفظة", "ví ",
)  # fmt: skip


def is_base58(match: Match) -> bool:
    """Whether the last four bytes check the others."""
    return checksums.base58_check(match.value) and alone(match)


def is_bech32(match: Match) -> bool:
    """Whether the last six characters check the others."""
    return checksums.bech32(match.value) and alone(match)


def is_ethereum(match: Match) -> bool:
    """Whether it is no address of zeros and the like.

    The checksum in its capitals (EIP-55) is not asked: Keccak in Python takes 0.5 ms, and a wrong
    one is still somebody's address, mistyped.
    """
    body = match.value[2:].lower()
    is_made_up = is_repetitive(body) or body.startswith(("000000", "ffffff", "123456", "abcdef"))
    return not is_made_up and alone(match)


def is_solana(match: Match) -> bool:
    """Whether it is 32 bytes in base 58: a public key."""
    return len(checksums.base58(match.value)) == 32 and alone(match)  # noqa: PLR2004


def is_monero(match: Match) -> bool:
    """Whether capitals, small letters and digits are mixed as in 69 random bytes."""
    return len(set(match.value)) > 25 and alone(match)  # noqa: PLR2004


def is_seed(match: Match) -> bool:
    """Whether it is 12 to 24 words by threes, without the little words of a sentence."""
    words = match.value.split()
    return (
        len(words) in range(12, 25, 3)
        and len(set(words)) * 2 > len(words)
        and not NOT_WORDS.search(match.value)
    )


RULES = (
    Rule(
        "wallet_base58",
        "wallet",
        f"{B58}{{26}}",
        rf"\b[13LMDTXt]{B58}{{24,34}}\b",
        check=is_base58,
        cues=COINS,
        score=0.99,
        cued=0.99,
        priority=55,
        source="Bitcoin's Base58Check; also Litecoin, Dogecoin, Tron, Dash, Zcash",
    ),
    Rule(
        "wallet_bech32",
        "wallet",
        "(?i)(?:bc|tb|ltc|addr|cosmos|osmo|bnb|terra|thor|inj|bostrom|celestia)1[a-z0-9]{8}",
        r"(?i)\b(?:bc|tb|ltc|addr|cosmos|osmo|bnb|terra|thor|inj|celestia)1[a-z0-9]{25,100}\b",
        check=is_bech32,
        cues=COINS,
        score=0.99,
        cued=0.99,
        priority=55,
        source="BIP 173, BIP 350, CIP 19",
    ),
    Rule(
        "wallet_ethereum",
        "wallet",
        "0x[0-9a-fA-F]{12}",
        r"\b0x[0-9a-fA-F]{40}\b",
        check=is_ethereum,
        score=0.92,
        cued=0.92,
        priority=55,
        source="Ethereum yellow paper",
    ),
    Rule(
        "wallet_monero",
        "wallet",
        f"[48]{B58}{{20}}",
        rf"\b[48][0-9AB]{B58}{{93}}\b",
        check=is_monero,
        cues=COINS,
        score=0.97,
        priority=55,
        source="CryptoNote base 58",
    ),
    Rule(
        "wallet_solana",
        "wallet",
        "(?i)solana|phantom",
        rf"\b{B58}{{43,44}}\b",
        check=is_solana,
        cues=("solana", "phantom", "sol", "wallet", "address"),
        score=0,
        cued=0.9,
        priority=54,
    ),
    Rule(
        "wallet_seed_phrase",
        "wallet",
        r"(?i)(?:seed|recovery|mnemonic|backup|secret) ?(?:phrase|words)|mnemonic|фраз|助记词|シードフレーズ",
        r"(?i:(?:seed|recovery|backup|secret) ?(?:phrase|words)|mnemonic(?: phrase)?|сид[- ]фраз\w*"
        r"|助记词|シードフレーズ)[^a-z\n]{0,4}(?:(?:is|are|:|=|是|-|:\n)[\s:\"'`]{0,4})+"
        r"(?P<value>[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11,23})\b",
        check=is_seed,
        score=0.95,
        priority=55,
        source="BIP 39",
    ),
)
