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
pages = Seiten

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
username-hint = 3–32 Buchstaben, Ziffern, Punkte, Binde- oder Unterstriche.
display-field = Anzeigename
email-field = E-Mail-Adresse
password-new-hint = Mindestens { $n } Zeichen. Am besten sind vier oder fünf Wörter, die nicht zusammengehören.
username-short = Der Benutzername braucht mindestens 3 Zeichen.
username-long = Der Benutzername darf höchstens 32 Zeichen haben.
username-characters = Nimm nur Buchstaben von a bis z, Ziffern, Punkte, Binde- und Unterstriche.
username-reserved = Dieser Benutzername ist reserviert. Wähle einen anderen.
display-short = Der Anzeigename braucht mindestens 3 Zeichen.
display-long = Der Anzeigename darf höchstens 32 Zeichen haben.
display-characters = Der Anzeigename enthält ein Zeichen, das in keinem Namen gezeigt werden kann.
display-space = Der Anzeigename darf nicht mit einem Leerzeichen beginnen oder enden und keine zwei nacheinander haben.
display-marks = Der Anzeigename braucht Buchstaben, mit höchstens 4 Akzenten auf jedem.
email-long = Die E-Mail-Adresse darf höchstens 320 Zeichen haben.
email-malformed = Das ist keine E-Mail-Adresse. Sie sieht aus wie name@example.org.
password-short = Das Passwort braucht mindestens { $n } Zeichen.
password-long = Das Passwort darf höchstens { $n } Zeichen haben.
password-name = Das Passwort darf nicht der Benutzername sein.
password-common = Dieses Passwort ist zu leicht zu erraten: Es besteht aus verbreiteten Passwörtern, Tastenreihen oder Wiederholungen. Versuche es mit vier Wörtern, die nichts miteinander zu tun haben.
password-personal = Dieses Passwort ist zu leicht zu erraten: Es besteht aus deinen eigenen Namen oder denen dieser Seite. Versuche es mit vier Wörtern, die nichts mit dir zu tun haben.
username-taken = Diesen Benutzernamen gibt es schon. Wähle einen anderen.
display-reserved = Dieser Name ist reserviert. Wähle einen anderen.
name-alike = Das sieht aus wie der Name von jemand anderem hier. Wähle einen, der sich nicht verwechseln lässt.
field-optional = (freiwillig)
copy = Kopieren
copied = Kopiert

## Times and names

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
level = Stufe
state = Zustand
last-seen = Zuletzt gesehen
length-10-minutes = 10 Minuten
length-hour = 1 Stunde
length-6-hours = 6 Stunden
length-day = 1 Tag
length-week = 1 Woche
length-30-days = 30 Tage
length-90-days = 90 Tage
length-year = 1 Jahr
length-good = Für immer
device = { $browser } auf { $system }
device-unknown = Ein unbekannter Browser

## Pages for what went wrong

not-found-title = Seite nicht gefunden
not-found-heading = Hier ist keine Seite
not-found-text = Vielleicht ist die Adresse vertippt, oder die Seite ist umgezogen.
error-foreign-heading = Das kam von woanders
error-foreign-text = Dieses Formular wurde nicht von unserer eigenen Seite abgeschickt, also ist nichts geschehen. Öffne die Seite neu und versuche es noch einmal.
error-large-heading = Das ist zu viel
error-large-text = Was ankam, ist größer als jedes unserer Formulare. Geh zurück und kürze es.
error-cookies-heading = Dein Browser hat zu viel geschickt
error-cookies-text = Es waren zu viele Cookies von dieser Seite und ihren Nachbarn. Sie sind jetzt gelöscht: Öffne die Seite noch einmal.
error-often-heading = Etwas langsamer, bitte
error-often-text = Aus deinem Netz kam in kurzer Zeit zu viel. Warte einen Moment und versuche es dann wieder.
error-often-wait = Aus deinem Netz kam in kurzer Zeit zu viel. Versuche es in { $wait } wieder.
error-away-heading = Gerade geht es nicht
error-away-text = Etwas, das wir brauchen, ist im Moment nicht erreichbar. Nichts ging verloren: Versuche es in einer Minute wieder.
error-ours-heading = Bei uns ging etwas schief
error-ours-text = Es liegt nicht an dir. Versuche es gleich noch einmal.
error-ours-reference = Wenn es wieder vorkommt, nenne denen, die diese Seite betreiben, diese Nummer: { $reference }
error-unreadable-heading = Das war nicht zu lesen
error-unreadable-text = Was ankam, passt nicht zu dieser Seite. Öffne die Seite neu und versuche es noch einmal.

## Log in

login-username = Benutzername
login-forgot = Passwort vergessen?
login-or = oder
login-have-code = Ich habe schon einen Code
login-start-again = Von vorn beginnen
login-new-here = Neu hier? { $link }

## The second step of a login

