import { accessSweep } from '#accounts/access-changes.ts'
import { PlaceSecret } from '#accounts/place-secret.ts'
import { measureSignIns } from '#accounts/measure.ts'
import { type AccountsOptions, serveAccounts } from '#accounts/routes.ts'
import { earlierReleaseRuns } from '#admin/earlier-processes.ts'
import { readFigures } from '#admin/figures.ts'
import { Pulse } from '#admin/pulse.ts'
import { serveAdmin } from '#admin/routes.ts'
import { serveAudit } from '#audit/routes.ts'
import * as conversationShapes from '#conversations/contract.ts'
import { renderConversationEvents } from '#conversations/renderer.ts'
import { serveConversations } from '#conversations/routes.ts'
import * as streamShapes from '#delivery/contract.ts'
import { headsReader } from '#delivery/heads.ts'
import { slim } from '#delivery/hints.ts'
import { Hub } from '#delivery/hub.ts'
import type { Renderers } from '#delivery/log.ts'
import { measureDelivery, measureHub } from '#delivery/measure.ts'
import { membershipSweep } from '#delivery/new-members.ts'
import { PresenceBoard } from '#delivery/presence.ts'
import { PresenceFeed } from '#delivery/presence-feed.ts'
import { roleReader, sweepReaders } from '#delivery/readers.ts'
import { serveDelivery } from '#delivery/routes.ts'
import { requireReader } from '#members/access.ts'
import * as memberShapes from '#members/contract.ts'
import { joinByInvitation, mayInviteTo, seenConversations } from '#members/invite.ts'
import { renderMemberEvents } from '#members/renderer.ts'
import { serveMembers } from '#members/routes.ts'
import { measurePost, measureSends } from '#messages/measure.ts'
import { Post } from '#messages/post.ts'
import { renderMessageEvents } from '#messages/renderer.ts'
import { serveMessages } from '#messages/routes.ts'
import * as messageShapes from '#messages/shapes.ts'
import { measureBus } from '#platform/bus/measure.ts'
import { openBus } from '#platform/bus/open.ts'
import { type Clock, systemClock } from '#platform/clock.ts'
import type { Config } from '#platform/config.ts'
import { openDatabase } from '#platform/db/database.ts'
import { measureDatabase } from '#platform/db/measure.ts'
import { serveDocs } from '#platform/http/docs.ts'
import { serveHealth } from '#platform/http/health.ts'
import { Hosts } from '#platform/http/hosts.ts'
import { listen } from '#platform/http/listen.ts'
import { createServer } from '#platform/http/server.ts'
import { serveUi } from '#platform/http/ui-files.ts'
import { createRegistry, measureHttp, serveMetrics } from '#platform/metrics/metrics.ts'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'

export interface App {
  /** The HTTP server, for injected requests. */
  readonly http: FastifyInstance
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly url: string
  /** Where people open it: `PUBLIC_URL`, or `http://localhost:8080` where it listens on this machine. */
  readonly home: string
  /** Finishes what was accepted, tells open streams to resume elsewhere, and lets go of everything. */
  stop(): Promise<void>
}

export interface AppOptions {
  config: Config
  databaseUrl: string
  logger: Logger
  version: string
  clock?: Clock
  /** How often the heads are compared with Postgres. Half of the delay that a lost hint may cost. */
  sweepEveryMs?: number
  /** Tests make sign-in cheap, and its limits small. */
  accounts?: Pick<AccountsOptions, 'hashing' | 'limits'>
}

