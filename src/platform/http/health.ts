import type { FastifyInstance } from 'fastify'
import { isMigrated } from '../db/migrate.ts'
import type { Database } from '../db/database.ts'

/** Whoever starts and watches processes asks often, and by whatever name: an address of the pod, that of a service. */
const open = { isFree: true, answersToAnyHost: true }

/** How long an answer about the database is repeated. */
const keptForMs = 1_000

/**
 * `/livez`: the process answers. `/readyz`: it can serve, or says what is missing. Not part of the API. Neither has a
 * pace, so neither does work for each request: the database is asked once a second at most, whoever asks.
 */
export function serveHealth(app: FastifyInstance, db: Database, isStopping: () => boolean): void {
  let asked: Promise<string[]> | undefined
  let keptUntil = 0
  const problemsOfDatabase = () => {
    if (asked && performance.now() < keptUntil) return asked
    // While the answer takes longer than a second, everybody waits for the same one.
    keptUntil = Infinity
    asked = isMigrated(db.pool)
      .then((isUpToDate) => (isUpToDate ? [] : ['migrations']))
      .catch(() => ['database'])
      .finally(() => (keptUntil = performance.now() + keptForMs))
    return asked
  }
  app.get('/livez', { config: open }, async () => ({ status: 'live' }))
  app.get('/readyz', { config: open }, async (_request, reply) => {
    const problems = [...(isStopping() ? ['stopping'] : []), ...(await problemsOfDatabase())]
    return reply.code(problems.length ? 503 : 200).send({ status: problems.length ? 'not ready' : 'ready', problems })
  })
}
