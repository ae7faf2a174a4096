# Portal in English. Every other language is a file like this one, named after its language code
# (de.ftl, pt-BR.ftl): copy it, translate what follows each "=", and build. Nothing else is needed.
#
# { $name } is filled in by the program: keep it, and put it wherever your language wants it. Where
# a number decides the form of a word, list the forms your language has: [one], [few], [many] and
# always *[other] (see https://projectfluent.org/fluent/guide/selectors.html).
#
# Short, friendly and direct. Errors say what to do next. One thing has one name everywhere:
# log in, log out, account, member, role, status, code, session, password, two-factor
# authentication (short: two-factor), authenticator app, recovery code, platform, bot,
# connect and disconnect (an account), turn on and turn off.

# The language's own name for itself, in the language menu of every footer.
language-name = English

## Every page

skip-to-content = Skip to content
# The title of a page that reports an error.
title-with-error = Error: { $title }
log-out = Log out
footer-made-with = Powered by Portal
footer-support = Help
footer-terms = Terms
footer-privacy = Privacy
offline = You're offline. What you typed is still here: send it when you're back online.
footer-language = Language
footer-theme = Theme
theme-system = System
theme-light = Light
theme-dark = Dark
go-to-start = Go to the home page
go-to-login = Go to login
back-to-account = Back to your account
log-in = Log in
log-in-another-way = Other ways to log in
pages = Pagination

## Fields

field-password = Password
field-code = Code
field-password-show = Show password
field-password-enough = OK
field-password-easy = Easy to guess
field-password-strong = Strong
field-password-long = Too long
username-short-note = Too short
username-long-note = Too long
username-characters-note = Letters, numbers, . _ - only
username-reserved-note = Reserved
field-code-hint = 8 characters. Upper and lower case matter.
username-hint = 3–32 letters, numbers, dots, dashes or underscores.
display-field = Display name
email-field = Email
password-new-hint = At least { $n } characters. Four or five random words work well.
username-short = Username must be at least 3 characters.
username-long = Username can't be longer than 32 characters.
username-characters = Use only letters (a–z), numbers, dots, dashes and underscores.
username-reserved = That username isn't available. Try another.
display-short = Display name must be at least 3 characters.
display-long = Display name can't be longer than 32 characters.
display-characters = Your display name contains a character that isn't allowed.
display-space = Display name can't start or end with a space, or have two spaces in a row.
display-marks = Display name needs letters, with no more than 4 accents on each.
email-long = Email can't be longer than 320 characters.
email-malformed = Enter a valid email address, like name@example.org.
password-short = Password must be at least { $n } characters.
password-long = Password can't be longer than { $n } characters.
password-name = Password can't be the same as your username.
password-common = This password is too easy to guess: it's made of common passwords, keyboard patterns or repeats. Try four unrelated words.
password-personal = This password is too easy to guess: it's based on your name or this site's. Try four unrelated words.
username-taken = That username is taken. Try another.
display-reserved = That name is reserved. Try another.
name-alike = That name looks too much like someone else's here. Try a different one.
field-optional = (optional)
copy = Copy
copied = Copied

## Times and names

# time: when the code expires, a time of day. left: how long until then.
time-left = Expires at { $time } ({ $left } left).
# A date and time in UTC; where scripts run, the browser shows the person's own time zone instead.
# month: 1 to 12.
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
level-user = Member
level-moderator = Moderator
level-admin = Admin
level = Role
state = Status
last-seen = Last seen
length-10-minutes = 10 minutes
length-hour = 1 hour
length-6-hours = 6 hours
length-day = 1 day
length-week = 1 week
length-30-days = 30 days
length-90-days = 90 days
length-year = 1 year
length-good = Permanently
device = { $browser } on { $system }
device-unknown = Unknown browser

## Error pages

