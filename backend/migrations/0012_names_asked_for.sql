-- A code asked for by a name keeps its slot by what was typed, as a keyed hash, so that nobody can tell
-- from two requests whether they meant the same person. Null where it was asked for by an id.
alter table login_codes add column asked_name bytea;
