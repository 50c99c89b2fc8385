-- Who left and is named by what can be read there: wrote, reacted, was mentioned or created it. Nothing of that changes
-- once somebody is gone, so it is noted as they go, and nobody who asks for names makes the words be looked through.
alter table former_members add column named boolean not null default false;

create or replace function note_former_member() returns trigger language plpgsql as $$
begin
  insert into former_members (conversation_id, account_id, named) values (old.conversation_id, old.account_id,
    exists (select from messages where conversation_id = old.conversation_id and account_id = old.account_id)
    or exists (select from conversations where id = old.conversation_id and created_by = old.account_id)
    -- Before they are taken out: that comes after the membership.
    or exists (select from mentions where conversation_id = old.conversation_id and account_id = old.account_id)
    or exists (select from reactions where conversation_id = old.conversation_id and account_id = old.account_id))
  on conflict (conversation_id, account_id) do update set named = former_members.named or excluded.named;
  return null;
end
$$;

-- Those who left before: their mentions are known from the words alone, which are read once.
update former_members gone set named = true
where exists (select from messages where conversation_id = gone.conversation_id and account_id = gone.account_id)
  or exists (select from conversations where id = gone.conversation_id and created_by = gone.account_id)
  or (gone.conversation_id, gone.account_id) in (
    select conversation_id, account_id from reactions
    union
    select conversation_id, meant[1]::uuid from messages
      cross join regexp_matches(body, '<@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>', 'gi') as meant
    where body like '%<@%'
  );