not-found-title = Page not found
not-found-heading = Page not found
not-found-text = Check the address, or the page may have moved.
error-foreign-heading = That form didn't come from this site
error-foreign-text = To keep you safe we ignored it, and nothing changed. Reload the page and try again.
error-large-heading = That's too long
error-large-text = What you sent is larger than we accept. Go back and shorten it.
error-cookies-heading = Too many cookies
error-cookies-text = Your browser sent more cookies than we accept, so we cleared them. Reload the page.
error-often-heading = Too many requests
error-often-text = Too many requests came from your network. Wait a moment, then try again.
error-often-wait = Too many requests came from your network. Try again in { $wait }.
error-away-heading = Temporarily unavailable
error-away-text = Something we depend on isn't responding. Nothing was lost. Try again in a minute.
error-ours-heading = Something went wrong
error-ours-text = It's us, not you. Try again in a moment.
error-ours-reference = If it keeps happening, contact the site's team and quote this reference: { $reference }
error-unreadable-heading = We couldn't read that
error-unreadable-text = The page got something it didn't expect. Reload it and try again.

## Log in

login-username = Username
login-forgot = Forgot your password?
login-or = or
login-have-code = I already have a code
login-start-again = Start over
login-new-here = New here? { $link }

## Two-factor authentication

step-title = Two-factor authentication
step-app = Enter the 6-digit code from your authenticator app.
step-app-field = Authentication code
step-app-switch = Use your authenticator app
step-email-switch = Email me a code
step-email-field = Code from the email
step-email = We'll email a code to the address on your account.
step-email-send = Send code
step-email-send-again = Resend code
step-recovery = Enter one of the recovery codes you saved when you turned on two-factor authentication.
step-recovery-field = Recovery code
step-recovery-switch = Use a recovery code
step-no-codes = You have no recovery codes left. If you can't get a code, contact the site's team.
factor-app-or-recovery = Code from your app, or a recovery code
factor-any = Code from your app or email, or a recovery code
factor-email-or-recovery = Code from your email, or a recovery code
sent-to = We sent a code to { $address }.
step-email-sent = Enter the code we sent to { $address }.
factor-since = Turned on { $since }.

## Log in with a code

code-title = Log in with a code
code-text = Enter the code the bot sent you in a direct message.

## Request a code

request-heading = Log in with { $platform }
request-text = The bot will send you a login code in a direct message.
request-id = User ID or username
request-id-hint = First time here? Send /login to the bot: its reply links back here with your ID filled in. Been here before? Your username is enough.
request-ask = Send me a code
request-sent-heading = Check your direct messages
# bot: its name, maybe as a link. command: what to send to it.
request-sent-text = { $bot } will message you a code on { $platform }. Nothing there? Send it { $command }. Never share the code with anyone.
# Whether a bot is online to deliver the code.
delivery-told = We've asked { $bot } to message you. Check your direct messages.
delivery-waiting = { $bot } is offline. Keep this page open: your code will be sent when it's back.
delivery-look-again = Check again
request-some-bot = The community bot
request-again = Didn't get it? Request a new code
request-network-changed = Your network has changed, so that code won't work here. Request a new one.
request-advice = Still nothing? Check that the ID is yours and that your privacy settings allow direct messages from community members.

## That wasn't me

not-me-title = That wasn't me
not-me-heading = Got a code you didn't request?
not-me-text = Someone requested a code to log in as you. If it wasn't you, cancel it here. Anyone who used it will be logged out.
not-me-button = That wasn't me
not-me-done-heading = Code canceled
not-me-done-text = If you gave a code to anyone, don't do it again: nobody here will ever ask you for one.
not-me-dead-heading = Nothing to cancel

## Confirm it's you

confirm-title = Confirm it's you
confirm-text = This is a sensitive change. Enter your password to continue.
confirm-factor-text = This is a sensitive change. Enter a code to continue.
confirm-factor = Code from your authenticator app
confirm-button = Confirm
confirm-set-password = Set a password

## Create an account

register-title = Create an account
register-have-account = I already have an account
register-many = Too many accounts were created from your network.
register-unavailable = We can't create accounts right now. Try again in a minute.
register-email-hint = We'll send a link to confirm it. You'll need it if you forget your password.
register-display-hint = Shown to others. Leave empty to use your username.
register-button = Create account
register-off = Sign-up is closed right now. If you need an account, contact the site's team.

## Forgot your password

