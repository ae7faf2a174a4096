# Portal in English. Every other language is a file like this one, named after its code (de.ftl,
# pt-BR.ftl): copy it, translate what stands behind each "=", and build. Nothing else is to be done.
#
# { $name } is filled in by the program and stays as it is, wherever your language wants it. Where
# a number decides on the form of a word, list the forms your language has: [one], [few], [many]
# and always *[other] (see https://projectfluent.org/fluent/guide/selectors.html).
#
# Short and human. Errors say what to do next. The same thing has the same name everywhere:
# log in, log out, account, code, session, password, second step, authenticator app, recovery
# code, platform, bot.

# What the language calls itself, in the switch at the foot of every page.
language-name = English

## Every page

skip-to-content = Skip to content
# The title of a page that came back with an error.
title-with-error = Error: { $title }
log-out = Log out
footer-made-with = Self-hosted with Portal
footer-support = Help
footer-terms = Terms
footer-privacy = Privacy
offline = You are offline. What you typed stays here: send it when you are back.
footer-language = Language
footer-theme = Colours
theme-system = As the system has them
theme-light = Light
theme-dark = Dark
go-to-start = Go to the start page
go-to-login = Go to the login
back-to-account = Back to your account
log-in = Log in
log-in-another-way = Log in another way

## Fields

field-password = Password
field-code = Code
field-password-show = Show password
field-password-enough = Long enough
field-password-easy = Easy to guess
field-password-strong = Strong
field-password-long = Too long
username-short-note = Too short
username-long-note = Too long
username-characters-note = Only letters, digits, . _ -
username-reserved-note = Reserved name
field-code-hint = 8 letters and digits. Capital and small letters differ.

## Times

# Until when something works: a time of day, and how long that is.
time-left = The code works until { $time }, { $left } from now.
# A day and a minute, in Coordinated Universal Time; where scripts run, the browser writes times in
# the person's own zone instead. month: 1 to 12.
moment = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }, { $time } UTC
time-of-day = { $time } UTC
minutes = { $n ->
    [one] 1 minute
   *[other] { $n } minutes
}
seconds = { $n ->
    [one] 1 second
   *[other] { $n } seconds
}

## Pages for what went wrong

not-found-title = Page not found
not-found-heading = There is no page here
not-found-text = The address may be mistyped, or the page has moved.
error-foreign-heading = That came from another place
error-foreign-text = This form was not sent from our own page, so nothing was done. Open the page again and repeat what you did.
error-large-heading = That is too much
error-large-text = What was sent is larger than any form of ours. Go back and shorten it.
error-cookies-heading = Your browser sent too much
error-cookies-text = There were too many cookies of this site and its neighbours. They are cleared now: open the page again.
error-often-heading = Slow down a little
error-often-text = Too much came from your network in a short time. Wait a moment, then try again.
error-often-wait = Too much came from your network in a short time. Try again in { $wait }.
error-away-heading = Not right now
error-away-text = Something we need is not there at the moment. Nothing was lost: try again in a minute.
error-ours-heading = Something went wrong on our side
error-ours-text = It isn't your fault. Try again in a moment.
error-ours-reference = If it keeps happening, tell whoever runs this site, with this number: { $reference }
error-unreadable-heading = That could not be read
error-unreadable-text = What was sent is not what this page expects. Open the page again and repeat what you did.

## Log in with a code

code-title = Log in with a code
code-text = Enter the code that the bot sent you as a direct message.

## Ask for a code

request-heading = Log in with { $platform }
request-text = Tell us who you are there. The bot then sends you a code.
request-id = Your id
request-id-hint = The number the bot tells you. Been here before? Your name is enough.
request-ask = Ask for a code
request-sent-heading = Get your code
# bot: its name, maybe as a link. command: what one writes to it.
request-sent-text = { $bot } sends you a code on { $platform }, in a direct message. If nothing comes, write { $command } to it. Nobody from here ever asks you for that code.
# Whether a bot is there to bring the code.
delivery-told = { $bot } has been told. Look at your direct messages.
delivery-waiting = Waiting for { $bot }: it is not there at the moment. Stay on this page.
delivery-look-again = See how it stands now
request-some-bot = the bot of this community
request-again = No message? Ask again
request-network-changed = Your network changed since you asked, and the code works only in the one before. Ask again from here.
request-advice = Still nothing? Check that the id is yours, and that your privacy settings let members of the community write to you.

## That was not me

not-me-title = That was not me
not-me-heading = A code you didn't ask for?
not-me-text = Somebody asked for a code to log in as you, and it wasn't you? Then end it here. Whoever logged in with it is logged out too.
not-me-button = That was not me
not-me-done-heading = It has ended
not-me-done-text = If you handed a code to somebody, never do so again: nobody from here asks for one.
not-me-dead-heading = Nothing to end here

## Confirm it's you

confirm-title = Confirm it's you
confirm-text = You are about to change something that matters. Enter your password once more.
confirm-factor-text = You are about to change something that matters.
confirm-factor = Code from your authenticator app
confirm-button = Confirm
confirm-set-password = Set a password
