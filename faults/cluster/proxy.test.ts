import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from '../clients/ask.ts'
import type { Attempt } from '../history.ts'
import type { ApiProcess } from './api-process.ts'
import { openLink } from './proxy.ts'

test('what fell silent stays so for its client, who keeps it for the next request, until it is given up', async () => {
  const server = createServer((_request, response) => void setTimeout(() => response.end('{}'), 20))
  server.keepAliveTimeout = 75_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const link = await openLink('clients')
  link.leadTo((server.address() as AddressInfo).port)
  const node = { number: 0, url: `http://127.0.0.1:${link.port}` } as ApiProcess
  const twoAtOnce = async (): Promise<Attempt['status'][]> => {
    const attempts: Attempt[] = []
    await Promise.all([1, 2].map(() => ask(node, null, 'GET', '/', undefined, attempts, 300)))
    // Connections are free for the next request a moment after the reply.
    await sleep(50)
    return attempts.map(({ status }) => status)
  }

  try {
    assert.deepEqual(await twoAtOnce(), [200, 200])
    link.vanish()
    assert.deepEqual(await twoAtOnce(), [null, null])
    assert.deepEqual(await twoAtOnce(), [200, 200], 'new connections are like any')

    link.vanish()
    link.giveUpSilent()
    await sleep(50)
    assert.deepEqual(await twoAtOnce(), [200, 200])
  } finally {
    link.close()
    server.close()
    server.closeAllConnections()
  }
})
