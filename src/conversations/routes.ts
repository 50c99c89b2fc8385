import type { FastifyInstance } from 'fastify'
import type { Delivery } from '#delivery/delivery.ts'
import type { Database } from '#platform/db/database.ts'
import { replied, serve } from '#platform/http/serve.ts'
import { keepUp } from '#platform/http/upkeep.ts'
import { changeConversation } from './change.ts'
import { keepChannelNames, keepEveryMs } from './channel-names.ts'
import { listChannels } from './channels.ts'
import * as contract from './contract.ts'
import { createConversation } from './create.ts'
import { getConversation } from './get.ts'
import { listConversations } from './list.ts'

export function serveConversations(app: FastifyInstance, deps: { db: Database; delivery: Delivery }): void {
  const { query: db } = deps.db
  keepUp(app, { everyMs: keepEveryMs, what: 'names of channels' }, () => keepChannelNames(deps.db))
  serve(app, contract.createConversation, async ({ caller, body }) => {
    const { conversation, created } = await createConversation(deps, caller, body)
    return replied(created ? 201 : 200, conversation)
  })
  serve(app, contract.listConversations, ({ caller, query }) => listConversations(db, caller, query))
  serve(app, contract.listChannels, ({ caller, query }) => listChannels(db, caller, query))
  serve(app, contract.getConversation, ({ caller, params }) => getConversation(db, caller, params.conversationId))
  serve(app, contract.changeConversation, ({ caller, params, body }) =>
    changeConversation(deps, caller, params.conversationId, body),
  )
}
