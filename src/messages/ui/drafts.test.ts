import 'fake-indexeddb/auto'
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openDevice } from './device.ts'
import { createDrafts, draftPlace, editPlace } from './drafts.ts'

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
    await device.keepDraft({ accountId: 'ada', place: 'c', text: 'old', changedAt: 0 })
    const drafts = createDrafts({ accountId: 'ada', device })
    drafts.write('c', 'new')
    await drafts.ready
    assert.equal(drafts.read('c'), 'new')
    await drafts.flush()
    device.close()
  })
})
