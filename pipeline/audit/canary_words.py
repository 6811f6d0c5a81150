"""Names, streets and sentences that canaries are made of, in eleven languages."""

import re


def _lists(text: str) -> dict[str, tuple[str, ...]]:
    """`language: item | item`, over as many lines as it takes."""
    found = re.findall(r"^ {4}(\w\w): ((?:.+\n)(?: {6,}.+\n)*)", text, re.MULTILINE)
    return {
        language: tuple(" ".join(item.split()) for item in items.split("|"))
        for language, items in found
    }


GIVEN = _lists("""
    en: Laura | Kevin | Melissa | Gregory | Rachel | Patrick | Vanessa | Derek | Heather |
        Brandon
    de: Jürgen | Sabine | Matthias | Katrin | Stefan | Heike | Tobias | Annika | Ulrike | Dieter
    fr: Camille | Thierry | Amélie | Guillaume | Sylvie | Bastien | Mathilde | Laurent | Élodie
    es: Alejandro | Lucía | Ignacio | Beatriz | Sergio | Pilar | Rodrigo | Inés | Gonzalo |
        Ximena
    it: Lorenzo | Giulia | Matteo | Chiara | Alessandro | Federica | Giovanni | Elisa | Tommaso
    pt: Thiago | Fernanda | Rafael | Juliana | Gustavo | Letícia | Rodrigo | Camila | Vinícius
    ru: Дмитрий | Екатерина | Алексей | Наталья | Сергей | Ольга | Михаил | Татьяна | Николай
    zh: 建国 | 秀英 | 志强 | 丽华 | 文博 | 晓燕 | 俊杰 | 雅婷
    ja: 健太 | 美咲 | 拓也 | 陽子 | 直樹 | 恵子 | 翔太 | 由美
    ko: 민준 | 서연 | 지훈 | 수진 | 현우 | 은지 | 동현 | 미영
    ar: أحمد | فاطمة | محمود | خديجة | يوسف | مريم | خالد | عائشة
""")
SURNAMES = _lists("""
    en: Hutchinson | Pemberton | Whitaker | Donovan | Fitzgerald | Kowalczyk | Abernathy |
        Sheppard
    de: Schreiber | Vogelsang | Lindner | Brandstätter | Hoffmann | Kästner | Zimmermann |
        Reinhardt
    fr: Lefebvre | Rousseau | Beaumont | Delacroix | Fontaine | Marchand | Chevalier | Moreau
    es: Villanueva | Echeverría | Castellanos | Montero | Zambrano | Quiroga | Benavides |
        Salcedo
    it: Ferraro | Bianchi | Lombardi | Esposito | Marchetti | Romano | Bellini | Caruso
    pt: Figueiredo | Albuquerque | Carvalho | Nogueira | Teixeira | Vasconcelos | Moreira |
        Pacheco
    ru: Кузнецов | Воробьёв | Лебедев | Соколов | Морозов | Павленко | Савченко | Григоренко
    zh: 王 | 李 | 张 | 陈 | 刘 | 黄 | 赵 | 周
    ja: 田中 | 佐藤 | 高橋 | 渡辺 | 伊藤 | 山本 | 中村 | 小林
    ko: 김 | 이 | 박 | 최 | 정 | 강 | 윤 | 임
    ar: الحسيني | المصري | البغدادي | الشامي | الأنصاري | القرشي | الهاشمي | التميمي
""")
STREETS = _lists("""
    en: {number} Kestrel Avenue, {town} | {number} Larkspur Street, {town} | {number} Quarry
        Road, {town}
    de: Amselweg {number}, {town} | Lindenstraße {number}, {town} | Gartenstraße {number},
        {town}
    fr: {number} rue des Tilleuls, {town} | {number} avenue Victor Hugo, {town}
    es: Calle de los Olmos {number}, {town} | Avenida del Puerto {number}, {town}
    it: Via dei Tigli {number}, {town} | Via Garibaldi {number}, {town}
    pt: Rua das Acácias, {number}, {town} | Avenida dos Ipês, {number}, {town}
    ru: ул. Садовая, д. {number}, {town} | ул. Лесная, д. {number}, {town}
""")
TOWNS = _lists("""
    en: Springfield, IL 62704 | Dayton, OH 45402 | Salem, OR 97301
    de: 99999 Musterstadt | 30159 Hannover | 04109 Leipzig
    fr: 44000 Nantes | 69003 Lyon
    es: 28013 Madrid | 41004 Sevilla
    it: 20121 Milano | 50123 Firenze
    pt: São Paulo | Curitiba
    ru: Самара | Казань
""")
KINDS = (
    *("email", "phone", "address", "card", "iban", "bank_account", "national_id", "passport"),
    *("driving_licence", "plate", "ip", "mac", "url", "url_secret", "username", "coordinates"),
    *("date_of_birth", "wallet", "device_id", "secret", "password"),
)
"""In the order of the nouns below."""
NOUNS = _lists("""
    en: e-mail | phone number | address | card number | IBAN | bank account number | SSN |
        passport number | driver's license number | license plate | IP address | MAC address |
        profile | download link | Instagram handle | GPS coordinates | date of birth | wallet
        address | IMEI | API key | password
    de: E-Mail | Telefonnummer | Adresse | Kartennummer | IBAN | Kontonummer | SSN |
        Reisepassnummer | Führerscheinnummer | Kennzeichen | IP-Adresse | MAC-Adresse | Profil |
        Link | Instagram | Koordinaten | Geburtsdatum | Wallet-Adresse | IMEI | API-Key |
        Passwort
    fr: e-mail | numéro de téléphone | adresse | numéro de carte | IBAN | numéro de compte |
        SSN | numéro de passeport | numéro de permis de conduire | plaque d'immatriculation |
        adresse IP | adresse MAC | profil | lien | Instagram | coordonnées GPS | date de
        naissance | adresse du wallet | IMEI | clé API | mot de passe
    es: correo | número de teléfono | dirección | número de tarjeta | IBAN | número de
        cuenta | DNI | número de pasaporte | carnet de conducir | matrícula | dirección IP |
        dirección MAC | perfil | enlace | Instagram | coordenadas | fecha de nacimiento |
        dirección de wallet | IMEI | API key | contraseña
    it: e-mail | numero di telefono | indirizzo | numero di carta | IBAN | numero di conto |
        SSN | numero di passaporto | numero di patente | targa | indirizzo IP | indirizzo MAC |
        profilo | link | Instagram | coordinate | data di nascita | indirizzo del wallet | IMEI
        | chiave API | password
    pt: e-mail | número de telefone | endereço | número do cartão | IBAN | número da conta |
        CPF | número do passaporte | CNH | placa | endereço IP | endereço MAC | perfil | link |
        Instagram | coordenadas | data de nascimento | endereço da carteira | IMEI | chave de
        API | senha
    ru: почта | номер телефона | адрес | номер карты | IBAN | номер счёта | SSN | номер
        паспорта | водительское удостоверение | номер машины | IP-адрес | MAC-адрес | профиль |
        ссылка | Instagram | координаты | дата рождения | адрес кошелька | IMEI | API-ключ |
        пароль
    zh: 邮箱 | 电话 | 地址 | 卡号 | IBAN | 银行账号 | SSN | 护照号码 |
        驾驶证号 | 车牌号 | IP地址 | MAC地址 | 个人主页 | 链接 | Instagram |
        坐标 | 出生日期 | 钱包地址 | IMEI | API密钥 | 密码
    ja: メール | 電話番号 | 住所 | カード番号 | IBAN | 口座番号 | SSN |
        パスポート番号 | 運転免許証番号 | ナンバープレート | IPアドレス | MACアドレス |
        プロフィール | リンク | Instagram | 座標 | 生年月日 | ウォレットアドレス |
        IMEI | APIキー | パスワード
    ko: 이메일 | 전화번호 | 주소 | 카드 번호 | IBAN | 계좌번호 | SSN | 여권
        번호 | 운전면허 번호 | 차량 번호 | IP 주소 | MAC 주소 | 프로필 | 링크 |
        Instagram | 좌표 | 생년월일 | 지갑 주소 | IMEI | API 키 | 비밀번호
    ar: البريد | رقم الهاتف | العنوان | رقم البطاقة | IBAN | رقم الحساب | SSN | رقم جواز
        السفر | رقم رخصة القيادة | رقم اللوحة | عنوان IP | عنوان MAC | الملف الشخصي | الرابط |
        Instagram | الإحداثيات | تاريخ الميلاد | عنوان المحفظة | IMEI | مفتاح API | كلمة المرور
""")
CALLED = _lists("""
    en: My name is {value}. | Best regards,\\n{value} | I am {value}, pleased to meet you.
    de: Mein Name ist {value}. | Ich heiße {value}. | Mit freundlichen Grüßen\\n{value}
    fr: Je m'appelle {value}. | Cordialement,\\n{value}
    es: Me llamo {value}. | Mi nombre es {value}. | Saludos,\\n{value}
    it: Mi chiamo {value}. | Cordiali saluti,\\n{value}
    pt: Meu nome é {value}. | Atenciosamente,\\n{value}
    ru: Меня зовут {value}. | С уважением,\\n{value}
    zh: 我叫{value}。 | 我的名字是{value}。
    ja: 私の名前は{value}です。 | {value}と申します。
    ko: 제 이름은 {value}입니다. | 저는 {value}입니다.
    ar: اسمي {value}.
""")  # noqa: RUF001 (as people write)
"""What stands around a name; line ends are written as backslash and n."""
CARRIERS = _lists("""
    en: Please keep this in mind: {value} | And again, for the record: {value}
    de: Bitte merk dir das: {value} | Und noch einmal: {value}
    fr: Garde bien ceci en tête : {value} | Et encore une fois : {value}
    es: Ten esto en cuenta: {value} | Y una vez más: {value}
    it: Tieni presente questo: {value} | E ancora una volta: {value}
    pt: Guarde isto: {value} | E mais uma vez: {value}
    ru: Запомни это: {value} | И ещё раз: {value}
    zh: 请记住这个：{value} | 再说一遍：{value}
    ja: これを覚えておいてください：{value} | もう一度：{value}
    ko: 이것을 기억해 주세요: {value} | 다시 한번: {value}
    ar: تذكر هذا: {value} | ومرة أخرى: {value}
""")  # noqa: RUF001 (as people write)
"""Sentences that tell nothing of what they carry."""
