# Portal en français. La façon d'écrire ce fichier est expliquée dans en.ftl.
#
# On vouvoie. Les mêmes mots partout : se connecter, se déconnecter, compte, membre, rôle, statut,
# code, session, mot de passe, double authentification, application d'authentification,
# code de secours, plateforme, bot, associer et dissocier (un compte), activer et désactiver.
# Espace insécable (U+00A0) devant : ; ? ! et dans les « guillemets ».

language-name = Français

## Every page

skip-to-content = Aller au contenu
title-with-error = Erreur : { $title }
log-out = Se déconnecter
footer-made-with = Propulsé par Portal
footer-support = Aide
footer-terms = Conditions d'utilisation
footer-privacy = Confidentialité
offline = Vous êtes hors ligne. Votre saisie est toujours là : envoyez-la une fois la connexion rétablie.
footer-language = Langue
footer-theme = Thème
theme-system = Système
theme-light = Clair
theme-dark = Sombre
go-to-start = Aller à la page d'accueil
go-to-login = Aller à la connexion
back-to-account = Retour à votre compte
log-in = Se connecter
log-in-another-way = Autres moyens de connexion
pages = Pages

## Fields

field-password = Mot de passe
field-code = Code
field-password-show = Afficher le mot de passe
field-password-enough = Correct
field-password-easy = Facile à deviner
field-password-strong = Robuste
field-password-long = Trop long
username-short-note = Trop court
username-long-note = Trop long
username-characters-note = Lettres, chiffres, . _ - uniquement
username-reserved-note = Réservé
field-code-hint = 8 caractères. Respectez les majuscules et les minuscules.
username-hint = 3 à 32 lettres, chiffres, points, tirets ou tirets bas.
display-field = Nom affiché
email-field = Adresse e-mail
password-new-hint = Au moins { $n } caractères. Quatre ou cinq mots au hasard conviennent bien.
username-short = Le nom d'utilisateur doit comporter au moins 3 caractères.
username-long = Le nom d'utilisateur ne peut pas dépasser 32 caractères.
username-characters = Utilisez uniquement des lettres (a à z), des chiffres, des points, des tirets et des tirets bas.
username-reserved = Ce nom d'utilisateur n'est pas disponible. Essayez-en un autre.
display-short = Le nom affiché doit comporter au moins 3 caractères.
display-long = Le nom affiché ne peut pas dépasser 32 caractères.
display-characters = Votre nom affiché contient un caractère non autorisé.
display-space = Le nom affiché ne peut ni commencer ni finir par une espace, ni en contenir deux de suite.
display-marks = Le nom affiché doit contenir des lettres, avec 4 accents au plus sur chacune.
email-long = L'adresse e-mail ne peut pas dépasser 320 caractères.
email-malformed = Saisissez une adresse e-mail valide, par exemple nom@example.org.
password-short = Le mot de passe doit comporter au moins { $n } caractères.
password-long = Le mot de passe ne peut pas dépasser { $n } caractères.
password-name = Le mot de passe ne peut pas être identique à votre nom d'utilisateur.
password-common = Ce mot de passe est trop facile à deviner : il est fait de mots de passe courants, de suites de touches ou de répétitions. Essayez quatre mots sans rapport entre eux.
password-personal = Ce mot de passe est trop facile à deviner : il est basé sur votre nom ou celui de ce site. Essayez quatre mots sans rapport entre eux.
username-taken = Ce nom d'utilisateur est déjà pris. Essayez-en un autre.
display-reserved = Ce nom est réservé. Essayez-en un autre.
name-alike = Ce nom ressemble trop à celui de quelqu'un d'autre ici. Essayez-en un autre.
field-optional = (facultatif)
copy = Copier
copied = Copié

## Times and names

time-left = Expire à { $time } (encore { $left }).
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
level = Rôle
state = Statut
last-seen = Dernière activité
length-10-minutes = 10 minutes
length-hour = 1 heure
length-6-hours = 6 heures
length-day = 1 jour
length-week = 1 semaine
length-30-days = 30 jours
length-90-days = 90 jours
length-year = 1 an
length-good = Définitivement
device = { $browser } sur { $system }
device-unknown = Navigateur inconnu

## Error pages