step-title = Zweiter Schritt
step-app = Gib den Code ein, den deine Authenticator-App gerade zeigt.
step-app-field = Code aus der App
step-app-switch = Die Authenticator-App verwenden
step-email-switch = Code per E-Mail bekommen
step-email-field = Code aus der E-Mail
step-email = Wir können einen Code an die E-Mail-Adresse deines Kontos schicken.
step-email-send = Code schicken
step-email-send-again = Noch einen Code schicken
step-recovery = Gib einen der Codes ein, die du beim Einrichten des zweiten Schritts aufgehoben hast.
step-recovery-field = Wiederherstellungscode
step-recovery-switch = Wiederherstellungscode verwenden
step-no-codes = Du hast keine Wiederherstellungscodes mehr. Bekommst du keinen Code, dann frag die Betreiber dieser Seite.
factor-app-or-recovery = Code aus der App oder ein Wiederherstellungscode
factor-any = Code aus der App oder der E-Mail, oder ein Wiederherstellungscode
factor-email-or-recovery = Code aus der E-Mail oder ein Wiederherstellungscode
sent-to = Wir haben einen Code an { $address } geschickt.
step-email-sent = Gib den Code ein, den wir an { $address } geschickt haben.
factor-since = Eingeschaltet seit { $since }.

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
delivery-waiting = { $bot } ist gerade nicht da. Bleib auf dieser Seite: Der Code kommt, sobald der Bot wieder da ist.
delivery-look-again = Nachsehen, wie es jetzt steht
request-some-bot = Der Bot dieser Community
request-again = Keine Nachricht? Neu anfordern
request-network-changed = Dein Netz hat sich seit deiner Anfrage geändert, und der Code gilt nur im vorigen. Fordere von hier aus einen neuen an.
request-advice = Immer noch nichts? Prüfe, ob die ID deine ist und ob Mitglieder der Community dir nach deinen Einstellungen schreiben dürfen.

## That was not me

not-me-title = Das war ich nicht
not-me-heading = Ein Code, den du nicht wolltest?
not-me-text = Jemand hat einen Code angefordert, um sich als du anzumelden, und du warst es nicht? Dann mach den Code hier ungültig. Wer sich damit angemeldet hat, wird auch abgemeldet.
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

## Make an account

register-title = Konto anlegen
register-have-account = Ich habe ein Konto
register-many = Aus deinem Netz wurden mehrere Konten beantragt.
register-unavailable = Gerade können wir kein Konto anlegen. Versuche es in einer Minute wieder.
register-email-hint = Dorthin schicken wir einen Link, damit du wieder hineinkommst, wenn du dein Passwort vergisst.
register-display-hint = Was andere sehen. Bleibt es leer, ist es dein Benutzername.
register-button = Mein Konto anlegen
register-off = Auf dieser Seite lassen sich zurzeit keine Konten anlegen. Brauchst du eines, dann frag die Betreiber.

## Forgot your password

recover-sent-title = Schau in dein Postfach
recover-text = Wir schicken einen Link an die E-Mail-Adresse deines Kontos. Damit wählst du ein neues Passwort.
recover-field = Benutzername oder E-Mail-Adresse
recover-button = Link schicken
recover-again = Noch einen schicken
recover-back = Zurück zur Anmeldung
recover-no-mail = Keine E-Mail?
recover-no-address = Keine E-Mail-Adresse hinterlegt?
recover-phone = Nur dein Telefon ist weg? Melde dich mit deinem Passwort und einem deiner Wiederherstellungscodes an.
recover-team = Hilft nichts davon, dann frag das Team dieser Seite.
recover-new-title = Neues Passwort
recover-new-button = Neues Passwort festlegen
recover-new-stuck = Kein Telefon und kein Wiederherstellungscode? Dann frag das Team dieser Seite: Ein Link allein ersetzt nicht deinen zweiten Schritt.
recover-dead = Dieser Link gilt nicht mehr. Jeder gilt einmal, 30 Minuten lang.
recover-get-another = Einen neuen holen
recover-slow = Es kann ein paar Minuten dauern; schau auch im Spam nach. Eine E-Mail kommt nur an eine bestätigte Adresse, und höchstens ein paar Mal am Tag.
recover-linked = Ist dein Konto mit einer Plattform verknüpft? { $link }.
recover-by-code = Melde dich mit einem Code des Bots an
recover-account = Für das Konto { $username }. Alle seine Sitzungen enden, und du meldest dich mit dem neuen Passwort an.

## Your e-mail address

