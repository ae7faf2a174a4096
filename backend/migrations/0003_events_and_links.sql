-- What bots hear of, links between platforms, and what a session knows of how it was made.

-- When bots were told of the code; null where the limit of such events was reached.
alter table login_codes add column announced_at bigint;
-- A code of the kind link: the only session it works in, and whose that is.
alter table login_codes add column link_user_id bigint;
alter table login_codes add column link_session_id bigint;

-- The identity and the code that a session was begun with, for "that was not me".
alter table sessions add column identity_id bigint;
alter table sessions add column login_code_id bigint;
-- When the person last showed a password or a second factor in this session.
alter table sessions add column fresh_at bigint;

create index sessions_by_identity on sessions (identity_id);
create index login_codes_by_session on login_codes (link_session_id);
create index login_codes_by_end on login_codes (expires_at);
create index bot_calls_by_hour on bot_calls (hour);
create index sessions_by_end on sessions (ended_at);
create index bots_by_platform on bots (platform);
