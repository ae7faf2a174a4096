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
footer-made-with = Hébergé chez soi avec Portal
footer-support = Aide
footer-terms = Conditions
footer-privacy = Confidentialité
offline = Vous êtes hors ligne. Ce que vous avez saisi reste ici : envoyez-le dès que la connexion est revenue.
footer-language = Langue
footer-theme = Couleurs
theme-system = Comme dans le système
theme-light = Clair
theme-dark = Sombre
go-to-start = Aller à la page d'accueil
go-to-login = Aller à la connexion
back-to-account = Retour à votre compte
log-in = Se connecter
log-in-another-way = Se connecter autrement

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

## Times

time-left = Le code est valable jusqu'à { $time }, encore { $left }.
moment = { $day } { $month ->
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
seconds = { $n ->
    [one] { $n } seconde
   *[other] { $n } secondes
}

## Pages for what went wrong

not-found-title = Page introuvable
not-found-heading = Il n'y a pas de page ici
not-found-text = L'adresse est peut-être mal tapée, ou la page a changé de place.
error-foreign-heading = Cela venait d'ailleurs
error-foreign-text = Ce formulaire n'a pas été envoyé depuis notre propre page, donc rien n'a été fait. Rouvrez la page et recommencez.
error-large-heading = C'est trop
error-large-text = Ce qui a été envoyé dépasse tous nos formulaires. Revenez en arrière et raccourcissez.
error-cookies-heading = Votre navigateur a trop envoyé
error-cookies-text = Il y avait trop de cookies de ce site et de ses voisins. Ils sont effacés : rouvrez la page.
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

## Log in with a code

code-title = Se connecter avec un code
code-text = Saisissez le code que le bot vous a envoyé en message privé.

## Ask for a code

request-heading = Se connecter avec { $platform }
request-text = Dites-nous qui vous y êtes. Le bot vous envoie ensuite un code.
request-id = Votre identifiant
request-id-hint = Le numéro que le bot vous donne. Déjà venu ici ? Votre nom suffit.
request-ask = Demander un code
request-sent-heading = Recevez votre code
request-sent-text = { $bot } vous envoie un code sur { $platform }, en message privé. Si rien n'arrive, écrivez-lui { $command }. Personne d'ici ne vous demandera jamais ce code.
delivery-told = { $bot } est prévenu. Regardez vos messages privés.
delivery-waiting = En attente de { $bot } : le bot n'est pas là en ce moment. Restez sur cette page.
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
