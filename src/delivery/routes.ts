import type { IncomingMessage, ServerResponse } from 'node:http'
import websocket from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { refuse } from '#platform/contract/problem.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { serve } from '#platform/http/serve.ts'
import type { StreamDeps } from './connect.ts'
import { listEvents, stream } from './contract.ts'
import { parsePositions, serveEventStream } from './event-stream.ts'
import { readEvents, render, type Renderers } from './log.ts'
import { deliveryProblems } from './problems.ts'
import { largestFrame, serveSocket } from './socket.ts'
import { UnfinishedFrames } from './unfinished-frames.ts'

export interface DeliveryDeps extends StreamDeps {
  renderers: Renderers
  streamsPerAccount: number
  frameLimits: ConstructorParameters<typeof UnfinishedFrames>[0]
  isStopping(): boolean
}

export async function serveDelivery(app: FastifyInstance, deps: DeliveryDeps): Promise<void> {
  await app.register(websocket, {
    options: { maxPayload: largestFrame, maxFragments: 64, maxBufferedChunks: 4_096, perMessageDeflate: false },
  })
  app.operations.push(stream)
  // Sockets that have not said hello count too, or one would hold back the hello of thousands.
  const streams = new Map<string, number>()
  const came = (accountId: string) => streams.set(accountId, (streams.get(accountId) ?? 0) + 1)
  const left = (accountId: string) => {
    const others = streams.get(accountId)! - 1
    if (others) streams.set(accountId, others)
    else streams.delete(accountId)
  }
  const socketDeps = { ...deps, log: app.log as Logger, left, unfinished: new UnfinishedFrames(deps.frameLimits) }
  await app.register(async (scope) => {
    const responses = new WeakMap<IncomingMessage, ServerResponse>()
    scope.addHook('preHandler', async (request, reply) => {
      responses.set(request.raw, reply.raw)
      if (deps.isStopping()) throw refuse(deliveryProblems['server-stopping'], { retryAfterSeconds: 1 })
      if ((streams.get(request.caller!.accountId) ?? 0) >= deps.streamsPerAccount)
        throw refuse(httpProblems['slow-down'], {
          detail: 'This account has too many streams open. Close some.',
          retryAfterSeconds: 10,
        })
    })
    scope.route({
      method: 'GET',
      // A HEAD would be a stream that nobody can read.
      exposeHeadRoute: false,
      url: stream.path,
      config: { endpoint: stream },
      schema: { querystring: stream.query },
      handler: async (request, reply) => {
        const { after, conversationId } = request.query as { after?: string; conversationId?: string }
        const lastEventId = request.headers['last-event-id']
        const positions = parsePositions([after, lastEventId].filter(Boolean).join(','))
        if (conversationId) await deps.requireReader(request.caller!, conversationId)
        reply.hijack()
        app.inFlight.becameStream(reply.raw)
        if (reply.raw.destroyed) return
        const { accountId } = request.caller!
        came(accountId)
        reply.raw.once('close', () => left(accountId))
        for (const [name, value] of Object.entries(reply.getHeaders()))
          if (value !== undefined) reply.raw.setHeader(name, value)
        reply.raw.writeHead(200, {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        })
        await serveEventStream(deps, request.caller!, reply.raw, {
          positions,
          ...(conversationId ? { conversationId } : {}),
        }).catch((error: unknown) => {
          request.log.warn({ err: error }, 'event stream failed')
          reply.raw.end()
        })
      },
      wsHandler: (socket, request) => {
        came(request.caller!.accountId)
        // Else each connection would keep the request that it came with, and all that hangs on it, to its end: through
        // the answer, which has become the socket's, and through the listener that the plugin puts there.
        const response = responses.get(request.raw)
        if (response) app.inFlight.becameStream(response)
        response?.detachSocket(request.raw.socket)
        socket.removeAllListeners('error')
        serveSocket(socketDeps, request.caller!, socket, request.raw.socket)
      },
    })
  })

  serve(app, listEvents, async ({ params, query, caller }) => {
    const { lastSeq } = await deps.requireReader(caller, params.conversationId)
    const rows = await readEvents(deps.db.pool, [
      { conversationId: params.conversationId, after: query.after, limit: query.limit ?? 200 },
    ])
    const events = await render(deps.db, deps.renderers, rows)
    // Again, for who was removed meanwhile: what was read may have been said after that.
    await deps.requireReader(caller, params.conversationId)
    return { events, lastSeq: Math.max(lastSeq, rows.at(-1)?.seq ?? 0) }
  })
}