not-found-title = Page introuvable
not-found-heading = Page introuvable
not-found-text = Vérifiez l'adresse, ou la page a peut-être été déplacée.
error-foreign-heading = Ce formulaire ne venait pas de ce site
error-foreign-text = Par sécurité, nous l'avons ignoré et rien n'a changé. Rechargez la page et réessayez.
error-large-heading = C'est trop long
error-large-text = Votre envoi dépasse la taille acceptée. Revenez en arrière et raccourcissez-le.
error-cookies-heading = Trop de cookies
error-cookies-text = Votre navigateur a envoyé plus de cookies que nous n'en acceptons, nous les avons donc effacés. Rechargez la page.
error-often-heading = Trop de requêtes
error-often-text = Trop de requêtes sont venues de votre réseau. Patientez un moment, puis réessayez.
error-often-wait = Trop de requêtes sont venues de votre réseau. Réessayez dans { $wait }.
error-away-heading = Temporairement indisponible
error-away-text = Un service dont nous dépendons ne répond pas. Rien n'a été perdu. Réessayez dans une minute.
error-ours-heading = Une erreur est survenue
error-ours-text = Le problème vient de nous, pas de vous. Réessayez dans un instant.
error-ours-reference = Si cela se reproduit, contactez l'équipe du site en indiquant cette référence : { $reference }
error-unreadable-heading = Impossible de lire cet envoi
error-unreadable-text = La page a reçu quelque chose d'inattendu. Rechargez-la et réessayez.

## Log in

login-username = Nom d'utilisateur
login-forgot = Mot de passe oublié ?
login-or = ou
login-have-code = J'ai déjà un code
login-start-again = Recommencer
login-new-here = Nouveau ici ? { $link }

## Two-factor authentication

step-title = Double authentification
step-app = Saisissez le code à 6 chiffres de votre application d'authentification.
step-app-field = Code d'authentification
step-app-switch = Utiliser l'application d'authentification
step-email-switch = Recevoir un code par e-mail
step-email-field = Code reçu par e-mail
step-email = Nous enverrons un code à l'adresse e-mail de votre compte.
step-email-send = Envoyer le code
step-email-send-again = Renvoyer le code
step-recovery = Saisissez l'un des codes de secours enregistrés lors de l'activation de la double authentification.
step-recovery-field = Code de secours
step-recovery-switch = Utiliser un code de secours
step-no-codes = Vous n'avez plus de codes de secours. Si vous ne pouvez pas recevoir de code, contactez l'équipe du site.
factor-app-or-recovery = Code de votre application, ou un code de secours
factor-any = Code de votre application ou reçu par e-mail, ou un code de secours
factor-email-or-recovery = Code reçu par e-mail, ou un code de secours
sent-to = Nous avons envoyé un code à { $address }.
step-email-sent = Saisissez le code que nous avons envoyé à { $address }.
factor-since = Activé le { $since }.

## Log in with a code

code-title = Se connecter avec un code
code-text = Saisissez le code que le bot vous a envoyé en message privé.

## Request a code

request-heading = Se connecter avec { $platform }
request-text = Le bot vous enverra un code de connexion en message privé.
request-id = Identifiant ou nom d'utilisateur
request-id-hint = Première visite ? Envoyez /login au bot : sa réponse contient un lien qui ramène ici, avec votre identifiant déjà saisi. Déjà venu ? Votre nom d'utilisateur suffit.
request-ask = M'envoyer un code
request-sent-heading = Consultez vos messages privés
request-sent-text = { $bot } vous enverra un code sur { $platform }. Rien reçu ? Envoyez-lui { $command }. Ne donnez jamais ce code à personne.
delivery-told = { $bot } doit maintenant vous écrire. Consultez vos messages privés.
delivery-waiting = { $bot } est hors ligne. Gardez cette page ouverte : votre code sera envoyé à son retour.
delivery-look-again = Vérifier à nouveau
request-some-bot = Le bot de la communauté
request-again = Rien reçu ? Nouveau code
request-network-changed = Votre réseau a changé, ce code ne fonctionnera donc pas ici. Demandez-en un nouveau.
request-advice = Toujours rien ? Vérifiez que l'identifiant est bien le vôtre et que vos paramètres de confidentialité autorisent les messages privés des membres de la communauté.

## That wasn't me

not-me-title = Ce n'était pas moi
not-me-heading = Vous avez reçu un code sans l'avoir demandé ?
not-me-text = Quelqu'un a demandé un code pour se connecter à votre place. Si ce n'était pas vous, annulez-le ici. Toute personne qui l'a utilisé sera déconnectée.
not-me-button = Ce n'était pas moi
not-me-done-heading = Code annulé
not-me-done-text = Si vous avez donné un code à quelqu'un, ne le refaites pas : personne ici ne vous en demandera jamais.
not-me-dead-heading = Rien à annuler

## Confirm it's you

confirm-title = Confirmez que c'est vous
confirm-text = Ce changement est sensible. Saisissez votre mot de passe pour continuer.
confirm-factor-text = Ce changement est sensible. Saisissez un code pour continuer.
confirm-factor = Code de votre application d'authentification
confirm-button = Confirmer
confirm-set-password = Définir un mot de passe

## Create an account

