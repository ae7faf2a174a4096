# Portal en français. La façon d'écrire ce fichier est expliquée dans en.ftl.
#
# On vouvoie. Les mêmes mots partout : se connecter, se déconnecter, compte, code, session, mot de
# passe, deuxième étape, application d'authentification, code de secours, plateforme, bot.
# Espace insécable (U+00A0) devant : ; ? ! et dans les « guillemets ».

language-name = Français

## Every page

skip-to-content = Aller au contenu
title-with-error = Erreur : { $title }
log-out = Se déconnecter
footer-made-with = Auto-hébergé avec Portal
footer-support = Aide
footer-terms = Conditions
footer-privacy = Confidentialité
offline = Vous êtes hors ligne. Ce que vous avez saisi reste ici : envoyez-le dès que la connexion est revenue.
footer-language = Langue
footer-theme = Couleurs
theme-system = Comme le système
theme-light = Clair
theme-dark = Sombre
go-to-start = Aller à la page d'accueil
go-to-login = Aller à la connexion
back-to-account = Retour à votre compte
log-in = Se connecter
log-in-another-way = Se connecter autrement
pages = Pages

## Fields

field-password = Mot de passe
field-code = Code
field-password-show = Afficher le mot de passe
field-password-enough = Assez long
field-password-easy = Facile à deviner
field-password-strong = Solide
field-password-long = Trop long
username-short-note = Trop court
username-long-note = Trop long
username-characters-note = Lettres, chiffres, . _ -
username-reserved-note = Nom réservé
field-code-hint = 8 lettres et chiffres. Majuscules et minuscules comptent.
username-hint = 3 à 32 lettres, chiffres, points, tirets ou tirets bas.
display-field = Nom affiché
email-field = Adresse e-mail
password-new-hint = Au moins { $n } caractères. Le mieux : quatre ou cinq mots sans rapport entre eux.
username-short = Le nom d'utilisateur doit avoir au moins 3 caractères.
username-long = Le nom d'utilisateur doit avoir au plus 32 caractères.
username-characters = Utilisez seulement des lettres de a à z, des chiffres, des points, des tirets et des tirets bas.
username-reserved = Ce nom d'utilisateur est réservé. Choisissez-en un autre.
display-short = Le nom affiché doit avoir au moins 3 caractères.
display-long = Le nom affiché doit avoir au plus 32 caractères.
display-characters = Le nom affiché contient un caractère qui ne peut figurer dans un nom.
display-space = Le nom affiché ne doit ni commencer ni finir par une espace, ni en avoir deux de suite.
display-marks = Le nom affiché doit avoir des lettres, avec 4 accents au plus sur chacune.
email-long = L'adresse e-mail doit avoir au plus 320 caractères.
email-malformed = Ce n'est pas une adresse e-mail. Elle ressemble à nom@example.org.
password-short = Le mot de passe doit avoir au moins { $n } caractères.
password-long = Le mot de passe doit avoir au plus { $n } caractères.
password-name = Le mot de passe ne doit pas être le nom d'utilisateur.
password-common = Ce mot de passe est trop facile à deviner : il est fait de mots de passe courants, de suites de touches ou de répétitions. Essayez quatre mots sans rapport entre eux.
password-personal = Ce mot de passe est trop facile à deviner : il est fait de vos propres noms ou de ceux de ce site. Essayez quatre mots sans rapport avec vous.
username-taken = Ce nom d'utilisateur est pris. Choisissez-en un autre.
display-reserved = Ce nom est réservé. Choisissez-en un autre.
name-alike = Cela ressemble au nom de quelqu'un d'autre ici. Choisissez-en un qu'on ne puisse confondre.
field-optional = (facultatif)
copy = Copier
copied = Copié

## Times and names

time-left = Le code est valable jusqu'à { $time }, encore { $left }.
moment = { $day ->
    [1] 1er
   *[other] { $day }
} { $month ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
} { $year }, { $time } UTC
time-of-day = { $time } UTC
minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
hours = { $n ->
    [one] { $n } heure
   *[other] { $n } heures
}
seconds = { $n ->
    [one] { $n } seconde
   *[other] { $n } secondes
}
level-owner = Propriétaire
level-user = Membre
level-moderator = Modérateur
level-admin = Admin
level = Niveau
state = État
last-seen = Vu pour la dernière fois
length-10-minutes = 10 minutes
length-hour = 1 heure
length-6-hours = 6 heures
length-day = 1 jour
length-week = 1 semaine
length-30-days = 30 jours
length-90-days = 90 jours
length-year = 1 an
length-good = Pour toujours
device = { $browser } sur { $system }
device-unknown = Un navigateur inconnu

## Pages for what went wrong

