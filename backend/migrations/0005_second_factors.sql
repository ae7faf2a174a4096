-- Second factors, and logins that wait for one.

-- Since when a second factor is on: written together with the factors themselves.
alter table users add column second_factor_at bigint;

create table factors (
    user_id        bigint not null references users (id),
    -- totp or email.
    kind           text not null,
    -- The secret of an authenticator app, with the person's number bound in.
    sealed         bytea,
    created_at     bigint not null,
    -- On since then; null until one right code was shown.
    confirmed_at   bigint,
    -- The last time step whose code was used (RFC 6238): each works once.
    last_step      bigint,
    wrong_in_a_row bigint not null,
    -- Still demanded, and no longer accepted.
    locked_at      bigint,
    -- The session it was offered in: shown and confirmed there alone.
    session_id     bigint,
    primary key (user_id, kind)
);

create table recovery_codes (
    id         bigint primary key not null,
    user_id    bigint not null references users (id),
    code_hash  bytea not null,
    created_at bigint not null,
    used_at    bigint
);

create index recovery_codes_by_user on recovery_codes (user_id, code_hash);

-- Wrong factors, one row each.
create table factor_guesses (
    id         bigint primary key not null,
    user_id    bigint not null references users (id),
    kind       text not null,
    created_at bigint not null
);

create index factor_guesses_by_user on factor_guesses (user_id, kind, created_at);

-- Logins whose first step is done.
create table challenges (
    id            bigint primary key not null,
    token_hash    bytea not null unique,
    user_id       bigint not null references users (id),
    method        text not null,
    -- The code of the first step, which is used up by the second.
    login_code_id bigint,
    created_at    bigint not null,
    expires_at    bigint not null,
    used_at       bigint
);

create index challenges_by_end on challenges (expires_at);

-- The second factor that was shown at the login.
alter table sessions add column second_factor text;
-- SHA-256 of the token that programs get (Authorization: Bearer).
alter table sessions add column bearer_hash bytea;
-- Wrong passwords and factors shown in it since the last right one.
alter table sessions add column wrong_proofs bigint not null default 0;
create index sessions_by_login_code on sessions (login_code_id);
create unique index sessions_by_bearer on sessions (bearer_hash);

-- Names that nobody has, asked for by the one route that says so.
create table unknown_names (
    id         bigint primary key not null,
    network    text not null,
    created_at bigint not null
);

create index unknown_names_by_network on unknown_names (network, created_at);
create index unknown_names_by_time on unknown_names (created_at);
