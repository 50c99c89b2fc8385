import { setTimeout as sleep } from 'node:timers/promises'
import type { Conversation } from '#conversations/contract.ts'
import type { Message } from '#messages/shapes.ts'
import type { Page } from '#messages/ui/timeline.ts'
import { ask, type Person } from './clients/ask.ts'
import type { ApiProcess } from './cluster/api-process.ts'
import type { Cluster } from './cluster/cluster.ts'
import type { Final } from './history.ts'

/** Reads the truth of some conversations: the tables, and what each member is shown, by one process or another. */
export async function readFinal(cluster: Cluster, people: readonly Person[], ids: readonly string[]): Promise<Final> {
  const among = `(${ids.map((id) => `'${id}'`).join()})`
  const rows = async <T>(sql: string) => (await cluster.query(sql)) as T[]
  const conversations = await rows<Final['conversations'][0]>(
    `select id, visibility, last_seq::int, last_ordinal::int from conversations where id in ${among}`,
  )
  const final: Final = {
    conversations,
    events: await rows(
      `select conversation_id, seq::int, type, message_id, account_id from events where conversation_id in ${among} order by conversation_id, seq`,
    ),
    messages: await rows(
      `select conversation_id, id, seq::int, ordinal::int, thread_root, reply_ordinal::int, account_id, client_id, body,
        deleted_at is not null as deleted from messages where conversation_id in ${among} order by conversation_id, seq`,
    ),
    members: await rows(
      `select conversation_id, account_id, read_ordinal::int from members where conversation_id in ${among}`,
    ),
    reactions: await rows(
      `select conversation_id, message_id, emoji, account_id from reactions where conversation_id in ${among}`,
    ),
    followers: await rows(
      `select conversation_id, thread_root, account_id, read_ordinal::int from thread_followers where conversation_id in ${among}`,
    ),
    threads: [],
    seen: [],
  }
  const inScope = new Set(ids)
  await Promise.all(
    people.map(async (person, index) => {
      const node = cluster.nodes[index % cluster.nodes.length]!
      for (const thread of await threadsOf(node, person))
        if (inScope.has(thread.conversation)) final.threads.push({ account: person.id, ...thread })
    }),
  )
  const byConversation = [...Map.groupBy(final.members, (row) => row.conversation_id)]
  await Promise.all(
    byConversation.map(async ([conversation, members], index) => {
      const readers = members.flatMap((row) => people.find(({ id }) => id === row.account_id) ?? [])
      let whole: Message[] | undefined
      for (const [each, person] of readers.entries()) {
        const node = cluster.nodes[(index + each) % cluster.nodes.length]!
        const state = await fetched<Conversation>(node, person, `/v1/conversations/${conversation}`)
        // One of them reads all of it; what the others are shown differs at most in its newest part.
        const { messages, seq } = await pagesOf(node, person, conversation, whole === undefined ? Infinity : 1)
        whole ??= messages
        const first = messages[0]?.ordinal ?? Infinity
        const older = whole.filter((message) => message.ordinal! < first)
        final.seen.push({ account: person.id, conversation, state, messages: [...older, ...messages], seq })
      }
    }),
  )
  return final
}

async function pagesOf(node: ApiProcess, person: Person, conversation: string, most: number) {
  const messages: Message[] = []
  let seq = Infinity
  let count = 0
  for (let before: number | null | undefined; before !== null && count < most; count += 1) {
    const cursor: string = before === undefined ? '' : `&before=${before}`
    const page: Page = await fetched(node, person, `/v1/conversations/${conversation}/messages?limit=200${cursor}`)
    messages.unshift(...page.messages)
    seq = Math.min(seq, page.seq)
    before = page.before
  }
  return { messages, seq }
}

interface ThreadsPage {
  threads: { root: Message; readOrdinal: number; unreadCount: number }[]
  next: string | null
}

async function threadsOf(node: ApiProcess, person: Person) {
  const threads: Omit<Final['threads'][0], 'account'>[] = []
  for (let next: string | null | undefined; next !== null;) {
    const cursor: string = next === undefined ? '' : `&before=${encodeURIComponent(next)}`
    const page: ThreadsPage = await fetched(node, person, `/v1/threads?limit=100${cursor}`)
    for (const { root, readOrdinal, unreadCount } of page.threads)
      threads.push({ conversation: root.conversationId, root: root.id, readOrdinal, unreadCount })
    next = page.next
  }
  return threads
}

async function fetched<T>(node: ApiProcess, person: Person, path: string): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const { status, body } = await ask(node, person, 'GET', path)
    if (status === 200) return body as T
    if (tries === 20)
      throw new Error(`${path} as ${person.name} from process ${node.number}: ${status} ${JSON.stringify(body)}`)
    await sleep(100)
  }
}
