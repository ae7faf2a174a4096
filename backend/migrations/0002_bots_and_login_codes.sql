-- Who people are on platforms, the bots that carry codes to them, and the codes.

-- How many logins by bot codes came in a row, over all platforms; a login by the web or
-- with a password puts it back to 0.
alter table users add column bot_logins bigint not null default 0;

create table identities (
    id                 bigint primary key not null,
    platform           text not null,
    platform_user_id   text not null,
    user_id            bigint not null references users (id),
    -- As the platform shows them; refreshed by every call of a bot, for showing only.
    name               text,
    avatar_url         text,
    linked_at          bigint not null,
    last_authenticated_at bigint,
    unique (platform, platform_user_id),
    -- One identity a platform and person.
    unique (user_id, platform)
);

-- A returning person may be found by a name that exactly one identity has.
create index identities_by_name on identities (platform, name);

create table bots (
    id                  bigint primary key not null,
    name                text not null,
    name_key            text not null unique,
    platform            text not null,
    owner_id            bigint not null references users (id),
    -- 1 official, 2 verified, 3 community.
    bot_type            bigint not null,
    deactivated_at      bigint,
    rate_limit_per_hour bigint not null,
    avatar_url          text,
    invite_url          text,
    -- A JSON list of strings.
    group_ids           text not null,
    users               bigint,
    latency_ms          bigint,
    last_activity_at    bigint,
    created_at          bigint not null,
    updated_at          bigint not null
);

create table bot_keys (
    id           bigint primary key not null,
    bot_id       bigint not null references bots (id),
    -- The part of the key that may be seen, and what the key is found by.
    public_id    text not null unique,
    -- SHA-256 of the whole key.
    key_hash     bytea not null,
    created_at   bigint not null,
    -- Set when the key was replaced: works until then.
    expires_at   bigint,
    last_used_at bigint,
    last_used_ip text
);

create index bot_keys_by_bot on bot_keys (bot_id);

-- How often a bot called in a clock hour (hours since 1970).
create table bot_calls (
    bot_id bigint not null references bots (id),
    hour   bigint not null,
    n      bigint not null,
    primary key (bot_id, hour)
);

create table login_codes (
    id               bigint primary key not null,
    -- web or bot.
    kind             text not null,
    -- Whom the code is for. A decoy, made where there is nobody, keeps its slot by a name
    -- that nobody can have, and has no code.
    platform         text not null,
    platform_user_id text not null,
    -- What a bot said of somebody who has no account yet.
    shown_name       text,
    shown_avatar_url text,
    -- Where a web code was asked for, empty for bot codes; and by which browser (SHA-256 of
    -- its cookie), empty where a program asked.
    network          text not null,
    browser_hash     bytea not null,
    user_agent       text not null,
    -- Keyed hash and ciphertext of the code: gone after use, null in a decoy.
    code_hash        bytea unique,
    code_sealed      bytea,
    -- Wrong tries from the code's own browser.
    wrong_tries      bigint not null,
    created_at       bigint not null,
    expires_at       bigint not null,
    -- Used, burned or withdrawn.
    ended_at         bigint,
    ended_by         text
);

create index login_codes_by_identity on login_codes (platform, platform_user_id, expires_at);
create index login_codes_by_network on login_codes (network, expires_at);
create index login_codes_by_browser on login_codes (browser_hash, expires_at);

-- Wrong codes, one row each, counted before the compare.
create table code_guesses (
    id           bigint primary key not null,
    network      text not null,
    wide_network text,
    created_at   bigint not null
);

create index code_guesses_by_network on code_guesses (network, created_at);
create index code_guesses_by_wide_network on code_guesses (wide_network, created_at);
create index code_guesses_by_time on code_guesses (created_at);
