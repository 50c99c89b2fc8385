-- Those who left before 0011 began to note it. A transaction of its own: reading the whole log holds up nobody.
insert into former_members (conversation_id, account_id)
select distinct conversation_id, account_id from events where type = 'member.removed' and account_id is not null
on conflict do nothing;