not-found-title = Page introuvable
not-found-heading = Il n'y a pas de page ici
not-found-text = L'adresse est peut-être mal tapée, ou la page a changé de place.
error-foreign-heading = Cela venait d'ailleurs
error-foreign-text = Ce formulaire n'a pas été envoyé depuis notre propre page, donc rien n'a été fait. Rouvrez la page et recommencez.
error-large-heading = C'est trop
error-large-text = Ce qui a été envoyé dépasse tous nos formulaires. Revenez en arrière et raccourcissez.
error-cookies-heading = Votre navigateur a trop envoyé
error-cookies-text = Il y avait trop de cookies de ce site et de ses voisins. Ils sont effacés : rouvrez la page.
error-often-heading = Un peu moins vite
error-often-text = Trop de demandes sont venues de votre réseau en peu de temps. Patientez un moment, puis réessayez.
error-often-wait = Trop de demandes sont venues de votre réseau en peu de temps. Réessayez dans { $wait }.
error-away-heading = Pas pour l'instant
error-away-text = Quelque chose dont nous avons besoin manque en ce moment. Rien n'est perdu : réessayez dans une minute.
error-ours-heading = Un problème de notre côté
error-ours-text = Vous n'y êtes pour rien. Réessayez dans un instant.
error-ours-reference = Si cela se reproduit, donnez ce numéro aux responsables du site : { $reference }
error-unreadable-heading = Illisible
error-unreadable-text = Ce qui a été envoyé n'est pas ce que cette page attend. Rouvrez la page et recommencez.

## Log in

login-username = Nom d'utilisateur
login-forgot = Mot de passe oublié ?
login-or = ou
login-have-code = J'ai déjà un code
login-start-again = Recommencer
login-new-here = Nouveau ici ? { $link }

## The second step of a login

step-title = Deuxième étape
step-app = Saisissez le code que votre application d'authentification affiche en ce moment.
step-app-field = Code de l'application
step-app-switch = Utiliser l'application d'authentification
step-email-switch = Recevoir un code par e-mail
step-email-field = Code de l'e-mail
step-email = Nous pouvons envoyer un code à l'adresse e-mail de votre compte.
step-email-send = M'envoyer un code
step-email-send-again = Envoyer un autre code
step-recovery = Saisissez l'un des codes que vous avez gardés en activant la deuxième étape.
step-recovery-field = Code de secours
step-recovery-switch = Utiliser un code de secours
step-no-codes = Il ne vous reste aucun code de secours. Si vous ne pouvez recevoir de code, adressez-vous aux responsables du site.
factor-app-or-recovery = Code de l'application, ou un code de secours
factor-any = Code de l'application ou de l'e-mail, ou un code de secours
factor-email-or-recovery = Code de l'e-mail, ou un code de secours
sent-to = Nous avons envoyé un code à { $address }.
step-email-sent = Saisissez le code que nous avons envoyé à { $address }.
factor-since = Activé depuis le { $since }.

## Log in with a code

code-title = Se connecter avec un code
code-text = Saisissez le code que le bot vous a envoyé en message privé.

## Ask for a code

request-heading = Se connecter avec { $platform }
request-text = Dites-nous qui vous êtes là-bas. Le bot vous envoie ensuite un code.
request-id = Votre identifiant
request-id-hint = Le numéro que le bot vous donne. Déjà venu ici ? Votre nom suffit.
request-ask = Demander un code
request-sent-heading = Recevez votre code
request-sent-text = { $bot } vous envoie un code sur { $platform }, en message privé. Si rien n'arrive, écrivez-lui { $command }. Personne d'ici ne vous demandera jamais ce code.
delivery-told = { $bot } est prévenu. Regardez vos messages privés.
delivery-waiting = { $bot } n'est pas là en ce moment. Restez sur cette page : le code arrivera à son retour.
delivery-look-again = Voir où cela en est
request-some-bot = Le bot de cette communauté
request-again = Pas de message ? Redemander
request-network-changed = Votre réseau a changé depuis votre demande, et le code n'est valable que dans le précédent. Redemandez-en un d'ici.
request-advice = Toujours rien ? Vérifiez que l'identifiant est le vôtre et que vos réglages de confidentialité permettent aux membres de la communauté de vous écrire.

## That was not me

not-me-title = Ce n'était pas moi
not-me-heading = Un code que vous n'avez pas demandé ?
not-me-text = Quelqu'un a demandé un code pour se connecter à votre place, et ce n'était pas vous ? Mettez-y fin ici. Quiconque s'en est servi est aussi déconnecté.
not-me-button = Ce n'était pas moi
not-me-done-heading = C'est terminé
not-me-done-text = Si vous avez donné un code à quelqu'un, ne le faites plus jamais : personne d'ici n'en demande.
not-me-dead-heading = Rien à arrêter ici

## Confirm it's you

confirm-title = Confirmez que c'est vous
confirm-text = Vous êtes sur le point de changer quelque chose d'important. Saisissez encore une fois votre mot de passe.
confirm-factor-text = Vous êtes sur le point de changer quelque chose d'important.
confirm-factor = Code de votre application d'authentification
confirm-button = Confirmer
confirm-set-password = Définir un mot de passe

## Make an account

