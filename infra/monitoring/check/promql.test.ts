import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { quicker } from '../chain/quicker.ts'
import { metricsIn, selectorsIn } from './promql.ts'
import { ruleFiles } from './rules.ts'

test('the metrics of an expression are found, and nothing that only looks like one', () => {
  const expression = `max by (instance, job) (rate(whale_a_total{by="not_me", le="0.5"}[5m])) / on (job) group_left () sum(up) > 1
    and whale:b:ratio_rate1h offset 5m # whale_comment`
  assert.deepEqual(metricsIn(expression), ['whale_a_total', 'up', 'whale:b:ratio_rate1h'])
  assert.deepEqual(
    [...selectorsIn(expression)].map(({ label, value }) => `${label}=${value}`),
    ['by=not_me', 'le=0.5'],
  )
})

test('braces in a value do not end a selector', () => {
  const [route] = selectorsIn('whale_http{route="/v1/conversations/{conversationId}/messages"}')
  assert.equal(route?.value, '/v1/conversations/{conversationId}/messages')
  assert.deepEqual(metricsIn('sum(whale_http{route="/v1/{id}/messages"}) > whale_other'), ['whale_http', 'whale_other'])
})

test('the chain divides durations and leaves everything else as it is', () => {
  const rule = '        expr: max_over_time(whale_x{route="/v1/5m"}[1h30m]) > 10\n        for: 30s\n'
  assert.equal(
    quicker(rule, 60),
    '        expr: max_over_time(whale_x{route="/v1/5m"}[90000ms]) > 10\n        for: 500ms\n',
  )
  for (const file of ruleFiles()) {
    const text = readFileSync(file, 'utf8')
    const without = (some: string) => some.replace(/\b\d+(ms|[smhd])\b/g, '')
    assert.equal(quicker(text, 60) !== text, !file.endsWith('watchdog.yaml'), file)
    assert.equal(without(quicker(text, 60)), without(text), file)
  }
})
