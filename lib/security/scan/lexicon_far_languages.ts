/**
 * The same few words as for the languages of the West, in the other scripts
 * and in the languages of Asia.
 *
 * @module
 */

/** Phrases by class, separated by commas. */
export const FAR_LANGUAGES: readonly Readonly<Record<string, string>>[] = [
  // Russian, Ukrainian
  {
    ignore:
      "игнорируй, игнорируйте, проигнорируй, забудь, забудьте, не обращай внимания, пренебреги, ігноруй, ігноруйте, забудь",
    prior: "все, всё, предыдущие, прежние, прошлые, все предыдущие, твои, ранее, усі, всі, попередні",
    rules: "инструкции, указания, правила, команды, ограничения, інструкції, вказівки",
    exfil:
      "отправь, отправьте, отправляй, пошли, перешли, передай, передайте, загрузи, опубликуй, надішли, відправ, перешли",
    take:
      "прочитай, прочти, прочитайте, открой, включи, скопируй, вставь, добавь, приложи, помести, покажи, раскрой, получи, " +
      "прочитай, відкрий, встав, додай",
    secret:
      "пароль, пароли, паролей, ключ, ключи, api-ключ, api ключ, ключ api, учётные данные, учетные данные, секреты, " +
      "токен, токены, приватный ключ, закрытый ключ, переменные окружения, файла .env, файл .env, паролі, ключі, облікові дані",
    neg: "не, никогда, ничего, без, ні, ніколи",
    tell:
      "говори, говорите, сообщай, сообщайте, упоминай, упоминайте, рассказывай, показывай, раскрывай, кажи, повідомляй",
    telling: "ведома, уведомления, предупреждения, спроса, відома",
    user: "пользователю, пользователя, пользователь, человеку, никому, користувачу, користувача",
    duty: "должен, должны, обязан, необходимо, нужно, обязательно, повинен, потрібно",
    first: "сначала, сперва, прежде чем, прежде всего, перед использованием, спочатку, перед тим",
    confirm: "подтверждения, разрешения, согласия, підтвердження, дозволу",
    carrier: "поле, поля, параметр, параметре, аргумент, полі",
    convo: "переписку, историю, разговор, системный промпт, всю переписку",
    ceremony: "важно, внимание, обязательно",
  },
  // Turkish
  {
    ignore: "yok say, yoksay, görmezden gel, unut, dikkate alma, göz ardı et",
    prior: "önceki, tüm, önceki tüm, bütün, yukarıdaki, daha önceki",
    rules: "talimatları, talimatlar, talimatlarını, kuralları, komutları, yönergeleri, emirleri",
    exfil: "gönder, yolla, ilet, yükle, paylaş, aktar",
    take: "oku, aç, ekle, kopyala, yapıştır, koy, göster, al, yaz",
    secret:
      "şifre, şifreler, şifreleri, parola, parolalar, parolaları, api anahtarı, api anahtarını, anahtar, kimlik bilgileri, " +
      "gizli anahtar, .env dosyasını, ortam değişkenleri, ortam değişkenlerini",
    neg: "asla, hiçbir, olmadan, etme, etmeden, söyleme, bahsetme, bildirme, sormadan",
    tell: "söyleme, bahsetme, bildirme, haber verme, gösterme",
    user: "kullanıcıya, kullanıcı, kullanıcının, kimseye, kişiye",
    duty: "zorunda, gerekir, gereklidir, mutlaka, zorunludur",
    first: "önce, ilk olarak, öncelikle",
    carrier: "alanına, alanında, parametresine, parametre, not alanına",
  },
  // Arabic, Persian, Hebrew
  {
    ignore: "تجاهل, تجاهلي, انس, تجاوز, نادیده بگیر, نادیده بگیرید, فراموش کن, התעלם, התעלמי, שכח",
    prior: "جميع, كل, السابقة, السابقه, قبلی, همه, تمام, تمامی, הקודמות, כל",
    rules: "التعليمات, تعليمات, الأوامر, القواعد, دستورات, دستورالعمل, دستورالعمل‌های, قوانین, ההוראות, הוראות",
    exfil: "أرسل, ارسل, أرسلي, حمّل, انشر, ارسال کن, بفرست, بفرستید, שלח, שלחי",
    take: "اقرأ, افتح, انسخ, ضع, أدرج, اعرض, بخوان, باز کن, کپی کن, قرار بده, קרא, פתח, העתק",
    secret:
      "كلمة المرور, كلمات المرور, كلمة السر, المفتاح, مفتاح api, المفاتيح, بيانات الاعتماد, الأسرار, رمز, گذرواژه, رمز عبور, " +
      "رمزهای عبور, کلید api, کلید, סיסמה, סיסמאות, מפתח",
    neg: "لا, دون, بدون, أبدا, نه, هرگز, אל, לא, בלי",
    tell: "تخبر, تذكر, تقل, تكشف, نگو, نگویید, ذکر نکن, תספר, תגיד, תגלה",
    telling: "إخبار, علم, إعلام, اطلاع, ידיעת",
    user: "المستخدم, المستخدمين, کاربر, به کاربر, المشתמש, למשתמש, משתמש",
    duty: "يجب, يجب عليك, باید, חייב",
    first: "أولا, أولاً, قبل استخدام, قبل, ابتدا, اول, קודם, תחילה",
    carrier: "حقل, الحقل, فیلد, پارامتر, שדה",
  },
  // Hindi
  {
    ignore: "अनदेखा, अनदेखा करें, नज़रअंदाज़, नजरअंदाज, भूल जाओ, भूल जाएं, उपेक्षा, ध्यान न दें",
    prior: "पिछले, पिछली, सभी, सब, पहले के, पूर्व",
    rules: "निर्देशों, निर्देश, नियमों, नियम, आदेशों, आदेश",
    exfil: "भेजें, भेजो, भेज, भेज दो, अपलोड, साझा, भेजिए",
    take: "पढ़ें, पढ़ो, खोलें, खोलो, डालें, डालो, जोड़ें, कॉपी, दिखाएं, रखें",
    secret: "पासवर्ड, कुंजी, एपीआई कुंजी, api कुंजी, क्रेडेंशियल, गुप्त, टोकन, गोपनीय",
    neg: "न, ना, मत, नहीं, बिना, कभी नहीं",
    tell: "बताएं, बताओ, बताना, कहें, उल्लेख, सूचित, बताए",
    user: "उपयोगकर्ता, उपयोगकर्ता को, यूज़र, यूजर, किसी को",
    duty: "चाहिए, ज़रूरी, जरूरी, अनिवार्य, होगा",
    first: "पहले, सबसे पहले",
    carrier: "फ़ील्ड, फील्ड, पैरामीटर, नोट",
  },
  // Chinese, simplified and traditional
  {
    ignore: "忽略, 无视, 無視, 忘记, 忘記, 不要理会, 不理会, 忽视, 忽視, 跳过, 绕过",
    prior: "之前, 先前, 以前, 以上, 上述, 所有, 前面, 此前, 一切, 全部",
    rules: "指令, 指示, 说明, 說明, 规则, 規則, 命令, 限制, 提示词, 提示詞, 约束",
    exfil: "发送, 發送, 上传, 上傳, 传送, 傳送, 转发, 轉發, 泄露, 发给, 提交, 分享, 发布, 寄",
    take:
      "读取, 讀取, 读出, 打开, 打開, 包含, 附上, 粘贴, 复制, 複製, 放入, 写入, 填入, 获取, 收集, 提供, 透露",
    secret:
      "密码, 密碼, 密钥, 密鑰, 私钥, 私鑰, 凭据, 凭证, 憑證, 令牌, 环境变量, 環境變數, 口令, 机密, 敏感信息, 密鑰",
    neg: "不要, 请勿, 請勿, 勿, 不得, 不能, 别, 不可, 無需, 无需, 不必, 不用",
    tell: "告诉, 告訴, 告知, 提及, 提到, 透露, 说明, 通知, 显示, 披露, 让",
    user: "用户, 使用者, 用戶, 任何人, 对方, 人类",
    duty: "必须, 必須, 务必, 務必, 一定要, 需要先, 应当先",
    first: "首先, 先, 在此之前, 使用前, 调用前, 之前必须",
    confirm: "确认, 確認, 许可, 同意, 询问, 授权",
    carrier: "参数, 參數, 字段, 欄位, 备注",
    convo: "对话, 對話, 聊天记录, 系统提示, 系統提示, 历史记录",
    ceremony: "重要, 注意, 警告",
  },
  // Japanese
  {
    ignore: "無視, 無視して, 忘れて, 無視し, 従わない, 無効に",
    prior: "以前, これまで, 前, すべて, 全て, 上記, 今まで, 先の",
    rules: "指示, 命令, ルール, 規則, 制約, 指令, プロンプト",
    exfil: "送信, 送って, 送り, アップロード, 転送, 送れ, 投稿, 共有",
    take: "読み, 読んで, 読み取, 開い, 含め, 貼り付け, コピー, 入れ, 表示し, 取得し, 追加し",
    secret: "パスワード, 鍵, キー, トークン, 秘密, 認証情報, 秘密鍵, 環境変数, 資格情報, 機密",
    neg: "ない, ないで, せずに, なし, 決して, 絶対に, ずに, せず",
    tell: "伝え, 言わ, 知らせ, 教え, 通知, 明かさ, 言及, 話さ, 触れ",
    user: "ユーザー, ユーザ, 利用者, 使用者, 誰に",
    duty: "必ず, なければなりません, 必要があります, しなければ, 必須",
    first: "最初に, まず, 先に, 前に",
    confirm: "確認, 許可, 承認, 同意",
    carrier: "パラメータ, 引数, フィールド, 欄, メモ",
    convo: "会話, 履歴, システムプロンプト",
    ceremony: "重要, 注意",
  },
  // Korean
  {
    ignore: "무시하고, 무시해, 무시하세요, 무시, 잊어, 잊고, 무시하십시오",
    prior: "이전, 이전의, 모든, 앞의, 위의, 기존, 지금까지의",
    rules: "지시, 지시를, 지시사항, 지시사항을, 명령, 명령을, 규칙, 규칙을, 지침을, 지침",
    exfil: "보내, 보내세요, 보내라, 전송, 전송해, 전송하세요, 업로드, 전달해, 전달하세요, 공유",
    take: "읽고, 읽어, 읽으세요, 열어, 포함, 포함하세요, 복사, 붙여, 넣어, 넣으세요, 보여",
    secret:
      "비밀번호, 비밀번호를, 암호, 암호를, 키, api 키, api 키를, 토큰, 토큰을, 자격, 자격증명, 비밀, 환경변수, 환경 변수, 개인키",
    neg: "마, 마세요, 말고, 말라, 없이, 않고, 절대, 마십시오, 않도록, 말아",
    tell: "알리지, 말하지, 언급하지, 알려주지, 밝히지, 알리, 공개하지",
    user: "사용자, 사용자에게, 사용자의, 유저, 유저에게, 누구에게도",
    duty: "반드시, 해야, 필수, 해야합니다",
    first: "먼저, 우선, 전에",
    confirm: "확인, 동의, 승인, 허락",
    carrier: "필드, 매개변수, 인자, 파라미터, 필드에",
  },
  // Vietnamese, Indonesian
  {
    ignore: "bỏ qua, phớt lờ, quên, abaikan, lupakan",
    prior: "trước đó, tất cả, mọi, trước, semua, sebelumnya, seluruh",
    rules: "hướng dẫn, chỉ dẫn, lệnh, quy tắc, instruksi, perintah, aturan",
    exfil: "gửi, tải lên, chuyển, chia sẻ, kirim, kirimkan, unggah, bagikan",
    take: "đọc, mở, sao chép, dán, đưa, baca, buka, salin, tempel, masukkan, sertakan",
    secret:
      "mật khẩu, khóa, khóa api, thông tin đăng nhập, biến môi trường, kata sandi, kunci, kunci api, kredensial, rahasia",
    neg: "không, đừng, không được, jangan, tanpa, tidak",
    tell: "nói, tiết lộ, thông báo, cho biết, beri tahu, beritahu, katakan, sebutkan, memberi tahu",
    telling: "sepengetahuan, memberitahu, cho người dùng biết",
    user: "người dùng, pengguna, siapa pun",
    duty: "phải, bắt buộc, harus, wajib",
    first: "trước tiên, đầu tiên, trước khi, pertama, terlebih dahulu, sebelum",
    carrier: "trường, tham số, kolom, parameter, bidang",
  },
];
