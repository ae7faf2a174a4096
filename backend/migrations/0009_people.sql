-- Which of one's sessions is which, and what people are called and found by.

-- Names a session to its person; no part of its secrets.
alter table sessions add column token_suffix text;

update sessions set token_suffix = substr(cast(1000000 + (
    select count(*) from sessions other
    where other.user_id = sessions.user_id and other.id <= sessions.id
) as text), 2);

create unique index sessions_by_suffix on sessions (user_id, token_suffix) where ended_at is null;

-- The names of people: each has a username, and a display name if they chose one.
create table names (
    user_id bigint not null references users (id) on delete cascade,
    -- username or display.
    kind    text not null,
    -- What it looks like (look_alikes.rs): names of one shape are taken for each other.
    shape   text not null,
    -- In lower case, as bytes: found by how it begins, in the same order on both engines.
    search  bytea not null,
    primary key (user_id, kind)
);

create index names_by_shape on names (shape);
create index names_by_search on names (search, user_id);

-- The shapes stand in that table.
drop index users_by_display;
alter table users drop column display_key;
