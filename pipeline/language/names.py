"""The languages that are told apart: codes, English names, how common each is in chat."""

UNKNOWN = "und"
"""ISO 639 for undetermined: no text, or nothing but code. LMSYS-Chat-1M calls it `unknown`."""

COMMON = {
    "ar": "Arabic",
    "cs": "Czech",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""The 24 languages that chat logs hold most of."""

KNOWN = {
    "af": "Afrikaans",
    "az": "Azerbaijani",
    "be": "Belarusian",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "bs": "Bosnian",
    "ca": "Catalan",
    "cy": "Welsh",
    "da": "Danish",
    "el": "Greek",
    "et": "Estonian",
    "eu": "Basque",
    "fi": "Finnish",
    "ga": "Irish",
    "gl": "Galician",
    "gu": "Gujarati",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "is": "Icelandic",
    "ka": "Georgian",
    "kk": "Kazakh",
    "km": "Khmer",
    "kn": "Kannada",
    "lo": "Lao",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mk": "Macedonian",
    "ml": "Malayalam",
    "mn": "Mongolian",
    "mr": "Marathi",
    "ms": "Malay",
    "my": "Burmese",
    "ne": "Nepali",
    "no": "Norwegian",
    "pa": "Punjabi",
    "si": "Sinhala",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sq": "Albanian",
    "sr": "Serbian",
    "sw": "Swahili",
    "ta": "Tamil",
    "te": "Telugu",
    "tl": "Tagalog",
    "ur": "Urdu",
}
"""Languages that chat logs hold some of."""

RARE = {
    "am": "Amharic",
    "as": "Assamese",
    "ba": "Bashkir",
    "br": "Breton",
    "dz": "Dzongkha",
    "eo": "Esperanto",
    "fo": "Faroese",
    "fy": "Western Frisian",
    "gd": "Scottish Gaelic",
    "ha": "Hausa",
    "ht": "Haitian Creole",
    "ig": "Igbo",
    "jv": "Javanese",
    "ku": "Kurdish",
    "ky": "Kyrgyz",
    "la": "Latin",
    "lb": "Luxembourgish",
    "lg": "Ganda",
    "ln": "Lingala",
    "mg": "Malagasy",
    "mt": "Maltese",
    "nso": "Northern Sotho",
    "oc": "Occitan",
    "om": "Oromo",
    "or": "Odia",
    "ps": "Pashto",
    "qu": "Quechua",
    "rw": "Kinyarwanda",
    "sa": "Sanskrit",
    "sn": "Shona",
    "so": "Somali",
    "st": "Southern Sotho",
    "tg": "Tajik",
    "tk": "Turkmen",
    "tt": "Tatar",
    "ug": "Uyghur",
    "uz": "Uzbek",
    "xh": "Xhosa",
    "yo": "Yoruba",
    "zu": "Zulu",
}
"""Languages that a detector sees far more often than they are there."""

NAMES = COMMON | KNOWN | RARE | {UNKNOWN: "unknown"}

FOLDED = {
    "ary": "ar",
    "arz": "ar",
    "grc": "el",
    "hbo": "he",
    "iw": "he",
    "jw": "jv",
    "nb": "no",
    "nn": "no",
    "uzs": "uz",
    "wuu": "zh",
    "yue": "zh",
}
"""Codes of detectors that are reported as another: dialects, old codes, both forms of Norwegian.
Traditional and simplified Chinese are both `zh`, as a script is not a language."""


def code(label: str) -> str:
    """The code that is reported for a detector's label; `und` for a language without a name."""
    label = label.split("-", maxsplit=1)[0].lower()
    label = FOLDED.get(label, label)
    return label if label in NAMES else UNKNOWN