register-title = Créer un compte
register-have-account = J'ai déjà un compte
register-many = Trop de comptes ont été créés depuis votre réseau.
register-unavailable = Nous ne pouvons pas créer de compte pour le moment. Réessayez dans une minute.
register-email-hint = Nous vous enverrons un lien pour la confirmer. Elle vous servira si vous oubliez votre mot de passe.
register-display-hint = Visible par les autres. Laissez vide pour utiliser votre nom d'utilisateur.
register-button = Créer un compte
register-off = Les inscriptions sont fermées pour le moment. S'il vous faut un compte, contactez l'équipe du site.

## Forgot your password

recover-sent-title = Consultez vos e-mails
recover-text = Nous vous enverrons par e-mail un lien pour choisir un nouveau mot de passe.
recover-field = Nom d'utilisateur ou adresse e-mail
recover-button = M'envoyer un lien
recover-again = Envoyer un autre lien
recover-back = Retour à la connexion
recover-no-mail = Aucun e-mail reçu ?
recover-no-address = Pas d'adresse e-mail dans votre compte ?
recover-phone = Vous avez seulement perdu votre téléphone ? Connectez-vous avec votre mot de passe et un code de secours.
recover-team = Si rien de tout cela n'aide, contactez l'équipe du site.
recover-new-title = Choisir un nouveau mot de passe
recover-new-button = Enregistrer le nouveau mot de passe
recover-new-stuck = Ni téléphone ni codes de secours ? Contactez l'équipe du site : un lien seul ne remplace pas votre second facteur.
recover-dead = Ce lien a expiré ou a déjà été utilisé. Les liens fonctionnent une seule fois, pendant 30 minutes.
recover-get-another = Obtenir un nouveau lien
recover-slow = Cela peut prendre quelques minutes. Vérifiez vos indésirables. Nous n'écrivons qu'aux adresses confirmées, et quelques fois par jour au plus.
recover-linked = Discord, Telegram ou un autre compte est associé ? { $link }.
recover-by-code = Connectez-vous avec un code du bot
recover-account = Pour { $username }. Vous serez déconnecté partout ; connectez-vous ensuite avec le nouveau mot de passe.

## Your email address

email-title = Votre adresse e-mail
email-to-account = Aller à votre compte
email-confirm = Confirmer cette adresse
email-not-yours = Ce n'est pas votre compte ? Fermez simplement cette page.
email-new = Nouvelle adresse e-mail
email-change = Changer l'adresse e-mail
email-send-link = Envoyer le lien de confirmation
email-send-again = Renvoyer l'e-mail
email-codes-title = Codes par e-mail
email-codes-on = Activer les codes par e-mail
email-codes-off = Désactiver les codes par e-mail
email-confirm-text = Les e-mails du compte { $username } seront envoyés à { $address }.
email-goes-to = Les e-mails de votre compte sont envoyés à { $address }.
email-unconfirmed = { $address } n'est pas confirmée, nous n'y envoyons donc pas d'e-mails concernant votre compte.
email-why = Une adresse confirmée permet de réinitialiser votre mot de passe, et nous vous alertons si quelqu'un modifie votre façon de vous connecter.
email-waiting = Nous avons écrit à { $address }. Ouvrez le lien avant le { $time } pour la confirmer.
email-codes-text = La double authentification sans application : nous vous envoyons un code par e-mail à chaque connexion. Une application d'authentification est plus sûre.

## Setup

setup-title = Configuration
setup-heading = Bienvenue
setup-failed = Une erreur est survenue. Réessayez dans un instant.
setup-name-taken = Ce nom d'utilisateur est déjà pris. Essayez-en un autre, ou créez un nouveau lien de configuration.
setup-choose = Choisissez un mot de passe. Ce compte sera le propriétaire du portail.
setup-make = Créez le premier compte. Il sera le propriétaire de ce portail.
setup-button = Créer le compte
setup-dead-heading = Ce lien ne fonctionne plus
setup-dead = Un lien de configuration fonctionne une seule fois, pendant un jour. Il n'est plus valable dès qu'il y a un propriétaire ou que le serveur redémarre.
setup-dead-new = Pour en créer un nouveau, exécutez ceci sur le serveur avec le nom d'utilisateur souhaité :
setup-away = La configuration n'est pas disponible pour le moment. Votre lien fonctionne toujours : réessayez dans une minute.
setup-again = Réessayer

## Your account

account-title = Votre compte
account-profile = Profil
account-id = Identifiant du compte
account-since = Membre depuis
account-session = Session actuelle
account-session-since = Connecté le
account-session-address = Adresse IP
account-session-browser = Navigateur
account-security = Sécurité
account-security-on = La double authentification est activée.
account-security-off = Activez la double authentification, pour qu'un mot de passe volé ne suffise pas.
account-security-link-all = Mot de passe, double authentification et sessions

## Profile

