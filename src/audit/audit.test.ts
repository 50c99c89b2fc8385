import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as administration from '#accounts/administration-contract.ts'
import { changePassword, changePlace, endSession, signIn, signOut, signUp } from '#accounts/contract.ts'
import { castPassword } from '#accounts/testing.ts'
import { changeConversation, createConversation } from '#conversations/contract.ts'
import { renderConversationEvents } from '#conversations/renderer.ts'
import { serveConversations } from '#conversations/routes.ts'
import { addMembers } from '#members/contract.ts'
import { renderMemberEvents } from '#members/renderer.ts'
import { serveMembers } from '#members/routes.ts'
import { tidewater, type Voice } from '#members/testing.ts'
import { deleteMessage, postMessage } from '#messages/contract.ts'
import { Post } from '#messages/post.ts'
import { renderMessageEvents } from '#messages/renderer.ts'
import { serveMessages } from '#messages/routes.ts'
import { listAudit } from './contract.ts'
import { serveAudit } from './routes.ts'
import { kinds, type Kind } from './shapes.ts'

const renderers = {
  member: renderMemberEvents,
  conversation: renderConversationEvents,
  message: renderMessageEvents,
  reaction: renderMessageEvents,
}
const { db, app, people, voices, voiceOf } = await tidewater(renderers, (server, deps) => {
  serveMembers(server, deps)
  serveConversations(server, deps)
  serveMessages(server, { ...deps, post: new Post(deps), sendsPerMinute: 1_000 })
  serveAudit(server, deps)
})
const { ada, grace, linus, barbara, edsger } = voices
const stranger = voiceOf({ cookie: '' })
const id = (of: keyof typeof people) => people[of].account.id
const list = async (query: { kind?: Kind; accountId?: string; after?: string; limit?: number } = {}) =>
  (await ada(listAudit, { query })).reply
const newest = async (kind: Kind) => {
  const { id: _, at: __, lastAt: ___, kind: ____, ...said } = (await list({ kind, limit: 1 })).entries[0]!
  return said
}
/** Of requests that are injected. */
const from = { ipAddress: '127.0.0.1', userAgent: 'lightMyRequest', times: 1 }
const seen = new Set<Kind>()
const say = async (kind: Kind, expected: object) => {
  seen.add(kind)
  assert.deepEqual(await newest(kind), { ...from, ...expected }, kind)
}
async function signedIn(
  part: keyof typeof people,
  password = castPassword,
): Promise<{ voice: Voice; sessionId: string }> {
  const payload = { email: people[part].email, password }
  const reply = await app.inject({ method: 'POST', url: '/v1/sessions', payload })
  assert.equal(reply.statusCode, 201, reply.body)
  const cookie = reply.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ')
  return { voice: voiceOf({ cookie }), sessionId: reply.json<{ sessionId: string }>().sessionId }
}

