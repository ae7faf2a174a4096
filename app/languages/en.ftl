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
pages = Pages

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
username-hint = 3–32 letters, digits, dots, dashes or underscores.
display-field = Display name
email-field = E-mail address
password-new-hint = At least { $n } characters. Four or five words that don't belong together are best.
username-short = The username must be at least 3 characters.
username-long = The username must be at most 32 characters.
username-characters = Use letters from a to z, digits, dots, dashes and underscores only.
username-reserved = That username is reserved. Choose another one.
display-short = The display name must be at least 3 characters.
display-long = The display name must be at most 32 characters.
display-characters = The display name holds a character that can't be shown as part of a name.
display-space = The display name must not begin or end with a space, nor have two together.
display-marks = The display name must have letters, and at most 4 accents on each.
email-long = The e-mail address must be at most 320 characters.
email-malformed = That is no e-mail address such as name@example.org.
password-short = The password must be at least { $n } characters.
password-long = The password must be at most { $n } characters.
password-name = The password must not be the username.
password-common = This password is too easy to guess: it is made of common passwords, rows of keys or repetitions. Try four words that have nothing to do with each other.
password-personal = This password is too easy to guess: it is made of your own names or this site's. Try four words that have nothing to do with you.
username-taken = That username is taken. Choose another one.
display-reserved = That name is reserved. Choose another one.
name-alike = That looks like the name of somebody else here. Choose one that can't be mistaken.
field-optional = (optional)
copy = Copy
copied = Copied

## Times and names

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
hours = { $n ->
    [one] 1 hour
   *[other] { $n } hours
}
seconds = { $n ->
    [one] 1 second
   *[other] { $n } seconds
}
level-owner = Owner
level-user = User
level-moderator = Moderator
level-admin = Admin
level = Level
state = State
last-seen = Last seen
length-10-minutes = 10 minutes
length-hour = 1 hour
length-6-hours = 6 hours
length-day = 1 day
length-week = 1 week
length-30-days = 30 days
length-90-days = 90 days
length-year = 1 year
length-good = For good
device = { $browser } on { $system }
device-unknown = An unknown browser

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

## Log in

login-username = Username
login-forgot = Forgot your password?
login-or = or
login-have-code = I already have a code
login-start-again = Start again
login-new-here = New here? { $link }

## The second step of a login

step-title = Second step
step-app = Enter the code that your authenticator app shows now.
step-app-field = Code from the app
step-app-switch = Use the authenticator app
step-email-switch = Get a code by e-mail
step-email-field = Code from the e-mail
step-email = We can send a code to the e-mail address of your account.
step-email-send = Send me a code
step-email-send-again = Send another code
step-recovery = Enter one of the codes you kept when you set up your second step.
step-recovery-field = Recovery code
step-recovery-switch = Use a recovery code
step-no-codes = You have no recovery codes left. If you can't get a code, ask whoever runs this site.
factor-app-or-recovery = Code from the app, or a recovery code
factor-any = Code from the app or the e-mail, or a recovery code
factor-email-or-recovery = Code from the e-mail, or a recovery code
sent-to = We sent a code to { $address }.
step-email-sent = Enter the code that we sent to { $address }.
factor-since = On since { $since }.

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
delivery-waiting = { $bot } is away at the moment. Stay on this page: the code comes when it is back.
delivery-look-again = See how it stands now
request-some-bot = The bot of this community
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

## Make an account

register-title = Make an account
register-have-account = I have an account
register-many = Several accounts were asked for from your network.
register-unavailable = We can't make an account right now. Try again in a minute.
register-email-hint = We send a link there, so that you can get back in when you forget your password.
register-display-hint = What others see; your username if you leave it empty.
register-button = Make my account
register-off = New accounts can't be made on this site at the moment. If you need one, ask whoever runs it.

## Forgot your password

