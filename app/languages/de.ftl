# Portal auf Deutsch. Wie diese Datei gemacht ist, steht in en.ftl.
#
# Durchgehend „du“. Feste Begriffe: anmelden, abmelden, Konto, Mitglied, Rolle, Status, Code,
# Sitzung, Passwort, Zwei-Faktor-Authentifizierung, Authenticator-App, Wiederherstellungscode,
# Plattform, Bot, Konten verbinden und trennen, aktivieren und deaktivieren.

language-name = Deutsch

## Every page

skip-to-content = Zum Inhalt springen
title-with-error = Fehler: { $title }
log-out = Abmelden
footer-made-with = Läuft mit Portal
footer-support = Hilfe
footer-terms = Nutzungsbedingungen
footer-privacy = Datenschutz
offline = Du bist offline. Deine Eingaben sind noch da: Schick sie ab, sobald du wieder online bist.
footer-language = Sprache
footer-theme = Design
theme-system = System
theme-light = Hell
theme-dark = Dunkel
go-to-start = Zur Startseite
go-to-login = Zur Anmeldung
back-to-account = Zurück zu deinem Konto
log-in = Anmelden
log-in-another-way = Andere Anmeldemöglichkeiten
pages = Seiten

## Fields

field-password = Passwort
field-code = Code
field-password-show = Passwort anzeigen
field-password-enough = In Ordnung
field-password-easy = Leicht zu erraten
field-password-strong = Stark
field-password-long = Zu lang
username-short-note = Zu kurz
username-long-note = Zu lang
username-characters-note = Nur Buchstaben, Zahlen, . _ -
username-reserved-note = Reserviert
field-code-hint = 8 Zeichen. Groß- und Kleinschreibung beachten.
username-hint = 3–32 Buchstaben, Zahlen, Punkte, Binde- oder Unterstriche.
display-field = Anzeigename
email-field = E-Mail-Adresse
password-new-hint = Mindestens { $n } Zeichen. Gut sind vier oder fünf zufällige Wörter.
username-short = Der Benutzername muss mindestens 3 Zeichen lang sein.
username-long = Der Benutzername darf höchstens 32 Zeichen lang sein.
username-characters = Verwende nur Buchstaben (a–z), Zahlen, Punkte, Binde- und Unterstriche.
username-reserved = Dieser Benutzername ist nicht verfügbar. Versuche einen anderen.
display-short = Der Anzeigename muss mindestens 3 Zeichen lang sein.
display-long = Der Anzeigename darf höchstens 32 Zeichen lang sein.
display-characters = Dein Anzeigename enthält ein Zeichen, das nicht erlaubt ist.
display-space = Der Anzeigename darf nicht mit einem Leerzeichen beginnen oder enden und keine zwei hintereinander enthalten.
display-marks = Der Anzeigename muss Buchstaben enthalten, mit höchstens 4 Akzenten auf jedem.
email-long = Die E-Mail-Adresse darf höchstens 320 Zeichen lang sein.
email-malformed = Gib eine gültige E-Mail-Adresse ein, zum Beispiel name@example.org.
password-short = Das Passwort muss mindestens { $n } Zeichen lang sein.
password-long = Das Passwort darf höchstens { $n } Zeichen lang sein.
password-name = Das Passwort darf nicht mit deinem Benutzernamen übereinstimmen.
password-common = Dieses Passwort ist zu leicht zu erraten: Es besteht aus häufigen Passwörtern, Tastaturmustern oder Wiederholungen. Versuche vier Wörter ohne Zusammenhang.
password-personal = Dieses Passwort ist zu leicht zu erraten: Es ist von deinem Namen oder dem dieser Website abgeleitet. Versuche vier Wörter ohne Zusammenhang.
username-taken = Dieser Benutzername ist schon vergeben. Versuche einen anderen.
display-reserved = Dieser Name ist reserviert. Versuche einen anderen.
name-alike = Dieser Name ähnelt zu sehr dem von jemand anderem hier. Versuche einen anderen.
field-optional = (optional)
copy = Kopieren
copied = Kopiert

## Times and names

time-left = Läuft um { $time } ab (noch { $left }).
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
hours = { $n ->
    [one] 1 Stunde
   *[other] { $n } Stunden
}
seconds = { $n ->
    [one] 1 Sekunde
   *[other] { $n } Sekunden
}
level-owner = Owner
level-user = Mitglied
level-moderator = Moderator
level-admin = Admin
level = Rolle
state = Status
last-seen = Zuletzt online
length-10-minutes = 10 Minuten
length-hour = 1 Stunde
length-6-hours = 6 Stunden
length-day = 1 Tag
length-week = 1 Woche
length-30-days = 30 Tage
length-90-days = 90 Tage
length-year = 1 Jahr
length-good = Dauerhaft
device = { $browser } auf { $system }
device-unknown = Unbekannter Browser

## Error pages

