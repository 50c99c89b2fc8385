import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import fastify, { type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { refuse } from '../contract/problem.ts'
import { checkCompiler, checkText, requireFew } from './checks.ts'
import { onError, sendProblem } from './edge.ts'
import { requireTrustedOrigin } from './origins.ts'
import { accountHeader } from './named-account.ts'
import { network } from './network.ts'
import { pace } from './pace.ts'
import { httpProblems } from './problems.ts'
import { requestId } from './request-id.ts'
import { forData, securityHeaders } from './security-headers.ts'
import { admit } from './serve.ts'
import { traceHttp } from './trace.ts'

/** What any JSON body may weigh, unless its operation says otherwise. */
const generalBodyLimit = 128 * 1024

/** The HTTP server with its manners and no operation yet. `accounts/` must set `app.identify`. */
export async function createServer(config: Config, logger: Logger): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: logger,
    genReqId: requestId,
    requestIdHeader: false,
    // Named addresses, never `true`: that would believe whatever a client writes at the front of the list.
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    bodyLimit: generalBodyLimit,
    // Its lines would carry whole addresses, and with them tokens of invitations; ours name the route.
    logController: new LogController({ disableRequestLogging: true }),
    // Addresses that cannot even be decoded never reach a route.
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) =>
      sendProblem(reply, httpProblems['bad-request']),
    forceCloseConnections: 'idle',
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000,
    return503OnClosing: true,
    routerOptions: { maxParamLength: 500 },
  } as never) as unknown as FastifyInstance

  app.decorate('operations', [])
  app.decorate('identify', async () => null)
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
  // Without a UI elsewhere there is nobody to answer across origins.
  if (config.uiOrigins.length)
    await app.register(cors, {
      origin: config.uiOrigins,
      credentials: true,
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['retry-after', 'x-request-id', accountHeader],
      maxAge: 600,
    })
  // Decoded by whoever needs it, which is once for a session; the option is not among its types.
  const asIs = { decode: (value: string) => value } as object
  await app.register(cookie, { parseOptions: asIs })
  traceHttp(app)

  const withinPace = pace(config.limits.requestsPerMinute)
  const requireTrusted = requireTrustedOrigin(config.uiOrigins)
  app.addHook('onRequest', (request, _reply, done) => {
    requireTrusted(request)
    const { endpoint } = request.routeOptions.config
    if (!endpoint) return done()
    const admitted = admit(request, endpoint)
    const count = () => withinPace(request.caller?.accountId ?? network(request.ip))
    if (admitted) return admitted.then(count)
    count()
    done()
  })
  // A UI on another origin reads without a header of its own, which would cost a round trip before each address; it
  // compares afterwards whose reply it has got.
  if (config.uiOrigins.length)
    app.addHook('onRequest', (request, reply, done) => {
      if (request.caller && request.headers.origin) reply.header(accountHeader, request.caller.accountId)
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
  }
}

/**
 * A connection whose request is answered after the close began would be kept alive, and closing would wait for it:
 * fastify lets go only of those that are idle when it begins.
 */
function closeConnections(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
    if (!app.server.listening) return
    const timer = setInterval(() => app.server.closeIdleConnections(), 50).unref()
    app.server.once('close', () => clearInterval(timer))
  })
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
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    let text: string
    try {
      text = decoder.decode(body as Buffer)
    } catch {
      return done(refuse(httpProblems['wrong-encoding']), undefined)
    }
    const { extent } = request.routeOptions.config
    if (extent) requireFew(text, extent)
    void parse(request, text, done)
  })
}
