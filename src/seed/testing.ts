/**
 * What must never be found in a place, whoever wrote it: each statement returns the rows that break a promise. Kept
 * apart from the code that makes the rows, so that the two cannot be wrong in the same way.
 */
export const broken: Record<string, string> = {
  'a log with a gap, or a head that is not its end': `
    select c.id from conversations c left join events e on e.conversation_id = c.id
    group by c.id having count(*) <> c.last_seq or max(seq) <> c.last_seq or min(seq) <> 1`,
  'numbers of messages with a gap, or a head that is not the last': `
    select c.id from conversations c left join messages m on m.conversation_id = c.id and m.ordinal is not null
    group by c.id having count(m.id) <> c.last_ordinal or coalesce(max(m.ordinal), 0) <> c.last_ordinal`,
  'a conversation whose activity is not its newest message': `
    select c.id from conversations c left join messages m on m.conversation_id = c.id and m.ordinal is not null
    group by c.id having c.active_at <> coalesce(max(m.created_at), c.created_at)`,
  'a thread whose replies are not numbered 1 to its head, or that is not as late as its last': `
    select root.id from messages root left join messages m on m.conversation_id = root.conversation_id and m.thread_root = root.id
    group by root.conversation_id, root.id
    having count(m.id) <> root.last_reply_ordinal or coalesce(max(m.reply_ordinal), 0) <> root.last_reply_ordinal
      or max(m.created_at) is distinct from root.last_reply_at`,
  'a reply to nothing or to a reply': `
    select m.id from messages m left join messages root on root.conversation_id = m.conversation_id and root.id = m.thread_root
    where m.thread_root is not null and (root.id is null or root.thread_root is not null)`,
  'a message that the log does not know so': `
    select m.id from messages m left join events e on e.conversation_id = m.conversation_id and e.seq = m.seq
    where (e.type, e.message_id, e.account_id, e.created_at) is distinct from ('message.posted', m.id, m.account_id, m.created_at)`,
  'a message whose changed_seq is not the last event of it or of its thread': `
    select m.id from messages m
    left join messages reply on reply.conversation_id = m.conversation_id and reply.thread_root = m.id
    join events e on e.conversation_id = m.conversation_id and e.message_id in (m.id, reply.id)
      and (e.message_id = m.id or e.type = 'message.posted')
    group by m.conversation_id, m.id having max(e.seq) <> m.changed_seq`,
  'an id that does not tell the time, or not the order': `
    select id from (
      select id, created_at, lag(id) over w as before, lag(created_at) over w as earlier from messages
      window w as (partition by conversation_id order by seq)
    ) t
    where uuid_extract_version(id) <> 7 or uuid_extract_timestamp(id) <> created_at or before >= id or earlier >= created_at`,
  'an event before the one before it': `
    select seq from (select seq, created_at, lag(created_at) over (partition by conversation_id order by seq) as earlier from events) t
    where earlier > created_at`,
  'a member whom the log does not know so': `
    select m.account_id from members m left join events e on e.conversation_id = m.conversation_id and e.seq = m.joined_at_seq
    where (e.type, e.account_id, e.created_at, e.data->>'role') is distinct from ('member.added', m.account_id, m.joined_at, m.role)`,
  'somebody whom the log added last and who is no member, or removed last and is one': `
    select last.account_id from (
      select distinct on (conversation_id, account_id) conversation_id, account_id, type from events
      where type like 'member.%' order by conversation_id, account_id, seq desc
    ) last
    left join members m on m.conversation_id = last.conversation_id and m.account_id = last.account_id
    where (last.type = 'member.added') <> (m.account_id is not null)`,
  'a message by somebody who was not in the conversation then': `
    select m.id from messages m where (
      select type from events e where e.conversation_id = m.conversation_id and e.account_id = m.account_id
        and e.type like 'member.%' and e.seq < m.seq order by e.seq desc limit 1
    ) is distinct from 'member.added'`,
  'a read position past the end, or before what one wrote oneself': `
    select m.account_id from members m join conversations c on c.id = m.conversation_id
    where m.read_ordinal > c.last_ordinal or m.read_ordinal < (
      select coalesce(max(ordinal), 0) from messages where conversation_id = c.id and account_id = m.account_id
        and seq > m.joined_at_seq)`,
  'a mention in nothing, of nobody, or with other numbers': `
    select n.message_id from mentions n
    left join messages m on m.conversation_id = n.conversation_id and m.id = n.message_id
    left join members who on who.conversation_id = n.conversation_id and who.account_id = n.account_id
    where m.id is null or who.account_id is null or m.deleted_at is not null or m.account_id = n.account_id
      or (n.ordinal, n.thread_root, n.reply_ordinal) is distinct from (m.ordinal, m.thread_root, m.reply_ordinal)
      or (m.body not like '%<@' || n.account_id || '>%' and m.body not like '%@channel%')`,
  'a member who is meant without a mention': `
    select m.id from messages m join members who on who.conversation_id = m.conversation_id and who.account_id <> m.account_id
    where m.body like '%<@' || who.account_id || '>%' and who.joined_at_seq < m.seq and not exists (
      select from mentions n where n.conversation_id = m.conversation_id and n.message_id = m.id and n.account_id = who.account_id)`,
  'a follower of no thread, who is no member, or who has read past its end': `
    select f.account_id from thread_followers f
    left join messages root on root.conversation_id = f.conversation_id and root.id = f.thread_root
    left join members m on m.conversation_id = f.conversation_id and m.account_id = f.account_id
    where root.id is null or m.account_id is null or root.last_reply_ordinal = 0 or f.read_ordinal > root.last_reply_ordinal`,
  'a member who wrote in a thread, or began one, and does not follow it': `
    select m.id from messages m join members mine on mine.conversation_id = m.conversation_id and mine.account_id = m.account_id
      and mine.joined_at_seq < m.seq
    left join thread_followers f on f.conversation_id = m.conversation_id and f.account_id = m.account_id
      and f.thread_root = coalesce(m.thread_root, m.id)
    where (m.thread_root is not null or m.last_reply_ordinal > 0) and coalesce(f.read_ordinal, -1) < coalesce(m.reply_ordinal, 0)`,
  'reactions that are not those of the log': `
    with logged as (
      select distinct on (conversation_id, message_id, account_id, data->>'emoji') conversation_id, message_id, account_id,
        data->>'emoji' as emoji, seq, type from events where type like 'reaction.%'
      order by conversation_id, message_id, account_id, data->>'emoji', seq desc
    ), alive as (
      select l.* from logged l join messages m using (conversation_id) where m.id = l.message_id
        and m.deleted_at is null and l.type = 'reaction.added'
    )
    select coalesce(r.message_id, a.message_id) from reactions r
    full join alive a using (conversation_id, message_id, account_id, emoji, seq) where r.emoji is null or a.emoji is null`,
  'an edit or a deletion that the log does not know': `
    select m.id from messages m
    where m.edited_at is distinct from (select max(created_at) from events e where e.conversation_id = m.conversation_id
        and e.message_id = m.id and e.type = 'message.edited')
      or m.deleted_at is distinct from (select max(created_at) from events e where e.conversation_id = m.conversation_id
        and e.message_id = m.id and e.type = 'message.deleted')`,
  'the same line twice in a row': `
    select id from (
      select id, body, lag(body) over (partition by conversation_id order by ordinal) as above from messages where ordinal is not null
    ) t where body = above and body <> ''`,
  'anything of the future': `
    select id::text from messages where greatest(created_at, edited_at, deleted_at) > now()
    union all select seq::text from events where created_at > now()`,
}