/** The composition root: names every feature and hands each what it needs. The schema must be up to date. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, databaseUrl, logger, version, clock = systemClock, sweepEveryMs = 1_000, accounts } = options
  const db = openDatabase(databaseUrl, {
    poolSize: config.databasePoolSize,
    replicaUrl: config.databaseReplicaUrl,
    onError: (error) => logger.warn({ err: error }, 'an idle database connection broke'),
  })
  const registry = createRegistry(version)
  let stopping = false

  const renderers: Renderers = {
    member: renderMemberEvents,
    conversation: renderConversationEvents,
    message: renderMessageEvents,
    reaction: renderMessageEvents,
  }
  const secret = await PlaceSecret.open(db.query)
  const database = measureDatabase(db, registry)
  // The bus has nothing to say before it knows the time.
  await database.looked
  const bus = openBus(config.bus, {
    databaseUrl,
    secret: secret.current,
    now: () => database.now(),
    slim,
    log: logger,
  })
  secret.onRotated((rotated) => {
    logger.info('the place has a new secret')
    bus.rekey(rotated)
  })
  const watcher = measureDelivery(registry, database)
  const hub = new Hub({ db, bus, renderers, log: logger, watcher })
  const presenceFeed = new PresenceFeed(() => hub.outboxes())
  const presence = new PresenceBoard(bus, hub, (accountId, state) => presenceFeed.change(accountId, state))
  const post = new Post({ db, delivery: hub, watcher: measureSends(registry) })
  const sweepMemberships = membershipSweep(hub, db.pool)
  const sweep = repeat(
    sweepEveryMs,
    timed(
      async () => void (await Promise.all([hub.sweep(), sweepMemberships()])),
      (ms) => watcher.swept('heads', ms),
    ),
    (error) => logger.warn({ err: error }, 'sweep failed'),
  )
  const readersSweep = repeat(
    10 * sweepEveryMs,
    timed(
      () => sweepReaders(hub, db.pool, clock.now()),
      (ms) => watcher.swept('readers', ms),
    ),
    (error) => logger.warn({ err: error }, 'sweep of readers failed'),
  )

  const pulse = new Pulse({
    db,
    log: logger,
    clock: systemClock,
    version,
    figures: () => readFigures(registry),
    streams: () => [...hub.outboxes()].length,
    oldestSendMs: () => post.load.oldestMs,
    bus: () => ({ kind: config.bus.kind, connected: bus.state === 'connected', ...bus.counts }),
    everyMs: 10 * sweepEveryMs,
  })

  const http = await createServer(config, logger)
  measureHttp(http, registry)
  measureBus(bus, registry)
  measureHub(hub, registry)
  measurePost(post, registry)
  serveHealth(http, db, () => stopping)
  const callers = await serveAccounts(http, {
    db,
    delivery: hub,
    clock,
    mayInviteTo,
    seenConversations,
    onJoined: joinByInvitation(hub),
    watchSignIn: measureSignIns(registry),
    secret,
    earlierReleaseRuns: () => earlierReleaseRuns(db),
    ...accounts,
  })
  serveAudit(http, { db })
  bus.subscribe((hint) => {
    if (hint.kind === 'session-ended') callers.forgetSession(hint.sessionId)
    else if (hint.kind === 'reconnect') callers.forgetAccount(hint.accountId)
  })
  const narrowing = repeat(
    sweepEveryMs,
    accessSweep(db, async (changes) => {
      callers.forgetAll(changes)
      const accountIds = new Set(changes.map(({ accountId }) => accountId))
      const readers = [...accountIds].flatMap((accountId) => hub.outboxesOf(accountId))
      await sweepReaders(hub, db.pool, clock.now(), readers)
    }),
    (error) => logger.warn({ err: error }, 'sweep of access changes failed'),
  )
  const secretSweep = repeat(
    sweepEveryMs,
    () => secret.look(),
    (error) => logger.warn({ err: error }, 'looking for a new secret failed'),
  )
  serveMembers(http, { db, delivery: hub })
  serveConversations(http, { db, delivery: hub })
  serveMessages(http, { db, delivery: hub, post, sendsPerMinute: config.limits.sendsPerMinute })
  await serveDelivery(http, {
    db,
    hub,
    presence,
    presenceFeed,
    headsOf: headsReader(db.pool),
    roleOf: roleReader(db.pool, () => clock.now()),
    watcher,
    renderers,
    requireReader: (caller, conversationId) => requireReader(db, caller, conversationId),
    streamsPerAccount: config.limits.streamsPerAccount,
    frameLimits: config.limits.inFlight,
    isStopping: () => stopping,
  })
  serveAdmin(http, { db })
  await serveDocs(http, streamDocuments, version)
  if (config.uiDir) await serveUi(http, config)

  let metrics: Awaited<ReturnType<typeof serveMetrics>> | undefined
  const release = async () => {
    const saidGoodbye = pulse.stop()
    await sweep.stop()
    await readersSweep.stop()
    await narrowing.stop()
    await secretSweep.stop()
    // First, or whoever sends without a pause would never let it come to an end; it answers what was accepted.
    await http.close()
    // Of those who hung up before their answer.
    await post.settled()
    presence.close()
    presenceFeed.close()
    hub.close()
    await bus.close()
    await metrics?.close()
    await database.stop()
    await saidGoodbye
    await db.close()
  }
  try {
    // Connected before the first socket, if it can be: a server of the bus that is down keeps nobody from starting.
    await bus.opened
    void pulse.beat()
    if (config.metricsPort !== null)
      metrics = await serveMetrics(registry, {
        hosts: new Hosts(config),
        host: config.metricsHost,
        port: config.metricsPort,
        tls: config.metricsTls,
        log: logger,
      })
    await listen(http, config)
  } catch (error) {
    await release()
    throw error
  }
  const { port } = http.server.address() as { port: number }

  const listens = config.host.includes(':') ? `[${config.host}]` : config.host
  return {
    http,
    url: `http://${listens}:${port}`,
    home: config.publicUrl || `http://${isOfThisMachine(config.host) ? 'localhost' : listens}:${port}`,
    stop: async () => {
      if (stopping) return
      stopping = true
      // Spread over two seconds, so that a whole place does not come back in one instant.
      for (const outbox of hub.outboxes())
        outbox.close('server-stopping', { resume: true, retryAfterSeconds: Math.random() * 2 })
      await release()
    },
  }
}

/** Whether `localhost` leads to what listens there. */
const isOfThisMachine = (host: string) => ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host)

const isShape = (value: unknown): value is never =>
  typeof value === 'object' && value !== null && 'title' in value && ('type' in value || 'anyOf' in value)
const streamDocuments = [streamShapes, memberShapes, conversationShapes, messageShapes].flatMap((shapes) =>
  Object.values(shapes).filter(isShape),
)

/** Says how long each run took that succeeded (ms). */
const timed = (run: () => Promise<void>, took: (ms: number) => void) => async () => {
  const began = performance.now()
  await run()
  took(performance.now() - began)
}

/** Calls `run` again and again, never twice at the same time. */
function repeat(everyMs: number, run: () => Promise<void>, failed: (error: unknown) => void) {
  let running: Promise<void> = Promise.resolve()
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    running = run()
      .catch(failed)
      .finally(() => (busy = false))
  }, everyMs)
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
