import assert from 'node:assert/strict'
import { copyFile, readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { after, test } from 'node:test'
import { Gauge, Registry } from 'prom-client'
import { certificates, hasOpenssl } from '#platform/testing/certificates.ts'
import { readConfig } from '../config.ts'
import { Hosts } from '../http/hosts.ts'
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
  const served = await serveMetrics(registry, { hosts: new Hosts(readConfig({})), host: '127.0.0.1', port: 0 })
  after(() => served.close())
  const ask = async () => (await fetch(`http://127.0.0.1:${served.port}/metrics`)).text()
  const texts = await Promise.all(Array.from({ length: 40 }, ask))
  assert.ok(collected <= 3, `collected ${collected} times`)
  for (const text of texts) assert.match(text, /whale_test [1-3]\n/)
  const before = collected
  assert.match(await ask(), new RegExp(`whale_test ${before + 1}\n`))
})

test(
  'over TLS metrics are for whoever has a certificate, and a renewed one is taken up by itself',
  { skip: !hasOpenssl() },
  async () => {
    const made = await certificates('localhost', 'localhost')
    after(() => made.remove())
    const [own, renewed] = made.all as [(typeof made.all)[number], (typeof made.all)[number]]
    const registry = new Registry()
    new Gauge({ name: 'whale_test', help: 'One.', registers: [registry] }).set(1)
    const tls = { ...own, clientCaFile: made.caFile }
    const served = await serveMetrics(registry, {
      hosts: new Hosts(readConfig({})),
      host: '127.0.0.1',
      port: 0,
      tls,
      everyMs: 50,
    })
    after(() => served.close())
    const ca = await readFile(made.caFile)
    const client = { cert: await readFile(renewed.certFile), key: await readFile(renewed.keyFile) }
    const ask = (given: { cert?: Buffer; key?: Buffer } = {}) =>
      new Promise<{ text: string; serial: string }>((resolve, reject) => {
        const asked = request({
          host: '127.0.0.1',
          servername: 'localhost',
          port: served.port,
          path: '/metrics',
          ca,
          agent: false,
          ...given,
        })
        asked.on('error', reject)
        asked.on('response', (response) => {
          const serial = (response.socket as TLSSocket).getPeerCertificate().serialNumber
          response.toArray().then((chunks) => resolve({ text: Buffer.concat(chunks).toString(), serial }), reject)
        })
        asked.end()
      })
    const before = await ask(client)
    assert.match(before.text, /whale_test 1/)
    await assert.rejects(ask(), 'without a certificate')
    await assert.rejects(fetch(`http://127.0.0.1:${served.port}/metrics`), 'in the clear')

    await copyFile(renewed.keyFile, own.keyFile)
    await sleep(150)
    assert.equal((await ask(client)).serial, before.serial, 'half of a pair changes nothing')
    await copyFile(renewed.certFile, own.certFile)
    for (const deadline = Date.now() + 5_000; (await ask(client)).serial === before.serial; await sleep(20))
      assert.ok(Date.now() < deadline, 'the renewed certificate')
  },
)