recover-sent-title = Look into your mail
recover-text = We send a link to the e-mail address of your account. With it you choose a new password.
recover-field = Username or e-mail address
recover-button = Send the link
recover-again = Send another one
recover-back = Back to the login
recover-no-mail = No mail?
recover-no-address = No e-mail address here?
recover-phone = Only your phone is gone? Log in with your password and one of your recovery codes.
recover-team = If nothing of that helps, ask the team of this site.
recover-new-title = New password
recover-new-button = Set the new password
recover-new-stuck = No phone and no recovery code? Then ask the team of this site: a link alone does not replace your second step.
recover-dead = This link doesn't work any more. Each works once, for 30 minutes.
recover-get-another = Get another one
recover-slow = It can take a few minutes; look into the spam folder, too. A letter comes only to an address that was confirmed, and a few times a day at most.
recover-linked = Is your account linked to a platform? { $link }.
recover-by-code = Log in with a code from the bot
recover-account = For the account { $username }. All its sessions end, and you log in with the new password.

## Your e-mail address

email-title = Your e-mail address
email-to-account = Go to your account
email-confirm = Confirm this address
email-not-yours = Not your account? Then close this page, and nothing happens.
email-new = New e-mail address
email-change = Change address
email-send-link = Send me a link
email-send-again = Send the letter again
email-codes-title = Codes by e-mail
email-codes-on = Switch on codes by e-mail
email-codes-off = Switch off codes by e-mail
email-confirm-text = Mail for the account { $username } will go to { $address }.
email-goes-to = Letters about your account go to { $address }.
email-unconfirmed = { $address } is not confirmed, so no letter about your account goes there.
email-why = With a confirmed address you get back in when you forget your password, and hear of it when somebody changes how you log in.
email-waiting = We wrote to { $address }. Open the link in the letter to confirm it; it works until { $time }.
email-codes-text = A second step without an app: we send a code to your address at every login. An authenticator app is safer.

## Set up

setup-title = Set up
setup-heading = Welcome
setup-failed = Something went wrong on our side. Try again in a moment.
setup-name-taken = That username is taken. Choose another one, or ask for another link.
setup-choose = Choose a password for your account. With it you are the owner of this portal.
setup-make = Make the first account. With it you are the owner of this portal.
setup-button = Create account
setup-dead-heading = This link doesn't work
setup-dead = A set-up link works once, for a day, until there is an owner or the server starts again.
setup-dead-new = To get a new one, run this where the portal is installed, with a name of your own:
setup-away = The portal can't be set up at the moment. Your link still works: try again in a minute.
setup-again = Try again

## Your account

account-title = Your account
account-profile = Profile
account-id = Account id
account-since = Member since
account-session = This session
account-session-since = Logged in since
account-session-address = Address
account-session-browser = Browser
account-security = Security
account-security-on = A second step guards every login.
account-security-off = A second step at the login keeps others out, even with your password.
account-security-link-all = Password, second step and sessions

## Profile

profile-edit = Edit profile
profile-username-hint = You log in with it. 3–32 letters, digits, dots, dashes or underscores.
profile-display-hint = What others see. Leave it empty to be shown under your username.
profile-bio = About you
profile-bio-hint = 500 characters at most.
profile-links = Links
profile-links-hint = One address a line, five at most, each with https://.
profile-save = Save
profile-picture = Picture
profile-picture-first = From the first platform that has one
bio-long = That is too long: at most 500 characters in 20 lines.
bio-characters = The text holds a character that can't be shown.
links-many = Five links at most.
links-form = Each link must be a whole address that begins with https://.

## Platforms

platforms-title = Platforms
platforms-text = Where bots know you: each linked platform is a way to log in.
platforms-unlink = Unlink
platforms-unlink-name = Unlink { $platform }
platforms-id = Your id there
platforms-id-hint = The number the bot tells you.
platforms-not-now = Not now
platforms-link = Link
platforms-wrong-id = That id is wrong
platforms-link-name = Link { $platform }
platforms-code-text = The bot sends a code to your { $platform } account { $id }. If nothing comes, write { $command } to it.

## Security