profile-edit = Modifier le profil
profile-username-hint = Vous vous connectez avec. 3 à 32 lettres, chiffres, points, tirets ou tirets bas.
profile-display-hint = Visible par les autres. Laissez vide pour utiliser votre nom d'utilisateur.
profile-bio = À propos de vous
profile-bio-hint = 500 caractères au plus.
profile-links = Liens
profile-links-hint = Un lien https:// par ligne, cinq au plus.
profile-save = Enregistrer
profile-picture = Photo de profil
profile-picture-first = Automatique (premier compte associé qui en a une)
bio-long = C'est trop long : 500 caractères et 20 lignes au plus.
bio-characters = Ce texte contient un caractère qui ne peut pas être affiché.
links-many = Vous pouvez ajouter jusqu'à cinq liens.
links-form = Chaque lien doit être une adresse complète commençant par https://.

## Connected accounts

platforms-title = Comptes associés
platforms-text = Vous pouvez vous connecter avec tout compte que vous associez.
platforms-unlink = Dissocier
platforms-unlink-name = Dissocier { $platform }
platforms-id = Votre identifiant là-bas
platforms-id-hint = Le long nombre dans le lien que le bot vous envoie.
platforms-not-now = Annuler
platforms-link = Associer
platforms-wrong-id = Mauvais identifiant ?
platforms-link-name = Associer { $platform }
platforms-code-text = Le bot enverra un code à votre compte { $platform } { $id }. Rien reçu ? Envoyez-lui { $command }.

## Security

password-text = Le changer vous déconnecte partout ailleurs.
password-change = Changer le mot de passe
password-none = Vous vous êtes connecté avec un code. Définissez un mot de passe pour vous connecter sans le bot et associer d'autres comptes.
password-set = Définir le mot de passe
password-current = Mot de passe actuel
password-new = Nouveau mot de passe
security-send-title = Obtenir un code
security-send = Chaque changement ci-dessous demande son propre code.
recovery-title = Vos codes de secours
totp-title = Application d'authentification
totp-renew = Obtenir de nouveaux codes de secours
totp-off = Désactiver
totp-scan = Scannez ce code QR avec votre application d'authentification, ou saisissez la clé à la main.
totp-qr = Code QR
totp-code = Code à 6 chiffres de l'application
totp-on = Activer
totp-new-codes = Vous recevrez de nouveaux codes de secours. Les anciens ne fonctionneront plus.
totp-set-up = Configurer une application d'authentification
recovery-text = Chaque code fonctionne une fois, quand vous n'avez pas votre téléphone. Enregistrez-les dans un gestionnaire de mots de passe ou imprimez-les : vous ne les reverrez pas.
totp-text = Demander un code d'une application de votre téléphone à chaque connexion, pour qu'un mot de passe volé ne suffise pas.
recovery-left = { $n ->
    [one] Il reste { $n } code de secours sur 10.
   *[other] Il reste { $n } codes de secours sur 10.
}
totp-key = Clé : { $key }

## Sessions

sessions-title = Sessions
sessions-text = Là où vous êtes connecté. Déconnectez ce que vous ne reconnaissez pas, puis changez votre mot de passe.
sessions-end-others = Déconnecter toutes les autres sessions
sessions-ended = Sessions passées
sessions-end = Déconnecter
sessions-this = Cet appareil
session-by-password = Mot de passe
session-by-setup = Lien de configuration
session-by-web = Code demandé ici
session-by-bot = Code d'un bot
session-signed-out = déconnectée
session-destroyed = déconnectée par vous
session-expired = expirée
session-restricted = compte restreint
session-disowned = signalée par « Ce n'était pas moi »
session-unlinked = compte dissocié
session-changed = mot de passe ou double authentification modifiés
session-guessed = trop de tentatives échouées
sessions-end-which = la session de { $device }
sessions-last-used = dernière utilisation le { $time }
session-administered = fermée par l'équipe du site
session-raised = fermée au changement de votre rôle

## Your data

delete-title = Supprimer votre compte
delete-heading = Supprimer votre compte ?
delete-log = Votre activité reste un certain temps dans le journal d'audit, avec un numéro à la place de votre nom.
delete-button = Supprimer mon compte
delete-keep = Garder mon compte
data-title = Vos données
data-text = Téléchargez une copie de tout ce qui est enregistré à votre sujet, ou supprimez votre compte.
data-text-password = Téléchargez une copie de tout ce qui est enregistré à votre sujet, ou supprimez votre compte. Il vous faudra votre mot de passe.
data-download = Télécharger mes données
data-unlock = Télécharger mes données
data-delete = Supprimer le compte
delete-text = Cela supprime définitivement { $name } : vos noms, votre profil, vos comptes associés et vos sessions, immédiatement. Votre nom d'utilisateur devient disponible pour d'autres. C'est irréversible.

## Admin