not-found-title = Seite nicht gefunden
not-found-heading = Seite nicht gefunden
not-found-text = Prüfe die Adresse. Vielleicht wurde die Seite verschoben.
error-foreign-heading = Dieses Formular kam nicht von dieser Website
error-foreign-text = Zu deiner Sicherheit haben wir es ignoriert, und nichts wurde geändert. Lade die Seite neu und versuche es noch einmal.
error-large-heading = Das ist zu lang
error-large-text = Deine Eingabe ist größer, als wir annehmen. Geh zurück und kürze sie.
error-cookies-heading = Zu viele Cookies
error-cookies-text = Dein Browser hat mehr Cookies gesendet, als wir annehmen. Wir haben sie gelöscht. Lade die Seite neu.
error-often-heading = Zu viele Anfragen
error-often-text = Aus deinem Netzwerk kamen zu viele Anfragen. Warte einen Moment und versuche es dann noch einmal.
error-often-wait = Aus deinem Netzwerk kamen zu viele Anfragen. Versuche es in { $wait } noch einmal.
error-away-heading = Vorübergehend nicht verfügbar
error-away-text = Etwas, das wir brauchen, antwortet gerade nicht. Nichts ging verloren. Versuche es in einer Minute noch einmal.
error-ours-heading = Etwas ist schiefgegangen
error-ours-text = Es liegt an uns, nicht an dir. Versuche es gleich noch einmal.
error-ours-reference = Wenn es weiter passiert, wende dich an das Team und nenne diese Referenz: { $reference }
error-unreadable-heading = Das konnten wir nicht lesen
error-unreadable-text = Die Seite hat etwas Unerwartetes erhalten. Lade sie neu und versuche es noch einmal.

## Log in

login-username = Benutzername
login-forgot = Passwort vergessen?
login-or = oder
login-have-code = Ich habe schon einen Code
login-start-again = Von vorn beginnen
login-new-here = Neu hier? { $link }

## Two-factor authentication

step-title = Zwei-Faktor-Authentifizierung
step-app = Gib den 6-stelligen Code aus deiner Authenticator-App ein.
step-app-field = Authentifizierungscode
step-app-switch = Authenticator-App verwenden
step-email-switch = Code per E-Mail erhalten
step-email-field = Code aus der E-Mail
step-email = Wir senden einen Code an die E-Mail-Adresse deines Kontos.
step-email-send = Code senden
step-email-send-again = Code erneut senden
step-recovery = Gib einen der Wiederherstellungscodes ein, die du beim Aktivieren der Zwei-Faktor-Authentifizierung gespeichert hast.
step-recovery-field = Wiederherstellungscode
step-recovery-switch = Wiederherstellungscode verwenden
step-no-codes = Du hast keine Wiederherstellungscodes mehr. Wenn du keinen Code erhalten kannst, wende dich an das Team.
factor-app-or-recovery = Code aus deiner App oder Wiederherstellungscode
factor-any = Code aus deiner App oder E-Mail oder Wiederherstellungscode
factor-email-or-recovery = Code aus deiner E-Mail oder Wiederherstellungscode
sent-to = Wir haben einen Code an { $address } gesendet.
step-email-sent = Gib den Code ein, den wir an { $address } gesendet haben.
factor-since = Aktiviert am { $since }.

## Log in with a code

code-title = Mit einem Code anmelden
code-text = Gib den Code ein, den dir der Bot als Direktnachricht geschickt hat.

## Request a code

request-heading = Mit { $platform } anmelden
request-text = Der Bot schickt dir einen Anmeldecode als Direktnachricht.
request-id = Nutzer-ID oder Benutzername
request-id-hint = Zum ersten Mal hier? Schick dem Bot /login: Der Link in seiner Antwort führt hierher zurück, mit deiner ID schon ausgefüllt. Warst du schon hier? Dann reicht dein Benutzername.
request-ask = Code senden
request-sent-heading = Prüfe deine Direktnachrichten
request-sent-text = { $bot } schickt dir auf { $platform } einen Code. Nichts angekommen? Schick dem Bot { $command }. Gib den Code niemals weiter.
delivery-told = { $bot } wurde gebeten, dir zu schreiben. Prüfe deine Direktnachrichten.
delivery-waiting = { $bot } ist offline. Lass diese Seite offen: Dein Code wird gesendet, sobald der Bot wieder da ist.
delivery-look-again = Erneut prüfen
request-some-bot = Der Bot der Community
request-again = Nichts erhalten? Neu anfordern
request-network-changed = Dein Netzwerk hat gewechselt, deshalb funktioniert dieser Code hier nicht. Fordere einen neuen an.
request-advice = Immer noch nichts? Prüfe, ob die ID deine ist und ob du Direktnachrichten von Mitgliedern der Community zulässt.

## That wasn't me

not-me-title = Das war ich nicht
not-me-heading = Einen Code erhalten, den du nicht angefordert hast?
not-me-text = Jemand hat einen Code angefordert, um sich als du anzumelden. Wenn du das nicht warst, mach ihn hier ungültig. Wer sich damit angemeldet hat, wird abgemeldet.
not-me-button = Das war ich nicht
not-me-done-heading = Der Code ist jetzt ungültig
not-me-done-text = Falls du jemandem einen Code gegeben hast, tu es nicht wieder: Niemand hier wird dich je danach fragen.
not-me-dead-heading = Hier gibt es nichts zu tun

## Confirm it's you

confirm-title = Bestätige, dass du es bist
confirm-text = Das ist eine sensible Änderung. Gib dein Passwort ein, um fortzufahren.
confirm-factor-text = Das ist eine sensible Änderung. Gib einen Code ein, um fortzufahren.
confirm-factor = Code aus deiner Authenticator-App
confirm-button = Bestätigen
confirm-set-password = Passwort festlegen