password-text = All your other sessions end when you change it.
password-change = Change password
password-none = You came by a code. With a password you can log in without a bot, and link other platforms.
password-set = Set password
password-current = Current password
security-send-title = A code for changes
security-send = What you change below takes a code. Each code is good for one change.
recovery-title = Your recovery codes
totp-title = Authenticator app
totp-renew = New recovery codes
totp-off = Switch off
totp-scan = Scan this picture with the app. Or type the key into it by hand.
totp-qr = QR code
totp-code = Code that the app shows
totp-on = Switch on
totp-new-codes = You get new recovery codes with it. The old ones stop working.
totp-set-up = Set up an authenticator app
recovery-text = Each logs you in once when your phone is not at hand. Print them or keep them in your password manager: they are shown this once.
totp-text = A second step at every login: a code from an app on your phone. Whoever steals your password then still can't get in.
recovery-left = { $n ->
    [one] 1 of 10 recovery codes is left.
   *[other] { $n } of 10 recovery codes are left.
}
totp-key = Key: { $key }

## Sessions

sessions-title = Sessions
sessions-text = Where you are logged in. End what you don't know, then change your password.
sessions-end-others = End all other sessions
sessions-ended = Ended sessions
sessions-end = End
sessions-this = This one
session-by-password = By password
session-by-setup = By the set-up link
session-by-web = By a code asked for here
session-by-bot = By a code of a bot
session-signed-out = logged out
session-destroyed = ended by you
session-expired = ran out
session-restricted = account restricted
session-disowned = ended by “that was not me”
session-unlinked = platform unlinked
session-changed = ended by a change of password or second step
session-guessed = ended after too many wrong tries
sessions-end-which = the session of { $device }
sessions-last-used = last used { $time }
session-administered = ended by those who run this site
session-raised = ended when your level rose

## Your data

delete-title = Delete your account
delete-heading = Delete your account?
delete-log = What stays for a while is the log of what happened, with a number in place of your name.
delete-button = Delete my account
delete-keep = Keep it
data-title = Your data
data-text = All that is stored about you, as one file; or the end of all of it.
data-text-password = All that is stored about you, as one file; or the end of all of it. Both ask for your password first.
data-download = Download
data-unlock = Unlock the download
data-delete = Delete account
delete-text = This deletes { $name }: your names, your profile, your linked platforms and your sessions, everywhere and at once. Your username is free for others then. It can't be undone.

## Administration

admin-title = Administration
admin-people = People
admin-bots = Bots
admin-audit = Audit log
admin-not-for-you = Not for you
admin-not-for-you-heading = This page is not for you
admin-not-for-you-text = It takes a higher level than yours, or a login with a second step. Ask an owner of this site.

## Administration: people

people-any-state = Any state
people-active = Active
people-in-timeout = In a timeout
people-banned = Banned
people-any-level = Any level
people-users = Users
people-moderators = Moderators
people-admins = Admins
people-owners = Owners
people-search = Search
people-hint = How a name, a name on a platform, an id or a mail address begins.
people-hint-moderator = How a name, a name on a platform or an id begins. You see those below you.
people-none = Nobody is here yet
people-none-text = People appear when they log in for the first time.
people-none-like-that = Nobody is like that
people-none-like-that-text = Try a shorter beginning of the name, or fewer conditions.
people-empty-page = This page is empty
people-empty-page-text = There are fewer people than that.
people-show-all = Show everybody
people-person = Person
people-back = Back
people-page = Page { $n }
people-next = Next
people-timeout-until = Timeout until { $time }
people-banned-until = Banned until { $time }

## Administration: a person

person-all = All people
person-mail = Mail
person-mail-confirmed = { $address } (confirmed)
person-mail-unconfirmed = { $address } (not confirmed)
person-level-since = Level since
person-factor-since = Second step since
person-log = What the audit log says
person-reason = Shut out because
person-no-reason = (no reason was given)
person-restricted-by = by { $by }
person-command-line = the command line
person-acts = What you may do
# What a link says to whoever can't see the page: what it does (the words that are seen), and to whom.
act-on = { $act }: { $name }
act-restore = Let in again
act-restore-short = They may log in from then on.
act-restore-title = Let { $name } in again
act-restore-text = They may log in from then on. What has ended stays ended.
act-timeout = Time out
act-timeout-short = Shut out for a while.
act-timeout-title = Time out { $name }
act-timeout-text = They are logged out everywhere at once and can't log in until the time is over. They are not told the reason.
act-ban = Ban
act-ban-short = Shut out for good, or until a time.
act-ban-title = Ban { $name }
act-ban-text = They are logged out everywhere at once, and no way in works. They are not told the reason.
act-level = Change level
act-level-short = What they may do to others.
act-level-title = Change the level of { $name }
act-level-text = It counts from their very next click. A higher level ends their sessions that began with a bot's code.
act-sessions = Log out everywhere
act-sessions-short = They may log in again at once.
act-sessions-title = Log { $name } out everywhere
act-sessions-text = All their sessions end at once. They may log in again.
act-factors = Reset the second step
act-factors-short = For somebody who lost their app and codes.
act-factors-title = Reset the second step of { $name }
act-factors-text = Be sure that it is they who ask: from then on their password alone lets them in. Their recovery codes end, they are logged out everywhere, and a letter tells them.
person-bots = Their bots
person-bots-text = While their owner is shut out, bots open nothing. They reach nobody above the owner's level of today.
person-bot-active = { $platform }, active
person-bot-off = { $platform }, switched off
person-bots-link = Administer bots
person-session = { $address }, since { $begun }, last used { $used }
person-no-sessions = None that you may see.
person-reason-field = Reason
person-reason-hint = For those who administer here. Up to 500 characters.
person-length-field = How long

