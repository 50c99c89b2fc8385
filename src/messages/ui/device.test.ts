import 'fake-indexeddb/auto'
import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { openDevice, type KeptOutgoing } from './device.ts'

const message = (clientId: string, accountId = 'ada'): KeptOutgoing => ({
  clientId,
  accountId,
  conversationId: 'c',
  threadRoot: null,
  body: clientId,
  writtenAt: 1,
  tried: false,
  refused: null,
})
let names = 0
const device = (t: TestContext, name = `device ${++names}`, more = {}) => {
  const opened = openDevice(name, { patience: 100, ...more })
  t.after(() => opened.close())
  return opened
}
const ids = (all: KeptOutgoing[]) => all.map((each) => each.clientId)

/** Events of these requests do not come, until it is said that they shall. */
function silence(t: TestContext, prototype: object, method: string): () => void {
  const working = prototype[method as never] as (...given: unknown[]) => EventTarget
  const waiting: (() => void)[] = []
  t.mock.method(
    prototype as never,
    method as never,
    function (this: unknown, ...given: unknown[]) {
      const request = working.apply(this, given)
      const listen = request.addEventListener.bind(request)
      request.addEventListener = (type: string, listener: never) =>
        type === 'upgradeneeded'
          ? listen(type, listener)
          : listen(type, (event) => waiting.push(() => (listener as (event: unknown) => void).call(request, event)))
      return request
    } as never,
  )
  return () => {
    t.mock.restoreAll()
    for (const speak of waiting.splice(0)) speak()
  }
}

describe('the browser’s database is given up', () => {
  test('when it does not open: what is written is in memory, and that is said', async (t) => {
    silence(t, IDBFactory.prototype, 'open')
    const here = device(t)
    assert.equal(here.keeps.get(), true)
    await here.keepOutgoing(message('one'))
    assert.equal(here.keeps.get(), false)
    assert.deepEqual(ids(await here.outgoing('ada')), ['one'])
    await here.changeDraft('ada', 'c', () => ({ accountId: 'ada', place: 'c', text: 'half', changedAt: 1 }))
    assert.deepEqual(
      (await here.drafts('ada')).map((each) => each.text),
      ['half'],
    )
    assert.equal(await here.changeOutgoing('one', () => undefined), undefined)
    assert.deepEqual(await here.outgoing('ada'), [])
  })

  test('when it does not open again after it did', async (t) => {
    const here = device(t)
    await here.keepOutgoing(message('one'))
    assert.equal(here.keeps.get(), true)
    silence(t, IDBFactory.prototype, 'open')
    // What closes it from outside: the person clears the site's data, or another window wants another form.
    const request = indexedDB.open(`device ${names}`, 2)
    await new Promise((resolve) => setTimeout(resolve, 20))
    request.onsuccess = () => request.result.close()
    await here.keepOutgoing(message('two'))
    assert.equal(here.keeps.get(), false)
    assert.deepEqual(ids(await here.outgoing('ada')), ['two'])
  })

  for (const method of ['put', 'get'])
    test(`when a transaction that should ${method} does not end`, async (t) => {
      const here = device(t)
      await here.keepOutgoing(message('one'))
      silence(t, IDBDatabase.prototype, 'transaction')
      const began = performance.now()
      if (method === 'put') await here.keepOutgoing(message('two'))
      else await here.changeOutgoing('one', (held) => ({ ...held, tried: true }))
      assert.ok(performance.now() - began < 1_000)
      assert.equal(here.keeps.get(), false)
      assert.deepEqual(ids(await here.outgoing('ada')), method === 'put' ? ['two'] : [])
    })

  test('when reading the property throws', async (t) => {
    const property = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB')!
    Object.defineProperty(globalThis, 'indexedDB', {
      configurable: true,
      get: () => {
        throw new DOMException('Forbidden', 'SecurityError')
      },
    })
    t.after(() => Object.defineProperty(globalThis, 'indexedDB', property))
    const here = device(t)
    await here.keepOutgoing(message('one'))
    assert.equal(here.keeps.get(), false)
    assert.deepEqual(ids(await here.outgoing('ada')), ['one'])
  })

  test('and taken back when it answers after all, as after a sleep: nothing of either is lost', async (t) => {
    const before = device(t)
    const name = `device ${names}`
    await before.keepOutgoing(message('earlier'))
    const speak = silence(t, IDBFactory.prototype, 'open')
    let back = 0
    const here = device(t, name, { onBack: () => back++ })
    await here.keepOutgoing(message('meanwhile'))
    assert.equal(here.keeps.get(), false)
    speak()
    for (let left = 100; left > 0; left--) {
      if (back) break
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    assert.deepEqual([back, here.keeps.get()], [1, true])
    assert.deepEqual(ids(await here.outgoing('ada')).toSorted(), ['earlier', 'meanwhile'])
    assert.deepEqual(ids(await before.outgoing('ada')).toSorted(), ['earlier', 'meanwhile'])
  })
})

test('nothing is left of an account that is forgotten, and nothing more is kept of it', async (t) => {
  let signedOut = false
  const here = device(t, undefined, { mayKeep: () => !signedOut })
  const draft = { accountId: 'ada', place: 'c', text: 'half', changedAt: 1 }
  await here.keepOutgoing(message('hers'))
  await here.keepOutgoing(message('another’s', 'grace'))
  await here.changeDraft('ada', 'c', () => draft)
  signedOut = true
  await here.forget('ada')
  await here.keepOutgoing(message('later'))
  await assert.rejects(here.changeDraft('ada', 'c', () => draft))
  const later = device(t, `device ${names}`)
  assert.deepEqual([await later.outgoing('ada'), await later.drafts('ada')], [[], []])
  assert.deepEqual(ids(await later.outgoing('grace')), ['another’s'])
})