recover-sent-title = Check your email
recover-text = We'll email you a link to choose a new password.
recover-field = Username or email
recover-button = Email me a link
recover-again = Send another link
recover-back = Back to login
recover-no-mail = Didn't get an email?
recover-no-address = No email on your account?
recover-phone = Only lost your phone? Log in with your password and a recovery code.
recover-team = If none of this helps, contact the site's team.
recover-new-title = Choose a new password
recover-new-button = Save new password
recover-new-stuck = No phone and no recovery codes? Contact the site's team: a link alone can't replace your second factor.
recover-dead = This link has expired or was already used. Links work once, for 30 minutes.
recover-get-another = Get a new link
recover-slow = It can take a few minutes. Check your spam folder. We only email confirmed addresses, a few times a day at most.
recover-linked = Is Discord, Telegram or another account connected? { $link }.
recover-by-code = Log in with a code from the bot
recover-account = For { $username }. This logs you out everywhere; then log in with the new password.

## Your email address

email-title = Your email address
email-to-account = Go to your account
email-confirm = Confirm this address
email-not-yours = Not your account? Just close this page.
email-new = New email
email-change = Change email
email-send-link = Send confirmation link
email-send-again = Resend email
email-codes-title = Email codes
email-codes-on = Turn on email codes
email-codes-off = Turn off email codes
email-confirm-text = Email for the account { $username } will be sent to { $address }.
email-goes-to = Account email goes to { $address }.
email-unconfirmed = { $address } isn't confirmed, so we don't send account email there.
email-why = A confirmed address lets you reset your password, and we'll alert you if anyone changes how you log in.
email-waiting = We emailed { $address }. Open the link to confirm it by { $time }.
email-codes-text = Two-factor authentication without an app: we email you a code each time you log in. An authenticator app is safer.

## Setup

setup-title = Setup
setup-heading = Welcome
setup-failed = Something went wrong. Try again in a moment.
setup-name-taken = That username is taken. Try another, or create a new setup link.
setup-choose = Choose a password. This account will own the portal.
setup-make = Create the first account. It will own this portal.
setup-button = Create account
setup-dead-heading = This link no longer works
setup-dead = A setup link works once, for a day. It stops working when an owner exists or the server restarts.
setup-dead-new = To create a new one, run this on the server with the username you want:
setup-away = Setup isn't available right now. Your link still works: try again in a minute.
setup-again = Try again

## Your account

account-title = Your account
account-profile = Profile
account-id = Account ID
account-since = Member since
account-session = Current session
account-session-since = Logged in
account-session-address = IP address
account-session-browser = Browser
account-security = Security
account-security-on = Two-factor authentication is on.
account-security-off = Turn on two-factor authentication, so a stolen password isn't enough to get in.
account-security-link-all = Password, two-factor and sessions

## Profile

profile-edit = Edit profile
profile-username-hint = You log in with this. 3–32 letters, numbers, dots, dashes or underscores.
profile-display-hint = Shown to others. Leave empty to use your username.
profile-bio = About you
profile-bio-hint = Up to 500 characters.
profile-links = Links
profile-links-hint = One https:// link per line, up to five.
profile-save = Save
profile-picture = Profile picture
profile-picture-first = Automatic (first connected account that has one)
bio-long = That's too long: up to 500 characters and 20 lines.
bio-characters = This text contains a character that can't be displayed.
links-many = You can add up to five links.
links-form = Each link must be a full address starting with https://.

## Connected accounts

platforms-title = Connected accounts
platforms-text = You can log in with any account you connect.
platforms-unlink = Disconnect
platforms-unlink-name = Disconnect { $platform }
platforms-id = Your user ID there
platforms-id-hint = The long number in the link the bot sends you.
platforms-not-now = Cancel
platforms-link = Connect
platforms-wrong-id = Wrong ID?
platforms-link-name = Connect { $platform }
platforms-code-text = The bot will send a code to your { $platform } account { $id }. Nothing there? Send it { $command }.

## Security