test('each kind is written down as it happens: who, whom, from where and when', async () => {
  const gracesId = { actorId: id('grace'), accountId: id('grace') }
  const { voice, sessionId } = await signedIn('grace')
  await say('session.started', { ...gracesId, details: { sessionId } })
  await voice(signOut, {})
  await say('session.ended', { ...gracesId, details: { sessions: 1, reason: 'signed-out' } })
  const other = await signedIn('grace')
  await grace(endSession, { params: { sessionId: other.sessionId } })
  await say('session.ended', { ...gracesId, details: { sessions: 1, reason: 'ended' } })

  await stranger(signIn, { body: { email: people.grace.email, password: 'not her password' } })
  await say('session.refused', { actorId: null, accountId: id('grace'), details: { reason: 'wrong-credentials' } })

  const away = await signedIn('margaret')
  await ada(administration.endSessionsOf, { params: { accountId: id('margaret') } })
  const adasDoing = { actorId: id('ada'), accountId: id('margaret') }
  await say('session.ended', { ...adasDoing, details: { sessions: 2, reason: 'ended' } })
  assert.equal((await away.voice(signOut, {})).status, 401)

  const { reply: invitation } = await grace(administration.createInvitation, { body: { role: 'guest' } })
  await say('invitation.created', { ...gracesId, details: { invitationId: invitation.id, role: 'guest' } })
  const { reply: me } = await stranger(signUp, {
    body: { name: 'Dorothy', email: 'dorothy@tidewater.example', password: castPassword, invitation: invitation.token },
  })
  await say('invitation.used', { actorId: me.id, accountId: id('grace'), details: { invitationId: invitation.id } })
  await say('account.created', { actorId: me.id, accountId: me.id, details: { role: 'guest' } })
  await ada(administration.revokeInvitation, { params: { invitationId: invitation.id } })
  const ended = { actorId: id('ada'), accountId: id('grace'), details: { invitationId: invitation.id } }
  await say('invitation.ended', ended)

  await ada(administration.changeRole, { params: { accountId: id('linus') }, body: { role: 'admin' } })
  const linusAsAdmin = { actorId: id('ada'), accountId: id('linus'), details: { was: 'member', now: 'admin' } }
  await say('account.role-changed', linusAsAdmin)

  await signedIn('barbara')
  await barbara(changePassword, { body: { current: castPassword, next: 'a rough morning at sea' } })
  await say('password.changed', { actorId: id('barbara'), accountId: id('barbara'), details: {} })
  assert.equal((await newest('session.ended')).details.reason, 'password-changed')
  const { reply: link } = await ada(administration.createPasswordReset, { params: { accountId: id('barbara') } })
  await say('password-reset.created', { actorId: id('ada'), accountId: id('barbara'), details: {} })
  await stranger(administration.resetPassword, { body: { token: link.token, password: 'another calm evening' } })
  await say('password-reset.used', { actorId: id('barbara'), accountId: id('barbara'), details: {} })
  assert.equal((await newest('session.ended')).details.reason, 'password-reset')

  await ada(administration.deactivateAccount, { params: { accountId: id('margaret') } })
  await say('account.deactivated', { ...adasDoing, details: {} })
  await stranger(signIn, { body: { email: people.margaret.email, password: castPassword } })
  assert.equal((await newest('session.refused')).details.reason, 'account-deactivated')
  await ada(administration.restoreAccount, { params: { accountId: id('margaret') } })
  await say('account.restored', { ...adasDoing, details: {} })

  await ada(changePlace, { body: { name: 'Tidewater & Sons', signUp: 'open' } })
  const ofThePlace = { actorId: id('ada'), accountId: null }
  await say('place.renamed', { ...ofThePlace, details: { was: 'Tidewater', now: 'Tidewater & Sons' } })
  await say('place.sign-up-changed', { ...ofThePlace, details: { was: 'invitation', now: 'open' } })

  const { reply: dock } = await grace(createConversation, {
    body: { kind: 'channel', name: 'dock', accountIds: [id('ada')] },
  })
  const inDock = { conversationId: dock.id }
  const posted = await grace(postMessage, { params: inDock, body: { clientId: 'one', body: 'A secret of the hold' } })
  await ada(deleteMessage, { params: { ...inDock, messageId: posted.reply.id } })
  await say('message.deleted', {
    actorId: id('ada'),
    accountId: id('grace'),
    details: { conversationId: dock.id, messageId: posted.reply.id },
  })
  for (const [kind, body] of [
    ['channel.renamed', { name: 'pier' }],
    ['channel.archived', { archived: true }],
    ['channel.restored', { archived: false }],
  ] as const) {
    await ada(changeConversation, { params: inDock, body })
    await say(kind, { ...ofThePlace, details: inDock })
  }
  assert.deepEqual([...seen].sort(), Object.keys(kinds).sort(), 'every kind happened')
})

test('what is one’s own to do, and what changes nothing, is not written down', async () => {
  const before = (await list({ limit: 1 })).entries[0]!.id
  const { reply: hold } = await grace(createConversation, { body: { kind: 'channel', name: 'hold' } })
  const at = { conversationId: hold.id }
  const mine = await grace(postMessage, { params: at, body: { clientId: 'two', body: 'Mine' } })
  await grace(deleteMessage, { params: { ...at, messageId: mine.reply.id } })
  await grace(changeConversation, { params: at, body: { name: 'lower-hold', archived: true } })
  await ada(changePlace, { body: { name: 'Tidewater & Sons' } })
  await ada(administration.changeRole, { params: { accountId: id('linus') }, body: { role: 'admin' } })
  await ada(administration.restoreAccount, { params: { accountId: id('grace') } })
  await ada(administration.endSessionOf, { params: { accountId: id('grace'), sessionId: hold.id } })
  assert.equal((await ada(administration.deactivateAccount, { params: { accountId: id('ada') } })).code, 'last-owner')
  assert.equal((await list({ limit: 1 })).entries[0]!.id, before)
})

