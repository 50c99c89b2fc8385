import type { FastifyInstance } from 'fastify'
import type { Delivery } from '#delivery/delivery.ts'
import type { Database } from '#platform/db/database.ts'
import { serve } from '#platform/http/serve.ts'
import { requireMember, requireReader } from './access.ts'
import { addMembers } from './add.ts'
import * as contract from './contract.ts'
import { channelsInCommon } from './shared-channels.ts'
import { joinConversation } from './join.ts'
import { listMembers } from './list.ts'
import { findNamedMembers } from './named.ts'
import { changeMembership } from './notify.ts'
import { moveReadPosition } from './read.ts'
import { removeMember } from './remove.ts'

export function serveMembers(app: FastifyInstance, deps: { db: Database; delivery: Delivery }): void {
  const { db } = deps
  serve(app, contract.listMembers, async ({ caller, params, query }) =>
    listMembers(db.query, caller, await requireReader(db, caller, params.conversationId), query),
  )
  serve(app, contract.findNamedMembers, async ({ caller, params, body }) =>
    findNamedMembers(db.query, await requireReader(db, caller, params.conversationId), body.texts),
  )
  serve(app, contract.listChannelsInCommon, async ({ caller, params }) =>
    channelsInCommon(db.query, caller, params.accountId),
  )
  serve(app, contract.addMembers, async ({ caller, params, body }) => ({
    added: await addMembers(deps, caller, params.conversationId, body.accountIds),
  }))
  serve(app, contract.joinConversation, async ({ caller, params }) =>
    joinConversation(deps, caller, params.conversationId),
  )
  serve(app, contract.removeMember, async ({ caller, params }) => {
    await removeMember(deps, caller, params.conversationId, params.accountId)
    return undefined
  })
  serve(app, contract.changeMembership, async ({ caller, params, body }) =>
    changeMembership(db, await requireMember(db, caller, params.conversationId), body.notify),
  )
  serve(app, contract.moveReadPosition, async ({ caller, params, body }) =>
    moveReadPosition(deps, await requireMember(db, caller, params.conversationId), body),
  )
}