admin-title = Administration
admin-people = Membres
admin-bots = Bots
admin-audit = Journal d'audit
admin-not-for-you = Accès refusé
admin-not-for-you-heading = Vous n'avez pas accès à cette page
admin-not-for-you-text = Il faut un rôle plus élevé, ou une connexion avec la double authentification. Adressez-vous à un propriétaire.

## Admin: members

people-any-state = Tous les statuts
people-active = Actif
people-in-timeout = Exclu temporairement
people-banned = Banni
people-any-level = Tous les rôles
people-users = Membres
people-moderators = Modérateurs
people-admins = Admins
people-owners = Propriétaires
people-search = Rechercher
people-hint = Début d'un nom, d'un nom de plateforme ou d'un identifiant, ou une adresse e-mail complète.
people-hint-moderator = Début d'un nom, d'un nom de plateforme ou d'un identifiant. Vous ne voyez que les membres au-dessous de votre rôle.
people-none = Aucun membre pour le moment
people-none-text = Les membres apparaissent ici après leur première connexion.
people-none-like-that = Aucun résultat
people-none-like-that-text = Essayez avec moins de lettres, ou moins de filtres.
people-empty-page = Rien sur cette page
people-empty-page-text = La liste ne va pas aussi loin.
people-show-all = Effacer les filtres
people-person = Membre
people-back = Précédent
people-page = Page { $n }
people-next = Suivant
people-timeout-until = Exclu jusqu'au { $time }
people-banned-until = Banni jusqu'au { $time }

## Admin: a member

person-all = Tous les membres
person-mail = E-mail
person-mail-confirmed = { $address } (confirmée)
person-mail-unconfirmed = { $address } (non confirmée)
person-level-since = Rôle depuis
person-factor-since = Double authentification depuis
person-log = Voir dans le journal d'audit
person-reason = Raison
person-no-reason = (aucune raison indiquée)
person-restricted-by = par { $by }
person-command-line = la ligne de commande
person-acts = Actions
act-on = { $act } : { $name }
act-restore = Rétablir l'accès
act-restore-short = La connexion redevient possible.
act-restore-title = Rétablir l'accès de { $name }
act-restore-text = La connexion redevient possible. Les sessions fermées le restent.
act-timeout = Exclure temporairement
act-timeout-short = Bloquer la connexion pour un temps.
act-timeout-title = Exclure temporairement { $name }
act-timeout-text = Ce membre est aussitôt déconnecté partout et ne peut pas se connecter avant la fin de l'exclusion. Il ne verra pas la raison.
act-ban = Bannir
act-ban-short = Bloquer la connexion définitivement ou jusqu'à une date.
act-ban-title = Bannir { $name }
act-ban-text = Ce membre est aussitôt déconnecté partout et ne peut plus se connecter. Il ne verra pas la raison.
act-level = Changer le rôle
act-level-short = Ce que ce membre est autorisé à faire.
act-level-title = Changer le rôle de { $name }
act-level-text = Prend effet immédiatement. Un rôle plus élevé ferme les sessions ouvertes avec le code d'un bot.
act-sessions = Déconnecter partout
act-sessions-short = Une nouvelle connexion est possible aussitôt.
act-sessions-title = Déconnecter { $name } partout
act-sessions-text = Toutes ses sessions se ferment aussitôt. Une nouvelle connexion est possible.
act-factors = Réinitialiser la 2FA
act-factors-short = Pour un membre qui a perdu son application et ses codes de secours.
act-factors-title = Réinitialiser la double authentification de { $name }
act-factors-text = Assurez-vous que la demande vient bien de ce membre : ensuite, son mot de passe suffira. Ses codes de secours ne fonctionneront plus, il sera déconnecté partout et prévenu par e-mail.
person-bots = Ses bots
person-bots-text = Les bots ne fonctionnent pas tant que leur propriétaire est banni ou exclu, et n'atteignent personne au-dessus de son rôle.
person-bot-active = { $platform }, actif
person-bot-off = { $platform }, désactivé
person-bots-link = Gérer les bots
person-session = { $address }, depuis le { $begun }, dernière utilisation le { $used }
person-no-sessions = Aucune session visible pour vous.
person-reason-field = Raison
person-reason-hint = Visible par l'équipe uniquement. 500 caractères au plus.
person-length-field = Durée

## Admin: bots

bots-none = Aucun bot pour le moment
bots-none-text = Un bot transmet les codes de connexion sur sa plateforme. Enregistrez-en un ci-dessous, puis donnez-lui la clé affichée.
bots-count = { $n ->
    [1] 1 bot
   *[other] { $n } bots
}
bots-all = Tous les bots
bots-earlier = Précédent
bots-later = Suivant
bots-off = Désactivé
bots-of = { $platform } · appartient à { $owner }
bots-last-call = dernière activité le { $time }
bots-never-called = jamais actif
bots-register-title = Enregistrer un bot
bots-register-text = Vous verrez sa clé une seule fois, à la page suivante. Un bot n'atteint personne au-dessus du rôle de son propriétaire.
bots-register = Enregistrer

