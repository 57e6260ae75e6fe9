/**
 * The same few words for languages that put the verb last, so that rules which
 * look for "read" before the file find it after.
 *
 * @module
 */

/** Phrases by class, separated by commas. */
export const VERB_LAST_LANGUAGES: readonly Readonly<Record<string, string>>[] = [
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
];

/** Classes that these languages have besides: their verbs, which stand behind what they are about. */
export const VERB_LAST_CLASSES: Readonly<Record<string, string>> = {
  take: "takelast",
  exfil: "exfillast",
  tell: "telllast",
};