email-title = Deine E-Mail-Adresse
email-to-account = Zu deinem Konto
email-confirm = Diese Adresse bestätigen
email-not-yours = Nicht dein Konto? Dann schließ diese Seite, und nichts geschieht.
email-new = Neue E-Mail-Adresse
email-change = Adresse ändern
email-send-link = Link schicken
email-send-again = E-Mail noch einmal schicken
email-codes-title = Codes per E-Mail
email-codes-on = Codes per E-Mail einschalten
email-codes-off = Codes per E-Mail ausschalten
email-confirm-text = E-Mails für das Konto { $username } gehen dann an { $address }.
email-goes-to = E-Mails zu deinem Konto gehen an { $address }.
email-unconfirmed = { $address } ist nicht bestätigt, also geht dorthin keine E-Mail zu deinem Konto.
email-why = Mit einer bestätigten Adresse kommst du wieder hinein, wenn du dein Passwort vergisst, und erfährst es, wenn jemand deine Anmeldung ändert.
email-waiting = Wir haben an { $address } geschrieben. Öffne den Link in der E-Mail, um die Adresse zu bestätigen; er gilt bis { $time }.
email-codes-text = Ein zweiter Schritt ohne App: Wir schicken bei jeder Anmeldung einen Code an deine Adresse. Eine Authenticator-App ist sicherer.

## Set up

setup-title = Einrichten
setup-heading = Willkommen
setup-failed = Bei uns ging etwas schief. Versuche es gleich noch einmal.
setup-name-taken = Diesen Benutzernamen gibt es schon. Wähle einen anderen, oder bitte um einen neuen Link.
setup-choose = Wähle ein Passwort für dein Konto. Damit bist du Owner dieses Portals.
setup-make = Lege das erste Konto an. Damit bist du Owner dieses Portals.
setup-button = Konto anlegen
setup-dead-heading = Dieser Link funktioniert nicht
setup-dead = Ein Link zum Einrichten gilt einmal, höchstens einen Tag lang, und nur, bis es einen Owner gibt oder der Server neu startet.
setup-dead-new = Für einen neuen führe dies dort aus, wo das Portal installiert ist, mit deinem Namen:
setup-away = Das Portal kann gerade nicht eingerichtet werden. Dein Link gilt weiter: Versuche es in einer Minute wieder.
setup-again = Noch einmal

## Your account

account-title = Dein Konto
account-profile = Profil
account-id = Konto-ID
account-since = Dabei seit
account-session = Diese Sitzung
account-session-since = Angemeldet seit
account-session-address = Adresse
account-session-browser = Browser
account-security = Sicherheit
account-security-on = Ein zweiter Schritt schützt jede Anmeldung.
account-security-off = Ein zweiter Schritt bei der Anmeldung hält andere fern, selbst mit deinem Passwort.
account-security-link-all = Passwort, zweiter Schritt und Sitzungen

## Profile

profile-edit = Profil bearbeiten
profile-username-hint = Damit meldest du dich an. 3–32 Buchstaben, Ziffern, Punkte, Binde- oder Unterstriche.
profile-display-hint = Was andere sehen. Bleibt es leer, erscheinst du unter deinem Benutzernamen.
profile-bio = Über dich
profile-bio-hint = Höchstens 500 Zeichen.
profile-links = Links
profile-links-hint = Eine Adresse je Zeile, höchstens fünf, jede mit https://.
profile-save = Speichern
profile-picture = Bild
profile-picture-first = Von der ersten Plattform, die eines hat
bio-long = Das ist zu lang: höchstens 500 Zeichen in 20 Zeilen.
bio-characters = Der Text enthält ein Zeichen, das sich nicht zeigen lässt.
links-many = Höchstens fünf Links.
links-form = Jeder Link muss eine ganze Adresse sein, die mit https:// beginnt.

## Platforms

platforms-title = Plattformen
platforms-text = Wo Bots dich kennen: Mit jeder verknüpften Plattform kannst du dich anmelden.
platforms-unlink = Trennen
platforms-unlink-name = { $platform } trennen
platforms-id = Deine ID dort
platforms-id-hint = Die Nummer, die dir der Bot nennt.
platforms-not-now = Jetzt nicht
platforms-link = Verknüpfen
platforms-wrong-id = Die ID stimmt nicht
platforms-link-name = { $platform } verknüpfen
platforms-code-text = Der Bot schickt einen Code an dein { $platform }-Konto { $id }. Kommt nichts, dann schreib ihm { $command }.

## Security

