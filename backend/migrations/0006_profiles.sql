-- Who people are beyond their name, and where mail reaches them.

alter table users add column email text;
-- The address in lower case: what addresses are compared and found by.
alter table users add column email_key text;
alter table users add column email_verified_at bigint;
-- The display name's skeleton (look_alikes.rs); null where nobody chose one.
alter table users add column display_key text;
alter table users add column bio text;
-- A JSON list of addresses; null for none.
alter table users add column links text;
-- The platform whose picture is shown; null for the first that has one.
alter table users add column avatar_source text;

-- An address is somebody's alone only once it is verified (contract section 5).
create unique index users_by_verified_email on users (email_key) where email_verified_at is not null;
create index users_by_email on users (email_key);
create index users_by_display on users (display_key);
