create table conversations (
  id uuid primary key,
  kind text not null check (kind in ('channel', 'group', 'direct')),
  visibility text not null check (visibility in ('public', 'private')),
  name text check (length(name) between 1 and 80),
  topic text not null default '' check (length(topic) <= 500),
  -- One direct conversation per set of people: their sorted account ids.
  direct_key text unique,
  created_by uuid references accounts,
  created_at timestamptz not null default now(),
  archived_at timestamptz,
  -- The heads. A row lock on this row is what gives every event its place.
  last_seq bigint not null default 0,
  last_ordinal bigint not null default 0,
  active_at timestamptz not null default now(),
  check (kind = 'channel' or visibility = 'private'),
  check ((kind = 'direct') = (direct_key is not null)),
  check ((kind = 'channel') <= (name is not null))
) with (fillfactor = 70); -- room for the heads to be updated in place
create unique index conversations_channel_name on conversations (lower(name)) where kind = 'channel';
create index conversations_public on conversations (lower(name), id) where kind = 'channel' and visibility = 'public';

create table members (
  conversation_id uuid not null references conversations,
  account_id uuid not null references accounts,
  role text not null default 'member' check (role in ('owner', 'member')),
  notify text not null default 'all' check (notify in ('all', 'mentions', 'none')),
  joined_at timestamptz not null default now(),
  joined_at_seq bigint not null,
  read_ordinal bigint not null default 0,
  primary key (conversation_id, account_id)
) with (fillfactor = 80);
create index members_account on members (account_id, conversation_id);

-- The log: what happened, in order, and never what was said. A message.posted is served with the
-- message's present state, so that deleted text is gone from here too.
-- No foreign keys on the tables below: conversations are never deleted, rows are written under the
-- conversation's lock, and the checks would cost every send.
create table events (
  conversation_id uuid not null,
  seq bigint not null,
  type text not null,
  message_id uuid,
  account_id uuid,
  data jsonb,
  created_at timestamptz not null default now(),
  primary key (conversation_id, seq)
);

alter table conversations set (autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05);
alter table members set (autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05);
alter table events set (autovacuum_analyze_threshold = 500, autovacuum_analyze_scale_factor = 0.05);
