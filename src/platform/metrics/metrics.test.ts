import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Gauge, Registry } from 'prom-client'
import { serveMetrics } from './metrics.ts'

test('metrics are collected once for all who ask in the same moment, and anew for who comes later', async () => {
  const registry = new Registry()
  let collected = 0
  const gauge = new Gauge({
    name: 'whale_test',
    help: 'How often it was collected.',
    registers: [registry],
    async collect() {
      collected += 1
      await new Promise((resolve) => setTimeout(resolve, 200))
      gauge.set(collected)
    },
  })
  const served = await serveMetrics(registry, '127.0.0.1', 0)
  after(() => served.close())
  const ask = async () => (await fetch(`http://127.0.0.1:${served.port}/metrics`)).text()
  const texts = await Promise.all(Array.from({ length: 40 }, ask))
  assert.ok(collected <= 3, `collected ${collected} times`)
  for (const text of texts) assert.match(text, /whale_test [1-3]\n/)
  const before = collected
  assert.match(await ask(), new RegExp(`whale_test ${before + 1}\n`))
})
