import { getMe, getPlace } from '#accounts/contract.ts'
import { forgetPeople, refreshPeople, refreshPerson } from '#accounts/ui/people.ts'
import { look, session, updateMe, updatePlace } from '#accounts/ui/session.ts'
import { conversations, countMentions, startConversations } from '#conversations/ui/conversation-store.ts'
import type { ServerFrame } from '#delivery/contract.ts'
import { followActivity } from '#delivery/ui/activity.ts'
import { Connection } from '#delivery/ui/connection.ts'
import { followPresence } from '#delivery/ui/presence.ts'
import { followTyping } from '#delivery/ui/typing.ts'
import { mentionsIn } from '#messages/rules.ts'
import { outbox, startMessages } from '#messages/ui/messaging.ts'
import { apiOrigin, call } from '#platform/ui/api.ts'
import { fetchAhead } from '#platform/ui/later.ts'
import { setTitleMentions } from '#platform/ui/title.ts'
import { followOutbox } from './outbox-summary.ts'
import { followThreads } from './threads-unread.ts'

/*
 * The composition root of the page: what runs from sign-in to sign-out, wired together once. Features know only
 * what is below them; here the stream is given to each of them.
 */

/** Events of one conversation: who missed more gets its present state, which is 50 messages, instead of all of them. */
const mostBehind = 2000

export const outboxSummary = followOutbox(outbox)

let running: { accountId: string; connection: Connection; stop: () => void } | undefined

/** The one connection. Only for what is rendered while somebody is signed in. */
export function connection(): Connection {
  if (!running) throw new Error('Nobody is signed in.')
  return running.connection
}

/** Starts and stops everything with the session. Call once, before the first render. */
export function followSession(): void {
  const follow = () => {
    const now = session.get()
    const accountId = now.state === 'signed-in' ? now.me.id : undefined
    if (accountId === running?.accountId) return
    running?.stop()
    running = accountId === undefined ? undefined : start(accountId)
  }
  session.subscribe(follow)
  follow()
}

function start(accountId: string) {
  const stream = new Connection({
    url: `${(apiOrigin || location.origin).replace(/^http/, 'ws')}/v1/stream`,
    positions: () => conversations.positions(),
    accountId,
    onOtherAccount: () => void look(),
    mostBehind,
    // A refused upgrade does not say why; an ordinary call does, and a session that ended shows the sign-in form.
    onRefusedEntry: () => void askWhetherSignedIn(),
  })
  const stops = [
    startConversations({ accountId, connection: stream, mentionsIn }),
    startMessages({ accountId, connection: stream }),
    followPresence(stream),
    followTyping(stream, accountId),
    followActivity((state) => stream.setPresence(state)),
    stream.onFrame(followAccounts(accountId, () => stream.start())),
    followThreads((listener) => stream.onFrame(listener)),
    fetchAhead(),
    conversations.store.subscribe(() => setTitleMentions(countMentions(conversations.store.get()))),
  ]
  stream.start()
  const stop = () => {
    stream.stop()
    for (const end of stops) end()
    forgetPeople()
    setTitleMentions(0)
  }
  return { accountId, connection: stream, stop }
}

/** Names and pictures change on other devices too. After a pause without the stream, anything may have. */
function followAccounts(accountId: string, startAgain: () => void): (frame: ServerFrame) => void {
  let greeted = false
  return (frame) => {
    if (frame.type === 'account') {
      refreshPerson(frame.accountId)
      if (frame.accountId === accountId) void askWhetherSignedIn()
    }
    if (frame.type === 'closing' && !frame.resume) {
      // By now the account may have a new session, from another window: then the stream goes on with that one.
      void askWhetherSignedIn().then((here) => here && frame.reason === 'signed-out' && startAgain())
    }
    if (frame.type !== 'welcome') return
    if (greeted) {
      refreshPeople()
      void askWhetherSignedIn()
      call(getPlace, {}).then(updatePlace, () => {})
    }
    greeted = true
  }
}

/** Unreachable is no answer: the connection tries again anyway. */
const askWhetherSignedIn = (): Promise<boolean> =>
  call(getMe, {}).then(
    (me) => {
      updateMe(me)
      return true
    },
    () => false,
  )
