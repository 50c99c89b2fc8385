-- Keeps messages that nothing is to be judged about: no thread, nobody meant, the usual case. What
-- post_messages_2 looks up beforehand, this finds out by writing: a conversation that is not there or archived and a
-- sender who is no member have no row to update, and a message that was sent before violates its unique index. Then
-- nothing of the batch is stored and no row comes back; post_messages_2 is asked instead, and says which and why.
--
-- The first statement locks the conversations by raising their heads, and if it had to wait for another batch it goes
-- on from that one's numbers. Memberships change only under the same locks. Its rows come in id order, as those of
-- every scan of an index by a list, so that two batches cannot deadlock.
--
-- Its plans are made once and must be good for a table of any size, hence the list, and all that is switched off.
--
-- Input: in_conversation, in id order and each once, with how many of the messages are its own; then parallel arrays,
-- a message each. in_place: its conversation's position there (from 1). in_behind: how many of that conversation's
-- come after it. in_latest: whether it is its sender's last one there.
create function post_plain_messages(
  in_conversation uuid[], in_count integer[],
  in_place integer[], in_behind integer[], in_account uuid[], in_client text[], in_id uuid[], in_body text[],
  in_latest boolean[]
)
-- For each conversation, as given: the numbers of its last message, and when it was posted (ms since 1970).
returns table (last_seq bigint[], last_ordinal bigint[], posted_at bigint[])
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
set enable_memoize = off
as $$
#variable_conflict use_column
declare
  seqs bigint[];
  ordinals bigint[];
  times timestamptz[];
  all_are_members boolean;
begin
  begin
    with raised as (
      update conversations c
      set last_seq = c.last_seq + in_count[width_bucket(c.id, in_conversation)],
          last_ordinal = c.last_ordinal + in_count[width_bucket(c.id, in_conversation)],
          active_at = greatest(c.active_at, date_trunc('milliseconds', clock_timestamp()))
      -- A list that is not in order finds no place, rather than a wrong one.
      where c.id = any (in_conversation) and in_conversation[width_bucket(c.id, in_conversation)] = c.id
        and c.archived_at is null
      -- A conversation that was active in the future, for a clock was wrong then, does not make its messages so.
      returning c.id, c.last_seq, c.last_ordinal, least(c.active_at, date_trunc('milliseconds', clock_timestamp())) as at_time
    )
    select array_agg(last_seq order by id), array_agg(last_ordinal order by id), array_agg(at_time order by id)
    into seqs, ordinals, times from raised;
    if cardinality(seqs) is distinct from cardinality(in_conversation) then raise no_data_found; end if;

    with placed as materialized (
      select in_conversation[i.place] as conversation_id, seqs[i.place] - i.behind as seq, ordinals[i.place] - i.behind as ordinal,
        times[i.place] as at_time, i.account_id, i.client_id, i.id, i.body, i.is_latest
      from unnest(in_place, in_behind, in_account, in_client, in_id, in_body, in_latest)
        as i (place, behind, account_id, client_id, id, body, is_latest)
    ),
    stored as (
      insert into messages (conversation_id, id, seq, changed_seq, ordinal, account_id, client_id, body, created_at)
      select conversation_id, id, seq, seq, ordinal, account_id, client_id, body, at_time from placed
    ),
    logged as (
      insert into events (conversation_id, seq, type, message_id, account_id, created_at)
      select conversation_id, seq, 'message.posted', id, account_id, at_time from placed
    ),
    -- Whoever writes has read what is above.
    moved as (
      update members m set read_ordinal = p.ordinal from placed p
      where p.is_latest and m.conversation_id = p.conversation_id and m.account_id = p.account_id
      returning true
    )
    select (select count(*) from moved) = (select count(*) from placed where is_latest) into all_are_members;
    if not all_are_members then raise no_data_found; end if;
  exception when unique_violation or no_data_found then
    return;
  end;
  return query select seqs, ordinals, array(select (extract(epoch from t) * 1000)::bigint from unnest(times) t);
end
$$;
