import type { FastifyInstance } from 'fastify'
import { isMigrated } from '../db/migrate.ts'
import type { Database } from '../db/database.ts'

/** `/livez`: the process answers. `/readyz`: it can serve, or says what is missing. Not part of the API. */
export function serveHealth(app: FastifyInstance, db: Database, isStopping: () => boolean): void {
  app.get('/livez', async () => ({ status: 'live' }))
  app.get('/readyz', async (_request, reply) => {
    const problems: string[] = []
    if (isStopping()) problems.push('stopping')
    try {
      if (!(await isMigrated(db.pool))) problems.push('migrations')
    } catch {
      problems.push('database')
    }
    return reply.code(problems.length ? 503 : 200).send({ status: problems.length ? 'not ready' : 'ready', problems })
  })
}
