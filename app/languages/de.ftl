# Portal auf Deutsch. Wie diese Datei gemacht ist, steht in en.ftl.
#
# Durchgehend „du“. Feste Wörter: anmelden, abmelden, Konto, Code, Sitzung, Passwort, zweiter
# Schritt, Authenticator-App, Wiederherstellungscode, Plattform, Bot.

language-name = Deutsch

## Every page

skip-to-content = Zum Inhalt springen
title-with-error = Fehler: { $title }
log-out = Abmelden
footer-made-with = Selbst betrieben mit Portal
footer-support = Hilfe
footer-terms = Nutzungsbedingungen
footer-privacy = Datenschutz
offline = Du bist offline. Was du getippt hast, bleibt hier: Schick es ab, wenn du wieder verbunden bist.
footer-language = Sprache
footer-theme = Farben
theme-system = Wie im System eingestellt
theme-light = Hell
theme-dark = Dunkel
go-to-start = Zur Startseite
go-to-login = Zur Anmeldung
back-to-account = Zurück zu deinem Konto
log-in = Anmelden
log-in-another-way = Anders anmelden

## Fields

field-password = Passwort
field-code = Code
field-password-show = Passwort anzeigen
field-password-enough = Lang genug
field-password-easy = Leicht zu erraten
field-password-strong = Stark
field-password-long = Zu lang
username-short-note = Zu kurz
username-long-note = Zu lang
username-characters-note = Nur a–z, Ziffern, . _ -
username-reserved-note = Reservierter Name
field-code-hint = 8 Buchstaben und Ziffern. Groß- und Kleinschreibung zählt.

## Times

time-left = Der Code gilt bis { $time }, noch { $left }.
moment = { $day }. { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
} { $year }, { $time } Uhr UTC
time-of-day = { $time } Uhr UTC
minutes = { $n ->
    [one] 1 Minute
   *[other] { $n } Minuten
}
seconds = { $n ->
    [one] 1 Sekunde
   *[other] { $n } Sekunden
}

## Pages for what went wrong

not-found-title = Seite nicht gefunden
not-found-heading = Hier ist keine Seite
not-found-text = Vielleicht ist die Adresse vertippt, oder die Seite ist umgezogen.
error-foreign-heading = Das kam von woanders
error-foreign-text = Dieses Formular wurde nicht von unserer eigenen Seite abgeschickt, also ist nichts geschehen. Öffne die Seite neu und versuche es noch einmal.
error-large-heading = Das ist zu viel
error-large-text = Was ankam, ist größer als jedes unserer Formulare. Geh zurück und kürze es.
error-cookies-heading = Dein Browser hat zu viel geschickt
error-cookies-text = Es waren zu viele Cookies dieser Seite und ihrer Nachbarn. Sie sind jetzt gelöscht: Öffne die Seite noch einmal.
error-often-heading = Etwas langsamer, bitte
error-often-text = Aus deinem Netz kam in kurzer Zeit zu viel. Warte einen Moment und versuche es dann wieder.
error-often-wait = Aus deinem Netz kam in kurzer Zeit zu viel. Versuche es in { $wait } wieder.
error-away-heading = Gerade geht es nicht
error-away-text = Etwas, das wir brauchen, ist im Moment nicht da. Nichts ging verloren: Versuche es in einer Minute wieder.
error-ours-heading = Bei uns ging etwas schief
error-ours-text = Es liegt nicht an dir. Versuche es gleich noch einmal.
error-ours-reference = Wenn es wieder vorkommt, nenne denen, die diese Seite betreiben, diese Nummer: { $reference }
error-unreadable-heading = Das war nicht zu lesen
error-unreadable-text = Was ankam, passt nicht zu dieser Seite. Öffne die Seite neu und versuche es noch einmal.

## Log in with a code

code-title = Mit einem Code anmelden
code-text = Gib den Code ein, den dir der Bot als Direktnachricht geschickt hat.

## Ask for a code

request-heading = Mit { $platform } anmelden
request-text = Sag uns, wer du dort bist. Der Bot schickt dir dann einen Code.
request-id = Deine ID
request-id-hint = Die Nummer, die dir der Bot nennt. Schon einmal hier gewesen? Dann genügt dein Name.
request-ask = Code anfordern
request-sent-heading = Hol dir deinen Code
request-sent-text = { $bot } schickt dir auf { $platform } einen Code als Direktnachricht. Kommt nichts, dann schreib dem Bot { $command }. Niemand von hier fragt dich je nach diesem Code.
delivery-told = { $bot } weiß Bescheid. Schau in deine Direktnachrichten.
delivery-waiting = Wir warten auf { $bot }: Der Bot ist gerade nicht da. Bleib auf dieser Seite.
delivery-look-again = Nachsehen, wie es jetzt steht
request-some-bot = Der Bot dieser Community
request-again = Keine Nachricht? Neu anfordern
request-network-changed = Seit du gefragt hast, hat dein Netz gewechselt, und der Code gilt nur im vorigen. Fordere von hier aus einen neuen an.
request-advice = Immer noch nichts? Prüfe, ob die ID deine ist und ob Mitglieder der Community dir nach deinen Einstellungen schreiben dürfen.

## That was not me

not-me-title = Das war ich nicht
not-me-heading = Ein Code, den du nicht wolltest?
not-me-text = Jemand hat einen Code angefordert, um sich als du anzumelden, und du warst es nicht? Dann beende es hier. Wer sich damit angemeldet hat, wird auch abgemeldet.
not-me-button = Das war ich nicht
not-me-done-heading = Es ist beendet
not-me-done-text = Falls du jemandem einen Code gegeben hast, tu es nie wieder: Niemand von hier fragt danach.
not-me-dead-heading = Hier gibt es nichts zu beenden

## Confirm it's you

confirm-title = Bestätige, dass du es bist
confirm-text = Du bist dabei, etwas Wichtiges zu ändern. Gib noch einmal dein Passwort ein.
confirm-factor-text = Du bist dabei, etwas Wichtiges zu ändern.
confirm-factor = Code aus deiner Authenticator-App
confirm-button = Bestätigen
confirm-set-password = Passwort festlegen
