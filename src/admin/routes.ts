import type { FastifyInstance } from 'fastify'
import { refuse } from '#platform/contract/problem.ts'
import type { Database } from '#platform/db/database.ts'
import { runsThePlace } from '#platform/http/caller.ts'
import { serve } from '#platform/http/serve.ts'
import { getAdminHealth } from './contract.ts'
import { health } from './health.ts'
import { adminProblems } from './problems.ts'

export function serveAdmin(app: FastifyInstance, { db }: { db: Database }): void {
  serve(app, getAdminHealth, async ({ caller }) => {
    if (!runsThePlace(caller)) throw refuse(adminProblems['nothing-here'])
    return health(db)
  })
}