## Create an account

register-title = Konto erstellen
register-have-account = Ich habe schon ein Konto
register-many = Aus deinem Netzwerk wurden zu viele Konten erstellt.
register-unavailable = Wir können gerade keine Konten erstellen. Versuche es in einer Minute noch einmal.
register-email-hint = Wir senden dir einen Bestätigungslink. Du brauchst die Adresse, wenn du dein Passwort vergisst.
register-display-hint = Für andere sichtbar. Leer lassen, um deinen Benutzernamen zu verwenden.
register-button = Konto erstellen
register-off = Die Registrierung ist zurzeit geschlossen. Wenn du ein Konto brauchst, wende dich an das Team.

## Forgot your password

recover-sent-title = Prüfe deine E-Mails
recover-text = Wir senden dir einen Link, mit dem du ein neues Passwort wählst.
recover-field = Benutzername oder E-Mail-Adresse
recover-button = Link senden
recover-again = Weiteren Link senden
recover-back = Zurück zur Anmeldung
recover-no-mail = Keine E-Mail erhalten?
recover-no-address = Keine E-Mail-Adresse im Konto?
recover-phone = Nur dein Handy verloren? Melde dich mit deinem Passwort und einem Wiederherstellungscode an.
recover-team = Wenn nichts davon hilft, wende dich an das Team.
recover-new-title = Neues Passwort wählen
recover-new-button = Neues Passwort speichern
recover-new-stuck = Kein Handy und keine Wiederherstellungscodes? Wende dich an das Team: Ein Link allein ersetzt nicht deinen zweiten Faktor.
recover-dead = Dieser Link ist abgelaufen oder wurde schon verwendet. Links funktionieren einmal und 30 Minuten lang.
recover-get-another = Neuen Link anfordern
recover-slow = Das kann einige Minuten dauern. Sieh auch im Spam-Ordner nach. Wir schreiben nur an bestätigte Adressen und höchstens ein paar Mal am Tag.
recover-linked = Ist Discord, Telegram oder ein anderes Konto verbunden? { $link }.
recover-by-code = Melde dich mit einem Code vom Bot an
recover-account = Für { $username }. Du wirst überall abgemeldet und meldest dich dann mit dem neuen Passwort an.

## Your email address

email-title = Deine E-Mail-Adresse
email-to-account = Zu deinem Konto
email-confirm = Diese Adresse bestätigen
email-not-yours = Nicht dein Konto? Dann schließ diese Seite einfach.
email-new = Neue E-Mail-Adresse
email-change = E-Mail-Adresse ändern
email-send-link = Bestätigungslink senden
email-send-again = E-Mail erneut senden
email-codes-title = E-Mail-Codes
email-codes-on = E-Mail-Codes aktivieren
email-codes-off = E-Mail-Codes deaktivieren
email-confirm-text = E-Mails für das Konto { $username } werden an { $address } gesendet.
email-goes-to = E-Mails zu deinem Konto gehen an { $address }.
email-unconfirmed = { $address } ist nicht bestätigt, deshalb senden wir dorthin keine E-Mails zu deinem Konto.
email-why = Mit einer bestätigten Adresse kannst du dein Passwort zurücksetzen, und wir warnen dich, wenn jemand deine Anmeldung ändert.
email-waiting = Wir haben an { $address } geschrieben. Öffne den Link bis { $time }, um die Adresse zu bestätigen.
email-codes-text = Zwei-Faktor-Authentifizierung ohne App: Wir senden dir bei jeder Anmeldung einen Code per E-Mail. Eine Authenticator-App ist sicherer.

## Setup

setup-title = Einrichtung
setup-heading = Willkommen
setup-failed = Etwas ist schiefgegangen. Versuche es gleich noch einmal.
setup-name-taken = Dieser Benutzername ist schon vergeben. Versuche einen anderen oder erstelle einen neuen Einrichtungslink.
setup-choose = Wähle ein Passwort. Diesem Konto gehört dann das Portal.
setup-make = Erstelle das erste Konto. Ihm gehört dann dieses Portal.
setup-button = Konto erstellen
setup-dead-heading = Dieser Link funktioniert nicht mehr
setup-dead = Ein Einrichtungslink funktioniert einmal und einen Tag lang. Er wird ungültig, wenn es einen Owner gibt oder der Server neu startet.
setup-dead-new = Um einen neuen zu erstellen, führe dies auf dem Server mit dem gewünschten Benutzernamen aus:
setup-away = Die Einrichtung ist gerade nicht verfügbar. Dein Link funktioniert weiterhin: Versuche es in einer Minute noch einmal.
setup-again = Noch einmal versuchen

## Your account

account-title = Dein Konto
account-profile = Profil
account-id = Konto-ID
account-since = Mitglied seit
account-session = Aktuelle Sitzung
account-session-since = Angemeldet
account-session-address = IP-Adresse
account-session-browser = Browser
account-security = Sicherheit
account-security-on = Zwei-Faktor-Authentifizierung ist aktiviert.
account-security-off = Aktiviere die Zwei-Faktor-Authentifizierung, damit ein gestohlenes Passwort allein nicht reicht.
account-security-link-all = Passwort, Zwei-Faktor-Authentifizierung und Sitzungen

## Profile

