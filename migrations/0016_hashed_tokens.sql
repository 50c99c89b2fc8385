-- Tokens of sessions and invitations are kept as their SHA-256, so that a copy of the database opens nothing. See
-- docs/decisions/20261130-hashed-tokens.md.
--
-- `token` holds a token as it is only while processes of the release before run beside newer ones: they look for it there
-- and write it there, and a trigger adds the hash. A newer process empties the column when it finds itself without them.
alter table sessions alter column token drop not null, add column token_hash bytea,
  -- Until when a cookie of the former name may carry it, over https. Null: never.
  add column old_name_until timestamptz;
alter table invitations alter column token drop not null, add column token_hash bytea;

-- 180 days in all, also for what a process of the release before renews.
create function keep_session() returns trigger language plpgsql as $$
begin
  new.expires_at := least(new.expires_at, new.created_at + interval '180 days');
  if new.token is not null and (tg_op = 'INSERT' or new.token is distinct from old.token) then
    new.token_hash := sha256(convert_to(new.token, 'UTF8'));
    new.old_name_until := 'infinity';
  end if;
  return new;
end
$$;
create trigger sessions_kept before insert or update of token, expires_at on sessions
  for each row execute function keep_session();

create function keep_invitation() returns trigger language plpgsql as $$
begin
  if new.token is not null then
    new.token_hash := sha256(convert_to(new.token, 'UTF8'));
  end if;
  return new;
end
$$;
create trigger invitations_kept before insert or update of token on invitations
  for each row execute function keep_invitation();

update sessions set token_hash = sha256(convert_to(token, 'UTF8')), old_name_until = 'infinity', expires_at = expires_at;
update invitations set token_hash = sha256(convert_to(token, 'UTF8'));
alter table sessions alter column token_hash set not null;
alter table invitations alter column token_hash set not null;
create unique index sessions_token_hash on sessions (token_hash);
create unique index invitations_token_hash on invitations (token_hash);

-- Who still asks with the token of before is to be refused by every process within two seconds.
create function note_session_token_changed() returns trigger language plpgsql as $$
begin
  insert into access_changes (account_id, session_id) values (new.account_id, new.id);
  return null;
end
$$;
create trigger sessions_token_changed after update of token_hash on sessions
  for each row when (old.token_hash is distinct from new.token_hash) execute function note_session_token_changed();

-- Whether this process finds tokens by their hash. Processes of the release before do not say so.
alter table api_processes add column finds_hashes boolean not null default false;
