import type { FastifyInstance } from 'fastify'
import type { Delivery } from '#delivery/delivery.ts'
import { renderMemberEvents } from '#members/renderer.ts'
import { serveMembers } from '#members/routes.ts'
import { type Tidewater, tidewater } from '#members/testing.ts'
import type { Database } from '#platform/db/database.ts'
import { createConversation } from './contract.ts'
import { renderConversationEvents } from './renderer.ts'
import { serveConversations } from './routes.ts'

// For tests of this feature.

export const renderers = { member: renderMemberEvents, conversation: renderConversationEvents }

export const tidewaterConversations = (): Promise<Tidewater> =>
  tidewater(renderers, (app: FastifyInstance, deps: { db: Database; delivery: Delivery }) => {
    serveMembers(app, deps)
    serveConversations(app, deps)
  })

/** What may be created, in short: `await creator(voices.ada)({ kind: 'channel', name: 'dock' })`. */
export const creator =
  (voice: Tidewater['voices']['ada']) => (body: Parameters<typeof voice<typeof createConversation>>[1]['body']) =>
    voice(createConversation, { body })
