import { applyEvent, applyPage, emptyTimeline, markStale, shown, type Timeline } from '#messages/ui/timeline.ts'
import type { Message } from '#messages/shapes.ts'
import type { History, Step } from '../history.ts'
import { nameOf, operationsOf, type Rule, shortId, tell, type Violation } from './violation.ts'

// P4: what a client ends up with.

/** Whoever follows a conversation has its last event within the bound after all was healthy. */
export const notCaughtUp: Rule = (history) => {
  const members = Map.groupBy(history.final.members, (row) => row.account_id)
  const heads = new Map(history.final.conversations.map(({ id, last_seq }) => [id, last_seq]))
  return history.devices.flatMap((device) =>
    (members.get(device.account) ?? []).flatMap(({ conversation_id: id }): Violation[] => {
      const head = heads.get(id)
      const position = device.positions[id]
      if (head === undefined || position === head) return []
      const where = position === undefined ? 'does not follow it' : `is at ${position}`
      const last = device.sessions.at(-1)
      const evidence = [
        `all was settled at ${Math.round(history.settledAt)} ms`,
        `its last connection: process ${last?.node}, since ${Math.round(last?.from ?? 0)} ms, until ${last?.to === null ? 'now' : Math.round(last?.to ?? 0)}`,
        ...(last?.frames
          .slice(-5)
          .map(({ at, frame }) => `${Math.round(at)} ms: ${JSON.stringify(frame).slice(0, 200)}`) ?? []),
      ]
      return [
        {
          promise: 'P4',
          rule: 'not caught up',
          what: `${device.name} ${where}; the head of ${nameOf(history, id)} is ${head}.`,
          evidence,
        },
      ]
    }),
  )
}

/** The state that a device built from pages and events equals a fresh fetch. */
export const stateIsNotRefetch: Rule = (history) =>
  history.devices.flatMap((device) =>
    history.final.seen
      .filter(({ account }) => account === device.account)
      .flatMap(({ conversation, messages, seq }): Violation[] => {
        const steps = device.steps.get(conversation)
        // Who has not arrived is the business of `notCaughtUp`.
        if (!steps || device.positions[conversation] !== seq) return []
        const held = shown(steps.reduce(apply, emptyTimeline(conversation)))
        const first = held[0]?.ordinal ?? Infinity
        const expected = messages.filter((message) => message.ordinal! >= first)
        const difference =
          held.length === 0 && messages.length > 0 ? 'it shows nothing' : firstDifference(held, expected)
        if (!difference) return []
        return [
          {
            promise: 'P4',
            rule: 'state + events ≠ refetch',
            what: `${device.name} in ${nameOf(history, conversation)}: ${difference}`,
            evidence: [],
          },
        ]
      }),
  )

const apply = (timeline: Timeline, step: Step): Timeline =>
  step.kind === 'page'
    ? applyPage(timeline, step.page)
    : step.kind === 'event'
      ? applyEvent(timeline, step.event)
      : markStale(timeline)

/** The order of emoji is the server's alone: a client asks again for it (`reorderedBy`). */
const comparable = (message: Message) =>
  JSON.stringify({
    ...message,
    reactions: message.reactions.map(({ emoji, accountIds }) => `${emoji} ${accountIds.toSorted().join()}`).toSorted(),
  })

function firstDifference(held: readonly Message[], expected: readonly Message[]): string | undefined {
  for (let index = 0; index < Math.max(held.length, expected.length); index += 1) {
    const [mine, theirs] = [held[index], expected[index]]
    if (!mine || !theirs)
      return `message ${(mine ?? theirs)!.ordinal} is ${mine ? 'shown and not there' : 'there and not shown'}`
    if (comparable(mine) !== comparable(theirs))
      return `it shows ${comparable(mine)}; a fetch shows ${comparable(theirs)}`
  }
  return undefined
}

/** A page contains what its reader had been acknowledged, or had received, before asking for it. */
export const staleReads: Rule = (history) => {
  const pages = operationsOf(history, 'history').filter(({ replies }) => replies.length > 0)
  const written = writes(history)
  return [...Map.groupBy(pages, ({ account, conversation }) => `${account} ${conversation}`).values()].flatMap(
    (own) => {
      const { account, conversation } = own[0]!
      const known = [...written(account, conversation), ...received(history, account, conversation)].toSorted(
        (a, b) => a.at - b.at,
      )
      let next = 0
      let newest: Known | undefined
      return (
        own
          // By the try that was answered: what became known before it, after earlier tries, counts.
          .toSorted((a, b) => a.attempts.at(-1)!.from - b.attempts.at(-1)!.from)
          .flatMap((read): Violation[] => {
            for (; known[next] && known[next]!.at < read.attempts.at(-1)!.from; next += 1)
              if (!newest || known[next]!.seq > newest.seq) newest = known[next]
            const page = read.replies[0]!
            if (!newest || page.seq >= newest.seq) return []
            return [
              {
                promise: 'P4',
                rule: newest.how === 'received' ? 'stale read' : 'stale read after own write',
                what: `${nameOf(history, account)} knew event ${newest.seq} of ${nameOf(history, conversation)} (${newest.how} at ${Math.round(newest.at)} ms) and then read a page of ${page.seq}.`,
                evidence: [tell(history, read)],
              },
            ]
          })
      )
    },
  )
}

interface Known {
  at: number
  seq: number
  how: string
}

function writes(history: History): (account: string, conversation: string) => Known[] {
  const all = Map.groupBy(
    operationsOf(history, 'post', 'edit', 'delete', 'react', 'unreact').filter(({ to }) => to !== null),
    (operation) => `${operation.account} ${operation.conversation}`,
  )
  return (account, conversation) =>
    (all.get(`${account} ${conversation}`) ?? []).flatMap((operation): Known[] => {
      const seqs = operation.replies.map((message) => (operation.kind === 'post' ? message.seq : message.changedSeq))
      const how = `${operation.kind} of ${shortId(operation.replies[0]?.id)} acknowledged`
      return seqs.length ? [{ at: operation.to!, seq: seqs[0]!, how }] : []
    })
}

const received = (history: History, account: string, conversation: string): Known[] =>
  history.devices
    .filter((device) => device.account === account)
    .flatMap(({ sessions }) =>
      sessions.flatMap(({ frames }) =>
        frames.flatMap(({ at, frame }) => {
          const last =
            frame.type === 'events'
              ? frame.events.findLast((event) => event.conversationId === conversation)
              : undefined
          return last ? [{ at, seq: last.seq, how: 'received' }] : []
        }),
      ),
    )
