-- Keeps all the messages that wait in a process, in one round trip and one commit.
--
-- First the conversations are locked, in id order so that two batches cannot deadlock; then one statement, with
-- a snapshot taken after the locks, judges and stores. Everything that it reads of those conversations
-- (memberships, archive, roots, earlier sends of the same client_id) changes only under the same locks, so
-- what it decides is true when it commits: a repeat can never miss the row that it repeats, a number is
-- taken only for a row that is new, and nobody posts after their removal.
--
-- Input: parallel arrays, a row each. in_channel: whether the body says @channel. The mention arrays name
-- rows by their position (from 1). A later release that changes this adds a function of another name, so that
-- old and new processes can run side by side.
create function post_messages(
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
language plpgsql as $$
#variable_conflict use_column
declare
  at_time timestamptz;
begin
  perform 1 from conversations c where c.id = any (in_conversation) order by c.id for update;
  at_time := date_trunc('milliseconds', clock_timestamp()); -- as clients and cursors have it

  return query
  with incoming as materialized (
    select * from unnest(in_conversation, in_account, in_client, in_id, in_body, in_root, in_channel)
      with ordinality as t (conversation_id, account_id, client_id, id, body, thread_root, channel, place)
  ),
  judged as materialized (
    select i.*, known.id as known_id,
      case
        when known.id is not null then 'known'
        when mine.account_id is null and (c.visibility is distinct from 'public' or who.role = 'guest') then 'conversation-not-found'
        when mine.account_id is null then 'not-a-member'
        when c.archived_at is not null then 'conversation-archived'
        when i.thread_root is not null and root.id is null then 'message-not-found'
        when root.thread_root is not null then 'reply-to-a-reply'
        when root.deleted_at is not null then 'message-deleted'
        else 'new'
      end as verdict
    from incoming i
    left join conversations c on c.id = i.conversation_id
    left join accounts who on who.id = i.account_id
    left join members mine on mine.conversation_id = i.conversation_id and mine.account_id = i.account_id
    left join messages known on known.conversation_id = i.conversation_id
      and known.account_id = i.account_id and known.client_id = i.client_id
    left join messages root on root.conversation_id = i.conversation_id and root.id = i.thread_root
  ),
  -- The first of each client_id; the same one twice in a batch is a repeat too.
  fresh as materialized (
    select distinct on (conversation_id, account_id, client_id) * from judged where verdict = 'new'
    order by conversation_id, account_id, client_id, place
  ),
  numbered as materialized (
    select f.*,
      row_number() over (partition by conversation_id order by place) as nth,
      count(*) filter (where thread_root is null) over (partition by conversation_id order by place) as nth_top,
      row_number() over (partition by conversation_id, thread_root order by place) as nth_reply
    from fresh f
  ),
  heads as (
    update conversations c
    set last_seq = c.last_seq + t.events,
        last_ordinal = c.last_ordinal + t.tops,
        active_at = case when t.tops > 0 then greatest(c.active_at, at_time) else c.active_at end
    from (
      select conversation_id, count(*) as events, count(*) filter (where thread_root is null) as tops
      from fresh group by conversation_id
    ) t
    where c.id = t.conversation_id
    returning c.id, c.last_seq - t.events as base_seq, c.last_ordinal - t.tops as base_ordinal
  ),
  roots as (
    update messages m
    set last_reply_ordinal = m.last_reply_ordinal + t.replies, last_reply_at = at_time, changed_seq = h.base_seq + t.nth
    from (
      select conversation_id, thread_root, count(*) as replies, max(nth) as nth
      from numbered where thread_root is not null group by conversation_id, thread_root
    ) t
    join heads h on h.id = t.conversation_id
    where m.conversation_id = t.conversation_id and m.id = t.thread_root
    returning m.conversation_id, m.id, m.account_id, m.last_reply_ordinal - t.replies as base_reply
  ),
  placed as materialized (
    select n.*, h.base_seq + n.nth as seq,
      case when n.thread_root is null then h.base_ordinal + n.nth_top end as ordinal,
      r.base_reply + n.nth_reply as reply_ordinal
    from numbered n
    join heads h on h.id = n.conversation_id
    left join roots r on r.conversation_id = n.conversation_id and r.id = n.thread_root
  ),
  stored as (
    insert into messages (conversation_id, id, seq, changed_seq, ordinal, thread_root, reply_ordinal, account_id, client_id, body, created_at)
    select conversation_id, id, seq, seq, ordinal, thread_root, reply_ordinal, account_id, client_id, body, at_time from placed
  ),
  logged as (
    insert into events (conversation_id, seq, type, message_id, account_id, created_at)
    select conversation_id, seq, 'message.posted', id, account_id, at_time from placed
  ),
  -- Whoever writes has read what is above.
  moved as (
    update members m set read_ordinal = greatest(m.read_ordinal, t.ordinal)
    from (select conversation_id, account_id, max(ordinal) as ordinal from placed where ordinal is not null group by 1, 2) t
    where m.conversation_id = t.conversation_id and m.account_id = t.account_id
  ),
  meant as materialized (
    select distinct p.conversation_id, m.account_id, p.id, p.ordinal, p.thread_root, p.reply_ordinal
    from placed p
    join members m on m.conversation_id = p.conversation_id and m.account_id <> p.account_id
    where p.channel or m.account_id in (
      select u.account_id from unnest(in_mention_position, in_mention_account) as u (place, account_id) where u.place = p.place
    )
  ),
  mentioned as (
    insert into mentions (conversation_id, account_id, message_id, ordinal, thread_root, reply_ordinal)
    select conversation_id, account_id, id, ordinal, thread_root, reply_ordinal from meant
  ),
  -- Who writes in a thread follows it and has read what is above; so do, from where it stands, who is meant
  -- in it, and who began it when the first reply comes.
  followed as (
    insert into thread_followers as f (conversation_id, thread_root, account_id, read_ordinal)
    select conversation_id, thread_root, account_id, max(read) from (
      select conversation_id, thread_root, account_id, reply_ordinal as read from placed where thread_root is not null
      union all
      select conversation_id, thread_root, account_id, reply_ordinal - 1 from meant where thread_root is not null
        and not exists (
          select 1 from thread_followers g
          where g.conversation_id = meant.conversation_id and g.thread_root = meant.thread_root and g.account_id = meant.account_id
        )
      union all
      select r.conversation_id, r.id, r.account_id, 0 from roots r
        join members m on m.conversation_id = r.conversation_id and m.account_id = r.account_id
        where r.base_reply = 0
    ) t
    group by conversation_id, thread_root, account_id
    on conflict (conversation_id, thread_root, account_id) do update
      set read_ordinal = greatest(f.read_ordinal, excluded.read_ordinal), following = true
  )
  select j.place::integer,
    case when j.verdict = 'new' then case when p.id = j.id then 'stored' else 'known' end else j.verdict end,
    coalesce(j.known_id, p.id), p.seq, p.ordinal, p.reply_ordinal, at_time
  from judged j
  left join placed p on j.verdict = 'new'
    and p.conversation_id = j.conversation_id and p.account_id = j.account_id and p.client_id = j.client_id;
end
$$;