register-title = Créer un compte
register-have-account = J'ai un compte
register-many = Plusieurs comptes ont été demandés depuis votre réseau.
register-unavailable = Impossible de créer un compte pour l'instant. Réessayez dans une minute.
register-email-hint = Nous y envoyons un lien, pour que vous puissiez revenir si vous oubliez votre mot de passe.
register-display-hint = Ce que voient les autres ; votre nom d'utilisateur si vous laissez vide.
register-button = Créer mon compte
register-off = Ce site n'accepte pas de nouveaux comptes en ce moment. S'il vous en faut un, adressez-vous à ses responsables.

## Forgot your password

recover-sent-title = Regardez vos e-mails
recover-text = Nous envoyons un lien à l'adresse e-mail de votre compte. Il vous permet de choisir un nouveau mot de passe.
recover-field = Nom d'utilisateur ou adresse e-mail
recover-button = Envoyer le lien
recover-again = En envoyer un autre
recover-back = Retour à la connexion
recover-no-mail = Pas d'e-mail ?
recover-no-address = Pas d'adresse e-mail ici ?
recover-phone = Seul votre téléphone est perdu ? Connectez-vous avec votre mot de passe et l'un de vos codes de secours.
recover-team = Si rien de cela n'aide, adressez-vous à l'équipe du site.
recover-new-title = Nouveau mot de passe
recover-new-button = Définir le nouveau mot de passe
recover-new-stuck = Ni téléphone ni code de secours ? Adressez-vous à l'équipe du site : un lien seul ne remplace pas votre deuxième étape.
recover-dead = Ce lien n'est plus valable. Chacun sert une fois, pendant 30 minutes.
recover-get-another = En obtenir un autre
recover-slow = Cela peut prendre quelques minutes ; regardez aussi dans les indésirables. Un e-mail n'arrive qu'à une adresse confirmée, et quelques fois par jour au plus.
recover-linked = Votre compte est-il associé à une plateforme ? { $link }.
recover-by-code = Connectez-vous avec un code du bot
recover-account = Pour le compte { $username }. Toutes ses sessions se terminent, et vous vous connectez avec le nouveau mot de passe.

## Your e-mail address

email-title = Votre adresse e-mail
email-to-account = Aller à votre compte
email-confirm = Confirmer cette adresse
email-not-yours = Ce n'est pas votre compte ? Fermez cette page, et rien ne se passe.
email-new = Nouvelle adresse e-mail
email-change = Changer l'adresse
email-send-link = M'envoyer un lien
email-send-again = Renvoyer l'e-mail
email-codes-title = Codes par e-mail
email-codes-on = Activer les codes par e-mail
email-codes-off = Désactiver les codes par e-mail
email-confirm-text = Les e-mails pour le compte { $username } iront à { $address }.
email-goes-to = Les e-mails concernant votre compte vont à { $address }.
email-unconfirmed = { $address } n'est pas confirmée : aucun e-mail concernant votre compte n'y est envoyé.
email-why = Avec une adresse confirmée, vous pouvez revenir si vous oubliez votre mot de passe, et vous êtes prévenu quand quelqu'un change votre façon de vous connecter.
email-waiting = Nous avons écrit à { $address }. Ouvrez le lien de l'e-mail pour la confirmer ; il est valable jusqu'au { $time }.
email-codes-text = Une deuxième étape sans application : nous envoyons un code à votre adresse à chaque connexion. Une application d'authentification est plus sûre.

## Set up

setup-title = Mise en place
setup-heading = Bienvenue
setup-failed = Un problème est survenu de notre côté. Réessayez dans un instant.
setup-name-taken = Ce nom d'utilisateur est pris. Choisissez-en un autre, ou demandez un autre lien.
setup-choose = Choisissez un mot de passe pour votre compte. Vous serez propriétaire de ce portail.
setup-make = Créez le premier compte. Vous serez propriétaire de ce portail.
setup-button = Créer le compte
setup-dead-heading = Ce lien ne marche pas
setup-dead = Un lien de mise en place sert une fois, pendant un jour, jusqu'à ce qu'il y ait un propriétaire ou que le serveur redémarre.
setup-dead-new = Pour en obtenir un autre, lancez ceci là où le portail est installé, avec votre nom :
setup-away = Le portail ne peut être mis en place en ce moment. Votre lien reste valable : réessayez dans une minute.
setup-again = Réessayer

## Your account

account-title = Votre compte
account-profile = Profil
account-id = Identifiant du compte
account-since = Membre depuis
account-session = Cette session
account-session-since = Connecté depuis
account-session-address = Adresse
account-session-browser = Navigateur
account-security = Sécurité
account-security-on = Une deuxième étape protège chaque connexion.
account-security-off = Une deuxième étape à la connexion tient les autres à l'écart, même avec votre mot de passe.
account-security-link-all = Mot de passe, deuxième étape et sessions

## Profile