## Admin: a bot

bot-type-official = Officiel
bot-type-verified = Vérifié
bot-type-community = Communauté
bot-name-field = Nom
bot-platform-field = Plateforme
bot-owner-field = Propriétaire
bot-owner-hint = Nom d'utilisateur ou identifiant de compte.
bot-rate-field = Requêtes par heure
bot-rate-hint = De 1 à 100 000.
bot-title = Bot
bot-gone = Bot introuvable
bot-gone-text = Il a peut-être été supprimé.
bot-new-key = Clé d'API
bot-new-key-text = Copiez-la maintenant : vous ne la reverrez pas. Gardez-la secrète. Toute personne qui la possède peut lire les codes de connexion des autres.
bot-new-key-try = Pour la tester :
bot-facts = Détails
bot-id = Identifiant du bot
bot-since = Enregistré
bot-says = Indiqué par le bot
bot-says-nothing = Rien pour le moment
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
bot-keys-text = Deux clés au plus fonctionnent en même temps. Si l'une fuite, révoquez-la aussitôt.
bot-key-in-use = Clé actuelle
bot-key-now = Révoquer maintenant
bot-key-10-minutes = Garder 10 minutes
bot-key-hour = Garder 1 heure
bot-key-day = Garder 1 jour
bot-key-make = Créer une nouvelle clé
bot-key-used = dernière utilisation le { $time } depuis { $address }
bot-key-never-used = jamais utilisée
bot-key-made = créée le { $time }
bot-key-ends = expire le { $time }
bot-change = Paramètres
bot-kind = Type
bot-invite-field = Lien vers le bot
bot-invite-hint = Lien https:// facultatif, affiché sur la page de connexion.
bot-switch-on = Activer
bot-switch-on-text = Ses clés sont conservées, mais ne fonctionnent pas tant qu'il est désactivé.
bot-switch-off = Désactiver
bot-switch-off-text = Ses clés cessent aussitôt de fonctionner, sur tous les serveurs, jusqu'à ce que quelqu'un le réactive.
bot-delete-title = Supprimer ce bot
bot-delete-text = C'est irréversible : ses clés ne fonctionneront plus et son nom redeviendra disponible. Saisissez { $name } pour confirmer.
bot-delete-name = Nom du bot
bot-delete = Supprimer

## Admin: audit log

audit-moderator = Vous voyez les avertissements et les exclusions temporaires.
audit-type = Événement
audit-everything = Tous les événements
audit-actor = Effectué par
audit-target = Membre concerné
audit-show = Filtrer
audit-show-all = Effacer les filtres
audit-person-example = Nom d'utilisateur ou identifiant
audit-none = Aucun événement
audit-none-fits = Aucun événement ne correspond. Essayez avec moins de filtres.
audit-none-yet = Aucun événement visible pour vous pour le moment.
audit-events = Événements
audit-newest = Les plus récents
audit-older = Plus anciens
audit-gone = compte supprimé ({ $id })
event-banned = Bannissement
event-account-created = Compte créé
event-account-deleted = Compte supprimé
event-restored = Accès rétabli
event-timed-out = Exclusion temporaire
event-bot-on = Bot activé
event-bot-changed-itself = Bot modifié par lui-même
event-bot-off = Bot désactivé
event-bot-deleted = Bot supprimé
event-bot-key = Clé de bot créée
event-bot-registered = Bot enregistré
event-bot-changed = Bot modifié
event-code-made = Code délivré à un bot
event-code-disowned = « Ce n'était pas moi » signalé
event-code-fetched = Codes récupérés par un bot
event-code-asked = Code demandé
event-data-downloaded = Données téléchargées
event-email-confirmed = Adresse e-mail confirmée
event-email-taken = Adresse e-mail déjà utilisée
event-email-asked = Nouvelle adresse e-mail saisie
event-factor-on = Double authentification activée
event-factor-code-sent = Code envoyé par e-mail
event-factor-locked = Double authentification bloquée
event-factor-off = Double authentification désactivée
event-factors-reset = Double authentification réinitialisée
event-level-changed = Rôle changé
event-confirm-failed = Échec de la vérification d'identité
event-confirmed = Identité confirmée
event-login-failed = Échec de la connexion
event-login = Connexion
event-logout = Déconnexion
event-owner-made = Propriétaire créé
event-password-locked = Mot de passe bloqué
event-password-recovered = Mot de passe réinitialisé par lien
event-recovery-failed = Réinitialisation du mot de passe refusée
event-recovery-asked = Réinitialisation du mot de passe demandée
event-password-set = Mot de passe défini
event-link-failed = Échec de l'association d'un compte
event-linked = Compte associé
event-unlinked = Compte dissocié
event-profile-changed = Profil modifié
event-recovery-code-used = Code de secours utilisé
event-recovery-codes-renewed = Nouveaux codes de secours
event-sessions-ended = Sessions fermées
event-set-up-link = Lien de configuration créé
detail-method = Méthode
detail-by-code = Code
detail-until = Jusqu'au
detail-level-before = Ancien rôle
detail-level-after = Nouveau rôle
detail-purpose = But
detail-purpose-link = Associer un compte
detail-changed = Modifié
detail-key = Ancienne clé
detail-key-ended = révoquée immédiatement
detail-key-works = gardée { $length }
detail-unknown-name = Nom d'utilisateur inconnu
detail-wrong-password = Mot de passe incorrect
detail-wrong-factor = Code de double authentification incorrect
detail-restricted = Banni ou exclu temporairement
detail-bio = À propos