password-text = Wenn du es änderst, enden alle deine anderen Sitzungen.
password-change = Passwort ändern
password-none = Du hast dich mit einem Code angemeldet. Mit einem Passwort kannst du dich ohne Bot anmelden und andere Plattformen verknüpfen.
password-set = Passwort festlegen
password-current = Bisheriges Passwort
security-send-title = Ein Code für Änderungen
security-send = Was du unten änderst, braucht einen Code. Jeder Code gilt für eine Änderung.
recovery-title = Deine Wiederherstellungscodes
totp-title = Authenticator-App
totp-renew = Neue Wiederherstellungscodes
totp-off = Ausschalten
totp-scan = Scanne dieses Bild mit der App. Oder tippe den Schlüssel von Hand ein.
totp-qr = QR-Code
totp-code = Code, den die App zeigt
totp-on = Einschalten
totp-new-codes = Du bekommst dabei neue Wiederherstellungscodes; die bisherigen gelten dann nicht mehr.
totp-set-up = Authenticator-App einrichten
recovery-text = Mit jedem kannst du dich einmal anmelden, wenn dein Telefon nicht zur Hand ist. Drucke sie aus oder bewahre sie im Passwortmanager auf: Sie werden nur dieses eine Mal gezeigt.
totp-text = Ein zweiter Schritt bei jeder Anmeldung: ein Code aus einer App auf deinem Telefon. Wer dein Passwort stiehlt, kommt dann trotzdem nicht hinein.
recovery-left = { $n ->
    [one] 1 von 10 Wiederherstellungscodes ist übrig.
   *[other] { $n } von 10 Wiederherstellungscodes sind übrig.
}
totp-key = Schlüssel: { $key }

## Sessions

sessions-title = Sitzungen
sessions-text = Wo du angemeldet bist. Beende, was du nicht kennst, und ändere dann dein Passwort.
sessions-end-others = Alle anderen Sitzungen beenden
sessions-ended = Beendete Sitzungen
sessions-end = Beenden
sessions-this = Diese hier
session-by-password = Mit Passwort
session-by-setup = Mit dem Link zum Einrichten
session-by-web = Mit einem hier angeforderten Code
session-by-bot = Mit einem Code von einem Bot
session-signed-out = abgemeldet
session-destroyed = von dir beendet
session-expired = abgelaufen
session-restricted = Konto eingeschränkt
session-disowned = durch „Das war ich nicht“ beendet
session-unlinked = Plattform getrennt
session-changed = durch Änderung von Passwort oder zweitem Schritt beendet
session-guessed = nach zu vielen falschen Versuchen beendet
sessions-end-which = (Sitzung von { $device })
sessions-last-used = zuletzt benutzt { $time }
session-administered = von den Betreibern beendet
session-raised = beendet, als deine Stufe stieg

## Your data

delete-title = Dein Konto löschen
delete-heading = Dein Konto löschen?
delete-log = Eine Zeit lang bleibt das Protokoll dessen, was geschah, mit einer Nummer statt deines Namens.
delete-button = Mein Konto löschen
delete-keep = Behalten
data-title = Deine Daten
data-text = Alles, was über dich gespeichert ist, in einer Datei; oder das Ende von alldem.
data-text-password = Alles, was über dich gespeichert ist, in einer Datei; oder das Ende von alldem. Beides fragt zuerst nach deinem Passwort.
data-download = Herunterladen
data-unlock = Herunterladen freigeben
data-delete = Konto löschen
delete-text = Damit löschst du { $name }: deine Namen, dein Profil, deine verknüpften Plattformen und deine Sitzungen, überall und sofort. Dein Benutzername wird dann für andere frei. Das lässt sich nicht rückgängig machen.

## Administration

admin-title = Verwaltung
admin-people = Personen
admin-bots = Bots
admin-audit = Protokoll
admin-not-for-you = Kein Zugang
admin-not-for-you-heading = Zu dieser Seite hast du keinen Zugang
admin-not-for-you-text = Dafür braucht es eine höhere Stufe als deine, oder eine Anmeldung mit zweitem Schritt. Frag einen Owner dieser Seite.

## Administration: people

people-any-state = Jeder Zustand
people-active = Aktiv
people-in-timeout = In einer Auszeit
people-banned = Gesperrt
people-any-level = Jede Stufe
people-users = Mitglieder
people-moderators = Moderatoren
people-admins = Admins
people-owners = Owner
people-search = Suchen
people-hint = Wie ein Name, ein Name auf einer Plattform, eine ID oder eine E-Mail-Adresse beginnt.
people-hint-moderator = Wie ein Name, ein Name auf einer Plattform oder eine ID beginnt. Du siehst alle unter dir.
people-none = Noch ist niemand hier
people-none-text = Personen erscheinen, wenn sie sich zum ersten Mal anmelden.
people-none-like-that = Niemand passt dazu
people-none-like-that-text = Versuche es mit einem kürzeren Anfang des Namens oder mit weniger Bedingungen.
people-empty-page = Diese Seite ist leer
people-empty-page-text = So viele Personen gibt es nicht.
people-show-all = Alle zeigen
people-person = Person
people-back = Zurück
people-page = Seite { $n }
people-next = Weiter
people-timeout-until = Auszeit bis { $time }
people-banned-until = Gesperrt bis { $time }

## Administration: a person

