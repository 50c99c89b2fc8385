import { mayLinger } from '../clients/settle.ts'
import type { Deed, History } from '../history.ts'
import { about, nameOf, operationsOf, type Rule, shortId, tell, type Violation } from './violation.ts'

// P1: what was acknowledged is there, and is as it was acknowledged.

const key = (...parts: string[]) => parts.join(' ')

/** Every acknowledged message is kept, under the number that its sender was told. */
export const lostMessages: Rule = (history) => {
  const kept = new Map(history.final.messages.map((row) => [row.id, row]))
  return operationsOf(history, 'post').flatMap((post) =>
    post.replies.flatMap((reply): Violation[] => {
      const row = kept.get(reply.id)
      const same = row && row.seq === reply.seq && row.ordinal === reply.ordinal && row.client_id === post.clientId
      if (same) return []
      const what = row
        ? `Message ${shortId(reply.id)} was acknowledged as seq ${reply.seq}, ordinal ${reply.ordinal}, and is kept as seq ${row.seq}, ordinal ${row.ordinal}.`
        : `Message ${shortId(reply.id)} was acknowledged as seq ${reply.seq} and is not there.`
      return [{ promise: 'P1', rule: 'lost', what, evidence: [tell(history, post)] }]
    }),
  )
}

/** The last acknowledged state of a text, a reaction and a membership is the one that is kept. */
export const lostChanges: Rule = (history) => [...texts(history), ...reactions(history), ...memberships(history)]

function texts(history: History): Violation[] {
  const kept = new Map(history.final.messages.map((row) => [row.id, row]))
  const changes = Map.groupBy(operationsOf(history, 'edit', 'delete'), (change) => change.messageId)
  const posted = new Map(
    operationsOf(history, 'post').flatMap((post) => post.replies.map((reply) => [reply.id, post.body] as const)),
  )
  return [...new Set([...changes.keys(), ...posted.keys()])].flatMap((id): Violation[] => {
    const row = kept.get(id)
    if (!row) return [] // said by `lostMessages`
    const done = changes.get(id) ?? []
    const violation = (what: string): Violation[] => [
      { promise: 'P1', rule: 'lost change', what, evidence: about(history, id) },
    ]
    const deletions = done.filter(({ kind }) => kind === 'delete')
    if (deletions.some(({ outcome }) => outcome === 'acknowledged') && !row.deleted)
      return violation(`Message ${shortId(id)} was deleted, and is there.`)
    if (row.deleted) {
      if (!deletions.some(({ outcome }) => outcome !== 'refused'))
        return violation(`Message ${shortId(id)} is deleted, and nobody did it.`)
      return row.body === '' ? [] : violation(`Message ${shortId(id)} is deleted, and its text is kept.`)
    }
    // In order, because one pair of hands does them; what may linger may be the last.
    const edits = done.filter((change): change is Deed<'edit'> => change.kind === 'edit')
    const settled = edits.filter(({ outcome }) => outcome === 'acknowledged').at(-1)
    const allowed = new Set(
      edits.filter((edit) => edit.outcome !== 'refused' && mayLinger(edit)).map(({ body }) => body),
    )
    if (settled) allowed.add(settled.body)
    else if (posted.has(id)) allowed.add(posted.get(id)!)
    else return []
    return allowed.has(row.body) ? [] : violation(`Message ${shortId(id)} has not the text that was acknowledged last.`)
  })
}

function reactions(history: History): Violation[] {
  const there = new Set(history.final.reactions.map((row) => key(row.message_id, row.emoji, row.account_id)))
  const deleted = new Set(history.final.messages.filter((row) => row.deleted).map((row) => row.id))
  const done = Map.groupBy(operationsOf(history, 'react', 'unreact'), (each) =>
    key(each.messageId, each.emoji, each.account),
  )
  return [...done].flatMap(([name, all]): Violation[] => {
    const last = all.filter(({ outcome }) => outcome === 'acknowledged').at(-1)
    if (!last || deleted.has(last.messageId)) return []
    if (all.some((each) => each.kind !== last.kind && each.outcome !== 'refused' && mayLinger(each))) return []
    if (there.has(name) === (last.kind === 'react')) return []
    const what = `The ${last.emoji} of ${nameOf(history, last.account)} on ${shortId(last.messageId)} is ${there.has(name) ? 'there, and was taken back' : 'not there'}.`
    return [{ promise: 'P1', rule: 'lost change', what, evidence: all.map((each) => tell(history, each)) }]
  })
}

function memberships(history: History): Violation[] {
  const there = new Set(history.final.members.map((row) => key(row.conversation_id, row.account_id)))
  const done = Map.groupBy(operationsOf(history, 'add', 'remove'), (each) => key(each.conversation, each.subject))
  return [...done].flatMap(([name, all]): Violation[] => {
    const last = all.filter(({ outcome }) => outcome === 'acknowledged').at(-1)
    if (!last || all.some((each) => each.kind !== last.kind && each.outcome !== 'refused' && mayLinger(each))) return []
    if (there.has(name) === (last.kind === 'add')) return []
    const what = `${nameOf(history, last.subject)} is ${there.has(name) ? 'a' : 'no'} member of ${nameOf(history, last.conversation)}.`
    return [{ promise: 'P1', rule: 'lost change', what, evidence: all.map((each) => tell(history, each)) }]
  })
}

/** One clientId makes one message, and every answer to it names that one. */
export const duplicates: Rule = (history) => {
  const rows = Map.groupBy(history.final.messages, (row) =>
    key(row.conversation_id, row.account_id, row.body && !row.deleted ? row.body : row.client_id),
  )
  const twice = [...rows.values()].flatMap((same): Violation[] => {
    const [first] = same
    if (same.length === 1 || !first) return []
    const post = operationsOf(history, 'post').find(
      ({ clientId, body }) => clientId === first.client_id || body === first.body,
    )
    const what = `One send of ${nameOf(history, first.account_id)} made ${same.length} messages: ${same.map((row) => shortId(row.id)).join(', ')}.`
    return [{ promise: 'P2', rule: 'duplicated', what, evidence: post ? [tell(history, post)] : [] }]
  })
  const answers = operationsOf(history, 'post').flatMap((post): Violation[] => {
    const named = new Set(
      post.replies.map((reply) => `id ${shortId(reply.id)}, seq ${reply.seq}, ordinal ${reply.ordinal}`),
    )
    if (named.size <= 1) return []
    const what = `One send was acknowledged as different messages: ${[...named].join(' and ')}.`
    return [{ promise: 'P2', rule: 'duplicated', what, evidence: [tell(history, post)] }]
  })
  return [...twice, ...answers]
}
