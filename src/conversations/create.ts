import { newId } from '#platform/new-id.ts'
import type { Static } from 'typebox'
import { append } from '#delivery/append.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { distinctIds, requireActive, requireKnown } from '#members/acquaintance.ts'
import { announceEnrolled, enroll, type Enrolled } from '#members/enroll.ts'
import { memberProblems } from '#members/problems.ts'
import { mostPeople } from '#members/rules.ts'
import { refuse } from '#platform/contract/problem.ts'
import { type Database, type Transactor, violates } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Caller } from '#platform/http/caller.ts'
import { takeChannelName } from './channel-names.ts'
import type { Conversation, createConversation as contract } from './contract.ts'
import { getConversation } from './get.ts'
import { channelName, groupName, topicText } from './names.ts'
import { conversationProblems } from './problems.ts'

export type NewConversation = Static<typeof contract.body>

interface Facts {
  kind: Conversation['kind']
  visibility: Conversation['visibility']
  name: string | null
  topic: string
  direct_key: string | null
}

/**
 * Creates a channel or a group, with the caller as its owner, or opens the direct conversation of a set of people,
 * which is one for ever: `created` says whether it was made now. Refuses with `name-taken`, `unknown-account`,
 * `deactivated-account`, `too-many-members`, `guests-open-direct-only`.
 */
export async function createConversation(
  { db, delivery }: { db: Database; delivery: Delivery },
  caller: Caller,
  wanted: NewConversation,
): Promise<{ conversation: Conversation; created: boolean }> {
  if (caller.role === 'guest' && wanted.kind !== 'direct') throw refuse(conversationProblems['guests-open-direct-only'])
  const others = distinctIds(wanted.accountIds ?? []).filter((id) => id !== caller.accountId)
  const people = [caller.accountId, ...others]
  if (wanted.kind !== 'channel' && people.length > mostPeople) throw refuse(memberProblems['too-many-members'])
  const facts = factsOf(wanted, people)
  const { enrolled, conversation } = await transact(db.query, async (tx) => {
    await requireKnown(tx, caller, others)
    const { id, enrolled } = await insert(tx, caller, facts, people)
    // One that was there already is opened with whoever is in it.
    if (enrolled) await requireActive(tx, others)
    return { enrolled, conversation: await getConversation(tx, caller, id) }
  }).catch((error: unknown) => {
    throw violates(error, 'conversations_channel_name') ? refuse(conversationProblems['name-taken']) : error
  })
  if (enrolled) announceEnrolled(delivery, enrolled)
  return { conversation, created: enrolled !== null }
}

function factsOf(wanted: NewConversation, people: readonly string[]): Facts {
  switch (wanted.kind) {
    case 'channel': {
      const { visibility = 'public', name, topic = '' } = wanted
      return { kind: 'channel', visibility, name: channelName(name), topic: topicText(topic), direct_key: null }
    }
    case 'group': {
      const { name, topic = '' } = wanted
      const kept = name === undefined ? null : groupName(name)
      return { kind: 'group', visibility: 'private', name: kept, topic: topicText(topic), direct_key: null }
    }
    case 'direct':
      return { kind: 'direct', visibility: 'private', name: null, topic: '', direct_key: [...people].sort().join() }
  }
}

/** The conversation, its first event and its members; `enrolled` is null where the direct conversation was there. */
async function insert(
  tx: Transactor,
  caller: Caller,
  facts: Facts,
  people: readonly string[],
): Promise<{ id: string; enrolled: Enrolled | null }> {
  const made = await tx
    .insertInto('conversations')
    .values({ id: newId(), created_by: caller.accountId, ...facts })
    // Whoever asks at the same time waits here for the first to commit, and then finds what it made.
    .onConflict((conflict) => conflict.column('direct_key').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) {
    const there = tx.selectFrom('conversations').select('id').where('direct_key', '=', facts.direct_key)
    return { id: (await there.executeTakeFirstOrThrow()).id, enrolled: null }
  }
  if (facts.kind === 'channel') await takeChannelName(tx, caller, made.id, facts.name!)
  await append(tx, made.id, [
    { type: 'conversation.changed', accountId: caller.accountId, data: { change: 'created' } },
  ])
  const enrolled = await enroll(
    tx,
    { conversationId: made.id, lastOrdinal: 0 },
    people.map((accountId) => ({
      accountId,
      // A direct conversation belongs to all of its people: what one archives, another can restore.
      role: accountId === caller.accountId || facts.kind === 'direct' ? 'owner' : 'member',
    })),
    caller.accountId,
  )
  return { id: made.id, enrolled }
}
