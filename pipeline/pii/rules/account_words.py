"""What accounts and passwords are called, in 21 languages."""

# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

LATIN = (
    r"user[ _\-]?names?|user ?id|user|log[io]n(?: ?name| ?id)?|nick(?:name)?|handle|screen ?name|channel name|account(?: name| id)?"
    r"|display name|gamer ?tag|battle ?tag|inlognaam|gebruikersnaam|gebruiker|benutzername|benutzer(?:kennung)?|nutzername|anmeldename|spitzname"
    r"|nom d['’]utilisateur|identifiant|utilisateur|pseudo|usuario|nombre de usuario|usuário|nome de usuário|utente|nome utente|nazwa użytkownika"
    r"|użytkownik|kullanıcı ad[ıi][mn]?|tên đăng nhập|tên người dùng|tên tài khoản|tài khoản|nama pengguna|username(?:nya)?|akun|användarnamn"
    r"|brukernavn|brugernavn|käyttäjätunnus|käyttäjänimi|felhasználónév|uživatelské jméno|nume de utilizator|compte|cuenta|conta"
)
OTHER = (
    r"имя пользователя|пользователь|логин|ник|никнейм|учетная запись|аккаунт|ім.я користувача|ім’я користувача|логін|нік|όνομα χρήστη"
    r"|ユーザー名|ユーザ名|ユーザーID|ログインID|ログイン名|アカウント名|アカウント|ハンドルネーム|ニックネーム|用户名|用戶名|登录名|昵称|暱稱|账号|帐号|帳號"
    r"|账户|사용자 이름|사용자명|아이디|닉네임|계정|اسم المستخدم|المعرف|يوزر|اليوزر|نام کاربری|آیدی|שם משתמש|שם המשתמש|כינוי|उपयोगकर्ता नाम|यूज़रनेम"
    r"|यूजरनेम|यूज़र आईडी|ชื่อผู้ใช้|ไอดี"
)
STRICT = (
    r"inlognaam|gebruikersnaam|benutzername|nutzername|anmeldename|nom d['’]utilisateur|nombre de usuario|nome de usuário|nome utente"
    r"|nazwa użytkownika|kullanıcı ad[ıi][mn]?|tên đăng nhập|tên người dùng|nama pengguna|användarnamn|brukernavn|brugernavn|käyttäjätunnus"
    r"|käyttäjänimi|felhasználónév|uživatelské jméno|nume de utilizator|screen name|gamer ?tag|battle ?tag"
    r"|(?:channel|twitch|roblox|minecraft|steam|discord|reddit|insta|instagram) (?:user)?name"
)
SITES_GATE = (
    r"twitter|insta|ig|tiktok|telegram|tg|discord|snap|youtube|twitch|reddit|github|facebook|fb|linkedin|threads|mastodon|bluesky|skype|wechat|line|kik|steam"
    r"|xbox|psn|venmo|cash|signal|gamertag"
)
MINE_GATE = (
    rf"(?:my|his|her|our) (?:{SITES_GATE})[^a-z]|inlognaam|ruikersnaam|utzername|anmeldename|d.utilisateur|d’utilisateur"
    r"|de usuario|de usu\xc3\xa1rio|nome utente|nazwa u|ad\xc4\xb1|nh\xe1\xba\xadp|ng\xc6\xb0\xe1\xbb\x9di d|nama pengguna|ndarnamn|rukernavn|rugernavn|ttunnus"
    r"|j\xc3\xa4nimi|haszn|jm\xc3\xa9no|nume de util|screen name|gamer ?tag|battle ?tag"
    r"|(?:channel|twitch|roblox|minecraft|steam|discord|reddit|insta|instagram) (?:user)?name"
)
PASSWORDS = (
    r"passw|pass\b|pwd|\bpw\b|mot de passe|mdp|kennwort|contrase|clave|senha|wachtwoord|has[lł]o|lösenord|passord|adgangskode|parola|şifre|heslo|jelsz|salasana"
    r"|парол|密码|密碼|パスワード|비밀번호|비번|암호|رمز|كلمة|گذرواژه|پسورد|סיסמ|पासवर्ड|mật khẩu|sandi|รหัสผ่าน"
)
GATE_OF_PAIRS = (
    r"(?i)(?:passw|[^a-z]pass[^a-z]|pwd|[^a-z]pw[^a-z]|mot de passe|mdp|kennwort|contrase|clave|senha|wachtwoord|has\xc5\x82o|haslo|l\xc3\xb6senord|passord|adgangskode"
    r"|parola|\xc5\x9fifre|\xc5\x9eifre|heslo|jelsz|salasana|парол|密码|密碼|パスワード|비밀번호|비번|암호|رمز|كلمة|گذرواژه|پسورد|סיסמ|पासवर्ड|m\xe1\xba\xadt kh|sandi|รหัสผ่าน)"
)