profile-edit = Profil bearbeiten
profile-username-hint = Damit meldest du dich an. 3–32 Buchstaben, Zahlen, Punkte, Binde- oder Unterstriche.
profile-display-hint = Für andere sichtbar. Leer lassen, um deinen Benutzernamen zu verwenden.
profile-bio = Über dich
profile-bio-hint = Bis zu 500 Zeichen.
profile-links = Links
profile-links-hint = Ein https://-Link pro Zeile, bis zu fünf.
profile-save = Speichern
profile-picture = Profilbild
profile-picture-first = Automatisch (erstes verbundenes Konto mit Bild)
bio-long = Das ist zu lang: höchstens 500 Zeichen und 20 Zeilen.
bio-characters = Dieser Text enthält ein Zeichen, das nicht angezeigt werden kann.
links-many = Du kannst bis zu fünf Links hinzufügen.
links-form = Jeder Link muss eine vollständige Adresse sein, die mit https:// beginnt.

## Connected accounts

platforms-title = Verbundene Konten
platforms-text = Du kannst dich mit jedem Konto anmelden, das du verbindest.
platforms-unlink = Trennen
platforms-unlink-name = { $platform } trennen
platforms-id = Deine Nutzer-ID dort
platforms-id-hint = Die lange Zahl in dem Link, den dir der Bot schickt.
platforms-not-now = Abbrechen
platforms-link = Verbinden
platforms-wrong-id = Falsche ID?
platforms-link-name = { $platform } verbinden
platforms-code-text = Der Bot schickt einen Code an dein { $platform }-Konto { $id }. Nichts angekommen? Schick ihm { $command }.

## Security

password-text = Wenn du es änderst, wirst du überall sonst abgemeldet.
password-change = Passwort ändern
password-none = Du hast dich mit einem Code angemeldet. Lege ein Passwort fest, um dich ohne den Bot anzumelden und andere Konten zu verbinden.
password-set = Passwort festlegen
password-current = Aktuelles Passwort
password-new = Neues Passwort
security-send-title = Code anfordern
security-send = Jede der folgenden Änderungen braucht einen eigenen Code.
recovery-title = Deine Wiederherstellungscodes
totp-title = Authenticator-App
totp-renew = Neue Wiederherstellungscodes erstellen
totp-off = Deaktivieren
totp-scan = Scanne diesen QR-Code mit deiner Authenticator-App oder gib den Schlüssel von Hand ein.
totp-qr = QR-Code
totp-code = 6-stelliger Code aus der App
totp-on = Aktivieren
totp-new-codes = Du erhältst neue Wiederherstellungscodes. Die alten werden ungültig.
totp-set-up = Authenticator-App einrichten
recovery-text = Jeder Code funktioniert einmal, wenn du dein Handy nicht dabeihast. Speichere sie in einem Passwortmanager oder drucke sie aus: Du siehst sie nur dieses eine Mal.
totp-text = Bei jeder Anmeldung wird ein Code aus einer App auf deinem Handy verlangt. Ein gestohlenes Passwort allein reicht dann nicht.
recovery-left = { $n ->
    [one] Noch 1 von 10 Wiederherstellungscodes übrig.
   *[other] Noch { $n } von 10 Wiederherstellungscodes übrig.
}
totp-key = Schlüssel: { $key }

## Sessions

sessions-title = Sitzungen
sessions-text = Hier bist du angemeldet. Melde alles ab, was du nicht erkennst, und ändere dann dein Passwort.
sessions-end-others = Alle anderen Sitzungen abmelden
sessions-ended = Frühere Sitzungen
sessions-end = Abmelden
sessions-this = Dieses Gerät
session-by-password = Passwort
session-by-setup = Einrichtungslink
session-by-web = Hier angeforderter Code
session-by-bot = Code von einem Bot
session-signed-out = abgemeldet
session-destroyed = von dir abgemeldet
session-expired = abgelaufen
session-restricted = Konto eingeschränkt
session-disowned = als „Das war ich nicht“ gemeldet
session-unlinked = Konto getrennt
session-changed = Passwort oder Zwei-Faktor-Authentifizierung geändert
session-guessed = zu viele Fehlversuche
sessions-end-which = (Sitzung von { $device })
sessions-last-used = zuletzt verwendet { $time }
session-administered = vom Team beendet
session-raised = beendet, als sich deine Rolle änderte

## Your data

delete-title = Dein Konto löschen
delete-heading = Dein Konto löschen?
delete-log = Deine Aktivität bleibt eine Zeit lang im Audit-Log, mit einer Nummer statt deines Namens.
delete-button = Mein Konto löschen
delete-keep = Konto behalten
data-title = Deine Daten
data-text = Lade eine Kopie aller Daten herunter, die über dich gespeichert sind, oder lösche dein Konto.
data-text-password = Lade eine Kopie aller Daten herunter, die über dich gespeichert sind, oder lösche dein Konto. Dafür brauchst du dein Passwort.
data-download = Meine Daten herunterladen
data-unlock = Meine Daten herunterladen
data-delete = Konto löschen
delete-text = Damit löschst du { $name } dauerhaft: deine Namen, dein Profil, deine verbundenen Konten und deine Sitzungen, sofort. Dein Benutzername wird für andere verfügbar. Das lässt sich nicht rückgängig machen.

## Admin

