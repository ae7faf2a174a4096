-- Addresses that wait to be confirmed, codes sent by mail, and how often things were done
-- that may be done now and then only.

-- At most one a person; a new one takes the place of the one before.
create table pending_emails (
    user_id    bigint primary key not null references users (id) on delete cascade,
    email      text not null,
    -- SHA-256 of the token in the letter.
    token_hash bytea not null unique,
    -- Where it was asked for; null for an account that was just made.
    session_id bigint,
    created_at bigint not null,
    expires_at bigint not null
);

create index pending_emails_by_end on pending_emails (expires_at);

create table email_codes (
    id           bigint primary key not null,
    user_id      bigint not null references users (id) on delete cascade,
    -- The one place where it works: a login that waits for its second step, or a session.
    challenge_id bigint,
    session_id   bigint,
    -- Where it was asked for.
    network      text not null,
    -- Keyed, with the row's id bound in.
    code_hash    bytea not null,
    wrong_tries  bigint not null,
    created_at   bigint not null,
    expires_at   bigint not null,
    -- Used, burned, or replaced by a newer one.
    ended_at     bigint
);

create index email_codes_by_user on email_codes (user_id, expires_at);
create index email_codes_by_end on email_codes (expires_at);

-- One row each time; by whom or to whom, as a keyed hash.
create table budget_uses (
    id         bigint primary key not null,
    budget     text not null,
    subject    bytea not null,
    created_at bigint not null
);

create index budget_uses_by_subject on budget_uses (budget, subject, created_at);
create index budget_uses_by_time on budget_uses (created_at);