profile-edit = Modifier le profil
profile-username-hint = Il sert à vous connecter. 3 à 32 lettres, chiffres, points, tirets ou tirets bas.
profile-display-hint = Ce que voient les autres. Laissez vide pour apparaître sous votre nom d'utilisateur.
profile-bio = À propos de vous
profile-bio-hint = 500 caractères au plus.
profile-links = Liens
profile-links-hint = Une adresse par ligne, cinq au plus, chacune avec https://.
profile-save = Enregistrer
profile-picture = Image
profile-picture-first = De la première plateforme qui en a une
bio-long = C'est trop long : 500 caractères au plus, sur 20 lignes.
bio-characters = Le texte contient un caractère qui ne peut être affiché.
links-many = Cinq liens au plus.
links-form = Chaque lien doit être une adresse entière qui commence par https://.

## Platforms

platforms-title = Plateformes
platforms-text = Là où des bots vous connaissent : chaque plateforme associée permet de se connecter.
platforms-unlink = Dissocier
platforms-unlink-name = Dissocier { $platform }
platforms-id = Votre identifiant là-bas
platforms-id-hint = Le numéro que le bot vous donne.
platforms-not-now = Pas maintenant
platforms-link = Associer
platforms-wrong-id = Ce n'est pas le bon identifiant
platforms-link-name = Associer { $platform }
platforms-code-text = Le bot envoie un code à votre compte { $platform } { $id }. Si rien n'arrive, écrivez-lui { $command }.

## Security

password-text = Le changer met fin à toutes vos autres sessions.
password-change = Changer le mot de passe
password-none = Vous vous êtes connecté avec un code. Avec un mot de passe, vous vous connectez sans bot et associez d'autres plateformes.
password-set = Définir le mot de passe
password-current = Mot de passe actuel
security-send-title = Un code pour les changements
security-send = Ce que vous changez plus bas demande un code. Chaque code sert à un seul changement.
recovery-title = Vos codes de secours
totp-title = Application d'authentification
totp-renew = Nouveaux codes de secours
totp-off = Désactiver
totp-scan = Scannez cette image avec l'application. Ou tapez-y la clé à la main.
totp-qr = Code QR
totp-code = Code affiché par l'application
totp-on = Activer
totp-new-codes = Vous recevrez de nouveaux codes de secours ; ceux que vous avez ne seront alors plus valables.
totp-set-up = Configurer une application d'authentification
recovery-text = Chacun permet une connexion quand votre téléphone n'est pas à portée de main. Imprimez-les ou gardez-les dans votre gestionnaire de mots de passe : ils ne sont montrés que cette fois.
totp-text = Une deuxième étape à chaque connexion : un code d'une application sur votre téléphone. Même avec votre mot de passe volé, personne ne peut alors entrer.
recovery-left = { $n ->
    [one] Il reste { $n } code de secours sur 10.
   *[other] Il reste { $n } codes de secours sur 10.
}
totp-key = Clé : { $key }

## Sessions

sessions-title = Sessions
sessions-text = Là où vous êtes connecté. Mettez fin à ce que vous ne reconnaissez pas, puis changez votre mot de passe.
sessions-end-others = Mettre fin à toutes les autres sessions
sessions-ended = Sessions terminées
sessions-end = Terminer
sessions-this = Celle-ci
session-by-password = Par mot de passe
session-by-setup = Par le lien de mise en place
session-by-web = Par un code demandé ici
session-by-bot = Par un code d'un bot
session-signed-out = déconnectée
session-destroyed = terminée par vous
session-expired = expirée
session-restricted = compte restreint
session-disowned = terminée par « ce n'était pas moi »
session-unlinked = plateforme dissociée
session-changed = terminée par un changement de mot de passe ou de deuxième étape
session-guessed = terminée après trop d'essais erronés
sessions-end-which = la session de { $device }
sessions-last-used = utilisée le { $time }
session-administered = terminée par les responsables du site
session-raised = terminée quand votre niveau est monté

## Your data

delete-title = Supprimer votre compte
delete-heading = Supprimer votre compte ?
delete-log = Ce qui reste un temps, c'est le journal de ce qui s'est passé, avec un numéro à la place de votre nom.
delete-button = Supprimer mon compte
delete-keep = Le garder
data-title = Vos données
data-text = Tout ce qui est conservé à votre sujet, en un fichier ; ou la fin de tout cela.
data-text-password = Tout ce qui est conservé à votre sujet, en un fichier ; ou la fin de tout cela. Les deux demandent d'abord votre mot de passe.
data-download = Télécharger
data-unlock = Débloquer le téléchargement
data-delete = Supprimer le compte
delete-text = Cela supprime { $name } : vos noms, votre profil, vos plateformes associées et vos sessions, partout et tout de suite. Votre nom d'utilisateur devient alors libre. C'est irréversible.

## Administration

