"""Names of nobody, by script: written for this purpose, put together from parts."""
# ruff: noqa: RUF001, E501 (other scripts; wide letters count twice)

from typing import NamedTuple


class Names(NamedTuple):
    """Names of one script that spaces its words.

    Attributes:
        given: given names.
        families: family names as they go with a given name.
        feminine: of the same length, as they go with a feminine given name.
        ends: what a feminine given name ends with, where that matters.
    """

    given: tuple[str, ...]
    families: tuple[str, ...]
    feminine: tuple[str, ...]
    ends: tuple[str, ...] = ()


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _joined(stems: str, ends: str) -> tuple[str, ...]:
    return tuple(stem + end for stem in stems.split() for end in ends.split())


_LATIN = _joined(
    """Ald Ash Bard Beck Birk Brack Bram Cald Carn Clav Cran Dray Dun Elm Fen Garn Hal Harn Hax
    Holm Kel Lang Lind Mard Marl Nor Oak Pend Quar Rav Sel Sten Thorn Tor Ul Vern Wex Wyn Yar
    Zell""",
    """bridge brook bury by combe dale don ford gate holt hurst ley mere more ridge stead ton
    well wick worth""",
)
_SLAVIC = """Берест Ветл Вишн Волож Горел Грачен Долин Дубр Ельн Ермол Журавл Зарец Златн Ивн
    Калин Кедр Кремн Лесн Липн Лугов Малин Мостов Нагор Озерн Ольхов Осин Полян Ракит Речн Рябин
    Снегов Тальн Тополь Травн Ульян Холмск Чернав Шумн Ягодн Ясен"""

SPACED = {
    "Latin": Names(
        _joined(
            """Ad Al Am An Ar Bel Bren Cal Cel Cor Dar Del El Em Er Fen Gal Hel Ith Jor Kal Kor
            Lan Lor Mar Mel Mir Nor Or Per Quin Ral Ren Sal Ser Tal Tor Val Ver Yor""",
            """adine amir andra anwen arno elina elric endis eria evan ianne iander idan
            imar inda indor isca olan orin essa""",
        ),
        _LATIN,
        _LATIN,
    ),
    "Cyrillic": Names(
        _words("""Аркадий Богдан Вадим Валерий Вениамин Виталий Всеволод Геннадий Георгий Герман Глеб
            Демьян Ефим Захар Игнат Иларион Климент Кузьма Лаврентий Леонтий Макар Мирон Назар Остап
            Платон Прохор Родион Савва Святослав Тарас Тихон Филипп Агата Аглая Алевтина Анфиса
            Богдана Василиса Вероника Виталина Глафира Дарина Ева Есения Злата Зоя Инга Капитолина
            Клавдия Лада Лидия Майя Марфа Милана Ника Пелагея Раиса Регина Серафима Стефания Таисия
            Ульяна Фаина Эльвира"""),
        _joined(_SLAVIC, "ов ин ский енко"),
        _joined(_SLAVIC, "ова ина ская енко"),
        ("а", "я"),
    ),
    "Arabic": Names(
        _words("""أدهم أسامة أكرم أنس إياد باسل بدر بلال تامر ثامر جابر حازم حسام رائد راغب رامي زاهر زياد
            سامر شادي صابر ضياء طارق عامر غسان فارس قصي كريم لؤي مازن آلاء أروى أسيل بتول تالا جمانة
            حنان دانة رؤى رنا ريم زينة سلمى سمر شهد عبير غادة لمى مرام نادين هالة يارا"""),
        _joined(
            """النخيل الوادي الساحل البستان الينبوع الربيع المرجان الزيتون الصنوبر الشاطئ
            النهر الجسر القمر النسيم الضحى الغدير المنارة السنديان الياسمين العقيق""",
            "ي اوي",
        ),
        (),
    ),
    "Hebrew": Names(
        _words("""אביב אדיר אורי אייל אילון איתמר אלון אסף ברק גלעד דביר דותן הראל זיו חגי טל יובל יונתן
            ליאור מתן נדב ניר עומר עידו ערן צור רועי שחר תומר אביגיל אורית אלה גפן דנה הילה ורד
            זוהר טליה יעל כרמל ליהי מאיה נועה נטע סיון עדי ענבל רותם שקד תמר"""),
        _words("""אגמון אלוני ארזי אשלים בוסתן בקעה ברושי גבעוני גלילון דקלון הדסי ורדיאל זיתוני
            חורשן חרמוני יערי ירדנן כרמון לבנוני מעיינות מורני נחלון נרקיסי סלעוני ענבלי ערבון
            פלגי צבעוני צוקרן רימוני רקפתי שדמון שיטרן שקדיה תבורי תמרון"""),
        (),
    ),
    "Devanagari": Names(
        _words("""अद्वैत अनिरुद्ध अर्णव आदित्य ईशान उत्कर्ष ऋषभ कबीर कार्तिक केशव गौरव चिराग जतिन तन्मय
            दक्ष देवांश ध्रुव नकुल निखिल पार्थ प्रणव भव्य मयंक यश रजत रोहन लक्ष्य विवान शौर्य समर
            अंकिता अनन्या इशिता ऋचा कनिका गरिमा चारु जाह्नवी तान्या दीया नंदिनी निहारिका पलक
            प्राची मानसी मीरा राधिका रिद्धिमा वाणी शिवानी सानवी हिमानी"""),
        _joined("आम्र उद्यान कमल गिरि चंद्र जल तरु दीप नदी पर्वत पुष्प मेघ वन सागर सुमन", "वाल पुरी कर"),
        (),
    ),
}
"""By script."""

HAN_FAMILIES = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
HAN_GIVEN = "安柏晨澄岱帆枫禾泓霁嘉景珂岚霖沐宁沛琪润舒棠苇汐熙屿筠悦芷竹卓梓"
JAPANESE_FAMILIES = _words("""秋沢 朝霧 浅間 泉沢 岩瀬 梅津 榎原 桐山 霧島 楠木 倉石 桑野 沢渡 白峰 杉浦 鈴原 滝川 竹内 月岡 椿原
    戸倉 苗場 二瓶 野々 萩野 氷室 藤波 細野 真柴 水無 森下 湯浅""")
JAPANESE_GIVEN = _words("""朝陽 碧斗 郁也 栄作 香澄 和馬 京香 圭吾 光希 沙織 詩音 俊介 澄香 星矢 大和 千尋 司郎 冬馬 奈緒 音羽
    遥斗 日向 風花 真琴 美咲 夢乃 優真 陽菜 里緒 涼介 瑠璃 若菜""")
KANA_FAMILIES = _words("""アキサワ アサギリ イワセ ウメツ エノハラ キリヤマ クライシ クワノ サワタリ シラミネ スズハラ タキカワ
    ツキオカ ツバキ トクラ ナエバ ニヘイ ハギノ ヒムロ フジナミ ホソノ マシバ モリシタ ユアサ""")
KANA_GIVEN = _words("""アサヒ アオト イクヤ カスミ カズマ キョウカ ケイゴ コウキ サオリ シオン シュンスケ スミカ セイヤ チヒロ トウマ
    ナオ ハルト ヒナタ フウカ マコト ミサキ ユウマ リオ ルリ""")
HANGUL_FAMILIES = "강고구권금나남노도류마민방배변봉서성송신안양여염옥우원유윤임장전정제조주지차채천"
HANGUL_GIVEN = (
    "가겸경규나다단도라람루리린민보빈서선설소솔수승시아연예온우윤은이인재정준지찬채태하한해현호"
)