## Administration: bots

bots-none = There is no bot yet
bots-none-text = A bot carries login codes to people on their platform. Register one below, and give it the key that is shown then.
bots-count = { $n ->
    [1] One bot carries codes here.
   *[other] { $n } bots carry codes here.
}
bots-all = All bots
bots-earlier = Earlier
bots-later = Later
bots-off = Off
bots-of = { $platform } · of { $owner }
bots-last-call = last call { $time }
bots-never-called = never called
bots-register-title = Register a bot
bots-register-text = It gets a key, shown once on the next page. It reaches nobody above its owner.
bots-register = Register

## Administration: a bot

bot-type-official = Official
bot-type-verified = Verified
bot-type-community = Community
bot-name-field = Name
bot-platform-field = Platform
bot-owner-field = Owner
bot-owner-hint = A username, or the number of an account.
bot-rate-field = Calls an hour
bot-rate-hint = A number from 1 to 100000.
bot-title = Bot
bot-gone = There is no such bot
bot-gone-text = It may have been deleted.
bot-new-key = The key
bot-new-key-text = It is shown only this once. Put it where only the bot reads it: whoever has it gets the login codes of people.
bot-new-key-try = To try it:
bot-facts = Facts
bot-id = Bot id
bot-since = Registered
bot-says = Says of itself
bot-says-nothing = Nothing yet
bot-groups = { $n ->
    [one] 1 group
   *[other] { $n } groups
}
bot-people = { $n ->
    [one] 1 person
   *[other] { $n } people
}
bot-latency = answers in { $n } ms
bot-keys = Keys
bot-keys-text = Two at most work at a time. If one got into the wrong hands, end it at once.
bot-key-in-use = The key in use
bot-key-now = End it at once
bot-key-10-minutes = 10 minutes more
bot-key-hour = An hour more
bot-key-day = A day more
bot-key-make = Make a new key
bot-key-used = last used { $time } from { $address }
bot-key-never-used = never used
bot-key-made = made { $time }
bot-key-ends = ends { $time }
bot-change = Change
bot-kind = Kind
bot-invite-field = Where people find it
bot-invite-hint = An https address, or nothing. The login page links to it.
bot-switch-on = Switch on
bot-switch-on-text = Its keys stay as they are, but open nothing while it is off.
bot-switch-off = Switch off
bot-switch-off-text = Its keys stop working at once, on every server, until somebody switches it on again.
bot-delete-title = Delete this bot
bot-delete-text = This can't be undone: its keys end, and its name is free again. Type { $name } to go on.
bot-delete-name = Name of the bot
bot-delete = Delete

## Administration: the audit log