## Messages above a form

message-wait = { $sentence } Réessayez dans { $wait }.
message-wait-unknown = { $sentence } Réessayez plus tard.
message-credentials = Nom d'utilisateur ou mot de passe incorrect.
message-passwords = Trop de tentatives échouées. Connectez-vous plutôt avec un code, ou réinitialisez votre mot de passe.
message-own-passwords = Trop de tentatives échouées.
message-restricted = Ce compte ne peut pas se connecter pour le moment. Contactez l'équipe du site.
message-busy = Beaucoup de personnes se connectent en ce moment. Réessayez dans quelques secondes.
message-unavailable = C'est impossible pour le moment. Réessayez dans une minute.
message-internal = Une erreur est survenue. Réessayez dans un instant.
message-cookies = Votre navigateur a bloqué le cookie de connexion. Autorisez les cookies pour ce site. Safari les bloque sur http://localhost : utilisez-y un autre navigateur.
message-session-lost = Votre session est terminée. Connectez-vous pour reprendre où vous en étiez.
message-signed-out = Vous êtes déconnecté.
message-still-signed-in = Nous n'avons pas pu vous déconnecter. Vous êtes toujours connecté : réessayez dans un instant.
message-code = Ce code n'a pas fonctionné. Il est peut-être mal saisi, déjà utilisé ou vieux de plus de 10 minutes. Les codes demandés ici ne fonctionnent que dans le même navigateur et sur le même réseau.
message-web = Vous vous êtes connecté plusieurs fois de suite avec des codes du bot. Cette fois, demandez un code ici : revenez en arrière et choisissez votre plateforme.
message-guesses = Trop de codes incorrects sont venus de votre réseau.
message-pending = Votre réseau a déjà cinq codes non utilisés. Utilisez l'un d'eux.
message-nothing = Saisissez votre identifiant ou votre nom d'utilisateur.
message-ran-out = Votre code a expiré. Demandez-en un nouveau.
message-password = Mot de passe incorrect. Réessayez.
message-no-password = Vous n'avez pas encore de mot de passe. Définissez-en un pour continuer.
message-id = Cela ne ressemble pas à un identifiant. C'est le long nombre dans le lien que le bot vous envoie.
message-taken = Ce compte est déjà associé ici, peut-être à un autre de vos comptes. Dissociez-le d'abord là-bas.
message-linked = Compte associé. Vous pouvez maintenant vous connecter avec.
message-unlinked = Compte dissocié. Vous ne pouvez plus vous connecter avec.
message-not-linked = Ce compte n'est pas associé.
message-last = C'est votre seul moyen de connexion. Définissez d'abord un mot de passe ou associez un autre compte.
message-step = Cela a pris trop de temps. Recommencez.
message-factor = Ce code n'a pas fonctionné. Chaque code fonctionne une fois, pendant 30 secondes : attendez le suivant.
message-tries = Trop de codes incorrects. Un code de secours fonctionne tout de suite.
message-factor-on = Application d'authentification activée. Vous avez été déconnecté partout ailleurs.
message-factor-off = Application d'authentification désactivée. Vous avez été déconnecté partout ailleurs.
message-codes-new = Vos anciens codes de secours ne fonctionnent plus. Vous avez été déconnecté partout ailleurs.
message-password-set = Mot de passe enregistré. Vous avez été déconnecté partout ailleurs.
message-profile = Enregistré.
message-profile-refused = Certaines modifications n'ont pas été enregistrées : voir ci-dessous. Le reste est enregistré.
message-deleted = Votre compte et tout ce qui était enregistré à votre sujet ont été supprimés.
message-last-owner = Vous êtes le seul propriétaire. Donnez d'abord ce rôle à quelqu'un d'autre.
message-owns-bots = Des bots vous appartiennent. Supprimez-les ou donnez-les d'abord à quelqu'un d'autre.
message-session-ended = Session déconnectée.
message-others-ended = Vous avez été déconnecté partout ailleurs.
message-no-session = Cette session est déjà terminée.
message-own-session = C'est la session que vous utilisez. Pour la fermer, déconnectez-vous.
message-factor-is-on = C'est déjà activé. Désactivez-le d'abord.
message-recovery-sent = Si ce compte existe et a une adresse e-mail confirmée, nous avons envoyé un lien. Il fonctionne une fois, pendant 30 minutes.
message-recoveries = Trop de liens ont été demandés depuis votre réseau.
message-factor-needed = Saisissez un code de double authentification ou un code de secours.
message-recovered = Mot de passe changé. Connectez-vous avec le nouveau.
message-password-short = Votre mot de passe est trop court pour se passer de la double authentification. Définissez-en d'abord un plus long, puis désactivez l'application.
message-no-factor = La configuration a expiré, ou rien n'est activé. Recommencez.
message-registered = Bienvenue ! Consultez vos e-mails et ouvrez le lien pour confirmer votre adresse.
message-mailed = Ce code n'a pas fonctionné. Chaque code fonctionne une fois, pendant 10 minutes, et seul le dernier compte.
message-sent = Code envoyé. Toujours rien après une minute ? Vérifiez vos indésirables.
message-sent-often = Nous avons déjà envoyé plusieurs codes. Utilisez le dernier.
message-mail-on = Codes par e-mail activés. Vous avez été déconnecté partout ailleurs.
message-mail-off = Codes par e-mail désactivés. Vous avez été déconnecté partout ailleurs.
message-mail-none = Ce site n'envoie plus de codes par e-mail. Utilisez un code de secours.
message-no-email = Confirmez d'abord votre adresse e-mail.
message-email-asked = Consultez cette boîte de réception et ouvrez le lien pour confirmer l'adresse. Le lien fonctionne pendant un jour.
message-email-on = Adresse e-mail confirmée. Nous l'utiliserons désormais.
message-email-taken = Cette adresse e-mail appartient à un autre compte ici. Connectez-vous à celui-ci, ou utilisez-en une autre.
message-email-dead = Ce lien a expiré ou a déjà été utilisé. Demandez-en un nouveau sur votre page de sécurité.
message-email-yours = C'est déjà votre adresse e-mail confirmée.
message-letters = Nous vous avons déjà écrit plusieurs fois. Vérifiez vos indésirables.
message-bot-registered = Bot enregistré. Donnez-lui maintenant sa clé.
message-bot-updated = Enregistré.
message-bot-key = Nouvelle clé créée. Donnez-la au bot.
message-bot-off = Bot désactivé. Ses clés ne fonctionnent plus.
message-bot-on = Bot activé. Ses clés fonctionnent à nouveau.
message-bot-deleted = Bot supprimé. Ses clés ne fonctionnent plus.
message-bot-gone = Bot introuvable. Il a peut-être été supprimé.
message-bot-denied = Vous ne pouvez gérer que vos propres bots et ceux des membres au-dessous de votre rôle, et ne les confier qu'à ces membres.
message-bot-name = Le nom doit comporter de 2 à 32 caractères visibles.
message-bot-name-taken = Un bot porte déjà ce nom. Essayez-en un autre.
message-bot-owner = Aucun compte n'a ce nom d'utilisateur ou cet identifiant.
message-bot-rate = Le nombre de requêtes par heure doit être compris entre 1 et 100 000.
message-bot-platform = Cette plateforme n'est pas configurée ici.
message-bot-invite = Le lien doit commencer par https:// et comporter 512 caractères au plus, ou rester vide.
message-bot-confirm = Ce n'est pas le nom du bot. Rien n'a été supprimé.
message-disowned = C'est fait. Ce code ne fonctionne plus, et toute personne qui l'a utilisé a été déconnectée.
message-banned = Membre banni et déconnecté partout.
message-timed-out = Membre exclu temporairement et déconnecté partout.
message-restored = Accès rétabli.
message-level = Rôle changé. Il prend effet immédiatement.
message-logged-out = Membre déconnecté partout.
message-factors-reset = Double authentification réinitialisée, et membre déconnecté partout.
message-not-below = Ce n'est possible que pour les membres au-dessous de votre rôle, et pas pour vous-même.
message-admin = Votre rôle, ou la façon dont vous vous êtes connecté, ne le permet pas.
message-assign = Vous ne pouvez pas donner ce rôle. Les propriétaires se créent en ligne de commande.
message-last-owner-there = C'est le dernier propriétaire qui peut se connecter. Créez-en d'abord un autre.
message-is-banned = Ce membre est banni. Rétablissez d'abord son accès.
message-reason = Saisissez une raison, 500 caractères au plus.
message-no-factor-there = Ce membre n'a pas activé la double authentification.
message-nobody = Aucun compte n'a cet identifiant.
message-dead = Ce lien ne fonctionne pas. Il est peut-être incomplet, ou son code a expiré depuis longtemps.
