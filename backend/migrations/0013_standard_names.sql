-- Standard names for tables and columns. A table whose name changes is copied instead of renamed,
-- since PostgreSQL would keep the old name in those of its constraints.

-- Rows that transactions lock before they count something.
create table row_locks (
    key text primary key not null,
    n   bigint not null
);

insert into row_locks (key, n) select key, n from gate;
drop table gate;

-- Events that a rate limit counts, one row each.
create table rate_limit_events (
    id           bigint primary key not null,
    limit_name   text not null,
    -- A keyed hash of the network, person or email address that is limited.
    subject_hash bytea not null,
    created_at   bigint not null
);

insert into rate_limit_events (id, limit_name, subject_hash, created_at)
select id, budget, subject, created_at from budget_uses;
drop table budget_uses;

create index rate_limit_events_by_subject on rate_limit_events (limit_name, subject_hash, created_at);
create index rate_limit_events_by_time on rate_limit_events (created_at);

-- Logins with an unknown username, on the one route that reports it.
create table unknown_logins (
    id         bigint primary key not null,
    network    text not null,
    created_at bigint not null
);

insert into unknown_logins (id, network, created_at)
select id, network, created_at from unknown_names;
drop table unknown_names;

create index unknown_logins_by_network on unknown_logins (network, created_at);
create index unknown_logins_by_time on unknown_logins (created_at);

-- Attempts to enter a login code. Each is counted before the comparison and deleted when right.
create table code_attempts (
    id         bigint primary key not null,
    network    text not null,
    -- The /48 of an IPv6 network.
    prefix48   text,
    created_at bigint not null
);

insert into code_attempts (id, network, prefix48, created_at)
select id, network, wide_network, created_at from code_guesses;
drop table code_guesses;

create index code_attempts_by_network on code_attempts (network, created_at);
create index code_attempts_by_prefix48 on code_attempts (prefix48, created_at);
create index code_attempts_by_time on code_attempts (created_at);

-- Attempts to enter a password from an unknown device, counted in the same way.
create table password_attempts (
    id           bigint primary key not null,
    -- A keyed hash of the account's ID or, where there is no such account, of the typed name.
    account_hash bytea not null,
    network      text not null,
    prefix48     text,
    created_at   bigint not null
);

insert into password_attempts (id, account_hash, network, prefix48, created_at)
select id, account, network, wide_network, created_at from password_guesses;
drop table password_guesses;

create index password_attempts_by_account on password_attempts (account_hash, created_at);
create index password_attempts_by_network on password_attempts (network, created_at);
create index password_attempts_by_prefix48 on password_attempts (prefix48, created_at);
create index password_attempts_by_time on password_attempts (created_at);

-- Failed attempts to show a second factor.
create table factor_attempts (
    id         bigint primary key not null,
    user_id    bigint not null references users (id),
    kind       text not null,
    created_at bigint not null
);

insert into factor_attempts (id, user_id, kind, created_at)
select id, user_id, kind, created_at from factor_guesses;
drop table factor_guesses;

create index factor_attempts_by_user on factor_attempts (user_id, kind, created_at);

-- Devices that a person has logged in with.
create table known_devices (
    user_id      bigint not null references users (id) on delete cascade,
    -- A keyed hash of the device's ID, or of the kind of browser and its network.
    device_hash  bytea not null,
    created_at   bigint not null,
    last_seen_at bigint not null,
    primary key (user_id, device_hash)
);

insert into known_devices (user_id, device_hash, created_at, last_seen_at)
select user_id, browser, created_at, last_seen_at from known_browsers;
drop table known_browsers;

create index known_devices_by_time on known_devices (last_seen_at);

alter table users rename column half_login_told_at to password_only_login_notified_at;
alter table users rename column wrong_passwords to failed_passwords;
alter table users rename column wrong_passwords_known to failed_passwords_known_device;

alter table sessions rename column wrong_proofs to failed_reauths;

alter table names rename column shape to skeleton;
drop index names_by_shape;
create index names_by_skeleton on names (skeleton);

alter table factors rename column sealed to secret_ciphertext;
alter table factors rename column wrong_in_a_row to consecutive_failures;

alter table email_codes rename column wrong_tries to failed_attempts;

alter table mail_queue rename column sealed to message_ciphertext;

alter table login_codes rename column code_sealed to code_ciphertext;
alter table login_codes rename column wrong_tries to failed_attempts;
alter table login_codes rename column shown_name to claimed_name;
alter table login_codes rename column shown_avatar_url to claimed_avatar_url;
alter table login_codes rename column asked_name to requested_name_hash;

update login_codes
set ended_by = case ended_by
    when 'guessed' then 'too_many_attempts'
    when 'disowned' then 'reported_by_user'
    else 'role_raised'
end
where ended_by in ('guessed', 'disowned', 'raised');
