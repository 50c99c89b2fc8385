import type { FastifyInstance } from 'fastify'
import type { Database } from '#platform/db/database.ts'
import { serve } from '#platform/http/serve.ts'
import { keepUp } from '#platform/http/upkeep.ts'
import * as contract from './contract.ts'
import { listAudit } from './list.ts'
import { sweepAudit } from './sweep.ts'

const sweepEveryMs = 10 * 60_000

export function serveAudit(app: FastifyInstance, { db }: { db: Database }): void {
  keepUp(app, { everyMs: sweepEveryMs, what: 'old entries of the audit list' }, ({ goOn }) =>
    sweepAudit(db.query, goOn),
  )
  serve(app, contract.listAudit, ({ query }) => listAudit(db.query, query))
}