person-all = Alle Personen
person-mail = E-Mail
person-mail-confirmed = { $address } (bestätigt)
person-mail-unconfirmed = { $address } (nicht bestätigt)
person-level-since = Stufe seit
person-factor-since = Zweiter Schritt seit
person-log = Was das Protokoll sagt
person-reason = Ausgeschlossen wegen
person-no-reason = (kein Grund angegeben)
person-restricted-by = von { $by }
person-command-line = der Befehlszeile
person-acts = Was du tun darfst
act-on = { $act }: { $name }
act-restore = Wieder einlassen
act-restore-short = Ab dann ist die Anmeldung wieder möglich.
act-restore-title = { $name } wieder einlassen
act-restore-text = Ab dann ist die Anmeldung wieder möglich. Was beendet ist, bleibt beendet.
act-timeout = In Auszeit schicken
act-timeout-short = Eine Zeit lang ausgeschlossen.
act-timeout-title = { $name } in Auszeit schicken
act-timeout-text = Alle Sitzungen enden sofort, und bis die Zeit um ist, ist keine Anmeldung möglich. Den Grund erfährt die Person nicht.
act-ban = Sperren
act-ban-short = Für immer ausgeschlossen, oder bis zu einem Zeitpunkt.
act-ban-title = { $name } sperren
act-ban-text = Alle Sitzungen enden sofort, und keine Anmeldung ist mehr möglich. Den Grund erfährt die Person nicht.
act-level = Stufe ändern
act-level-short = Was die Person bei anderen tun darf.
act-level-title = Stufe von { $name } ändern
act-level-text = Sie gilt ab dem nächsten Klick. Eine höhere Stufe beendet die Sitzungen, die mit dem Code eines Bots begannen.
act-sessions = Überall abmelden
act-sessions-short = Eine neue Anmeldung geht sofort.
act-sessions-title = { $name } überall abmelden
act-sessions-text = Alle Sitzungen enden sofort. Eine neue Anmeldung ist möglich.
act-factors = Zweiten Schritt zurücksetzen
act-factors-short = Für jemanden, der App und Codes verloren hat.
act-factors-title = Zweiten Schritt von { $name } zurücksetzen
act-factors-text = Sei sicher, dass die Person selbst darum bittet: Ab dann genügt ihr Passwort allein. Ihre Wiederherstellungscodes gelten nicht mehr, sie wird überall abgemeldet, und eine E-Mail sagt es ihr.
person-bots = Bots dieser Person
person-bots-text = Solange ihr Besitzer ausgeschlossen ist, öffnen Bots nichts. Sie erreichen niemanden, der über dessen heutiger Stufe steht.
person-bot-active = { $platform }, aktiv
person-bot-off = { $platform }, ausgeschaltet
person-bots-link = Bots verwalten
person-session = { $address }, seit { $begun }, zuletzt benutzt { $used }
person-no-sessions = Keine, die du sehen darfst.
person-reason-field = Grund
person-reason-hint = Für alle, die hier verwalten. Bis zu 500 Zeichen.
person-length-field = Wie lange

## Administration: bots

bots-none = Noch gibt es keinen Bot
bots-none-text = Ein Bot bringt Personen Anmeldecodes auf ihrer Plattform. Trage unten einen ein, und gib ihm den Schlüssel, der dann gezeigt wird.
bots-count = { $n ->
    [1] Ein Bot bringt hier Codes.
   *[other] { $n } Bots bringen hier Codes.
}
bots-all = Alle Bots
bots-earlier = Frühere
bots-later = Spätere
bots-off = Aus
bots-of = { $platform } · von { $owner }
bots-last-call = letzter Aufruf { $time }
bots-never-called = nie aufgerufen
bots-register-title = Bot eintragen
bots-register-text = Er bekommt einen Schlüssel, der einmal auf der nächsten Seite gezeigt wird. Er erreicht niemanden über seinem Besitzer.
bots-register = Eintragen

## Administration: a bot

bot-type-official = Offiziell
bot-type-verified = Geprüft
bot-type-community = Community
bot-name-field = Name
bot-platform-field = Plattform
bot-owner-field = Besitzer
bot-owner-hint = Ein Benutzername oder die Nummer eines Kontos.
bot-rate-field = Aufrufe je Stunde
bot-rate-hint = Eine Zahl von 1 bis 100000.
bot-title = Bot
bot-gone = Diesen Bot gibt es nicht
bot-gone-text = Vielleicht wurde er gelöscht.
bot-new-key = Der Schlüssel
bot-new-key-text = Er wird nur dieses eine Mal gezeigt. Lege ihn dorthin, wo nur der Bot ihn liest: Wer ihn hat, bekommt die Anmeldecodes der Personen.
bot-new-key-try = Zum Ausprobieren:
bot-facts = Angaben
bot-id = Bot-ID
bot-since = Eingetragen
bot-says = Sagt von sich
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
bot-keys-text = Höchstens zwei gelten zugleich. Ist einer in falsche Hände geraten, beende ihn sofort.
bot-key-in-use = Der bisherige Schlüssel
bot-key-now = Sofort beenden
bot-key-10-minutes = Noch 10 Minuten
bot-key-hour = Noch eine Stunde
bot-key-day = Noch einen Tag
bot-key-make = Neuen Schlüssel erstellen
bot-key-used = zuletzt benutzt { $time } von { $address }
bot-key-never-used = nie benutzt
bot-key-made = erstellt { $time }
bot-key-ends = endet { $time }
bot-change = Ändern
bot-kind = Art
bot-invite-field = Wo man ihn findet
bot-invite-hint = Eine https-Adresse oder nichts. Die Anmeldeseite verweist darauf.
bot-switch-on = Einschalten
bot-switch-on-text = Seine Schlüssel bleiben, öffnen aber nichts, solange er aus ist.
bot-switch-off = Ausschalten
bot-switch-off-text = Seine Schlüssel gelten sofort nicht mehr, auf jedem Server, bis ihn jemand wieder einschaltet.
bot-delete-title = Diesen Bot löschen
bot-delete-text = Das lässt sich nicht rückgängig machen: Seine Schlüssel enden, und sein Name wird wieder frei. Tippe { $name }, um fortzufahren.
bot-delete-name = Name des Bots
bot-delete = Löschen