admin-title = Verwaltung
admin-people = Mitglieder
admin-bots = Bots
admin-audit = Audit-Log
admin-not-for-you = Kein Zugriff
admin-not-for-you-heading = Du hast keinen Zugriff auf diese Seite
admin-not-for-you-text = Sie erfordert eine höhere Rolle oder eine Anmeldung mit Zwei-Faktor-Authentifizierung. Frag einen Owner.

## Admin: members

people-any-state = Jeder Status
people-active = Aktiv
people-in-timeout = Im Timeout
people-banned = Gebannt
people-any-level = Jede Rolle
people-users = Mitglieder
people-moderators = Moderatoren
people-admins = Admins
people-owners = Owner
people-search = Suchen
people-hint = Anfang eines Namens, Plattformnamens oder einer ID oder eine vollständige E-Mail-Adresse.
people-hint-moderator = Anfang eines Namens, Plattformnamens oder einer ID. Du siehst nur Mitglieder unter deiner Rolle.
people-none = Noch keine Mitglieder
people-none-text = Mitglieder erscheinen hier nach ihrer ersten Anmeldung.
people-none-like-that = Keine Treffer
people-none-like-that-text = Versuche es mit weniger Buchstaben oder weniger Filtern.
people-empty-page = Nichts auf dieser Seite
people-empty-page-text = So weit reicht die Liste nicht.
people-show-all = Filter zurücksetzen
people-person = Mitglied
people-back = Zurück
people-page = Seite { $n }
people-next = Weiter
people-timeout-until = Timeout bis { $time }
people-banned-until = Gebannt bis { $time }

## Admin: a member

person-all = Alle Mitglieder
person-mail = E-Mail
person-mail-confirmed = { $address } (bestätigt)
person-mail-unconfirmed = { $address } (nicht bestätigt)
person-level-since = Rolle seit
person-factor-since = 2FA seit
person-log = Im Audit-Log ansehen
person-reason = Grund
person-no-reason = (kein Grund angegeben)
person-restricted-by = von { $by }
person-command-line = der Befehlszeile
person-acts = Aktionen
act-on = { $act }: { $name }
act-restore = Zugriff wiederherstellen
act-restore-short = Die Anmeldung ist wieder möglich.
act-restore-title = Zugriff für { $name } wiederherstellen
act-restore-text = Die Anmeldung ist wieder möglich. Beendete Sitzungen bleiben beendet.
act-timeout = Timeout geben
act-timeout-short = Anmeldung eine Zeit lang sperren.
act-timeout-title = { $name } einen Timeout geben
act-timeout-text = Das Mitglied wird sofort überall abgemeldet und kann sich bis zum Ende des Timeouts nicht anmelden. Der Grund wird ihm nicht angezeigt.
act-ban = Bannen
act-ban-short = Anmeldung dauerhaft oder bis zu einem Zeitpunkt sperren.
act-ban-title = { $name } bannen
act-ban-text = Das Mitglied wird sofort überall abgemeldet und kann sich nicht mehr anmelden. Der Grund wird ihm nicht angezeigt.
act-level = Rolle ändern
act-level-short = Was das Mitglied tun darf.
act-level-title = Rolle von { $name } ändern
act-level-text = Gilt sofort. Eine höhere Rolle beendet Sitzungen, die mit dem Code eines Bots begonnen haben.
act-sessions = Überall abmelden
act-sessions-short = Eine neue Anmeldung ist sofort möglich.
act-sessions-title = { $name } überall abmelden
act-sessions-text = Alle Sitzungen enden sofort. Eine neue Anmeldung ist möglich.
act-factors = 2FA zurücksetzen
act-factors-short = Für Mitglieder, die App und Wiederherstellungscodes verloren haben.
act-factors-title = Zwei-Faktor-Authentifizierung von { $name } zurücksetzen
act-factors-text = Stelle sicher, dass die Anfrage wirklich von diesem Mitglied kommt: Danach reicht das Passwort allein. Die Wiederherstellungscodes werden ungültig, das Mitglied wird überall abgemeldet und per E-Mail informiert.
person-bots = Bots dieses Mitglieds
person-bots-text = Bots funktionieren nicht, solange ihr Besitzer gebannt oder im Timeout ist, und erreichen niemanden über dessen Rolle.
person-bot-active = { $platform }, aktiv
person-bot-off = { $platform }, deaktiviert
person-bots-link = Bots verwalten
person-session = { $address }, seit { $begun }, zuletzt verwendet { $used }
person-no-sessions = Keine Sitzungen, die du sehen kannst.
person-reason-field = Grund
person-reason-hint = Nur das Team sieht das. Bis zu 500 Zeichen.
person-length-field = Dauer

## Admin: bots

bots-none = Noch keine Bots
bots-none-text = Ein Bot stellt auf seiner Plattform Anmeldecodes zu. Registriere unten einen und gib ihm dann den angezeigten Schlüssel.
bots-count = { $n ->
    [1] 1 Bot
   *[other] { $n } Bots
}
bots-all = Alle Bots
bots-earlier = Zurück
bots-later = Weiter
bots-off = Deaktiviert
bots-of = { $platform } · gehört { $owner }
bots-last-call = zuletzt aktiv { $time }
bots-never-called = nie aktiv
bots-register-title = Bot registrieren
bots-register-text = Du siehst seinen Schlüssel einmal, auf der nächsten Seite. Ein Bot erreicht niemanden über der Rolle seines Besitzers.
bots-register = Registrieren