password-text = Changing it logs you out everywhere else.
password-change = Change password
password-none = You logged in with a code. Set a password to log in without the bot and to connect other accounts.
password-set = Set password
password-current = Current password
password-new = New password
security-send-title = Get a code
security-send = Each change below needs its own code.
recovery-title = Your recovery codes
totp-title = Authenticator app
totp-renew = Get new recovery codes
totp-off = Turn off
totp-scan = Scan this QR code with your authenticator app, or enter the key by hand.
totp-qr = QR code
totp-code = 6-digit code from the app
totp-on = Turn on
totp-new-codes = You'll get new recovery codes. The old ones will stop working.
totp-set-up = Set up an authenticator app
recovery-text = Each code works once when you don't have your phone. Save them in a password manager or print them: you won't see them again.
totp-text = Ask for a code from an app on your phone at every login, so a stolen password isn't enough.
recovery-left = { $n ->
    [one] 1 of 10 recovery codes left.
   *[other] { $n } of 10 recovery codes left.
}
totp-key = Key: { $key }

## Sessions

sessions-title = Sessions
sessions-text = Where you're logged in. Log out anything you don't recognize, then change your password.
sessions-end-others = Log out all other sessions
sessions-ended = Past sessions
sessions-end = Log out
sessions-this = This device
session-by-password = Password
session-by-setup = Setup link
session-by-web = Code requested here
session-by-bot = Code from a bot
session-signed-out = logged out
session-destroyed = logged out by you
session-expired = expired
session-restricted = account restricted
session-disowned = reported as “That wasn't me”
session-unlinked = account disconnected
session-changed = password or two-factor changed
session-guessed = too many failed attempts
sessions-end-which = of { $device }
sessions-last-used = last used { $time }
session-administered = ended by the site's team
session-raised = ended when your role changed

## Your data

delete-title = Delete your account
delete-heading = Delete your account?
delete-log = Activity stays in the audit log for a while, with a number instead of your name.
delete-button = Delete my account
delete-keep = Keep my account
data-title = Your data
data-text = Download a copy of everything stored about you, or delete your account.
data-text-password = Download a copy of everything stored about you, or delete your account. You'll need your password.
data-download = Download my data
data-unlock = Download my data
data-delete = Delete account
delete-text = This permanently deletes { $name }: your names, profile, connected accounts and sessions, immediately. Your username becomes available to others. This can't be undone.

## Admin

admin-title = Admin
admin-people = Members
admin-bots = Bots
admin-audit = Audit log
admin-not-for-you = No access
admin-not-for-you-heading = You don't have access to this page
admin-not-for-you-text = It needs a higher role, or a login with two-factor authentication. Ask an owner.

## Admin: members

people-any-state = Any status
people-active = Active
people-in-timeout = Timed out
people-banned = Banned
people-any-level = Any role
people-users = Members
people-moderators = Moderators
people-admins = Admins
people-owners = Owners
people-search = Search
people-hint = Start of a name, platform name or ID, or a full email address.
people-hint-moderator = Start of a name, platform name or ID. You only see members below your role.
people-none = No members yet
people-none-text = Members appear here after their first login.
people-none-like-that = No matches
people-none-like-that-text = Try fewer letters, or fewer filters.
people-empty-page = Nothing on this page
people-empty-page-text = The list doesn't go this far.
people-show-all = Clear filters
people-person = Member
people-back = Previous
people-page = Page { $n }
people-next = Next
people-timeout-until = Timed out until { $time }
people-banned-until = Banned until { $time }

## Admin: a member

