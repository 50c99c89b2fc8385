import type { ServerResponse } from 'node:http'
import type { Sink } from './sink.ts'
import type { Caller } from '#platform/http/caller.ts'
import { refuse } from '#platform/contract/problem.ts'
import { connect, type StreamDeps } from './connect.ts'
import { heartbeatSeconds, protocolVersion } from './contract.ts'
import { deliveryProblems } from './problems.ts'

/** Server-sent events as a sink: `event:` names the frame or the log event; the latter have an `id`. */
function eventStreamSink(response: ServerResponse): Sink {
  const write = (event: string, data: string, id?: string) =>
    response.write(`${id ? `id: ${id}\n` : ''}event: ${event}\ndata: ${data}\n\n`)
  return {
    sendFrame: (frame) => write(frame.type, JSON.stringify(frame)),
    sendEvents: (events) => {
      response.cork()
      for (const event of events) write(event.type, event.json, `${event.conversationId}:${event.seq}`)
      response.uncork()
    },
    waiting: () => response.writableLength,
    close: (reason, options) => {
      if (response.writableEnded) return
      if (options.retryAfterSeconds) response.write(`retry: ${Math.ceil(options.retryAfterSeconds * 1000)}\n`)
      write('closing', JSON.stringify({ type: 'closing', reason, ...options }))
      response.end()
      // A reader that does not read would keep what it was sent, and its place, for ever.
      setTimeout(() => response.destroy(), 5_000).unref()
    },
  }
}

/** `{conversationId}:{seq}` separated by commas, as `after` and `Last-Event-ID` have it. */
export function parsePositions(text: string): Record<string, number> {
  const positions: Record<string, number> = {}
  for (const part of text.split(',').filter(Boolean)) {
    const [, id, seq] = /^([0-9a-f-]{36}):(\d{1,15})$/i.exec(part.trim()) ?? []
    if (!id || seq === undefined)
      throw refuse(deliveryProblems['bad-position'], { detail: `“${part.slice(0, 80)}” is not one.` })
    positions[id.toLowerCase()] = Number(seq)
  }
  return positions
}

/** Serves one event stream until its reader leaves. The headers of the reply must have been sent. */
export async function serveEventStream(
  deps: StreamDeps,
  caller: Caller,
  response: ServerResponse,
  ask: { positions: Record<string, number>; conversationId?: string },
): Promise<void> {
  response.on('error', () => {})
  const sink = eventStreamSink(response)
  const only = ask.conversationId ? new Set([ask.conversationId]) : undefined
  const hello = {
    type: 'hello' as const,
    protocol: protocolVersion,
    positions: ask.positions,
    presence: 'away' as const,
  }
  const connection = await connect(deps, caller, sink, hello, only)
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatSeconds * 1_000)
  response.on('close', () => {
    clearInterval(heartbeat)
    connection.end()
  })
  if (response.destroyed) connection.end()
  else if (ask.conversationId && !connection.outbox.follows(ask.conversationId))
    await connection.watch(
      ask.conversationId,
      ask.positions[ask.conversationId] ?? (await deps.requireReader(caller, ask.conversationId)).lastSeq,
    )
}
