import type { ServerResponse } from 'node:http'
import { isOut, type Sink } from './sink.ts'
import type { Caller } from '#platform/http/caller.ts'
import { isUuid, lowerId, positionIn } from '#platform/contract/ids.ts'
import { refuse } from '#platform/contract/problem.ts'
import { connect, type StreamDeps } from './connect.ts'
import { heartbeatSeconds, protocolVersion, type ServerFrame } from './contract.ts'
import { deliveryProblems } from './problems.ts'

/** As many as fit into the one header that a reader comes back with. */
const mostInId = 200

/**
 * Server-sent events as a sink: `event:` names the frame or the log event. The `id` is where the reader stands then,
 * in all its conversations: a browser comes back with nothing but the last one.
 */
function eventStreamSink(response: ServerResponse, asked: Record<string, number>): Sink {
  // Those that changed last come last.
  const positions = new Map<string, number>()
  const move = (conversationId: string, seq: number) => {
    positions.delete(conversationId)
    positions.set(conversationId, seq)
  }
  const note = (frame: ServerFrame) => {
    if (frame.type === 'welcome')
      for (const { conversationId, lastSeq } of frame.heads)
        move(conversationId, Math.min(asked[conversationId] ?? lastSeq, lastSeq))
    else if (frame.type === 'reset' || frame.type === 'joined') move(frame.conversationId, frame.lastSeq)
    else if (frame.type === 'left') positions.delete(frame.conversationId)
    else return false
    return true
  }
  const write = (event: string, data: string, moved: boolean) => {
    const id = moved && [...positions].slice(-mostInId).map(([conversationId, seq]) => `${conversationId}:${seq}`)
    response.write(`${id && id.length ? `id: ${id.join()}\n` : ''}event: ${event}\ndata: ${data}\n\n`)
  }
  return {
    sendFrame: (frame) => write(frame.type, JSON.stringify(frame), note(frame)),
    sendShared: ({ frame, json }) => write(frame.type, json, note(frame)),
    sendEnding: (frame, start, end) => write(frame.type, start + end.json, note(frame)),
    sendEvents: (events) => {
      response.cork()
      for (const event of events) {
        move(event.conversationId, event.seq)
        write(event.type, event.json, true)
      }
      response.uncork()
    },
    waiting: () => response.writableLength,
    close: (reason, options) => {
      if (response.writableEnded) return
      if (options.retryAfterSeconds) response.write(`retry: ${Math.ceil(options.retryAfterSeconds * 1000)}\n`)
      write('closing', JSON.stringify({ type: 'closing', reason, ...options }), false)
      response.end()
      // A reader that does not read would keep what it was sent, and its place, for ever.
      setTimeout(() => response.destroy(), isOut(reason) ? 1_000 : 5_000).unref()
    },
  }
}

/** `{conversationId}:{seq}` separated by commas, as `after` and `Last-Event-ID` have it. */
export function parsePositions(text: string): Record<string, number> {
  const positions: Record<string, number> = {}
  for (const part of text.split(',').filter(Boolean)) {
    const [id = '', number = ''] = part.trim().split(':', 2)
    const seq = positionIn(number)
    if (!isUuid(id) || seq === undefined || part.split(':').length > 2)
      throw refuse(deliveryProblems['bad-position'], { detail: `“${part.slice(0, 80)}” is not one.` })
    positions[lowerId(id)] = seq
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
  const sink = eventStreamSink(response, ask.positions)
  const only = ask.conversationId ? new Set([ask.conversationId]) : undefined
  const hello = {
    type: 'hello' as const,
    protocol: protocolVersion,
    positions: ask.positions,
    presence: 'away' as const,
  }
  const connection = await connect(deps, caller, sink, hello, only)
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatSeconds * 1_000)
  const end = () => {
    clearInterval(heartbeat)
    connection.end()
  }
  response.on('close', end)
  if (response.destroyed) end()
  else if (ask.conversationId && !connection.outbox.follows(ask.conversationId))
    await connection.watch(
      ask.conversationId,
      ask.positions[ask.conversationId] ?? (await deps.requireReader(caller, ask.conversationId)).lastSeq,
    )
}
