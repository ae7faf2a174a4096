-- Guessing of passwords, browsers that are known again, and links for new passwords.

-- Wrong passwords in a row, each counted before the compare: from browsers that the person
-- never logged in with, and from the others.
alter table users add column wrong_passwords bigint not null default 0;
alter table users add column wrong_passwords_known bigint not null default 0;
-- Set where the password is long enough beside a second factor only.
alter table users add column password_short_since bigint;
-- When the person was last told of a right password without the second factor.
alter table users add column half_login_told_at bigint;

-- Passwords that strangers tried, one row each.
create table password_guesses (
    id           bigint primary key not null,
    -- Whose: a keyed hash, of what was typed where that is nobody.
    account      bytea not null,
    network      text not null,
    wide_network text,
    created_at   bigint not null
);

create index password_guesses_by_account on password_guesses (account, created_at);
create index password_guesses_by_network on password_guesses (network, created_at);
create index password_guesses_by_wide_network on password_guesses (wide_network, created_at);
create index password_guesses_by_time on password_guesses (created_at);

-- Browsers a person has logged in with: by the browser's mark, and by where it was and what
-- kind of browser it is.
create table known_browsers (
    user_id      bigint not null references users (id) on delete cascade,
    -- A keyed hash.
    browser      bytea not null,
    created_at   bigint not null,
    last_seen_at bigint not null,
    primary key (user_id, browser)
);

create index known_browsers_by_time on known_browsers (last_seen_at);

-- Links for a new password, sent by mail.
create table password_resets (
    id         bigint primary key not null,
    token_hash bytea not null unique,
    -- None where nobody is to get one: that takes the same work.
    user_id    bigint references users (id) on delete cascade,
    created_at bigint not null,
    expires_at bigint not null,
    used_at    bigint
);

create index password_resets_by_user on password_resets (user_id);
create index password_resets_by_end on password_resets (expires_at);
