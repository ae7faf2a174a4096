-- What administration asks for: whose bot is which, and the audit log read by its filters.

-- The bot's own id on its platform, where somebody said so.
alter table bots add column platform_user_id text;

create index bots_by_owner on bots (owner_id);

-- Read newest first, a page at a time; rows of one moment stand in the order of their ids.
drop index audit_log_by_time;
create index audit_log_in_order on audit_log (created_at, id);
create index audit_log_by_type on audit_log (event_type, created_at, id);
create index audit_log_by_actor on audit_log (actor_id, created_at, id);
create index audit_log_by_target on audit_log (target_id, created_at, id);
