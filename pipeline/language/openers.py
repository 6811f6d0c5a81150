# ruff: noqa: RUF001 (letters of many alphabets look like others)
"""Messages so short and so common that no n-gram tells their language: greetings, thanks."""

import functools

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SURE = 0.9
"""What is said of them as a probability."""

OPENERS = {
    "ar": "مرحبا|مرحبًا|السلام عليكم|شكرا|شكراً|نعم|أهلا|كيف حالك|من أنت",
    "cs": "ahoj|dobrý den|děkuji|díky|ano|čau|jak se máš|kdo jsi",
    "de": "hallo|guten tag|guten morgen|guten abend|danke|vielen dank|danke schön|ja|bitte|weiter|"
    "mach weiter|wie geht's|wie geht es dir|wer bist du|moin|servus|nein",
    "en": "hi|hello|hey|hi there|hello there|hey there|hello world|good morning|good evening|"
    "good afternoon|thanks|thank you|thx|ok|okay|yes|no|continue|go on|go ahead|next|more|again|"
    "please|yes please|help|test|testing|who are you|how are you|what is this|why|what|how|sure|"
    "great|cool|nice|bye|goodbye|please continue|keep going|try again|tell me a joke|sup|yo",
    "es": "hola|hola mundo|buenos días|buenas tardes|buenas noches|buenas|gracias|muchas gracias|"
    "sí|continúa|continua|sigue|adiós|quién eres|cómo estás|qué tal|hola qué tal|por favor",
    "fa": "سلام|ممنون|مرسی|درود|خوبی|سلام خوبی|تو کی هستی|بله",
    "fr": "bonjour|salut|merci|merci beaucoup|oui|non|bonsoir|coucou|ça va|comment ça va|continue"
    " s'il te plaît|qui es-tu|qui es tu|s'il vous plaît|bonjour ça va|salut ça va|au revoir",
    "he": "שלום|היי|תודה|כן|מה שלומך|תודה רבה",
    "hi": "नमस्ते|नमस्कार|धन्यवाद|शुक्रिया|हाँ|आप कौन हैं|आप कैसे हैं",
    "id": "halo|hai|terima kasih|selamat pagi|selamat siang|selamat malam|apa kabar|halo apa kabar|"
    "lanjutkan|siapa kamu|tolong",
    "it": "ciao|buongiorno|buonasera|grazie|grazie mille|come stai|come va|chi sei|continua pure|"
    "ciao come stai|prego|per favore|arrivederci",
    "nl": "hoi|goedemorgen|goedemiddag|goedenavond|dank je|dank je wel|bedankt|dankjewel|ga verder|"
    "hoe gaat het|wie ben jij|wie ben je|alstublieft",
    "pl": "cześć|dzień dobry|dziękuję|dzięki|tak|dobry wieczór|witaj|siema|hej co tam|jak się masz|"
    "kim jesteś|kontynuuj",
    "pt": "olá|oi|bom dia|boa tarde|boa noite|obrigado|obrigada|muito obrigado|tudo bem|sim|não|"
    "continue por favor|oi tudo bem|olá tudo bem|quem é você|como você está|tchau",
    "ro": "salut ce mai faci|bună|bună ziua|bună dimineața|mulțumesc|mersi|ce mai faci|cine ești",
    "ru": "привет|здравствуй|здравствуйте|спасибо|да|нет|добрый день|как дела|кто ты|продолжай|"
    "продолжи|дальше|ещё|еще|пока|пожалуйста",
    "sv": "hej|hej hej|god morgon|tack|tack så mycket|hejsan|tjena|hur mår du|vem är du|fortsätt",
    "tr": "merhaba|selam|teşekkürler|teşekkür ederim|evet|hayır|nasılsın|günaydın|devam et|devam|"
    "sen kimsin|merhaba nasılsın",
    "uk": "привіт|дякую|так|ні|добрий день|як справи|хто ти|привіт як справи|продовжуй|вітаю",
    "vi": "xin chào|chào|chào bạn|cảm ơn|cám ơn|cảm ơn bạn|bạn là ai|tiếp tục|vâng",
}
"""Whole messages, lower case and without signs; of what two languages share, the commoner has it:
`ok`, `no`, `test`, `continue` are English."""


def told(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """The language of texts that are nothing but an opener.

    Returns:
        Places in CODES, -1 for other texts: shape (texts,) int64; probabilities, (texts,) float64.
    """
    phrases, places = _known()
    at = pc.fill_null(pc.index_in(texts, value_set=phrases), -1).to_numpy()
    found = np.where(at >= 0, places[at], -1)
    return found, np.where(found >= 0, SURE, 0.0)


CODES = tuple(OPENERS)


@functools.cache
def _known() -> tuple[pa.StringArray, np.ndarray]:
    pairs = {
        phrase: place for place, code in enumerate(CODES) for phrase in OPENERS[code].split("|")
    }
    return pa.array(pairs), np.array([*pairs.values()], np.int64)
