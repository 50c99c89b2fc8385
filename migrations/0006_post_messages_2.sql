-- Keeps all the messages that wait in a process, as `post_messages` does, at less cost.
--
-- First the conversations are locked, in id order so that two batches cannot deadlock; the next statement, with
-- a snapshot taken after the locks, judges and stores. Everything that it reads of those conversations
-- (memberships, archive, heads, roots, earlier sends of the same client_id) changes only under the same locks, so
-- what it decides is true when it commits: a repeat can never miss the row that it repeats, a number is
-- taken only for a row that is new, and nobody posts after their removal.
--
-- Input: parallel arrays, a row each. in_channel: whether the body says @channel. The mention arrays name
-- rows by their position (from 1). A later release that changes this adds a function of another name, so that
-- old and new processes can run side by side.
--
-- Its plans are made once and must be good for a table of any size: a look-up is a lateral subquery with a limit,
-- which can only be answered row by row, and from the index that has all its columns.
create function post_messages_2(
  in_conversation uuid[], in_account uuid[], in_client text[], in_id uuid[], in_body text[], in_root uuid[],
  in_channel boolean[], in_mention_position integer[], in_mention_account uuid[]
)
returns table (
  "position" integer,
  -- stored; known: sent before, message_id is the first one's; or why it was refused
  outcome text,
  message_id uuid,
  seq bigint,
  ordinal bigint,
  reply_ordinal bigint,
  created_at timestamptz
)
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  at_time timestamptz;
begin
  perform 1 from conversations c where c.id = any (in_conversation) order by c.id for update;
  at_time := date_trunc('milliseconds', clock_timestamp()); -- as clients and cursors have it

  return query
  with judged as (
    select i.*, c.last_seq, c.last_ordinal, root.last_reply_ordinal, known.id as known_id,
      case
        when known.id is not null then 'known'
        when not mine.is_member is true and (c.visibility is distinct from 'public' or who.role = 'guest') then 'conversation-not-found'
        when not mine.is_member is true then 'not-a-member'
        when c.archived_at is not null then 'conversation-archived'
        when i.thread_root is not null and root.id is null then 'message-not-found'
        when root.thread_root is not null then 'reply-to-a-reply'
        when root.deleted_at is not null then 'message-deleted'
        else 'new'
      end as verdict,
      -- The same client_id twice in a batch is a repeat too.
      first_value(i.id) over same_send as first_id
    from unnest(in_conversation, in_account, in_client, in_id, in_body, in_root)
      with ordinality as i (conversation_id, account_id, client_id, id, body, thread_root, place)
    left join lateral (select * from conversations where id = i.conversation_id limit 1) c on true
    left join lateral (select role from accounts where id = i.account_id limit 1) who on true
    left join lateral (
      select true as is_member from members where conversation_id = i.conversation_id and account_id = i.account_id limit 1
    ) mine on true
    left join lateral (
      select id from messages
      where conversation_id = i.conversation_id and account_id = i.account_id and client_id = i.client_id limit 1
    ) known on true
    left join lateral (
      select * from messages
      where i.thread_root is not null and conversation_id = i.conversation_id and id = i.thread_root limit 1
    ) root on true
    window same_send as (partition by i.conversation_id, i.account_id, i.client_id order by i.place)
  ),
  numbered as materialized (
    select j.*, j.last_seq + count(*) filter (where fresh) over above as seq,
      case when thread_root is null then j.last_ordinal + count(*) filter (where fresh and thread_root is null) over above end as ordinal,
      j.last_reply_ordinal + count(*) filter (where fresh) over in_thread as reply_ordinal
    from (select *, verdict = 'new' and first_id = id as fresh from judged) j
    window above as (partition by conversation_id order by place),
      in_thread as (partition by conversation_id, thread_root order by place)
  ),
  heads as (
    update conversations c
    set last_seq = t.seq,
        last_ordinal = coalesce(t.ordinal, c.last_ordinal),
        active_at = case when t.ordinal is not null then greatest(c.active_at, at_time) else c.active_at end
    from (select conversation_id, max(seq) as seq, max(ordinal) as ordinal from numbered where fresh group by 1) t
    where c.id = t.conversation_id
  ),
  stored as (
    insert into messages (conversation_id, id, seq, changed_seq, ordinal, thread_root, reply_ordinal, account_id, client_id, body, created_at)
    select conversation_id, id, seq, seq, ordinal, thread_root, reply_ordinal, account_id, client_id, body, at_time
    from numbered where fresh
  ),
  logged as (
    insert into events (conversation_id, seq, type, message_id, account_id, created_at)
    select conversation_id, seq, 'message.posted', id, account_id, at_time from numbered where fresh
  ),
  -- Whoever writes has read what is above.
  moved as (
    update members m set read_ordinal = greatest(m.read_ordinal, t.ordinal)
    from (select conversation_id, account_id, max(ordinal) as ordinal from numbered where fresh and ordinal is not null group by 1, 2) t
    where m.conversation_id = t.conversation_id and m.account_id = t.account_id
  )
  select place::integer,
    case when fresh then 'stored' when verdict = 'new' then 'known' else verdict end,
    case when verdict = 'new' then first_id else known_id end,
    case when fresh then seq end, case when fresh then ordinal end, case when fresh then reply_ordinal end, at_time
  from numbered;

  if cardinality(in_mention_position) = 0 and true <> all (in_channel) and cardinality(array_remove(in_root, null)) = 0 then
    return;
  end if;

  -- What is rarer: threads, and those who are meant.
  with placed as materialized (
    select i.place, i.channel, m.*
    from unnest(in_conversation, in_id, in_channel) with ordinality as i (conversation_id, id, channel, place)
    cross join lateral (
      select conversation_id, id, seq, ordinal, thread_root, reply_ordinal, account_id
      from messages where conversation_id = i.conversation_id and id = i.id limit 1
    ) m
  ),
  roots as (
    update messages m
    set last_reply_ordinal = t.last_reply, last_reply_at = at_time, changed_seq = t.seq
    from (
      select conversation_id, thread_root, min(reply_ordinal) as first_reply, max(reply_ordinal) as last_reply, max(seq) as seq
      from placed where thread_root is not null group by conversation_id, thread_root
    ) t
    where m.conversation_id = t.conversation_id and m.id = t.thread_root
    returning m.conversation_id, m.id, m.account_id, t.first_reply
  ),
  named as (
    select p.*, u.account_id as meant_id
    from unnest(in_mention_position, in_mention_account) as u (place, account_id) join placed p on p.place = u.place
    union
    select p.*, m.account_id from placed p join members m on m.conversation_id = p.conversation_id where p.channel
  ),
  meant as materialized (
    select n.* from named n
    cross join lateral (
      select true from members where conversation_id = n.conversation_id and account_id = n.meant_id limit 1
    ) m
    where n.meant_id <> n.account_id
  ),
  mentioned as (
    insert into mentions (conversation_id, account_id, message_id, ordinal, thread_root, reply_ordinal)
    select conversation_id, meant_id, id, ordinal, thread_root, reply_ordinal from meant
  )
  -- Who writes in a thread follows it and has read what is above; so do, from where it stands, who is meant
  -- in it, and who began it when the first reply comes.
  insert into thread_followers as f (conversation_id, thread_root, account_id, read_ordinal)
  select conversation_id, thread_root, account_id, max(read) from (
    select conversation_id, thread_root, account_id, reply_ordinal as read from placed where thread_root is not null
    union all
    select conversation_id, thread_root, meant_id, reply_ordinal - 1 from meant where thread_root is not null
      and not exists (
        select 1 from thread_followers g
        where g.conversation_id = meant.conversation_id and g.thread_root = meant.thread_root and g.account_id = meant.meant_id
      )
    union all
    select r.conversation_id, r.id, r.account_id, 0 from roots r
      join members m on m.conversation_id = r.conversation_id and m.account_id = r.account_id
      where r.first_reply = 1
  ) t
  group by conversation_id, thread_root, account_id
  on conflict (conversation_id, thread_root, account_id) do update
    set read_ordinal = greatest(f.read_ordinal, excluded.read_ordinal), following = true;
end
$$;