## Admin: a bot

bot-type-official = Offiziell
bot-type-verified = Verifiziert
bot-type-community = Community
bot-name-field = Name
bot-platform-field = Plattform
bot-owner-field = Besitzer
bot-owner-hint = Benutzername oder Konto-ID.
bot-rate-field = Anfragen pro Stunde
bot-rate-hint = 1 bis 100.000.
bot-title = Bot
bot-gone = Bot nicht gefunden
bot-gone-text = Vielleicht wurde er gelöscht.
bot-new-key = API-Schlüssel
bot-new-key-text = Kopiere ihn jetzt: Du siehst ihn nicht noch einmal. Halte ihn geheim. Wer ihn hat, kann die Anmeldecodes anderer lesen.
bot-new-key-try = Zum Testen:
bot-facts = Details
bot-id = Bot-ID
bot-since = Registriert
bot-says = Vom Bot gemeldet
bot-says-nothing = Noch nichts
bot-groups = { $n ->
    [one] 1 Gruppe
   *[other] { $n } Gruppen
}
bot-people = { $n ->
    [one] 1 Person
   *[other] { $n } Personen
}
bot-latency = antwortet in { $n } ms
bot-keys = Schlüssel
bot-keys-text = Bis zu zwei Schlüssel funktionieren gleichzeitig. Wenn einer in fremde Hände gerät, widerrufe ihn sofort.
bot-key-in-use = Aktueller Schlüssel
bot-key-now = Sofort widerrufen
bot-key-10-minutes = 10 Minuten behalten
bot-key-hour = 1 Stunde behalten
bot-key-day = 1 Tag behalten
bot-key-make = Neuen Schlüssel erstellen
bot-key-used = zuletzt verwendet { $time } von { $address }
bot-key-never-used = nie verwendet
bot-key-made = erstellt { $time }
bot-key-ends = läuft ab { $time }
bot-change = Einstellungen
bot-kind = Typ
bot-invite-field = Link zum Bot
bot-invite-hint = Optionaler https://-Link, wird auf der Anmeldeseite angezeigt.
bot-switch-on = Aktivieren
bot-switch-on-text = Seine Schlüssel bleiben erhalten, funktionieren aber nicht, solange er deaktiviert ist.
bot-switch-off = Deaktivieren
bot-switch-off-text = Seine Schlüssel funktionieren sofort auf keinem Server mehr, bis jemand ihn wieder aktiviert.
bot-delete-title = Diesen Bot löschen
bot-delete-text = Das lässt sich nicht rückgängig machen: Seine Schlüssel werden ungültig und sein Name wird wieder verfügbar. Gib zur Bestätigung { $name } ein.
bot-delete-name = Name des Bots
bot-delete = Löschen

## Admin: audit log

audit-moderator = Du siehst Verwarnungen und Timeouts.
audit-type = Ereignis
audit-everything = Alle Ereignisse
audit-actor = Ausgeführt von
audit-target = Betroffenes Mitglied
audit-show = Filtern
audit-show-all = Filter zurücksetzen
audit-person-example = Benutzername oder ID
audit-none = Keine Ereignisse
audit-none-fits = Keine Treffer. Versuche es mit weniger Filtern.
audit-none-yet = Noch keine Ereignisse, die du sehen kannst.
audit-events = Ereignisse
audit-newest = Neueste
audit-older = Ältere
audit-gone = gelöschtes Konto ({ $id })
event-banned = Gebannt
event-account-created = Konto erstellt
event-account-deleted = Konto gelöscht
event-restored = Zugriff wiederhergestellt
event-timed-out = Timeout gegeben
event-bot-on = Bot aktiviert
event-bot-changed-itself = Bot hat sich selbst geändert
event-bot-off = Bot deaktiviert
event-bot-deleted = Bot gelöscht
event-bot-key = Bot-Schlüssel erstellt
event-bot-registered = Bot registriert
event-bot-changed = Bot geändert
event-code-made = Code für einen Bot erstellt
event-code-disowned = „Das war ich nicht“ gemeldet
event-code-fetched = Codes von einem Bot abgerufen
event-code-asked = Code angefordert
event-data-downloaded = Daten heruntergeladen
event-email-confirmed = E-Mail-Adresse bestätigt
event-email-taken = E-Mail-Adresse schon verwendet
event-email-asked = Neue E-Mail-Adresse eingegeben
event-factor-on = Zwei-Faktor-Authentifizierung aktiviert
event-factor-code-sent = Code per E-Mail gesendet
event-factor-locked = Zwei-Faktor-Authentifizierung gesperrt
event-factor-off = Zwei-Faktor-Authentifizierung deaktiviert
event-factors-reset = Zwei-Faktor-Authentifizierung zurückgesetzt
event-level-changed = Rolle geändert
event-confirm-failed = Identitätsprüfung fehlgeschlagen
event-confirmed = Identität bestätigt
event-login-failed = Anmeldung fehlgeschlagen
event-login = Angemeldet
event-logout = Abgemeldet
event-owner-made = Owner erstellt
event-password-locked = Passwort gesperrt
event-password-recovered = Passwort per Link zurückgesetzt
event-recovery-failed = Zurücksetzen des Passworts abgelehnt
event-recovery-asked = Zurücksetzen des Passworts angefordert
event-password-set = Passwort festgelegt
event-link-failed = Verbinden eines Kontos fehlgeschlagen
event-linked = Konto verbunden
event-unlinked = Konto getrennt
event-profile-changed = Profil geändert
event-recovery-code-used = Wiederherstellungscode verwendet
event-recovery-codes-renewed = Neue Wiederherstellungscodes
event-sessions-ended = Sitzungen beendet
event-set-up-link = Einrichtungslink erstellt
detail-method = Methode
detail-by-code = Code
detail-until = Bis
detail-level-before = Alte Rolle
detail-level-after = Neue Rolle
detail-purpose = Zweck
detail-purpose-link = Konto verbinden
detail-changed = Geändert
detail-key = Alter Schlüssel
detail-key-ended = sofort widerrufen
detail-key-works = noch { $length } behalten
detail-unknown-name = Unbekannter Benutzername
detail-wrong-password = Falsches Passwort
detail-wrong-factor = Falscher Zwei-Faktor-Code
detail-restricted = Gebannt oder im Timeout
detail-bio = Über mich

