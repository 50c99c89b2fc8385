import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deviceName, isHandheld } from './device-name.ts'

const agents = {
  'Firefox on Linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Chrome on Windows':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Edge on Windows':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  'Safari on Mac':
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
  'Safari on iPhone':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
  'Chrome on Android':
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  curl: 'curl/8.5.0',
}

test('a session is named by browser and system', () => {
  for (const [name, agent] of Object.entries(agents)) assert.equal(deviceName(agent), name)
})

test('what calls itself something else keeps its own words, and silence is said', () => {
  assert.equal(deviceName('tidewater-bot/1.4'), 'tidewater-bot/1.4')
  assert.equal(deviceName(null), 'Unknown device')
})

test('phones and tablets are told from desks', () => {
  assert.ok(isHandheld(agents['Safari on iPhone']))
  assert.ok(!isHandheld(agents['Safari on Mac']))
})
