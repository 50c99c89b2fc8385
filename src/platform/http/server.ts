import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { refuse } from '../contract/problem.ts'
import { acceptWaiting } from './accept-waiting.ts'
import { Admission } from './admission.ts'
import { checkCompiler, checkText, fewFault } from './checks.ts'
import { onError, sendProblem, sendRefusal } from './edge.ts'
import { Hosts, requireOwnHost } from './hosts.ts'
import { accountHeader } from './named-account.ts'
import { type InFlight, largeBody } from './in-flight.ts'
import { httpProblems } from './problems.ts'
import { requestId } from './request-id.ts'
import { forData, securityHeaders } from './security-headers.ts'
import { traceHttp } from './trace.ts'
import { Turns } from './turns.ts'
import { refuseUnreadable } from './unreadable.ts'

/** The HTTP server with its manners and no operation yet. `accounts/` must set `app.identify`. */
export async function createServer(config: Config, logger: Logger): Promise<FastifyInstance> {
  const admission = new Admission(config)
  const app = fastify({
    loggerInstance: logger,
    genReqId: requestId,
    requestIdHeader: false,
    // Named addresses, never `true`: that would believe whatever a client writes at the front of the list.
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    // Of what is no operation, and takes no body.
    bodyLimit: 1024,
    // Its lines would carry whole addresses, and with them tokens of invitations; ours name the route.
    logController: new LogController({ disableRequestLogging: true }),
    // Addresses that cannot even be decoded never reach a route.
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      sendRefusal(reply, admission.refusalOfAddress(request) ?? refuse(httpProblems['bad-request'])),
    clientErrorHandler: refuseUnreadable,
    forceCloseConnections: 'idle',
    // Until all of it has arrived, from its first byte on. A slow one ends within five seconds after that.
    requestTimeout: 60_000,
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000 },
    keepAliveTimeout: 75_000,
    return503OnClosing: true,
    routerOptions: { maxParamLength: 500 },
  } as never) as unknown as FastifyInstance

  app.decorate('operations', [])
  app.decorate('identify', async () => null)
  app.decorate('inFlight', admission.inFlight)
  app.decorate('isPage', () => false)
  app.decorateRequest('caller', null)
  app.setValidatorCompiler(checkCompiler)
  app.setErrorHandler(onError)
  app.decorate('fallback', (_request, reply) => sendProblem(reply, httpProblems['no-such-route']))
  app.setNotFoundHandler((request, reply) => app.fallback(request, reply))
  readJsonStrictly(app)
  closeConnections(app)

  const forPages = securityHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        // React sets style properties through the DOM, which a policy on elements does not touch.
        'img-src': ["'self'", 'data:', 'blob:', ...(config.apiOrigin ? [config.apiOrigin] : [])],
        'font-src': ["'self'"],
        'manifest-src': ["'self'"],
        'connect-src': [
          "'self'",
          ...(config.apiOrigin ? [config.apiOrigin, config.apiOrigin.replace(/^http/, 'ws')] : []),
        ],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    crossOriginResourcePolicy: { policy: config.uiOrigins.length ? 'cross-origin' : 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    // TLS ends at the load balancer; whether this name is always https is for its operator to say.
    strictTransportSecurity:
      config.trustedProxies.length > 0 ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  })
  const usual = { 'cache-control': 'no-store' }
  const ofPages = { ...forPages, ...usual }
  const ofOperations = { ...forData(forPages), ...usual }
  // Hooks with nothing to wait for say so by `done`: a promise for each of them is work for every request.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(request.routeOptions.config.endpoint ? ofOperations : ofPages).header('x-request-id', request.id)
    done()
  })
  app.addHook('onRequest', new Turns().admit)
  const requireOwn = requireOwnHost(new Hosts(config))
  app.addHook('onRequest', (request, _reply, done) => {
    requireOwn(request)
    done()
  })
  // Without a UI elsewhere there is nobody to answer across origins. What asks for leave is answered there, so it is
  // counted before.
  if (config.uiOrigins.length) {
    app.addHook('onRequest', admission.admitPreflight)
    await app.register(cors, {
      origin: config.uiOrigins,
      credentials: true,
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['date', 'retry-after', 'x-request-id', accountHeader],
      maxAge: 600,
    })
  }
  // Decoded by whoever needs it, which is once for a session; the option is not among its types.
  const asIs = { decode: (value: string) => value } as object
  await app.register(cookie, { parseOptions: asIs })
  traceHttp(app)

  app.addHook('onRequest', admission.admit)
  // A UI on another origin reads without a header of its own, which would cost a round trip before each address; it
  // compares afterwards whose reply it has got.
  if (config.uiOrigins.length)
    app.addHook('onRequest', (request, reply, done) => {
      if (request.caller && request.headers.origin) reply.header(accountHeader, request.caller.accountId)
      done()
    })
  app.addHook('preValidation', (_request, reply, done) => {
    app.inFlight.received(reply.raw)
    done()
  })
  app.addHook('preValidation', checkText)
  app.addHook('onResponse', (request, reply, done) => {
    // An upgrade that was refused has left Node's care: nobody else would ever close this socket.
    if (request.raw.headers.upgrade !== undefined && reply.statusCode >= 400) request.raw.socket.destroySoon()
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url
    if (route !== '/livez' && route !== '/readyz')
      request.log.info(
        {
          method: request.method,
          route,
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          accountId: request.caller?.accountId,
        },
        'request',
      )
    done()
  })
  return app
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Answers what no route does; the UI puts its page here. */
    fallback: (request: FastifyRequest, reply: FastifyReply) => unknown
    /** Whether `fallback` answers with the UI's page. */
    isPage: (request: FastifyRequest) => boolean
    inFlight: InFlight
  }
}

/**
 * A connection whose request is answered after the close began would be kept alive, and closing would wait for it:
 * fastify lets go only of those that are idle when it begins.
 */
function closeConnections(app: FastifyInstance): void {
  let closing = false
  let timer: ReturnType<typeof setInterval> | undefined
  app.addHook('preClose', async () => {
    closing = true
    if (!app.server.listening) return
    await acceptWaiting(app.server)
    timer = setInterval(() => app.server.closeIdleConnections(), 50).unref()
  })
  // The last of these hooks: by then connections of every socket have ended, those of `listen` among them.
  app.addHook('onClose', async () => clearInterval(timer))
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close')
    done()
  })
}

/** JSON only, UTF-8 only: what cannot be decoded is refused, not silently changed. */
function readJsonStrictly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  const decoder = new TextDecoder('utf-8', { fatal: true })
  app.removeAllContentTypeParsers()
  const read = (request: FastifyRequest, body: Buffer, done: (error: Error | null, body?: unknown) => void) => {
    const { extent } = request.routeOptions.config
    const fault = extent && fewFault(body, extent)
    if (fault) return done(fault)
    let text: string
    try {
      text = decoder.decode(body)
    } catch {
      return done(refuse(httpProblems['wrong-encoding']))
    }
    void parse(request, text, done as never)
  }
  // Large ones one after the other, with a turn of the loop for everybody else between two of them.
  const large: (() => void)[] = []
  const readNext = () => {
    large[0]!()
    large.shift()
    if (large.length) setImmediate(readNext)
  }
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, given, done) => {
    const body = given as Buffer
    if (body.length <= largeBody) return read(request, body, done)
    large.push(() => read(request, body, done))
    if (large.length === 1) setImmediate(readNext)
  })
}
