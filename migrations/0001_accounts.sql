-- The place: one row.
create table place (
  one boolean primary key default true check (one),
  name text not null default 'All is Whale' check (length(name) between 1 and 80),
  sign_up text not null default 'invitation' check (sign_up in ('invitation', 'open')),
  -- Signs session cookies; here, so that every process has the same one.
  secret text not null default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
);
insert into place default values;

create table accounts (
  id uuid primary key,
  name text not null check (length(name) between 1 and 80),
  email text not null,
  email_verified boolean not null default false,
  role text not null default 'member' check (role in ('owner', 'admin', 'member', 'guest')),
  image text,
  -- Changes with every new picture, so that its address can be cached for ever.
  avatar_version uuid,
  invitation_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index accounts_email on accounts (lower(email));
create index accounts_name on accounts (lower(name), id);

create table avatars (
  account_id uuid primary key references accounts on delete cascade,
  version uuid not null,
  image bytea not null
);

create table sessions (
  id uuid primary key,
  account_id uuid not null references accounts on delete cascade,
  token text not null unique,
  ip_address text,
  user_agent text,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_account on sessions (account_id);

-- Ways to prove who one is: a password today, an identity provider or a passkey later.
create table credentials (
  id uuid primary key,
  account_id uuid not null references accounts on delete cascade,
  provider_id text not null,
  provider_account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, provider_account_id)
);
create index credentials_account on credentials (account_id);

create table verifications (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_identifier on verifications (identifier);

create table invitations (
  id uuid primary key,
  -- Kept readable, because whoever made the link may copy it again until it ends.
  token text not null unique,
  created_by uuid not null references accounts,
  role text not null default 'member' check (role in ('member', 'guest')),
  -- Joined at once by whoever uses the link; for guests, the only conversations that they see.
  conversation_ids uuid[] not null default '{}',
  uses integer not null default 0,
  max_uses integer not null check (max_uses between 1 and 1000),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);
alter table accounts add foreign key (invitation_id) references invitations;

-- Counters of attempts (rate-limiter-flexible), shared by all processes.
create table rate_limits (
  key text primary key,
  points integer not null default 0,
  expire bigint
);
create index rate_limits_expire on rate_limits (expire);