const one = (table: string, where: string): string => `(select ctid from ${table} where ${where} limit 1)`

/** A fault for each of them, in the same order: what is never found must be found when it is there. */
export const plants: readonly string[] = [
  `delete from events where seq = 3 and conversation_id = (select id from conversations where last_seq > 9 limit 1)`,
  `update conversations set last_ordinal = last_ordinal + 1 where last_ordinal > 9`,
  `update conversations set active_at = active_at + interval '1 ms'`,
  `update messages set last_reply_ordinal = last_reply_ordinal + 1 where last_reply_ordinal > 1`,
  `update messages set thread_root = gen_random_uuid() where thread_root is not null`,
  `update events set message_id = gen_random_uuid() where type = 'message.posted'`,
  `update messages set changed_seq = changed_seq + 1 where last_reply_ordinal > 1`,
  `update messages set created_at = created_at + interval '1 s'`,
  `update events set created_at = created_at + interval '1 day' where seq = 5`,
  `update members set joined_at_seq = joined_at_seq + 1`,
  `delete from members where ctid = ${one('members', 'true')}`,
  `update messages set account_id = gen_random_uuid() where ctid = ${one('messages', 'true')}`,
  `update members set read_ordinal = 999999 where ctid = ${one('members', 'true')}`,
  `update mentions set account_id = gen_random_uuid() where ctid = ${one('mentions', 'true')}`,
  `delete from mentions`,
  `update thread_followers set read_ordinal = 999999 where ctid = ${one('thread_followers', 'true')}`,
  `delete from thread_followers`,
  `delete from reactions where ctid = ${one('reactions', 'true')}`,
  `update messages set edited_at = now() where ctid = ${one('messages', 'edited_at is null')}`,
  `update messages set body = 'Same.' where deleted_at is null`,
  `update events set created_at = now() + interval '1 hour' where seq = 1`,
]