## Administration: the audit log

audit-moderator = Du siehst Verwarnungen und Auszeiten.
audit-type = Was geschah
audit-everything = Alles
audit-actor = Wer es tat
audit-target = Wen es betraf
audit-show = Zeigen
audit-show-all = Alles zeigen
audit-person-example = Benutzername oder ID
audit-none = Hier ist nichts
audit-none-fits = Nichts im Protokoll passt dazu. Versuche es mit weniger Bedingungen.
audit-none-yet = Noch ist nichts geschehen, was du lesen darfst.
audit-events = Ereignisse
audit-newest = Neueste
audit-older = Ältere
audit-gone = jemand, den es nicht mehr gibt ({ $id })
event-banned = Gesperrt
event-account-created = Konto angelegt
event-account-deleted = Konto gelöscht
event-restored = Wieder eingelassen
event-timed-out = In Auszeit geschickt
event-bot-on = Bot eingeschaltet
event-bot-changed-itself = Bot hat sich selbst geändert
event-bot-off = Bot ausgeschaltet
event-bot-deleted = Bot gelöscht
event-bot-key = Neuer Schlüssel für einen Bot
event-bot-registered = Bot eingetragen
event-bot-changed = Bot geändert
event-code-made = Code für einen Bot erstellt
event-code-disowned = „Das war ich nicht“ gemeldet
event-code-fetched = Codes von einem Bot abgeholt
event-code-asked = Code angefordert
event-data-downloaded = Eigene Daten heruntergeladen
event-email-confirmed = E-Mail-Adresse bestätigt
event-email-taken = E-Mail-Adresse schon vergeben
event-email-asked = Neue E-Mail-Adresse angegeben
event-factor-on = Zweiter Schritt eingeschaltet
event-factor-code-sent = Code per E-Mail geschickt
event-factor-locked = Zweiter Schritt gesperrt
event-factor-off = Zweiter Schritt ausgeschaltet
event-factors-reset = Zweiter Schritt zurückgesetzt
event-level-changed = Stufe geändert
event-confirm-failed = Identität nicht bestätigt
event-confirmed = Identität bestätigt
event-login-failed = Anmeldung gescheitert
event-login = Angemeldet
event-logout = Abgemeldet
event-owner-made = Owner angelegt
event-password-locked = Passwort gesperrt
event-password-recovered = Neues Passwort per Link
event-recovery-failed = Neues Passwort per Link abgelehnt
event-recovery-asked = Link für neues Passwort angefordert
event-password-set = Passwort festgelegt
event-link-failed = Plattform nicht verknüpft
event-linked = Plattform verknüpft
event-unlinked = Plattform getrennt
event-profile-changed = Profil geändert
event-recovery-code-used = Wiederherstellungscode benutzt
event-recovery-codes-renewed = Neue Wiederherstellungscodes
event-sessions-ended = Sitzungen beendet
event-set-up-link = Link zum Einrichten erstellt
detail-method = Anmeldung
detail-by-code = Mit einem Code
detail-until = Bis
detail-level-before = Stufe vorher
detail-level-after = Stufe nachher
detail-purpose = Wofür
detail-purpose-link = Eine Plattform verknüpfen
detail-changed = Geändert
detail-key = Alter Schlüssel
detail-key-ended = sofort beendet
detail-key-works = gilt noch { $length }
detail-unknown-name = Unbekannter Name
detail-wrong-password = Falsches Passwort
detail-wrong-factor = Falscher Code des zweiten Schritts
detail-restricted = Gesperrt oder in einer Auszeit
detail-bio = Beschreibung

## What a page says above its form