admin-title = Administration
admin-people = Personnes
admin-bots = Bots
admin-audit = Journal
admin-not-for-you = Accès refusé
admin-not-for-you-heading = Vous n'avez pas accès à cette page
admin-not-for-you-text = Il faut un niveau plus élevé que le vôtre, ou une connexion avec une deuxième étape. Adressez-vous à un propriétaire du site.

## Administration: people

people-any-state = Tout état
people-active = Actif
people-in-timeout = En pause
people-banned = Banni
people-any-level = Tout niveau
people-users = Membres
people-moderators = Modérateurs
people-admins = Admins
people-owners = Propriétaires
people-search = Rechercher
people-hint = Le début d'un nom, d'un nom sur une plateforme, d'un identifiant ou d'une adresse e-mail.
people-hint-moderator = Le début d'un nom, d'un nom sur une plateforme ou d'un identifiant. Vous voyez ceux au-dessous de vous.
people-none = Personne n'est encore là
people-none-text = Les personnes apparaissent à leur première connexion.
people-none-like-that = Personne ne correspond
people-none-like-that-text = Essayez un début de nom plus court, ou moins de conditions.
people-empty-page = Cette page est vide
people-empty-page-text = Il n'y a pas autant de personnes.
people-show-all = Montrer tout le monde
people-person = Personne
people-back = Précédent
people-page = Page { $n }
people-next = Suivant
people-timeout-until = Pause jusqu'au { $time }
people-banned-until = Banni jusqu'au { $time }

## Administration: a person

person-all = Toutes les personnes
person-mail = E-mail
person-mail-confirmed = { $address } (confirmée)
person-mail-unconfirmed = { $address } (non confirmée)
person-level-since = Niveau depuis
person-factor-since = Deuxième étape depuis
person-log = Ce que dit le journal
person-reason = Exclu pour cette raison
person-no-reason = (aucune raison donnée)
person-restricted-by = par { $by }
person-command-line = la ligne de commande
person-acts = Ce que vous pouvez faire
act-on = { $act } : { $name }
act-restore = Laisser revenir
act-restore-short = La connexion redevient possible.
act-restore-title = Laisser revenir { $name }
act-restore-text = La connexion redevient possible. Ce qui est terminé le reste.
act-timeout = Mettre en pause
act-timeout-short = Exclu pour un temps.
act-timeout-title = Mettre { $name } en pause
act-timeout-text = Toutes ses sessions se terminent aussitôt, et aucune connexion n'est possible avant la fin. La raison ne lui est pas dite.
act-ban = Bannir
act-ban-short = Exclu pour toujours, ou jusqu'à un moment.
act-ban-title = Bannir { $name }
act-ban-text = Toutes ses sessions se terminent aussitôt, et aucun accès ne marche plus. La raison ne lui est pas dite.
act-level = Changer le niveau
act-level-short = Ce que la personne peut faire aux autres.
act-level-title = Changer le niveau de { $name }
act-level-text = Il compte dès le prochain clic. Un niveau plus élevé met fin aux sessions commencées avec le code d'un bot.
act-sessions = Déconnecter partout
act-sessions-short = Une nouvelle connexion est possible aussitôt.
act-sessions-title = Déconnecter { $name } partout
act-sessions-text = Toutes ses sessions se terminent aussitôt. Une nouvelle connexion est possible.
act-factors = Réinitialiser la deuxième étape
act-factors-short = Pour quelqu'un qui a perdu son application et ses codes.
act-factors-title = Réinitialiser la deuxième étape de { $name }
act-factors-text = Soyez sûr que c'est bien la personne qui demande : ensuite son mot de passe suffit seul. Ses codes de secours ne sont plus valables, elle est déconnectée partout, et un e-mail l'en informe.
person-bots = Ses bots
person-bots-text = Tant que leur propriétaire est exclu, les bots n'ouvrent rien. Ils n'atteignent personne au-dessus de son niveau d'aujourd'hui.
person-bot-active = { $platform }, actif
person-bot-off = { $platform }, désactivé
person-bots-link = Gérer les bots
person-session = { $address }, depuis le { $begun }, utilisée le { $used }
person-no-sessions = Aucune que vous puissiez voir.
person-reason-field = Raison
person-reason-hint = Pour ceux qui administrent ici. Jusqu'à 500 caractères.
person-length-field = Combien de temps

## Administration: bots

bots-none = Il n'y a pas encore de bot
bots-none-text = Un bot apporte les codes de connexion aux personnes sur leur plateforme. Enregistrez-en un plus bas, et donnez-lui la clé affichée alors.
bots-count = { $n ->
    [1] Un bot apporte des codes ici.
   *[other] { $n } bots apportent des codes ici.
}
bots-all = Tous les bots
bots-earlier = Précédents
bots-later = Suivants
bots-off = Désactivé
bots-of = { $platform } · de { $owner }
bots-last-call = dernier appel le { $time }
bots-never-called = jamais appelé
bots-register-title = Enregistrer un bot
bots-register-text = Il reçoit une clé, affichée une fois sur la page suivante. Il n'atteint personne au-dessus de son propriétaire.
bots-register = Enregistrer

