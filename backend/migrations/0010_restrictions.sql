-- Why somebody is shut out, since when and by whom; and the orders that people are listed in.

alter table users add column state_reason text;
alter table users add column state_since bigint;
-- Null for the command line.
alter table users add column state_by bigint;

-- With all that is filtered by, so that a page of the list reads the people on it alone.
create index users_in_order on users
    (username_key, permission_level, state, state_until, id);
create index users_of_level_in_order on users
    (permission_level, username_key, state, state_until, id);
create index users_restricted_in_order on users
    (state, username_key, permission_level, state_until, id) where state <> 0;

-- The name on a platform as it is looked for: in lower case, as bytes, whose beginning is a
-- range of the index on both engines. Written when a bot next speaks of the person.
alter table identities add column search bytea;
create index identities_by_search on identities (search, user_id);
create index identities_by_platform_user_id on identities (platform_user_id);