message-wait = { $sentence } In { $wait } kannst du es wieder versuchen.
message-wait-unknown = { $sentence } Warte eine Weile und versuche es dann wieder.
message-credentials = Name und Passwort passen nicht zusammen. Prüfe beide und versuche es noch einmal.
message-passwords = Es wurden zu viele falsche Passwörter versucht. Melde dich stattdessen mit einem Code an, oder lege ein neues Passwort fest.
message-own-passwords = Es wurden zu viele falsche Passwörter versucht.
message-restricted = Mit diesem Konto kann man sich derzeit nicht anmelden. Frag die Betreiber dieser Seite.
message-busy = Gerade melden sich sehr viele an. Versuche es in ein paar Sekunden wieder.
message-unavailable = Das geht gerade nicht. Versuche es in einer Minute wieder.
message-internal = Bei uns ging etwas schief. Versuche es gleich noch einmal.
message-cookies = Dein Browser hat das Cookie der Anmeldung nicht behalten. Erlaube Cookies für diese Seite; Safari behält auf http://localhost keine, nimm dort einen anderen Browser.
message-session-lost = Deine Sitzung ist zu Ende. Melde dich neu an, dann geht es weiter, wo du warst.
message-signed-out = Du bist abgemeldet.
message-still-signed-in = Wir konnten dich gerade nicht abmelden. Du bist noch angemeldet: Versuche es gleich noch einmal.
message-code = Dieser Code funktioniert nicht. Vielleicht ist er vertippt, schon benutzt oder älter als 10 Minuten; ein hier angeforderter Code gilt nur im selben Browser und Netz.
message-web = Du hast dich mehrmals hintereinander mit Codes des Bots angemeldet. Fordere diesmal zuerst hier einen Code an: Geh zurück und wähle deine Plattform.
message-guesses = Aus deinem Netz kamen zu viele falsche Codes.
message-pending = Für dein Netz sind fünf Codes offen. Benutze einen davon.
message-nothing = Gib zuerst deine ID oder deinen Namen ein.
message-ran-out = Dein Code ist abgelaufen. Fordere einen neuen an.
message-password = Das ist nicht dein Passwort. Versuche es noch einmal.
message-no-password = Dieses Konto hat noch kein Passwort, also gibt es nichts, womit du bestätigen könntest.
message-id = Das kann keine ID sein. Es ist die Nummer, die dir der Bot nennt.
message-taken = Dieses Konto gehört hier schon jemandem, vielleicht einem anderen Konto von dir. Trenne es zuerst dort.
message-linked = Verknüpft. Ab jetzt kannst du dich damit anmelden.
message-unlinked = Getrennt. Codes von dort melden dich nicht mehr an.
message-not-linked = Diese Plattform ist nicht verknüpft.
message-last = Nur so kannst du dich anmelden. Lege zuerst ein Passwort fest oder verknüpfe eine andere Plattform.
message-step = Diese Anmeldung hat zu lange gedauert. Beginne von vorn.
message-factor = Dieser Code funktioniert nicht. Jeder gilt einmal, eine halbe Minute lang: Warte auf den nächsten.
message-tries = Zu viele falsche Codes. Ein Wiederherstellungscode geht sofort.
message-factor-on = Deine Authenticator-App ist eingeschaltet. Alle deine anderen Sitzungen sind beendet.
message-factor-off = Deine Authenticator-App ist ausgeschaltet. Alle deine anderen Sitzungen sind beendet.
message-codes-new = Die alten Wiederherstellungscodes gelten nicht mehr. Alle deine anderen Sitzungen sind beendet.
message-password-set = Dein Passwort ist festgelegt. Alle deine anderen Sitzungen sind beendet.
message-profile = Gespeichert.
message-profile-refused = Nicht alles ließ sich speichern. Unten steht, was nicht stimmt; der Rest ist gespeichert.
message-deleted = Dein Konto ist gelöscht, und damit alles, was über dich gespeichert war.
message-last-owner = Du bist hier der einzige Owner. Mach zuerst jemand anderen zum Owner.
message-owns-bots = Zu deinem Konto gehören Bots. Lass sie zuerst löschen oder jemand anderem geben.
message-session-ended = Diese Sitzung ist beendet.
message-others-ended = Alle deine anderen Sitzungen sind beendet.
message-no-session = Diese Sitzung war schon beendet.
message-own-session = Das ist die Sitzung, in der du gerade bist. Um sie zu beenden, melde dich ab.
message-factor-is-on = Das ist schon eingeschaltet. Schalte es zuerst aus.
message-recovery-sent = Wenn es ein solches Konto mit bestätigter Adresse gibt, ist ein Link dorthin unterwegs. Er gilt einmal, 30 Minuten lang.
message-recoveries = Aus deinem Netz wurden viele Links angefordert.
message-factor-needed = Gib einen Code deines zweiten Schritts ein, oder einen Wiederherstellungscode.
message-recovered = Dein neues Passwort ist festgelegt. Melde dich damit an.
message-password-short = Dein Passwort ist zu kurz, um allein zu stehen. Lege zuerst ein längeres fest und schalte dann aus.
message-no-factor = Das Einrichten hat zu lange gedauert, oder es ist nichts eingeschaltet. Beginne von vorn.
message-registered = Willkommen. Wir haben an deine E-Mail-Adresse geschrieben: Öffne den Link in der E-Mail, um sie zu bestätigen.
message-mailed = Dieser Code funktioniert nicht. Jeder gilt einmal, zehn Minuten lang, und nur der neueste.
message-sent = Ein Code ist unterwegs. Ist er in einer Minute nicht da, schau auch im Spam nach.
message-sent-often = Es wurden schon mehrere Codes geschickt. Nimm den neuesten.
message-mail-on = Codes per E-Mail sind eingeschaltet. Alle deine anderen Sitzungen sind beendet.
message-mail-off = Codes per E-Mail sind ausgeschaltet. Alle deine anderen Sitzungen sind beendet.
message-mail-none = Diese Seite schickt keine Codes per E-Mail mehr. Nimm einen Wiederherstellungscode.
message-no-email = Bestätige zuerst deine E-Mail-Adresse.
message-email-asked = Wir haben an diese Adresse geschrieben. Öffne den Link in der E-Mail, um sie zu bestätigen; er gilt einen Tag.
message-email-on = Bestätigt. E-Mails zu deinem Konto gehen ab jetzt an diese Adresse.
message-email-taken = Diese Adresse gehört hier zu einem anderen Konto. Melde dich dort an, oder nimm eine andere Adresse.
message-email-dead = Dieser Link gilt nicht mehr. Er gilt einmal, einen Tag lang, und nur der neueste. Fordere auf der Sicherheitsseite deines Kontos einen neuen an.
message-email-yours = Das ist schon deine Adresse, und sie ist bestätigt.
message-letters = Wir haben schon mehrmals geschrieben. Schau auch im Spam nach.
message-bot-registered = Eingetragen. Gib dem Bot seinen Schlüssel.
message-bot-updated = Gespeichert.
message-bot-key = Es gibt einen neuen Schlüssel. Gib ihn dem Bot.
message-bot-off = Der Bot ist aus. Seine Schlüssel gelten nicht mehr.
message-bot-on = Der Bot ist an. Seine Schlüssel gelten.
message-bot-deleted = Der Bot ist gelöscht. Seine Schlüssel gelten nicht mehr.
message-bot-gone = Diesen Bot gibt es nicht. Vielleicht wurde er gelöscht.
message-bot-denied = Du kannst nur an eigenen Bots und an denen von Personen unter dir etwas ändern, und sie nur diesen geben.
message-bot-name = Der Name muss 2 bis 32 sichtbare Zeichen haben.
message-bot-name-taken = Einen Bot mit diesem Namen gibt es schon. Wähle einen anderen.
message-bot-owner = Niemand hat diesen Namen oder diese Nummer: Der Bot braucht einen Besitzer.
message-bot-rate = Die Aufrufe je Stunde müssen eine Zahl von 1 bis 100000 sein.
message-bot-platform = Diese Plattform ist hier nicht eingerichtet.
message-bot-invite = Gib unter „Wo man ihn findet“ eine https-Adresse mit höchstens 512 Zeichen an, oder nichts.
message-bot-confirm = Der Name, den du getippt hast, ist ein anderer. Den Bot gibt es noch.
message-disowned = Erledigt. Dieser Code gilt nicht mehr, und wer sich damit angemeldet hat, ist abgemeldet.
message-banned = Die Person ist ausgeschlossen und überall abgemeldet.
message-timed-out = Die Person ist für diese Zeit ausgeschlossen und überall abgemeldet.
message-restored = Die Person darf sich wieder anmelden.
message-level = Die Stufe ist geändert und gilt ab dem nächsten Klick der Person.
message-logged-out = Die Person ist überall abgemeldet.
message-factors-reset = Der zweite Schritt ist aus, und die Person ist überall abgemeldet.
message-not-below = Das kannst du nur bei Personen unter deiner Stufe tun, und nicht bei dir selbst.
message-admin = Deine Stufe, oder die Art deiner Anmeldung, öffnet das nicht.
message-assign = Diese Stufe darfst du nicht vergeben. Owner macht man auf der Befehlszeile.
message-last-owner-there = Das ist der letzte Owner, der sich anmelden darf. Mach zuerst jemand anderen dazu.
message-is-banned = Die Person ist gesperrt. Lass sie zuerst wieder ein.
message-reason = Sag zuerst, warum, in bis zu 500 Zeichen.
message-no-factor-there = Die Person hat keinen zweiten Schritt.
message-nobody = Niemand hat diese Nummer.
message-dead = Dieser Link funktioniert nicht. Vielleicht ist er abgeschnitten, oder der Code, um den es ging, ist längst vorbei.
