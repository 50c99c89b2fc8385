import 'fake-indexeddb/auto'
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { forgetAccount, noticeSignOut, signedOutSince } from '#platform/ui/storage.ts'
import { openDevice } from './device.ts'
import { leaveDrafts, leftDrafts } from './left-drafts.ts'
import { createDrafts as create, draftPlace, editPlace } from './drafts.ts'

/** As much of a browser's storage as is used. Node's own wants a file. */
const kept: Record<string, string> = Object.create({
  getItem: (key: string) => kept[key] ?? null,
  setItem: (key: string, value: string) => (kept[key] = value),
  removeItem: (key: string) => delete kept[key],
})
Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: kept })
after(() => Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: undefined }))

const open: { close(): void }[] = []
after(() => open.forEach((each) => each.close()))
function createDrafts(options: Parameters<typeof create>[0]): ReturnType<typeof create> {
  const made = create(options)
  open.push(made)
  return made
}

describe('drafts', () => {
  test('what was typed is there after a reload, in its place', async () => {
    const device = openDevice('drafts 1')
    const before = createDrafts({ accountId: 'ada', device, delay: 0 })
    await before.ready
    before.write('c', 'half a sen')
    before.write('c', 'half a sentence')
    before.write(draftPlace('c', 'm'), 'a reply')
    await before.flush()
    const after = createDrafts({ accountId: 'ada', device })
    await after.ready
    assert.equal(after.read('c'), 'half a sentence')
    assert.equal(after.read('c/m'), 'a reply')
    assert.equal(after.read('d'), '')
    device.close()
  })

  test('an emptied draft is gone, and the list hears of both', async () => {
    const device = openDevice('drafts 2')
    const drafts = createDrafts({ accountId: 'ada', device })
    await drafts.ready
    drafts.write('c/m', 'a reply')
    drafts.write(editPlace('m'), 'an edit is no draft of the conversation')
    assert.deepEqual([...drafts.conversations.get()], ['c'])
    drafts.write('c/m', '  ')
    assert.deepEqual([...drafts.conversations.get()], [])
    await drafts.flush()
    assert.deepEqual(
      (await device.drafts('ada')).map((each) => each.place),
      ['edit m'],
    )
    device.close()
  })

  test('another account on this browser does not see them', async () => {
    const device = openDevice('drafts 3')
    const ada = createDrafts({ accountId: 'ada', device })
    ada.write('c', 'mine')
    await ada.flush()
    const grace = createDrafts({ accountId: 'grace', device })
    await grace.ready
    assert.equal(grace.read('c'), '')
    device.close()
  })

  test('what is typed before the device has answered wins over what it kept', async () => {
    const device = openDevice('drafts 4')
    await device.changeDraft('ada', 'c', () => ({ accountId: 'ada', place: 'c', text: 'old', changedAt: 0 }))
    const drafts = createDrafts({ accountId: 'ada', device })
    drafts.write('c', 'new')
    await drafts.ready
    assert.equal(drafts.read('c'), 'new')
    await drafts.flush()
    device.close()
  })

  /** Two windows of one browser. They hear of each other unless one of them is `asleep`. */
  const windows = async (name: string, delay = 0) => {
    const device = openDevice(name)
    const one = createDrafts({ accountId: 'ada', device, delay })
    const two = createDrafts({ accountId: 'ada', device, delay })
    const silent = { say: () => {}, listen: () => {}, close: () => {} }
    const asleep = createDrafts({ accountId: 'ada', device, delay, channel: silent })
    await Promise.all([one.ready, two.ready, asleep.ready])
    const close = () => device.close()
    return { device, one, two, asleep, close }
  }
  const until = async (holds: () => boolean, what: string) => {
    for (let left = 200; left > 0 && !holds(); left--) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.ok(holds(), what)
  }

  test('what one window sent is gone in the other, and is one message wherever it is sent from', async (t) => {
    const { one, two, asleep, close } = await windows('drafts 5')
    t.after(close)
    one.write('c', 'Shall we meet at noon?')
    await until(() => two.read('c') === 'Shall we meet at noon?', 'the other window shows it')
    await asleep.load()
    assert.equal(asleep.read('c'), 'Shall we meet at noon?')
    let told = 0
    two.follow('c', () => told++)
    const id = one.send('c')
    await until(() => two.read('c') === '', 'gone in the other')
    assert.equal(told, 1)
    assert.deepEqual([...two.conversations.get()], [])
    // One that was asleep sends it with the same clientId, or sees that it is gone when it wakes.
    assert.equal(asleep.send('c'), id)
    const again = asleep.read('c')
    assert.equal(again, '')
  })

  test('a window that was asleep sees on waking what was sent and what was written', async (t) => {
    const { one, asleep, close } = await windows('drafts 6')
    t.after(close)
    one.write('c', 'sent soon')
    one.write('edit m', 'better words')
    one.write('c/m', 'a reply')
    await one.flush()
    await asleep.load()
    assert.deepEqual(
      [asleep.read('c'), asleep.read('edit m'), asleep.read('c/m')],
      ['sent soon', 'better words', 'a reply'],
    )
    one.send('c')
    one.write('edit m', '')
    one.write('c/m', 'a longer reply')
    await one.flush()
    await asleep.load()
    assert.deepEqual([asleep.read('c'), asleep.read('edit m'), asleep.read('c/m')], ['', '', 'a longer reply'])
  })

  test('something else that was typed stays, when the other window sends or empties', async (t) => {
    const { one, two, close } = await windows('drafts 7', 10_000)
    t.after(close)
    one.write('c', 'first')
    await one.flush()
    await until(() => two.read('c') === 'first', 'both show it')
    two.write('c', 'first, and more')
    const id = one.send('c')
    await one.flush()
    await two.flush()
    assert.equal(two.read('c'), 'first, and more')
    assert.notEqual(two.send('c'), id, 'another text is another message')

    one.write('d', 'words')
    await one.flush()
    await until(() => two.read('d') === 'words', 'both show it')
    two.write('d', 'words that go on')
    one.write('d', '')
    await one.flush()
    await two.flush()
    await until(() => one.read('d') === 'words that go on', 'it comes back where it was emptied')
  })

  test('no window overwrites what it has not seen: both texts are kept', async (t) => {
    const { device, one, asleep, close } = await windows('drafts 8', 10_000)
    t.after(close)
    one.write('c', 'first')
    await one.flush()
    await asleep.load()
    one.write('c', 'second, written later')
    await one.flush()
    asleep.write('c', 'first!')
    const flushing = asleep.flush()
    // Typed on while it is being kept.
    asleep.write('c', 'first!!')
    await flushing
    await asleep.flush()
    assert.equal(asleep.read('c'), 'second, written later\n\nfirst!!')
    assert.deepEqual(
      (await device.drafts('ada')).map((each) => each.text),
      ['second, written later\n\nfirst!!'],
    )
    // The other one sends its own: what came from elsewhere is still to be sent.
    one.send('c')
    await one.flush()
    assert.equal(one.read('c'), 'second, written later\n\nfirst!!')
  })

  test('what is typed while the device is slow is not met by itself', async (t) => {
    const { device, one, close } = await windows('drafts 10', 10_000)
    t.after(close)
    one.write('c', 'hello')
    const keeping = one.flush()
    one.write('c', 'hel')
    const again = one.flush()
    const reading = one.load()
    one.write('c', 'help')
    await Promise.all([keeping, again, reading])
    await one.flush()
    assert.equal(one.read('c'), 'help')
    assert.deepEqual(
      (await device.drafts('ada')).map((each) => each.text),
      ['help'],
    )
  })

  test('what a closed window could only put beside the rest is put together by the next page', async () => {
    const device = openDevice('drafts 9')
    const row = { accountId: 'ada', changedAt: 1 }
    await device.changeDraft('ada', 'c', () => ({ ...row, place: 'c', text: 'first', id: '1' }))
    await device.changeDraft('ada', 'd', () => ({ ...row, place: 'd', text: 'newer', id: '4' }))
    leaveDrafts('ada', 'abc', [
      { place: 'c', draft: { id: '2', text: 'first!' }, base: '1' },
      { place: 'd', draft: { id: '5', text: 'older' }, base: '3' },
      { place: 'edit m', draft: { id: '6', text: 'alone' }, base: undefined },
    ])
    leaveDrafts('grace', 'abc', [{ place: 'c', draft: { id: '7', text: 'another’s' }, base: undefined }])
    const next = createDrafts({ accountId: 'ada', device })
    await next.ready
    assert.deepEqual([next.read('c'), next.read('d'), next.read('edit m')], ['first!', 'newer\n\nolder', 'alone'])
    assert.deepEqual((await device.drafts('ada')).map((each) => each.place).toSorted(), ['c', 'd', 'edit m'])
    assert.deepEqual([leftDrafts('ada').length, leftDrafts('grace').length], [0, 1])
    // Signing out takes it along, of that account alone, and nothing more of it is kept.
    leaveDrafts('ada', 'def', [{ place: 'c', draft: { id: '8', text: 'last words' }, base: undefined }])
    forgetAccount('ada')
    leaveDrafts('ada', 'def', [{ place: 'c', draft: { id: '8', text: 'last words' }, base: undefined }])
    assert.deepEqual(Object.keys(kept).toSorted(), ['left abc grace', 'sign-outs'])
    assert.equal(signedOutSince(), true)
    noticeSignOut()
    assert.equal(signedOutSince(), false)
    device.close()
  })
})
