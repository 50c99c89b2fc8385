import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { createAnnouncer } from './announce.ts'

test('the first is said at once, the next one three seconds later', () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const said: string[] = []
  const announce = createAnnouncer(
    (text) => said.push(text),
    3000,
    () => Date.now(),
  )
  announce('Offline')
  mock.timers.tick(0)
  assert.deepEqual(said, ['Offline'])
  announce('Back, 3 messages sent')
  mock.timers.tick(2999)
  assert.deepEqual(said, ['Offline'])
  mock.timers.tick(1)
  assert.deepEqual(said, ['Offline', 'Back, 3 messages sent'])
  mock.timers.reset()
})

test('what waits on one topic becomes one sentence, and other words keep their turn', () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const said: string[] = []
  const announce = createAnnouncer(
    (text) => said.push(text),
    3000,
    () => Date.now(),
  )
  const several = (n: number) => `${n} new messages`
  announce('Grace: Morning', { topic: 'messages', several })
  mock.timers.tick(0)
  announce('Grace: One', { topic: 'messages', several })
  announce('Not sent: Grace archived this channel')
  announce('Grace: Two', { topic: 'messages', several })
  mock.timers.tick(3000)
  mock.timers.tick(3000)
  assert.deepEqual(said, ['Grace: Morning', '2 new messages', 'Not sent: Grace archived this channel'])
  mock.timers.reset()
})
