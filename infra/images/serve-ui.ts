// The process of the `ui` image: the built UI, and nothing else. It is the very code with which the API serves the UI
// on a laptop, so the content security policy, the caching and the way to the page have one source. It knows no
// database and keeps nothing. Settings: PORT, HOST, UI_DIR, PUBLIC_URL, HOSTS, API_ORIGIN, TRUSTED_PROXIES,
// LOG_LEVEL.
import pino from 'pino'
import { ConfigError, readConfig } from '../../src/platform/config.ts'
import { createServer } from '../../src/platform/http/server.ts'
import { serveUi } from '../../src/platform/http/ui-files.ts'

let stopping = false
/** Whoever asks whether it is well may do so by any name. */
const health = { config: { isFree: true, answersToAnyHost: true } }

async function start(): Promise<() => Promise<void>> {
  const config = readConfig({ ...process.env, SERVE_UI: 'on' })
  const http = await createServer(config, pino({ level: config.logLevel }))
  http.get('/livez', health, async () => ({ status: 'live' }))
  http.get('/readyz', health, async (_request, reply) =>
    reply.code(stopping ? 503 : 200).send({ status: stopping ? 'not ready' : 'ready' }),
  )
  await serveUi(http, config)
  await http.listen({ host: config.host, port: config.port })
  process.stderr.write(`The UI of All is Whale is on port ${config.port}\n`)
  return async () => http.close()
}

const fail = (error: unknown): never => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String((error as Error)?.stack ?? error)}\n`)
  process.exit(1)
}

const started = start().catch(fail)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    stopping = true
    // Whoever reads a file slowly must not keep it for ever.
    setTimeout(() => process.exit(1), 10_000).unref()
    started
      .then(async (stop) => stop())
      .then(() => process.exit(0))
      .catch(fail)
  })
