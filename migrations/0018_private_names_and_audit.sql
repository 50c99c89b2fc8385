-- Names of private channels are theirs: only public ones are unique for everybody, because a refusal would tell who is not
-- in a private one that it is there. What reads alike is asked by the program (conversations/channel-names.ts), of what the
-- asker may see, under its advisory lock, which the release before takes as well.
drop index conversations_channel_name;
create unique index conversations_channel_name on conversations (lower(name))
  where kind = 'channel' and visibility = 'public';
alter table channel_names drop constraint channel_names_reads_key;
create index channel_names_reads on channel_names (reads);

-- What an owner wants to know afterwards: who did what to whom, from where, and when. Never what was said. Kept 90 days.
-- No foreign keys: an entry outlives what it tells of, and the checks would lock rows that sign-ins wait for.
create table audit_entries (
  id uuid primary key,
  at timestamptz not null,
  -- A name of audit/contract.ts. Not checked here: a later release knows more of them.
  kind text not null,
  -- Who did it; null where nobody is known, as of a sign-in that was refused.
  actor_id uuid,
  -- Whom it concerns; null where it is nobody, or nobody here.
  account_id uuid,
  ip_address text,
  user_agent text,
  details jsonb not null default '{}',
  -- Refusals are counted, so that who floods the door does not flood the table.
  times integer not null default 1,
  last_at timestamptz not null,
  -- Of what is counted: kind, account, network and minute in one.
  counted_as text unique
) with (fillfactor = 90); -- room for the counts to be updated in place
create index audit_entries_at on audit_entries (at, id);
create index audit_entries_kind on audit_entries (kind, at, id);
create index audit_entries_actor on audit_entries (actor_id, at, id) where actor_id is not null;
create index audit_entries_account on audit_entries (account_id, at, id) where account_id is not null;
