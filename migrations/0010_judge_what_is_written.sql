-- What a row may be, judged where it is written rather than with every write. PostgreSQL reads the text of all checks
-- of a table anew for each statement that changes a row of it, whichever column that is. A send changes conversations and
-- members, which had nine: some 50 µs of the 310 that a message alone costs PostgreSQL.
--
-- A trigger after the row asks only if one of its own columns is written, and fails the statement as a check does; null
-- is no fault, as in a check. `messages` keeps its checks: each send writes a whole row of it, so a trigger would be asked
-- as often.
create function refuse_row() returns trigger language plpgsql as $$
begin
  raise check_violation using
    message = format('new row for relation "%s" violates "%s"', tg_table_name, tg_name),
    constraint = tg_name, table = tg_table_name, schema = tg_table_schema;
end
$$;

create trigger conversations_kind after insert or update of kind, visibility, name, direct_key on conversations
  for each row when (not (
    new.kind in ('channel', 'group', 'direct') and new.visibility in ('public', 'private')
    and (new.kind = 'channel' or new.visibility = 'private')
    and (new.kind = 'direct') = (new.direct_key is not null)
    and (new.kind = 'channel') <= (new.name is not null)
  )) execute function refuse_row();
create trigger conversations_length after insert or update of name, topic on conversations
  for each row when (not (length(new.name) between 1 and 80 and length(new.topic) <= 500))
  execute function refuse_row();
create trigger members_kind after insert or update of role, notify on members
  for each row when (not (new.role in ('owner', 'member') and new.notify in ('all', 'mentions', 'none')))
  execute function refuse_row();

do $$
declare
  its record;
begin
  for its in
    select conrelid::regclass as table_name, conname from pg_constraint
    where contype = 'c' and conrelid in ('conversations'::regclass, 'members'::regclass)
  loop
    execute format('alter table %s drop constraint %I', its.table_name, its.conname);
  end loop;
end
$$;