## Administration: a bot

bot-type-official = Officiel
bot-type-verified = Vérifié
bot-type-community = Communauté
bot-name-field = Nom
bot-platform-field = Plateforme
bot-owner-field = Propriétaire
bot-owner-hint = Un nom d'utilisateur, ou le numéro d'un compte.
bot-rate-field = Appels par heure
bot-rate-hint = Un nombre de 1 à 100000.
bot-title = Bot
bot-gone = Ce bot n'existe pas
bot-gone-text = Il a peut-être été supprimé.
bot-new-key = La clé
bot-new-key-text = Affichée cette seule fois. Mettez-la là où seul le bot la lit : qui l'a obtient les codes de connexion des personnes.
bot-new-key-try = Pour l'essayer :
bot-facts = Informations
bot-id = Identifiant du bot
bot-since = Enregistré
bot-says = Dit de lui-même
bot-says-nothing = Rien encore
bot-groups = { $n ->
    [one] { $n } groupe
   *[other] { $n } groupes
}
bot-people = { $n ->
    [one] { $n } personne
   *[other] { $n } personnes
}
bot-latency = répond en { $n } ms
bot-keys = Clés
bot-keys-text = Deux au plus sont valables à la fois. Si l'une est tombée en de mauvaises mains, mettez-y fin aussitôt.
bot-key-in-use = La clé actuelle
bot-key-now = Y mettre fin aussitôt
bot-key-10-minutes = Encore 10 minutes
bot-key-hour = Encore une heure
bot-key-day = Encore un jour
bot-key-make = Créer une nouvelle clé
bot-key-used = utilisée le { $time } depuis { $address }
bot-key-never-used = jamais utilisée
bot-key-made = créée le { $time }
bot-key-ends = expire le { $time }
bot-change = Modifier
bot-kind = Type
bot-invite-field = Où le trouver
bot-invite-hint = Une adresse https, ou rien. La page de connexion y mène.
bot-switch-on = Activer
bot-switch-on-text = Ses clés restent, mais n'ouvrent rien tant qu'il est désactivé.
bot-switch-off = Désactiver
bot-switch-off-text = Ses clés cessent aussitôt de marcher, sur tous les serveurs, jusqu'à ce que quelqu'un le réactive.
bot-delete-title = Supprimer ce bot
bot-delete-text = C'est irréversible : ses clés prennent fin, et son nom redevient libre. Tapez { $name } pour continuer.
bot-delete-name = Nom du bot
bot-delete = Supprimer

## Administration: the audit log

audit-moderator = Vous voyez les avertissements et les pauses.
audit-type = Ce qui s'est passé
audit-everything = Tout
audit-actor = Qui l'a fait
audit-target = Qui cela concernait
audit-show = Montrer
audit-show-all = Tout montrer
audit-person-example = Nom d'utilisateur ou identifiant
audit-none = Rien ici
audit-none-fits = Rien dans le journal ne correspond. Essayez avec moins de conditions.
audit-none-yet = Rien ne s'est encore passé que vous puissiez lire.
audit-events = Événements
audit-newest = Les plus récents
audit-older = Plus anciens
audit-gone = quelqu'un qui n'est plus là ({ $id })
event-banned = Bannissement
event-account-created = Compte créé
event-account-deleted = Compte supprimé
event-restored = Accès rétabli
event-timed-out = Mise en pause
event-bot-on = Bot activé
event-bot-changed-itself = Bot modifié par lui-même
event-bot-off = Bot désactivé
event-bot-deleted = Bot supprimé
event-bot-key = Nouvelle clé pour un bot
event-bot-registered = Bot enregistré
event-bot-changed = Bot modifié
event-code-made = Code créé pour un bot
event-code-disowned = « Ce n'était pas moi » signalé
event-code-fetched = Codes remis à un bot
event-code-asked = Code demandé
event-data-downloaded = Données téléchargées
event-email-confirmed = Adresse e-mail confirmée
event-email-taken = Adresse e-mail déjà prise
event-email-asked = Nouvelle adresse e-mail indiquée
event-factor-on = Deuxième étape activée
event-factor-code-sent = Code envoyé par e-mail
event-factor-locked = Deuxième étape bloquée
event-factor-off = Deuxième étape désactivée
event-factors-reset = Deuxième étape réinitialisée
event-level-changed = Niveau changé
event-confirm-failed = Identité non confirmée
event-confirmed = Identité confirmée
event-login-failed = Connexion échouée
event-login = Connexion
event-logout = Déconnexion
event-owner-made = Propriétaire créé
event-password-locked = Mot de passe bloqué
event-password-recovered = Nouveau mot de passe par lien
event-recovery-failed = Nouveau mot de passe par lien refusé
event-recovery-asked = Lien de nouveau mot de passe demandé
event-password-set = Mot de passe défini
event-link-failed = Plateforme non associée
event-linked = Plateforme associée
event-unlinked = Plateforme dissociée
event-profile-changed = Profil modifié
event-recovery-code-used = Code de secours utilisé
event-recovery-codes-renewed = Nouveaux codes de secours
event-sessions-ended = Sessions terminées
event-set-up-link = Lien de mise en place créé
detail-method = Connexion
detail-by-code = Par un code
detail-until = Jusqu'au
detail-level-before = Niveau avant
detail-level-after = Niveau après
detail-purpose = Usage
detail-purpose-link = Associer une plateforme
detail-changed = Modifié
detail-key = Ancienne clé
detail-key-ended = terminée aussitôt
detail-key-works = valable encore { $length }
detail-unknown-name = Nom inconnu
detail-wrong-password = Mot de passe erroné
detail-wrong-factor = Code erroné de la deuxième étape
detail-restricted = Banni ou en pause
detail-bio = Présentation

