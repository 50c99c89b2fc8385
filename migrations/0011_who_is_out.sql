-- A deactivated account keeps its name, what it wrote and its memberships, and can do nothing.
alter table accounts add column deactivated_at timestamptz;

-- No session begins for one, whichever version of the program signs somebody in. The lock makes a sign-in and a
-- deactivation wait for each other, so that whoever deactivates finds every session to end.
create function refuse_session_of_deactivated() returns trigger language plpgsql as $$
begin
  perform from accounts where id = new.account_id and deactivated_at is null for share;
  if not found then
    raise check_violation using message = 'no session for an account that is deactivated',
      constraint = tg_name, table = tg_table_name, schema = tg_table_schema;
  end if;
  return new;
end
$$;
create trigger sessions_of_active before insert on sessions
  for each row execute function refuse_session_of_deactivated();

-- What narrows what somebody may do, for processes that were not told: each asks every second for what is new. Written
-- by triggers, so that it holds for every version of the program and for whoever changes a row by hand.
create table access_changes (
  id bigint generated always as identity primary key,
  account_id uuid not null,
  -- null: the account has another role, was deactivated or restored. Else this session of it has ended.
  session_id uuid,
  at timestamptz not null default clock_timestamp()
);
create index access_changes_at on access_changes (at);

create function note_session_ended() returns trigger language plpgsql as $$
begin
  insert into access_changes (account_id, session_id) values (old.account_id, old.id);
  return null;
end
$$;
create trigger sessions_ended after delete on sessions for each row execute function note_session_ended();

create function note_account_changed() returns trigger language plpgsql as $$
begin
  insert into access_changes (account_id) values (new.id);
  return null;
end
$$;
create trigger accounts_access after update of role, deactivated_at on accounts
  for each row when (old.role is distinct from new.role or old.deactivated_at is distinct from new.deactivated_at)
  execute function note_account_changed();

-- Links by which somebody sets a new password without the old one.
create table password_resets (
  -- One for an account: a newer one takes the place of the older.
  account_id uuid primary key references accounts on delete cascade,
  created_by uuid not null references accounts on delete cascade,
  -- SHA-256 of what stands in the link, which is told once and kept nowhere.
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  created_at timestamptz not null default now()
);

-- Who has been a member of what and left: guests go on knowing by name whose words they can read.
create table former_members (
  conversation_id uuid not null,
  account_id uuid not null,
  primary key (conversation_id, account_id)
);
create function note_former_member() returns trigger language plpgsql as $$
begin
  insert into former_members (conversation_id, account_id) values (old.conversation_id, old.account_id)
    on conflict do nothing;
  return null;
end
$$;
create trigger members_gone after delete on members for each row execute function note_former_member();