person-all = All members
person-mail = Email
person-mail-confirmed = { $address } (confirmed)
person-mail-unconfirmed = { $address } (not confirmed)
person-level-since = Role since
person-factor-since = Two-factor since
person-log = View in audit log
person-reason = Reason
person-no-reason = (no reason given)
person-restricted-by = by { $by }
person-command-line = the command line
person-acts = Actions
# The name of a link for screen readers: what it does (the visible words), and to whom.
act-on = { $act }: { $name }
act-restore = Restore access
act-restore-short = They can log in again.
act-restore-title = Restore access for { $name }
act-restore-text = They can log in again. Sessions that ended stay ended.
act-timeout = Time out
act-timeout-short = Block login for a while.
act-timeout-title = Time out { $name }
act-timeout-text = They're logged out everywhere right away and can't log in until the timeout is over. They won't see the reason.
act-ban = Ban
act-ban-short = Block login permanently or until a set time.
act-ban-title = Ban { $name }
act-ban-text = They're logged out everywhere right away and can't log in any more. They won't see the reason.
act-level = Change role
act-level-short = What they're allowed to do.
act-level-title = Change the role of { $name }
act-level-text = Takes effect immediately. A higher role ends sessions that began with a bot's code.
act-sessions = Log out everywhere
act-sessions-short = They can log in again right away.
act-sessions-title = Log { $name } out everywhere
act-sessions-text = All their sessions end right away. They can log in again.
act-factors = Reset two-factor
act-factors-short = For someone who lost their app and recovery codes.
act-factors-title = Reset two-factor for { $name }
act-factors-text = Make sure it's really them: afterwards their password alone lets them in. Their recovery codes stop working, they're logged out everywhere, and we email them about it.
person-bots = Their bots
person-bots-text = Bots don't work while their owner is banned or timed out, and can't reach anyone above the owner's role.
person-bot-active = { $platform }, active
person-bot-off = { $platform }, off
person-bots-link = Manage bots
person-session = { $address }, since { $begun }, last used { $used }
person-no-sessions = No sessions you can see.
person-reason-field = Reason
person-reason-hint = Only the team sees this. Up to 500 characters.
person-length-field = Duration

## Admin: bots

bots-none = No bots yet
bots-none-text = A bot delivers login codes on its platform. Register one below, then give it the key you're shown.
bots-count = { $n ->
    [1] 1 bot
   *[other] { $n } bots
}
bots-all = All bots
bots-earlier = Previous
bots-later = Next
bots-off = Off
bots-of = { $platform } · owned by { $owner }
bots-last-call = last active { $time }
bots-never-called = never active
bots-register-title = Register a bot
bots-register-text = You'll see its key once, on the next page. A bot can't reach anyone above its owner's role.
bots-register = Register

## Admin: a bot

bot-type-official = Official
bot-type-verified = Verified
bot-type-community = Community
bot-name-field = Name
bot-platform-field = Platform
bot-owner-field = Owner
bot-owner-hint = Username or account ID.
bot-rate-field = Requests per hour
bot-rate-hint = 1 to 100,000.
bot-title = Bot
bot-gone = Bot not found
bot-gone-text = It may have been deleted.
bot-new-key = API key
bot-new-key-text = Copy it now: you won't see it again. Keep it secret. Anyone who has it can read people's login codes.
bot-new-key-try = Test it:
bot-facts = Details
bot-id = Bot ID
bot-since = Registered
bot-says = Reported by the bot
bot-says-nothing = Nothing yet
bot-groups = { $n ->
    [one] 1 group
   *[other] { $n } groups
}
bot-people = { $n ->
    [one] 1 person
   *[other] { $n } people
}
bot-latency = responds in { $n } ms
bot-keys = Keys
bot-keys-text = Up to two keys work at a time. If one leaks, revoke it right away.
bot-key-in-use = Current key
bot-key-now = Revoke now
bot-key-10-minutes = Keep for 10 minutes
bot-key-hour = Keep for 1 hour
bot-key-day = Keep for 1 day
bot-key-make = Create new key
bot-key-used = last used { $time } from { $address }
bot-key-never-used = never used
bot-key-made = created { $time }
bot-key-ends = expires { $time }
bot-change = Settings
bot-kind = Type
bot-invite-field = Link to the bot
bot-invite-hint = Optional https:// link, shown on the login page.
bot-switch-on = Turn on
bot-switch-on-text = Its keys are kept, but don't work while it's off.
bot-switch-off = Turn off
bot-switch-off-text = Its keys stop working immediately, on every server, until someone turns it back on.
bot-delete-title = Delete this bot
bot-delete-text = This can't be undone: its keys stop working and its name becomes available. Type { $name } to confirm.
bot-delete-name = Bot name
bot-delete = Delete

## Admin: audit log

