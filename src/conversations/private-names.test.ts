import assert from 'node:assert/strict'
import { test } from 'node:test'
import { removeMember } from '#members/contract.ts'
import { keepChannelNames } from './channel-names.ts'
import { changeConversation, getConversation } from './contract.ts'
import { creator, tidewaterConversations } from './testing.ts'

const { db, people, voices } = await tidewaterConversations()
const { ada, grace, linus, edsger } = voices
const id = (of: keyof typeof people) => people[of].caller.accountId
const create = (as: typeof ada, name: string, visibility: 'public' | 'private', ...others: (keyof typeof people)[]) =>
  creator(as)({ kind: 'channel', name, visibility, accountIds: others.map(id) })
const change = (as: typeof ada, conversationId: string, body: { name?: string; archived?: boolean }) =>
  as(changeConversation, { params: { conversationId }, body })

test('a private channel’s name is told to nobody who is not in it, whatever they call theirs', async () => {
  const secret = await create(grace, 'merger', 'private', 'linus')
  assert.equal(secret.status, 201)
  // Who is in it hears that there is one already, however it is written; so it can happen.
  for (const name of ['merger', 'MERGER', 'ｍerger', 'mеrger']) {
    assert.equal((await create(linus, name, 'public')).code, 'name-taken', name)
    assert.equal((await create(linus, name, 'private')).code, 'name-taken', name)
  }
  // Who is not, also who owns the place, hears what they would hear without it.
  const made = await create(ada, 'merger', 'private')
  assert.deepEqual([made.status, made.reply.name], [201, 'merger'])
  const other = (await create(voices.barbara, 'other-1', 'public')).reply.id
  assert.equal((await change(voices.barbara, other, { name: 'merger' })).reply.name, 'merger')
  // Now there is a public one, which everybody sees.
  for (const as of [ada, grace, voices.margaret])
    for (const visibility of ['public', 'private'] as const)
      assert.equal((await create(as, 'Merger', visibility)).code, 'name-taken')
  // All three stay what they were.
  for (const [as, conversationId] of [
    [grace, secret.reply.id],
    [ada, made.reply.id],
    [linus, other],
  ] as const)
    assert.equal((await as(getConversation, { params: { conversationId } })).reply.name, 'merger')
})

test('archived, restored, left: a private channel stands in the way of those who are in it at that moment', async () => {
  const secret = (await create(grace, 'layoffs', 'private', 'linus')).reply.id
  await change(grace, secret, { archived: true })
  assert.equal((await create(linus, 'layoffs', 'private')).code, 'name-taken')
  await linus(removeMember, { params: { conversationId: secret, accountId: id('linus') } })
  assert.equal((await create(linus, 'layoffs', 'public')).status, 201)
  // A public channel of the name came meanwhile: what is restored keeps its own.
  const restored = await change(grace, secret, { archived: false })
  assert.deepEqual([restored.status, restored.reply.name], [200, 'layoffs'])
  assert.equal((await change(grace, secret, { name: 'reorg' })).status, 200)
  assert.equal((await change(grace, secret, { name: 'layoffs' })).code, 'name-taken')
})

test('of parallel requests for one name, strangers get each a private one and one gets the public one', async () => {
  const askers = [ada, grace, linus, voices.barbara, voices.margaret]
  const secret = await Promise.all(askers.map((as) => create(as, 'tender', 'private')))
  assert.deepEqual(
    secret.map(({ status }) => status),
    askers.map(() => 201),
  )
  const open = await Promise.all(askers.map((as) => create(as, 'rush', 'public')))
  assert.deepEqual(
    open.map(({ status }) => status).sort((a, b) => a - b),
    [201, 409, 409, 409, 409],
  )
})

test('a guest who owns a channel learns no public channel’s name by renaming theirs', async () => {
  assert.equal((await create(grace, 'harbour', 'public')).status, 201)
  const open = (await create(grace, 'pier', 'public', 'edsger')).reply.id
  const secret = (await create(grace, 'cellar', 'private', 'edsger')).reply.id
  for (const conversationId of [open, secret])
    await grace(removeMember, { params: { conversationId, accountId: id('grace') } })
  // Theirs now, to archive and to name; a public name they can neither take nor ask about.
  assert.equal((await change(edsger, secret, { name: 'vault' })).reply.name, 'vault')
  for (const name of ['harbour', 'nobody-has-this'])
    assert.equal((await change(edsger, open, { name })).code, 'guests-rename-none')
  assert.equal((await change(edsger, secret, { name: 'harbour' })).reply.name, 'harbour')
})

test('what a process of the release before wrote counts for those who see it, and for nobody else', async () => {
  const secret = (await create(grace, 'ledger', 'private')).reply.id
  await db.query.updateTable('conversations').set({ name: 'books' }).where('id', '=', secret).execute()
  await db.query.updateTable('channel_names').set({ reads: null }).where('name', '=', 'merger').execute()
  assert.equal((await create(grace, 'books', 'public')).code, 'name-taken')
  assert.equal((await create(linus, 'books', 'public')).status, 201)
  await keepChannelNames(db)
  const { n } = await db.query
    .selectFrom('channel_names')
    .where('reads', 'is', null)
    .select((of) => of.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  assert.equal(n, 0)
})