audit-moderator = You see warnings and timeouts.
audit-type = What happened
audit-everything = Everything
audit-actor = Who did it
audit-target = Whom it was about
audit-show = Show
audit-show-all = Show everything
audit-person-example = Username or id
audit-none = Nothing here
audit-none-fits = Nothing in the log fits this. Try fewer conditions.
audit-none-yet = Nothing happened yet that you may read of.
audit-events = Events
audit-newest = Newest
audit-older = Older
audit-gone = somebody who is gone ({ $id })
# What an event is called.
event-banned = Banned
event-account-created = Account made
event-account-deleted = Account deleted
event-restored = Let in again
event-timed-out = Timed out
event-bot-on = Bot switched on
event-bot-changed-itself = Bot changed itself
event-bot-off = Bot switched off
event-bot-deleted = Bot deleted
event-bot-key = New key for a bot
event-bot-registered = Bot registered
event-bot-changed = Bot changed
event-code-made = Code made for a bot
event-code-disowned = “That was not me” reported
event-code-fetched = Codes fetched by a bot
event-code-asked = Code asked for
event-data-downloaded = Own data downloaded
event-email-confirmed = E-mail address confirmed
event-email-taken = E-mail address taken already
event-email-asked = New e-mail address given
event-factor-on = Second step switched on
event-factor-code-sent = Code sent by e-mail
event-factor-locked = Second step locked
event-factor-off = Second step switched off
event-factors-reset = Second step reset
event-level-changed = Level changed
event-confirm-failed = Identity not confirmed
event-confirmed = Identity confirmed
event-login-failed = Login failed
event-login = Logged in
event-logout = Logged out
event-owner-made = Owner made
event-password-locked = Password locked
event-password-recovered = New password by a link
event-recovery-failed = New password by a link refused
event-recovery-asked = Link for a new password asked for
event-password-set = Password set
event-link-failed = Platform not linked
event-linked = Platform linked
event-unlinked = Platform unlinked
event-profile-changed = Profile changed
event-recovery-code-used = Recovery code used
event-recovery-codes-renewed = New recovery codes
event-sessions-ended = Sessions ended
event-set-up-link = Set-up link made
# What else is known of an event: a word, and a value behind it.
detail-method = Login
detail-by-code = By a code
detail-until = Until
detail-level-before = Level before
detail-level-after = Level after
detail-purpose = What for
detail-purpose-link = To link a platform
detail-changed = Changed
detail-key = Old key
detail-key-ended = ended at once
detail-key-works = works { $length } more
detail-unknown-name = Unknown name
detail-wrong-password = Wrong password
detail-wrong-factor = Wrong code of the second step
detail-restricted = Banned, or in a timeout
detail-bio = Description

## What a page says above its form