## What a page says above its form

message-wait = { $sentence } Vous pourrez réessayer dans { $wait }.
message-wait-unknown = { $sentence } Patientez un peu, puis réessayez.
message-credentials = Ce nom et ce mot de passe ne vont pas ensemble. Vérifiez les deux et réessayez.
message-passwords = Trop de mots de passe erronés ont été essayés. Connectez-vous plutôt avec un code, ou définissez un nouveau mot de passe.
message-own-passwords = Trop de mots de passe erronés ont été essayés.
message-restricted = Ce compte ne peut pas se connecter pour l'instant. Adressez-vous aux responsables du site.
message-busy = Beaucoup de personnes se connectent en ce moment. Réessayez dans quelques secondes.
message-unavailable = Impossible pour l'instant. Réessayez dans une minute.
message-internal = Un problème est survenu de notre côté. Réessayez dans un instant.
message-cookies = Votre navigateur n'a pas gardé le cookie de connexion. Autorisez les cookies pour ce site ; Safari n'en garde pas sur http://localhost, utilisez alors un autre navigateur.
message-session-lost = Votre session est terminée. Reconnectez-vous, et vous reprendrez où vous en étiez.
message-signed-out = Vous êtes déconnecté.
message-still-signed-in = Nous n'avons pas pu vous déconnecter. Vous êtes toujours connecté : réessayez dans un instant.
message-code = Ce code ne marche pas. Il est peut-être mal tapé, déjà utilisé ou vieux de plus de 10 minutes ; un code demandé ici ne sert que dans le même navigateur et le même réseau.
message-web = Vous vous êtes connecté plusieurs fois de suite avec des codes du bot. Cette fois, demandez d'abord un code ici : revenez en arrière et choisissez votre plateforme.
message-guesses = Trop de codes erronés sont venus de votre réseau.
message-pending = Cinq codes sont en attente pour votre réseau. Utilisez-en un.
message-nothing = Saisissez d'abord votre identifiant ou votre nom.
message-ran-out = Votre code a expiré. Demandez-en un autre.
message-password = Ce n'est pas votre mot de passe. Réessayez.
message-no-password = Ce compte n'a pas encore de mot de passe, il n'y a donc rien avec quoi confirmer.
message-id = Cela ne peut pas être un identifiant. C'est le numéro que le bot vous donne.
message-taken = Ce compte appartient déjà à quelqu'un ici, peut-être à un autre de vos comptes. Dissociez-le d'abord là-bas.
message-linked = Associée. Vous pouvez désormais vous en servir pour vous connecter.
message-unlinked = Dissociée. Ses codes ne permettent plus de vous connecter.
message-not-linked = Cette plateforme n'est pas associée.
message-last = C'est votre seul moyen de connexion. Définissez d'abord un mot de passe ou associez une autre plateforme.
message-step = Cette connexion a pris trop de temps. Recommencez.
message-factor = Ce code ne marche pas. Chacun sert une fois, pendant une demi-minute : attendez le suivant.
message-tries = Trop de codes erronés. Un code de secours marche tout de suite.
message-factor-on = Votre application d'authentification est activée. Toutes vos autres sessions sont terminées.
message-factor-off = Votre application d'authentification est désactivée. Toutes vos autres sessions sont terminées.
message-codes-new = Les anciens codes de secours ne sont plus valables. Toutes vos autres sessions sont terminées.
message-password-set = Votre mot de passe est défini. Toutes vos autres sessions sont terminées.
message-profile = Enregistré.
message-profile-refused = Tout n'a pas pu être enregistré. Voyez plus bas ce qui ne va pas ; le reste est enregistré.
message-deleted = Votre compte est supprimé, et avec lui tout ce qui était conservé à votre sujet.
message-last-owner = Vous êtes ici le seul propriétaire. Donnez d'abord ce rôle à quelqu'un d'autre.
message-owns-bots = Des bots appartiennent à votre compte. Faites-les d'abord supprimer, ou donner à quelqu'un d'autre.
message-session-ended = Cette session est terminée.
message-others-ended = Toutes vos autres sessions sont terminées.
message-no-session = Cette session était déjà terminée.
message-own-session = C'est la session que vous utilisez. Pour y mettre fin, déconnectez-vous.
message-factor-is-on = C'est déjà activé. Désactivez-le d'abord.
message-recovery-sent = S'il existe un tel compte avec une adresse confirmée, un lien est en route. Il sert une fois, pendant 30 minutes.
message-recoveries = Beaucoup de liens ont été demandés depuis votre réseau.
message-factor-needed = Saisissez un code de votre deuxième étape, ou un code de secours.
message-recovered = Votre nouveau mot de passe est défini. Connectez-vous avec celui-ci.
message-password-short = Votre mot de passe est trop court pour suffire seul. Définissez-en d'abord un plus long, puis désactivez.
message-no-factor = La configuration a pris trop de temps, ou rien n'est activé. Recommencez.
message-registered = Bienvenue. Nous avons écrit à votre adresse e-mail : ouvrez le lien de l'e-mail pour la confirmer.
message-mailed = Ce code ne marche pas. Chacun sert une fois, pendant dix minutes, et seul le dernier compte.
message-sent = Un code est en route. S'il n'est pas là dans une minute, regardez aussi dans les indésirables.
message-sent-often = Plusieurs codes ont déjà été envoyés. Utilisez le dernier.
message-mail-on = Les codes par e-mail sont activés. Toutes vos autres sessions sont terminées.
message-mail-off = Les codes par e-mail sont désactivés. Toutes vos autres sessions sont terminées.
message-mail-none = Ce site n'envoie plus de codes par e-mail. Utilisez un code de secours.
message-no-email = Confirmez d'abord votre adresse e-mail.
message-email-asked = Nous avons écrit à cette adresse. Ouvrez le lien de l'e-mail pour la confirmer ; il est valable un jour.
message-email-on = Confirmée. Les e-mails concernant votre compte vont désormais à cette adresse.
message-email-taken = Cette adresse appartient à un autre compte ici. Connectez-vous à celui-ci, ou utilisez une autre adresse.
message-email-dead = Ce lien n'est plus valable. Il sert une fois, pendant un jour, et seul le dernier compte. Demandez-en un autre sur la page de sécurité de votre compte.
message-email-yours = C'est déjà votre adresse, et elle est confirmée.
message-letters = Nous avons déjà écrit plusieurs fois. Regardez aussi dans les indésirables.
message-bot-registered = Enregistré. Donnez sa clé au bot.
message-bot-updated = Enregistré.
message-bot-key = Il y a une nouvelle clé. Donnez-la au bot.
message-bot-off = Le bot est désactivé. Ses clés ne marchent plus.
message-bot-on = Le bot est activé. Ses clés marchent.
message-bot-deleted = Le bot est supprimé. Ses clés ne marchent plus.
message-bot-gone = Ce bot n'existe pas. Il a peut-être été supprimé.
message-bot-denied = Vous ne pouvez agir que sur vos bots et ceux de personnes au-dessous de vous, et ne les donner qu'à celles-ci.
message-bot-name = Le nom doit avoir de 2 à 32 caractères visibles.
message-bot-name-taken = Un bot porte déjà ce nom. Choisissez-en un autre.
message-bot-owner = Il n'y a personne de ce nom ou de ce numéro à qui donner le bot.
message-bot-rate = Les appels par heure doivent être un nombre de 1 à 100000.
message-bot-platform = Cette plateforme n'est pas configurée ici.
message-bot-invite = Sous « Où le trouver », indiquez une adresse https de 512 caractères au plus, ou rien.
message-bot-confirm = Le nom que vous avez tapé est un autre. Le bot est toujours là.
message-disowned = C'est fait. Ce code n'est plus valable, et quiconque s'en est servi est déconnecté.
message-banned = La personne est exclue, et déconnectée partout.
message-timed-out = La personne est exclue pendant ce temps, et déconnectée partout.
message-restored = La personne peut se reconnecter.
message-level = Le niveau est changé, et compte dès le prochain clic de la personne.
message-logged-out = La personne est déconnectée partout.
message-factors-reset = La deuxième étape est désactivée, et la personne est déconnectée partout.
message-not-below = Cela n'est possible que pour les personnes au-dessous de votre niveau, et pas pour vous-même.
message-admin = Votre niveau, ou la façon dont vous vous êtes connecté, n'ouvre pas cela.
message-assign = Ce n'est pas à vous de donner ce niveau. Les propriétaires se nomment en ligne de commande.
message-last-owner-there = C'est le dernier propriétaire qui peut se connecter. Nommez-en d'abord un autre.
message-is-banned = La personne est bannie. Laissez-la d'abord revenir.
message-reason = Dites d'abord pourquoi, en 500 caractères au plus.
message-no-factor-there = La personne n'a pas de deuxième étape.
message-nobody = Personne n'a ce numéro.
message-dead = Ce lien ne marche pas. Il est peut-être coupé, ou le code dont il s'agit n'existe plus depuis longtemps.
