/**
 * The few words that every order against the reader needs, in languages other
 * than English: turn away from the instructions, take a secret, send it, say
 * nothing. They join the English classes, so that one set of rules reads all,
 * even a text that mixes languages.
 *
 * @module
 */

/** Phrases by class, separated by commas; languages in the order of the list. */
export const WESTERN_LANGUAGES: readonly Readonly<Record<string, string>>[] = [
  // Spanish
  {
    ignore: "ignora, ignore, ignorar, olvida, omite, descarta, desobedece",
    prior: "todas las, anteriores, previas, las anteriores, anterior, tus, sus",
    rules: "instrucciones, las instrucciones, indicaciones, reglas, órdenes, directrices, restricciones",
    exfil: "envía, envíe, enviar, manda, mande, sube, publica, reenvía, transmite, comparte, envia",
    take:
      "lee, lea, abre, incluye, incluya, copia, copie, pega, adjunta, adjunte, pon, muestra, revela, obtén, extrae",
    secret:
      "contraseña, contraseñas, clave, claves, clave de api, claves de api, credenciales, secretos, llave privada, " +
      "clave privada, variables de entorno, archivo .env, fichero .env, datos privados, tarjeta de crédito",
    neg: "no, nunca, jamás, sin",
    tell:
      "digas, diga, menciones, mencione, informes, informe, reveles, avises, cuentes, muestres, decir, avisar, informar",
    user: "usuario, al usuario, el usuario, la persona, nadie",
    duty: "debes, debe, tienes que, hay que, es obligatorio, deberás",
    first: "primero, antes de nada, antes de usar, antes de cada",
    confirm: "confirmación, permiso, aprobación, preguntar, consentimiento",
    telling: "que el usuario lo sepa, que lo sepa, decirlo, decírselo",
    carrier: "campo, parámetro, argumento, nota",
    convo: "conversación, historial, prompt del sistema, instrucciones del sistema, toda la conversación",
    ceremony: "importante, atención, obligatorio",
  },
  // Portuguese
  {
    ignore: "ignore, ignora, esqueça, desconsidere, despreze, esquece",
    prior: "todas as, anteriores, prévias, as anteriores, suas",
    rules: "instruções, as instruções, regras, ordens, diretrizes, orientações",
    exfil: "envie, envia, mande, manda, publique, encaminhe, transmita, compartilhe",
    take: "leia, abra, inclua, copie, cole, anexe, coloque, mostre, revele, obtenha, extraia",
    secret:
      "senha, senhas, chave, chaves, chave da api, chaves de api, credenciais, segredos, chave privada, " +
      "variáveis de ambiente, arquivo .env, dados privados",
    neg: "não, nunca, jamais, sem",
    tell: "diga, conte, mencione, informe, revele, avise, mostre, dizer, avisar, informar",
    user: "usuário, ao usuário, o usuário, utilizador, ao utilizador, a pessoa, ninguém",
    duty: "deve, tem de, tem que, é obrigatório, precisa",
    first: "primeiro, antes de usar, antes de tudo, antes de cada",
    confirm: "confirmação, permissão, aprovação, perguntar, consentimento",
    carrier: "campo, parâmetro, argumento, nota",
    convo: "conversa, histórico, prompt do sistema, toda a conversa",
  },
  // French
  {
    ignore:
      "ignore, ignorez, ignorer, oublie, oubliez, néglige, négligez, passe outre, passez outre, ne tiens pas compte, " +
      "ne tenez pas compte",
    prior: "toutes les, précédentes, précédents, antérieures, tes, vos, les consignes précédentes, ci-dessus",
    rules: "instructions, les instructions, consignes, règles, directives, ordres",
    exfil:
      "envoie, envoyez, envoyer, transmets, transmettez, publie, publiez, partage, partagez, téléverse, transfère, transférez",
    take:
      "lis, lisez, lire, ouvre, ouvrez, inclus, incluez, copie, copiez, colle, collez, mets, mettez, joins, joignez, " +
      "révèle, révélez, affiche, extrais, récupère",
    secret:
      "mot de passe, mots de passe, clé api, clés api, clé d'api, clé privée, clés privées, identifiants, secrets, " +
      "jeton, jetons, variables d'environnement, fichier .env, données privées, la clé",
    neg: "ne, pas, jamais, sans, rien",
    tell:
      "dis, dites, mentionne, mentionnez, informe, informez, révèle, révélez, parle, parlez, avertis, avertissez, dire",
    telling: "prévenir, le dire, informer, avertir, en parler, mentionner, que l'utilisateur le sache",
    user: "utilisateur, l'utilisateur, à l'utilisateur, la personne, personne",
    duty: "dois, devez, doit, il faut, est obligatoire, tu dois, vous devez",
    first: "d'abord, avant tout, avant tout appel, avant chaque, avant d'utiliser, premièrement",
    confirm: "confirmation, permission, approbation, demander, accord, consentement",
    carrier: "champ, paramètre, argument, le champ",
    convo: "prompt système, toute la conversation, historique de la conversation",
  },
  // German
  {
    ignore:
      "ignoriere, ignorieren, vergiss, vergessen sie, missachte, missachten, übergehe, verwirf, missachte",
    prior: "alle, alle vorherigen, vorherigen, bisherigen, früheren, vorigen, deine, ihre, obigen, vorherige",
    rules:
      "anweisungen, anweisung, regeln, vorgaben, befehle, richtlinien, instruktionen, einschränkungen, vorschriften",
    exfil:
      "sende, senden, schicke, schick, schicken, übermittle, übermitteln, lade, veröffentliche, teile, leite",
    take:
      "lies, lesen, öffne, füge, kopiere, gib, gebe, nimm, hole, zeige, verrate, setze, schreibe, hänge, trage",
    secret:
      "passwort, passwörter, kennwort, kennwörter, zugangsdaten, schlüssel, api-schlüssel, api schlüssel, geheimnisse, " +
      "privaten schlüssel, private schlüssel, umgebungsvariablen, umgebungsdatei, anmeldedaten, .env-datei, zugangsschlüssel",
    neg: "nicht, nie, niemals, kein, keine, ohne, nichts",
    tell:
      "sag, sage, sagen, erwähne, erwähnen, verrate, verraten, informiere, informieren, zeige, melde, mitteilen, teile",
    telling: "zu fragen, zu informieren, wissen, es zu sagen, bescheid, rückfrage, zu erwähnen",
    user: "nutzer, dem nutzer, benutzer, dem benutzer, anwender, dem anwender, person, der person, niemandem",
    duty: "musst, muss, müssen, ist erforderlich, verpflichtend, du musst, zwingend",
    first: "zuerst, zunächst, als erstes, vor der nutzung, vor jedem, vorher",
    confirm: "bestätigung, zustimmung, erlaubnis, rückfrage, freigabe, nachfrage, einwilligung",
    carrier: "feld, parameter, argument, im feld",
    convo: "gespräch, gesprächsverlauf, verlauf, unterhaltung, systemprompt, system-prompt, chatverlauf",
    ceremony: "wichtig, achtung, hinweis",
  },
  // Italian
  {
    ignore: "ignora, ignorare, ignorate, dimentica, dimenticate, trascura, tralascia",
    prior: "tutte le, precedenti, le precedenti, tue, anteriori",
    rules: "istruzioni, le istruzioni, regole, direttive, ordini, indicazioni",
    exfil: "invia, inviare, inviate, manda, mandare, carica, pubblica, inoltra, trasmetti, condividi",
    take: "leggi, apri, includi, copia, incolla, allega, metti, mostra, rivela, ottieni, estrai, inserisci",
    secret:
      "password, chiave, chiavi, chiave api, chiavi api, chiave privata, credenziali, segreti, variabili d'ambiente, " +
      "file .env, dati privati",
    neg: "non, mai, senza",
    tell: "dire, dirlo, dica, menzionare, informare, rivelare, avvisare, mostrare",
    telling: "dirlo, avvisare, informare, che l'utente",
    user: "utente, all'utente, l'utente, la persona, nessuno",
    duty: "devi, deve, bisogna, è obbligatorio, dovete",
    first: "prima, per prima cosa, prima di usare, prima di ogni, innanzitutto",
    confirm: "conferma, permesso, approvazione, chiedere, consenso",
    carrier: "campo, parametro, argomento, nota",
    convo: "conversazione, cronologia, prompt di sistema",
  },
  // Dutch
  {
    ignore: "negeer, negeren, vergeet, sla over",
    prior: "alle, alle vorige, vorige, eerdere, voorgaande, je, jouw",
    rules: "instructies, de instructies, regels, opdrachten, aanwijzingen, richtlijnen",
    exfil: "stuur, verstuur, verzend, zend, upload, publiceer, deel",
    take: "lees, open, voeg, kopieer, plak, zet, geef, toon, onthul, haal",
    secret:
      "wachtwoord, wachtwoorden, sleutel, sleutels, api-sleutel, inloggegevens, geheimen, omgevingsvariabelen, privésleutel",
    neg: "niet, niets, nooit, geen, zonder",
    tell: "vertel, zeg, noem, meld, onthul, vermeld",
    telling: "te vertellen, te vragen, te melden, medeweten",
    user: "gebruiker, de gebruiker, persoon, niemand",
    duty: "moet, moeten, verplicht, dient",
    first: "eerst, voordat, als eerste",
    confirm: "bevestiging, toestemming, goedkeuring",
    carrier: "veld, parameter, argument",
  },
  // Polish, Czech
  {
    ignore: "zignoruj, ignoruj, zapomnij, pomiń, ignorujte, zapomeň, ignoruj všechny",
    prior: "wszystkie, poprzednie, wcześniejsze, wszystkie poprzednie, předchozí, všechny, dřívější",
    rules: "instrukcje, polecenia, zasady, reguły, instrukce, pokyny, pravidla, příkazy",
    exfil: "wyślij, prześlij, wysyłaj, udostępnij, pošli, odešli, zašli",
    take:
      "odczytaj, przeczytaj, otwórz, dołącz, skopiuj, wklej, umieść, ujawnij, přečti, otevři, vlož, zkopíruj",
    secret:
      "hasło, hasła, klucz, klucze, klucz api, klucze api, dane logowania, poświadczenia, sekrety, zmienne środowiskowe, " +
      "klucz prywatny, heslo, hesla, klíč, klíče, přihlašovací údaje",
    neg: "nie, nigdy, bez, ne, nikdy",
    tell: "mów, wspominaj, informuj, ujawniaj, powiadamiaj, powiedz, říkej, neříkej, nezmiňuj",
    telling: "informowania, wiedzy, pytania, vědomí, vědomi",
    user: "użytkownikowi, użytkownika, użytkownik, uživateli, uživatele, uživatel",
    duty: "musisz, należy, trzeba, musíš, musíte",
    first: "najpierw, przed użyciem, nejprve, nejdřív",
    confirm: "potwierdzenia, zgody, pytania, potvrzení, souhlasu",
    carrier: "polu, pole, parametrze, parametru, argumencie",
  },
];