## Messages above a form

message-wait = { $sentence } Versuche es in { $wait } noch einmal.
message-wait-unknown = { $sentence } Versuche es später noch einmal.
message-credentials = Falscher Benutzername oder falsches Passwort.
message-passwords = Zu viele Fehlversuche. Melde dich stattdessen mit einem Code an oder setze dein Passwort zurück.
message-own-passwords = Zu viele Fehlversuche.
message-restricted = Mit diesem Konto ist zurzeit keine Anmeldung möglich. Wende dich an das Team.
message-busy = Gerade melden sich sehr viele Leute an. Versuche es in ein paar Sekunden noch einmal.
message-unavailable = Das geht gerade nicht. Versuche es in einer Minute noch einmal.
message-internal = Etwas ist schiefgegangen. Versuche es gleich noch einmal.
message-cookies = Dein Browser hat das Anmelde-Cookie blockiert. Erlaube Cookies für diese Website. Safari blockiert sie auf http://localhost: Verwende dort einen anderen Browser.
message-session-lost = Deine Sitzung ist beendet. Melde dich an, um dort weiterzumachen, wo du warst.
message-signed-out = Du bist abgemeldet.
message-still-signed-in = Wir konnten dich nicht abmelden. Du bist noch angemeldet: Versuche es gleich noch einmal.
message-code = Dieser Code hat nicht funktioniert. Vielleicht hast du dich vertippt, oder er wurde schon verwendet oder ist älter als 10 Minuten. Hier angeforderte Codes funktionieren nur im selben Browser und Netzwerk.
message-web = Du hast dich mehrmals hintereinander mit Codes vom Bot angemeldet. Fordere diesmal hier einen Code an: Geh zurück und wähle deine Plattform.
message-guesses = Aus deinem Netzwerk kamen zu viele falsche Codes.
message-pending = Dein Netzwerk hat schon fünf unbenutzte Codes. Verwende einen davon.
message-nothing = Gib deine Nutzer-ID oder deinen Benutzernamen ein.
message-ran-out = Dein Code ist abgelaufen. Fordere einen neuen an.
message-password = Falsches Passwort. Versuche es noch einmal.
message-no-password = Du hast noch kein Passwort. Lege eines fest, um fortzufahren.
message-id = Das sieht nicht wie eine Nutzer-ID aus. Es ist die lange Zahl in dem Link, den dir der Bot schickt.
message-taken = Dieses Konto ist hier schon verbunden, vielleicht mit einem anderen Konto von dir. Trenne es zuerst dort.
message-linked = Verbunden. Du kannst dich jetzt damit anmelden.
message-unlinked = Getrennt. Du kannst dich nicht mehr damit anmelden.
message-not-linked = Dieses Konto ist nicht verbunden.
message-last = Das ist deine einzige Anmeldemöglichkeit. Lege zuerst ein Passwort fest oder verbinde ein anderes Konto.
message-step = Das hat zu lange gedauert. Beginne von vorn.
message-factor = Dieser Code hat nicht funktioniert. Codes funktionieren einmal und 30 Sekunden lang: Warte auf den nächsten.
message-tries = Zu viele falsche Codes. Ein Wiederherstellungscode funktioniert sofort.
message-factor-on = Authenticator-App aktiviert. Du wurdest überall sonst abgemeldet.
message-factor-off = Authenticator-App deaktiviert. Du wurdest überall sonst abgemeldet.
message-codes-new = Deine alten Wiederherstellungscodes sind ungültig. Du wurdest überall sonst abgemeldet.
message-password-set = Passwort gespeichert. Du wurdest überall sonst abgemeldet.
message-profile = Gespeichert.
message-profile-refused = Einige Änderungen wurden nicht gespeichert, siehe unten. Der Rest ist gespeichert.
message-deleted = Dein Konto und alles, was über dich gespeichert war, wurde gelöscht.
message-last-owner = Du bist der einzige Owner. Mach zuerst jemand anderen zum Owner.
message-owns-bots = Dir gehören Bots. Lösche sie zuerst oder gib sie jemand anderem.
message-session-ended = Sitzung abgemeldet.
message-others-ended = Du wurdest überall sonst abgemeldet.
message-no-session = Diese Sitzung ist schon beendet.
message-own-session = Das ist die Sitzung, die du gerade verwendest. Um sie zu beenden, melde dich ab.
message-factor-is-on = Das ist schon aktiviert. Deaktiviere es zuerst.
message-recovery-sent = Wenn es dieses Konto mit bestätigter E-Mail-Adresse gibt, haben wir einen Link gesendet. Er funktioniert einmal und 30 Minuten lang.
message-recoveries = Aus deinem Netzwerk wurden zu viele Links angefordert.
message-factor-needed = Gib einen Zwei-Faktor-Code oder einen Wiederherstellungscode ein.
message-recovered = Passwort geändert. Melde dich mit dem neuen an.
message-password-short = Dein Passwort ist zu kurz, um ohne Zwei-Faktor-Authentifizierung auszukommen. Lege zuerst ein längeres fest und deaktiviere dann die App.
message-no-factor = Die Einrichtung hat zu lange gedauert, oder es ist nichts aktiviert. Beginne von vorn.
message-registered = Willkommen! Prüfe deine E-Mails und öffne den Link, um deine Adresse zu bestätigen.
message-mailed = Dieser Code hat nicht funktioniert. Codes funktionieren einmal und 10 Minuten lang, und nur der neueste gilt.
message-sent = Code gesendet. Nach einer Minute nichts da? Sieh im Spam-Ordner nach.
message-sent-often = Wir haben schon mehrere Codes gesendet. Verwende den neuesten.
message-mail-on = E-Mail-Codes aktiviert. Du wurdest überall sonst abgemeldet.
message-mail-off = E-Mail-Codes deaktiviert. Du wurdest überall sonst abgemeldet.
message-mail-none = Diese Website sendet keine Codes mehr per E-Mail. Verwende einen Wiederherstellungscode.
message-no-email = Bestätige zuerst deine E-Mail-Adresse.
message-email-asked = Prüfe dieses Postfach und öffne den Link, um die Adresse zu bestätigen. Er funktioniert einen Tag lang.
message-email-on = E-Mail-Adresse bestätigt. Wir verwenden ab jetzt diese Adresse.
message-email-taken = Diese E-Mail-Adresse gehört hier zu einem anderen Konto. Melde dich dort an oder verwende eine andere.
message-email-dead = Dieser Link ist abgelaufen oder wurde schon verwendet. Fordere auf deiner Sicherheitsseite einen neuen an.
message-email-yours = Das ist schon deine bestätigte E-Mail-Adresse.
message-letters = Wir haben dir schon mehrmals geschrieben. Sieh im Spam-Ordner nach.
message-bot-registered = Bot registriert. Gib ihm jetzt seinen Schlüssel.
message-bot-updated = Gespeichert.
message-bot-key = Neuer Schlüssel erstellt. Gib ihn dem Bot.
message-bot-off = Bot deaktiviert. Seine Schlüssel funktionieren nicht mehr.
message-bot-on = Bot aktiviert. Seine Schlüssel funktionieren wieder.
message-bot-deleted = Bot gelöscht. Seine Schlüssel funktionieren nicht mehr.
message-bot-gone = Bot nicht gefunden. Vielleicht wurde er gelöscht.
message-bot-denied = Du kannst nur deine eigenen Bots und die von Mitgliedern unter deiner Rolle verwalten und sie nur diesen geben.
message-bot-name = Der Name muss 2 bis 32 sichtbare Zeichen lang sein.
message-bot-name-taken = Ein Bot mit diesem Namen existiert schon. Versuche einen anderen.
message-bot-owner = Kein Konto hat diesen Benutzernamen oder diese ID.
message-bot-rate = Die Anfragen pro Stunde müssen zwischen 1 und 100.000 liegen.
message-bot-platform = Diese Plattform ist hier nicht eingerichtet.
message-bot-invite = Der Link muss mit https:// beginnen und höchstens 512 Zeichen lang sein. Das Feld darf auch leer bleiben.
message-bot-confirm = Das ist nicht der Name des Bots. Es wurde nichts gelöscht.
message-disowned = Erledigt. Dieser Code funktioniert nicht mehr, und wer ihn verwendet hat, wurde abgemeldet.
message-banned = Gebannt und überall abgemeldet.
message-timed-out = Timeout gegeben und überall abgemeldet.
message-restored = Zugriff wiederhergestellt.
message-level = Rolle geändert. Sie gilt sofort.
message-logged-out = Überall abgemeldet.
message-factors-reset = Zwei-Faktor-Authentifizierung zurückgesetzt und überall abgemeldet.
message-not-below = Das geht nur bei Mitgliedern unter deiner Rolle und nicht bei dir selbst.
message-admin = Deine Rolle oder die Art deiner Anmeldung erlaubt das nicht.
message-assign = Diese Rolle kannst du nicht vergeben. Owner werden auf der Befehlszeile erstellt.
message-last-owner-there = Das ist der letzte Owner, der sich anmelden kann. Erstelle zuerst einen anderen.
message-is-banned = Dieses Mitglied ist gebannt. Stelle zuerst den Zugriff wieder her.
message-reason = Gib einen Grund ein, bis zu 500 Zeichen.
message-no-factor-there = Dieses Mitglied hat die Zwei-Faktor-Authentifizierung nicht aktiviert.
message-nobody = Kein Konto hat diese ID.
message-dead = Dieser Link funktioniert nicht. Vielleicht ist er unvollständig, oder sein Code ist längst abgelaufen.