audit-moderator = You can see warnings and timeouts.
audit-type = Event
audit-everything = All events
audit-actor = Done by
audit-target = Affected member
audit-show = Filter
audit-show-all = Clear filters
audit-person-example = Username or ID
audit-none = No events
audit-none-fits = No events match. Try fewer filters.
audit-none-yet = No events you can see yet.
audit-events = Events
audit-newest = Newest
audit-older = Older
audit-gone = deleted account ({ $id })
# Names of events.
event-banned = Banned
event-account-created = Account created
event-account-deleted = Account deleted
event-restored = Access restored
event-timed-out = Timed out
event-bot-on = Bot turned on
event-bot-changed-itself = Bot updated itself
event-bot-off = Bot turned off
event-bot-deleted = Bot deleted
event-bot-key = Bot key created
event-bot-registered = Bot registered
event-bot-changed = Bot updated
event-code-made = Code issued to a bot
event-code-disowned = “That wasn't me” reported
event-code-fetched = Codes fetched by a bot
event-code-asked = Code requested
event-data-downloaded = Data downloaded
event-email-confirmed = Email confirmed
event-email-taken = Email already in use
event-email-asked = New email entered
event-factor-on = Two-factor turned on
event-factor-code-sent = Code sent by email
event-factor-locked = Two-factor locked
event-factor-off = Two-factor turned off
event-factors-reset = Two-factor reset
event-level-changed = Role changed
event-confirm-failed = Identity check failed
event-confirmed = Identity confirmed
event-login-failed = Login failed
event-login = Logged in
event-logout = Logged out
event-owner-made = Owner created
event-password-locked = Password locked
event-password-recovered = Password reset by link
event-recovery-failed = Password reset refused
event-recovery-asked = Password reset requested
event-password-set = Password set
event-link-failed = Connecting an account failed
event-linked = Account connected
event-unlinked = Account disconnected
event-profile-changed = Profile updated
event-recovery-code-used = Recovery code used
event-recovery-codes-renewed = New recovery codes
event-sessions-ended = Sessions ended
event-set-up-link = Setup link created
# Details of an event: each is a name with a value after it.
detail-method = Method
detail-by-code = Code
detail-until = Until
detail-level-before = Old role
detail-level-after = New role
detail-purpose = Purpose
detail-purpose-link = Connect an account
detail-changed = Changed
detail-key = Old key
detail-key-ended = revoked immediately
detail-key-works = kept for { $length }
detail-unknown-name = Unknown username
detail-wrong-password = Wrong password
detail-wrong-factor = Wrong two-factor code
detail-restricted = Banned or timed out
detail-bio = About

## Messages above a form

