"""Names in Korean, Japanese and Chinese, where words do not show where a name ends: by patterns.

One RE2 pass over a column says which texts hold a cue at all; only those are looked at.
"""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
    "阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖"
    "龚文張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻鐘譚鄒陸顧龍萬錢湯賀賴"
)
KOREAN_SURNAMES = "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민진나지엄채원천방공현함변"
END = r"(?=[\s,，.。、！!？?「」()（）:：;；\"']|$)"
HAN = r"[\u3400-\u9fff々]"
JAPANESE = r"(?:[\u3400-\u9fff々]{1,4}(?:[ \u3000][\u3400-\u9fff々\u3041-\u3096]{1,4}?)?|[\u30a1-\u30fa\u30fc]{2,10}(?:[ \u3000・][\u30a1-\u30fa\u30fc]{2,10})?|[\u3041-\u3096]{2,5}(?: [\u3041-\u3096]{2,5})?)"
HANGUL = r"[\uac00-\ud7a3]"
WESTERN = r"[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}"
KOREAN = rf"(?:[{KOREAN_SURNAMES}]{HANGUL}{{2}}|[{KOREAN_SURNAMES}] {HANGUL}{{2}}|[{KOREAN_SURNAMES}]{HANGUL}|{HANGUL}{{2,4}}|{WESTERN})"
CHINESE = rf"(?:{HAN}{{2,4}}|{HAN}{{1,8}}·{HAN}{{1,8}}|{WESTERN})"

PATTERNS = (
    (
        "self",
        rf"(?:제|내|저의|나의|본인의)\s?(?:이름|성함)은\s?['\"]?(?P<n>{KOREAN}?)['\"]?\s?(?=이고|이며|입니다|이에요|예요|이야|야|라고|이라고|이다|인데|이구요|이라|이었|였|,|\.|$)",
    ),
    (
        "self",
        rf"(?:저는|나는|전)\s(?P<n>[{KOREAN_SURNAMES}]{HANGUL}{{2}})(?=입니다|이라고|라고 합니다|이에요|예요)",
    ),
    (
        "field",
        rf"(?:이름|성명|성함|담당자|고객명|작성자|연락처)\s?[:：]\s?(?P<n>[{KOREAN_SURNAMES}] ?{HANGUL}{{2}}){END}",
    ),
    ("hello", rf"(?P<n>[{KOREAN_SURNAMES}]{HANGUL}{{2}})\s?(?:님|씨)(?=[,께이의은을 !.]|$)"),
    (
        "hello",
        rf"(?:^|\n)(?:안녕하세요|Hi|Hello|Dear),?\s(?P<n>[{KOREAN_SURNAMES}] ?{HANGUL}{{2}})(?=[,!.님씨])",
    ),
    (
        "kin",
        rf"(?:[Mm]y (?:wife|husband|boss|friend)|제 (?:아내|남편|친구|상사)) (?P<n>[{KOREAN_SURNAMES}] ?{HANGUL}{{2}})(?=[\s,.은는이가])",
    ),
    (
        "field",
        rf"(?:Contact|Name|From|written by)[:：]?\s(?P<n>[{KOREAN_SURNAMES}] ?{HANGUL}{{1,2}}|{JAPANESE}|{HAN}{{2,4}}){END}",
    ),
    (
        "self",
        rf"(?:私|僕|俺|わたし|わたくし|自分|あたし)の(?:名前|氏名|本名|名)は[、,]?\s?「?(?P<n>{JAPANESE}|{WESTERN})」?(?=です|で、|と申|といい|と言|と呼|だ|で|。|、|$)",
    ),
    ("self", rf"(?:私は|僕は|わたしは)「?(?P<n>{JAPANESE})」?(?=と申し|といいます|と言います)"),
    ("self", rf"(?:^|[\n。、!！])(?P<n>{JAPANESE})(?=と申します|といいます。)"),
    (
        "hello",
        r"(?:^|[\n。、「])(?P<n>[\u3400-\u9fff々]{1,4}(?:[ \u3000][\u3400-\u9fff々\u3041-\u3096]{1,4})?)(?=(?:さん|様|さま|殿)(?:、|。|,|！|!|\n|へ|こんにちは|$))",
    ),
    ("field", rf"(?:氏名|名前|お名前|担当者|差出人|宛先|署名)\s?[:：]\s?(?P<n>{JAPANESE}){END}"),
    (
        "self",
        rf"(?:我叫做?|我的名字是|我的名字叫做?|我名叫|我的姓名是|本人姓名|大家好，我是|你好，我是|您好，我是|我的全名是)[:： ]?[“「\"]?(?P<n>{CHINESE}?)[”」\"]?(?=[\s,，.。、！!？?；;和]|，|来自|今年|住在|是一|$)",
    ),
    (
        "field",
        rf"(?:姓名|联系人|聯絡人|收件人|发件人|寄件人|签名|客户姓名)\s?[:：]\s?(?P<n>[{SURNAMES}]{HAN}{{1,2}}){END}",
    ),
    (
        "hello",
        rf"(?:^|[\n，。])(?:尊敬的|亲爱的|親愛的|您好，?|你好，?)?(?P<n>[{SURNAMES}]{HAN}{{1,2}})(?=(?:先生|女士|小姐|老师|老師|同学|经理|教授|医生)[，,：:\n！!。您你])",
    ),
)
GATE = "이름|성함|저는|나는|성명|담당자|고객명|작성자|연락처|님|씨|안녕|名前|氏名|本名|の名|私は|僕は|と申|といい|さん|様|さま|殿|担当者|差出人|宛先|署名|我叫|名字|姓名|名叫|我是|联系人|聯絡人|收件人|发件人|寄件人|签名|全名|先生|女士|小姐|老师|老師|同学|经理|教授|医生|(?:[Ww]ife|[Hh]usband|[Bb]oss|[Ff]riend|Contact:|Name:|From:|written by|Hi|Hello|Dear) [\u3041-\u9fff\uac00-\ud7a3]"
COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in PATTERNS)


def find(texts: pa.StringArray) -> list[tuple[int, int, int, str]]:
    """Names behind cues: text, first byte, behind the last byte, kind of cue."""
    suspects = np.flatnonzero(~pc.string_is_ascii(texts).to_numpy(zero_copy_only=False))
    some = texts.take(pa.array(suspects))
    has_cue = pc.match_substring_regex(some, GATE).to_numpy(zero_copy_only=False)
    found = []
    for at, text in zip(
        suspects[has_cue].tolist(), some.filter(pa.array(has_cue)).to_pylist(), strict=True
    ):
        for kind, pattern in COMPILED:
            for match in pattern.finditer(text):
                begin, end = match.span("n")
                if begin < end:
                    start = len(text[:begin].encode())
                    found.append((at, start, start + len(match["n"].encode()), kind))
    return found