test('owners alone read it', async () => {
  assert.equal((await ada(listAudit, { query: {} })).status, 200)
  for (const other of [grace, linus, edsger]) assert.equal((await other(listAudit, { query: {} })).code, 'not-allowed')
  assert.equal((await stranger(listAudit, { query: {} })).code, 'signed-out')
  await ada(administration.changeRole, { params: { accountId: id('linus') }, body: { role: 'owner' } })
  assert.equal((await linus(listAudit, { query: {} })).status, 200)
  await ada(administration.changeRole, { params: { accountId: id('linus') }, body: { role: 'admin' } })
  assert.equal((await linus(listAudit, { query: {} })).code, 'not-allowed')
})

test('of a private conversation an owner reads that something was deleted, and not where', async () => {
  const { reply: secret } = await grace(createConversation, {
    body: { kind: 'channel', name: 'mutiny', visibility: 'private', accountIds: [id('edsger')] },
  })
  const at = { conversationId: secret.id }
  const said = await edsger(postMessage, { params: at, body: { clientId: 'three', body: 'At dawn' } })
  await grace(deleteMessage, { params: { ...at, messageId: said.reply.id } })
  await say('message.deleted', { actorId: id('grace'), accountId: id('edsger'), details: {} })
  // Who runs the place and is in it acts by that, and the list still names nothing.
  await grace(addMembers, { params: at, body: { accountIds: [id('ada')] } })
  await ada(changeConversation, { params: at, body: { archived: true } })
  await say('channel.archived', { actorId: id('ada'), accountId: null, details: {} })
  assert.ok(!JSON.stringify((await list({ limit: 200 })).entries).includes(secret.id))
})

test('pages follow one another, newest first, each entry once; by kind and by account', async () => {
  const all = (await list({ limit: 200 })).entries
  assert.equal((await list({ limit: 200 })).next, null)
  const times = all.map(({ at }) => at)
  assert.deepEqual(times, times.toSorted().toReversed())
  for (const query of [{}, { accountId: id('grace') }, { kind: 'session.started' as const }]) {
    const paged: string[] = []
    let after: string | undefined
    do {
      const { entries, next } = await list({ ...query, limit: 3, ...(after ? { after } : {}) })
      paged.push(...entries.map((entry) => entry.id))
      after = next ?? undefined
    } while (after)
    const expected = all.filter(
      ({ kind, actorId, accountId }) =>
        (!('kind' in query) || kind === query.kind) &&
        (!('accountId' in query) || [actorId, accountId].includes(query.accountId!)),
    )
    assert.ok(expected.length > 5)
    assert.deepEqual(
      paged,
      expected.map((entry) => entry.id),
    )
  }
  for (const after of ['', 'x', Buffer.from('["2026-01-01",1]').toString('base64url')])
    assert.equal((await ada(listAudit, { query: { after } })).code, 'bad-cursor', after)
  assert.equal((await ada(listAudit, { query: { kind: 'message.posted' as Kind } })).code, 'out-of-range')
})

test('no row holds a text, a password, an address that was typed, a token or a cookie', async () => {
  await stranger(signIn, { body: { email: 'correct.horse@battery.staple', password: 'hunter2 hunter2' } })
  const refused = await newest('session.refused')
  assert.deepEqual([refused.accountId, refused.details], [null, { reason: 'wrong-credentials' }])
  const { rows } = await db.pool.query<{ all: string }>(
    `select string_agg(audit_entries::text, e'\n') as all from audit_entries`,
  )
  const secrets = await db.pool.query<{ token: string }>(
    `select encode(token_hash, 'hex') as token from sessions union select encode(token_hash, 'hex') from invitations
     union select encode(token_hash, 'hex') from password_resets union select password from credentials`,
  )
  const texts = ['secret of the hold', 'At dawn', castPassword, 'not her password', 'a rough morning at sea']
  const typed = ['another calm evening', 'correct.horse', 'battery.staple', 'hunter2', '@tidewater.example', 'mutiny']
  assert.ok(secrets.rows.length > 5)
  for (const secret of [...texts, ...typed, ...secrets.rows.map(({ token }) => token)])
    assert.ok(!rows[0]!.all.includes(secret), secret)
  assert.ok(rows[0]!.all.includes('wrong-credentials'))
})