# A refusal by a limit, and when to try again. The sentences of limits name no time themselves.
message-wait = { $sentence } Try again in { $wait }.
message-wait-unknown = { $sentence } Try again later.
message-credentials = Wrong username or password.
message-passwords = Too many failed attempts. Log in with a code instead, or reset your password.
message-own-passwords = Too many failed attempts.
message-restricted = This account can't log in right now. Contact the site's team.
message-busy = Lots of people are logging in right now. Try again in a few seconds.
message-unavailable = We can't do that right now. Try again in a minute.
message-internal = Something went wrong. Try again in a moment.
message-cookies = Your browser blocked the login cookie. Allow cookies for this site. Safari blocks them on http://localhost: use another browser there.
message-session-lost = Your session has ended. Log in to pick up where you left off.
message-signed-out = You're logged out.
message-still-signed-in = We couldn't log you out. You're still logged in: try again in a moment.
message-code = That code didn't work. It may be mistyped, already used or more than 10 minutes old. Codes requested here only work in the same browser and network.
message-web = You've logged in with bot codes several times in a row. This time, request a code here: go back and choose your platform.
message-guesses = Too many wrong codes came from your network.
message-pending = Your network already has five unused codes. Use one of them.
message-nothing = Enter your user ID or username.
message-ran-out = Your code expired. Request a new one.
message-password = Wrong password. Try again.
message-no-password = You don't have a password yet. Set one to continue.
message-id = That doesn't look like a user ID. It's the long number in the link the bot sends you.
message-taken = That account is already connected here, maybe to another account of yours. Disconnect it there first.
message-linked = Connected. You can now log in with it.
message-unlinked = Disconnected. You can no longer log in with it.
message-not-linked = That account isn't connected.
message-last = This is your only way to log in. Set a password or connect another account first.
message-step = That took too long. Start over.
message-factor = That code didn't work. Codes work once, for 30 seconds: wait for the next one.
message-tries = Too many wrong codes. You can use a recovery code right away.
message-factor-on = Authenticator app turned on. You've been logged out everywhere else.
message-factor-off = Authenticator app turned off. You've been logged out everywhere else.
message-codes-new = Your old recovery codes no longer work. You've been logged out everywhere else.
message-password-set = Password saved. You've been logged out everywhere else.
message-profile = Saved.
message-profile-refused = Some changes weren't saved: see below. The rest is saved.
message-deleted = Your account and everything stored about you have been deleted.
message-last-owner = You're the only owner. Make someone else an owner first.
message-owns-bots = You own bots. Delete them or give them to someone else first.
message-session-ended = Session logged out.
message-others-ended = You've been logged out everywhere else.
message-no-session = That session has already ended.
message-own-session = That's the session you're using. To end it, log out.
message-factor-is-on = That's already on. Turn it off first.
message-recovery-sent = If that account exists and has a confirmed email, we've sent a link. It works once, for 30 minutes.
message-recoveries = Too many links were requested from your network.
message-factor-needed = Enter a two-factor code or a recovery code.
message-recovered = Password changed. Log in with the new one.
message-password-short = Your password is too short to use without two-factor. Set a longer one first, then turn off the app.
message-no-factor = Setup timed out, or nothing is turned on. Start over.
message-registered = Welcome! Check your email and open the link to confirm your address.
message-mailed = That code didn't work. Codes work once, for 10 minutes, and only the latest one counts.
message-sent = Code sent. Not there in a minute? Check your spam folder.
message-sent-often = We've already sent several codes. Use the latest one.
message-mail-on = Email codes turned on. You've been logged out everywhere else.
message-mail-off = Email codes turned off. You've been logged out everywhere else.
message-mail-none = This site no longer sends codes by email. Use a recovery code.
message-no-email = Confirm your email first.
message-email-asked = Check that inbox and open the link to confirm it. The link works for a day.
message-email-on = Email confirmed. We'll use this address from now on.
message-email-taken = That email belongs to another account here. Log in there, or use a different one.
message-email-dead = This link has expired or was already used. Request a new one on your security page.
message-email-yours = That's already your confirmed email.
message-letters = We've already emailed you several times. Check your spam folder.
message-bot-registered = Bot registered. Now give it its key.
message-bot-updated = Saved.
message-bot-key = New key created. Give it to the bot.
message-bot-off = Bot turned off. Its keys no longer work.
message-bot-on = Bot turned on. Its keys work again.
message-bot-deleted = Bot deleted. Its keys no longer work.
message-bot-gone = Bot not found. It may have been deleted.
message-bot-denied = You can only manage your own bots and those of people below your role, and only hand them to those people.
message-bot-name = Name must be 2–32 visible characters.
message-bot-name-taken = A bot with that name already exists. Try another.
message-bot-owner = No account has that username or ID.
message-bot-rate = Requests per hour must be between 1 and 100,000.
message-bot-platform = That platform isn't set up here.
message-bot-invite = The link must start with https:// and have at most 512 characters, or be empty.
message-bot-confirm = That isn't the bot's name. Nothing was deleted.
message-disowned = Done. That code no longer works, and anyone who used it has been logged out.
message-banned = Banned, and logged out everywhere.
message-timed-out = Timed out, and logged out everywhere.
message-restored = Access restored.
message-level = Role changed. It takes effect immediately.
message-logged-out = Logged out everywhere.
message-factors-reset = Two-factor reset, and logged out everywhere.
message-not-below = You can only do that to people below your role, and not to yourself.
message-admin = Your role, or the way you logged in, doesn't allow that.
message-assign = You can't give that role. Owners are created on the command line.
message-last-owner-there = This is the last owner who can log in. Create another one first.
message-is-banned = They're banned. Restore their access first.
message-reason = Enter a reason, up to 500 characters.
message-no-factor-there = They don't have two-factor turned on.
message-nobody = No account has that ID.
message-dead = This link doesn't work. It may be incomplete, or its code is long gone.