# What was refused by a limit, and for how long: so the sentences of limits say no time themselves.
message-wait = { $sentence } You can try again in { $wait }.
message-wait-unknown = { $sentence } Wait a while, then try again.
message-credentials = That name and password don't match. Check both and try again.
message-passwords = Too many wrong passwords were tried. Log in with a code instead, or get a new password.
message-own-passwords = Too many wrong passwords were tried.
message-restricted = This account may not log in at the moment. Ask whoever runs this site.
message-busy = Many people are logging in right now. Try again in a few seconds.
message-unavailable = We can't do that right now. Try again in a minute.
message-internal = Something went wrong on our side. Try again in a moment.
message-cookies = Your browser did not keep the login cookie. Allow cookies for this site; Safari keeps none on plain http://localhost, so use another browser there.
message-session-lost = Your session has ended. Log in again, and you go on where you were.
message-signed-out = You are logged out.
message-still-signed-in = We couldn't log you out just now. You are still logged in: try again in a moment.
message-code = That code doesn't work. It may be mistyped, used or older than 10 minutes; a code asked for on this site works only in the browser and network that asked.
message-web = You have logged in with the bot's codes several times in a row. This time ask for a code here first: go back and choose your platform.
message-guesses = Too many wrong codes came from your network.
message-pending = Five codes are pending for your network. Use one of them.
message-nothing = Enter your id or your name first.
message-ran-out = Your code ran out. Ask for another one.
message-password = That is not your password. Try again.
message-no-password = This account has no password yet, so there is nothing to confirm with.
message-id = That can't be an id. It is the number the bot tells you.
message-taken = That account belongs to somebody here already, perhaps to another account of yours. Unlink it there first.
message-linked = Linked. You can log in with it from now on.
message-unlinked = Unlinked. Codes for it no longer log you in.
message-not-linked = That platform isn't linked.
message-last = This is the only way you can log in. Set a password or link another platform first.
message-step = That login took too long. Start again.
message-factor = That code doesn't work. Each works once, for half a minute: wait for the next one.
message-tries = Too many wrong codes. A recovery code works at once.
message-factor-on = Your authenticator app is on. All your other sessions have ended.
message-factor-off = Your authenticator app is off. All your other sessions have ended.
message-codes-new = The old recovery codes no longer work. All your other sessions have ended.
message-password-set = Your password is set. All your other sessions have ended.
message-profile = Saved.
message-profile-refused = Not all of it could be saved. See what is wrong below; the rest is saved.
message-deleted = Your account is deleted, and with it all that was stored about you.
message-last-owner = You are the only owner here. Make somebody else an owner first.
message-owns-bots = Bots belong to your account. Have them deleted, or given to somebody else, first.
message-session-ended = That session has ended.
message-others-ended = All your other sessions have ended.
message-no-session = That session has ended already.
message-own-session = That is the session you are using. To end it, log out.
message-factor-is-on = That is on already. Switch it off first.
message-recovery-sent = If there is such an account with a confirmed address, a link is on its way to it. It works once, for 30 minutes.
message-recoveries = Your network asked for many links.
message-factor-needed = Enter a code of your second step, or a recovery code.
message-recovered = Your new password is set. Log in with it.
message-password-short = Your password is too short to stand alone. Set a longer one first, then switch the app off.
message-no-factor = The set-up took too long, or nothing is on. Start again.
message-registered = Welcome. We wrote to your e-mail address: open the link in the letter to confirm it.
message-mailed = That code doesn't work. Each works once, for ten minutes, and only the latest one does.
message-sent = A code is on its way. If it isn't there in a minute, look into the spam folder, too.
message-sent-often = Several codes were sent already. Use the latest one.
message-mail-on = Codes by e-mail are on. All your other sessions have ended.
message-mail-off = Codes by e-mail are off. All your other sessions have ended.
message-mail-none = This site sends no codes by e-mail any more. Use a recovery code.
message-no-email = Confirm your e-mail address first.
message-email-asked = We wrote to that address. Open the link in the letter to confirm it; it works for a day.
message-email-on = Confirmed. Mail about your account goes to this address from now on.
message-email-taken = That address belongs to another account here. Log in there, or use another address.
message-email-dead = This link doesn't work any more. It works once, for a day, and only the latest one does. Ask for another one on the security page of your account.
message-email-yours = That is your address already, and it is confirmed.
message-letters = We wrote several times already. Look into the spam folder, too.
message-bot-registered = Registered. Give the bot its key.
message-bot-updated = Saved.
message-bot-key = There is a new key. Give it to the bot.
message-bot-off = The bot is off. Its keys no longer work.
message-bot-on = The bot is on. Its keys work.
message-bot-deleted = The bot is deleted. Its keys no longer work.
message-bot-gone = There is no such bot. It may have been deleted.
message-bot-denied = You can act only on bots of yourself and of people below you, and give them only to those.
message-bot-name = The name must have 2 to 32 visible characters.
message-bot-name-taken = There is a bot of that name already. Choose another one.
message-bot-owner = There is nobody of that name or number to own the bot.
message-bot-rate = The calls an hour must be a number from 1 to 100000.
message-bot-platform = That platform is not set up here.
message-bot-invite = Where people find the bot must be an https address of at most 512 characters, or nothing.
message-bot-confirm = The name you typed is another one. The bot is still there.
message-disowned = Done. That code no longer works, and whoever logged in with it is logged out.
message-banned = They are shut out, and logged out everywhere.
message-timed-out = They are shut out for that time, and logged out everywhere.
message-restored = They may log in again.
message-level = Their level is changed, and counts from their very next click.
message-logged-out = They are logged out everywhere.
message-factors-reset = Their second step is off, and they are logged out everywhere.
message-not-below = You can do that only to people below your own level, and not to yourself.
message-admin = Your level, or the way you logged in, does not open that.
message-assign = That level is not yours to give. Owners are made on the command line.
message-last-owner-there = This is the last owner who may log in. Make another one first.
message-is-banned = They are banned. Let them in again first.
message-reason = Say why first, in up to 500 characters.
message-no-factor-there = They have no second step.
message-nobody = There is nobody of that number.
message-dead = This link doesn't work. It may be cut off, or the code it was for is long gone.
