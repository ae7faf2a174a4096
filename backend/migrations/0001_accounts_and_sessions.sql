-- One set of migrations for SQLite and PostgreSQL: text, bigint and bytea only.
-- Times are microseconds since 1970; a flag is a nullable time; ids are random below 2^53.

-- What this installation remembers about itself, such as the check value of its secret file.
create table installation (
    key   text primary key not null,
    value bytea not null
);

-- Rows that are locked before something is counted: see store::gate.
create table gate (
    key text primary key not null,
    n   bigint not null
);

create table users (
    id               bigint primary key not null,
    username         text not null,
    -- The username in lower case: what names are compared and found by.
    username_key     text not null unique,
    display          text not null,
    -- A PHC string; null for those who have no password.
    password_hash    text,
    -- 0 User, 1 Moderator, 2 Admin, 3 Owner.
    permission_level bigint not null,
    permission_since bigint not null,
    -- 0 Active, 1 Timeout, 2 Banned; the end is null for a ban for good.
    state            bigint not null,
    state_until      bigint,
    created_at       bigint not null,
    updated_at       bigint not null,
    last_activity_at bigint
);

create index users_by_level on users (permission_level);

create table sessions (
    id             bigint primary key not null,
    user_id        bigint not null references users (id),
    -- SHA-256 of the two cookies' values.
    cookie_hash    bytea not null unique,
    companion_hash bytea not null unique,
    method         text not null,
    client_ip      text not null,
    user_agent     text not null,
    created_at     bigint not null,
    last_used_at   bigint not null,
    ended_at       bigint,
    ended_by       text
);

create index sessions_by_user on sessions (user_id, ended_at);

-- Links for making an owner's account: at most one without a name, for the first owner.
create table set_up_links (
    id         bigint primary key not null,
    token_hash bytea not null unique,
    username   text,
    created_at bigint not null,
    expires_at bigint not null,
    used_at    bigint
);

create table audit_log (
    id         bigint primary key not null,
    event_type text not null,
    actor_id   bigint,
    target_id  bigint,
    client_ip  text,
    -- A JSON object; never a secret, never what somebody typed.
    metadata   text not null,
    created_at bigint not null
);

create index audit_log_by_time on audit_log (created_at);
