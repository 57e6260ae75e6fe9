/**
 * The same few words in further languages of Europe and in Thai. Marks are
 * folded away, so words that then look like common ones elsewhere stand only
 * in phrases.
 *
 * @module
 */

/** Phrases by class, separated by commas. */
export const MORE_LANGUAGES: readonly Readonly<Record<string, string>>[] = [
  // Swedish, Danish, Norwegian
  {
    ignore: "ignorera, strunta i, bortse från, ignorer, glem, se bort fra, glöm",
    prior: "alla tidigare, tidigare, föregående, alle tidligere, tidligere, foregående, dina, dine",
    rules: "instruktioner, anvisningar, regler, instruktioner, instrukser, anvisninger, instruksjoner",
    exfil:
      "skicka, ladda upp, vidarebefordra, upload, videresend, send videre, last opp, videresende, dela med",
    take:
      "läsa, läs filen, läs först, öppna, kopiera, klistra in, bifoga, inkludera, læs, læse, åbn, kopier, indsæt, vedhæft, " +
      "lese, les filen, åpne, lim inn",
    secret:
      "lösenord, lösenordet, nyckel, nycklar, api-nyckel, hemligheter, inloggningsuppgifter, miljövariabler, adgangskode, " +
      "adgangskoder, nøgle, nøgler, hemmeligheder, miljøvariabler, passord, nøkkel, nøkler, hemmeligheter",
    neg: "inte, aldrig, utan, ikke, aldri, uden, uten",
    tell: "berätta, nämna, nämn, säg, fortæl, nævn, fortell, nevn, informera, informer",
    telling: "att berätta, att fråga, at fortælle, at spørge, å fortelle, å spørre, vetskap, vidende",
    user: "användaren, användare, brugeren, bruger, brukeren, bruker, personen",
    duty: "måste, ska du, skal du, du må",
    first: "först, innan du använder, innan, først, før du bruger, før bruk, før du bruker",
    confirm: "bekräftelse, tillstånd, godkännande, bekræftelse, tilladelse, bekreftelse, tillatelse",
    carrier: "fältet, fält, parametern, feltet, felt, parameteren",
    convo: "hela konversationen, chatthistorik, hele samtalen, chathistorik, systemprompten",
  },
  // Romanian
  {
    ignore: "ignoră, ignorați, ignorati, uită, uitați",
    prior: "toate, anterioare, precedente, tale",
    rules: "instrucțiunile, instrucțiuni, regulile, regulile",
    exfil: "trimite, trimiteți, trimite-le, încarcă, publică",
    take: "citește, citiți, deschide, copiază, include, lipește, adaugă, pune",
    secret:
      "parola, parolele, parole, cheia, cheia api, cheile, secretele, credențialele, variabilele de mediu",
    neg: "nu, niciodată, fără",
    tell: "spune, spuneți, menționa, menționați, dezvălui, informa",
    user: "utilizatorului, utilizatorul, utilizator",
    duty: "trebuie, este obligatoriu",
    first: "mai întâi, înainte de a folosi, înainte de",
    carrier: "câmpul, parametrul, argumentul",
  },
  // Greek
  {
    ignore: "αγνόησε, αγνοήστε, ξέχασε, παράβλεψε",
    prior: "όλες, προηγούμενες, τις προηγούμενες, όλες τις",
    rules: "οδηγίες, εντολές, κανόνες",
    exfil: "στείλε, στείλτε, ανέβασε, προώθησε, κοινοποίησε",
    take: "διάβασε, διαβάστε, άνοιξε, αντέγραψε, συμπεριέλαβε, βάλε",
    secret: "κωδικό, κωδικούς, κλειδί, κλειδιά, μυστικά, διαπιστευτήρια",
    neg: "μην, ποτέ, χωρίς, δεν",
    tell: "πεις, πείτε, αναφέρεις, αναφέρετε, αποκαλύψεις, ενημερώσεις",
    user: "χρήστη, στον χρήστη, ο χρήστης",
    duty: "πρέπει, είναι υποχρεωτικό",
    first: "πρώτα, πριν χρησιμοποιήσεις, πριν",
    carrier: "πεδίο, παράμετρο, παράμετρος",
  },
  // Finnish, Hungarian
  {
    ignore: "ohita, unohda, jätä huomiotta, hagyd figyelmen kívül, felejtsd el",
    prior: "kaikki, aiemmat, edelliset, kaikki aiemmat, az összes, összes, korábbi, előző",
    rules: "ohjeet, säännöt, käskyt, utasítást, utasításokat, szabályt, szabályokat",
    exfil: "lähetä, lataa palvelimelle, küldd, küldd el, töltsd fel, továbbítsd",
    take: "lue, avaa, kopioi, liitä, sisällytä, olvasd, olvasd el, nyisd, másold, illeszd",
    secret:
      "salasana, salasanat, avain, avaimet, tunnukset, jelszó, jelszavakat, jelszót, kulcs, kulcsot, titkokat",
    neg: "älä, ei, koskaan, ne, soha, nélkül",
    tell: "kerro, mainitse, paljasta, mondd, említsd, mondd el",
    user: "käyttäjälle, käyttäjän, käyttäjä, felhasználónak, felhasználó, felhasználót",
    duty: "täytyy, pitää, on pakko, kell, kötelező",
    first: "ensin, ennen kuin, ennen käyttöä, először, használat előtt, előtte",
    carrier: "kenttään, kentässä, parametriin, mezőbe, mezőben, paraméterben",
  },
  // Thai
  {
    ignore: "เพิกเฉย, ละเว้น, ไม่ต้องสนใจ, ลืม",
    prior: "ก่อนหน้า, ทั้งหมด, เดิม",
    rules: "คำสั่ง, คำแนะนำ, กฎ",
    exfil: "ส่ง, อัปโหลด, แชร์, ส่งต่อ",
    take: "อ่าน, เปิด, คัดลอก, ใส่, แนบ",
    secret: "รหัสผ่าน, กุญแจ, คีย์, ความลับ, โทเค็น",
    neg: "อย่า, ห้าม, ไม่, โดยไม่",
    tell: "บอก, แจ้ง, เปิดเผย, กล่าวถึง",
    user: "ผู้ใช้, ใคร",
    duty: "ต้อง, จำเป็นต้อง",
    first: "ก่อน, ก่อนใช้, ก่อนอื่น",
    carrier: "ช่อง, พารามิเตอร์, ฟิลด์",
  },
];
