import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { describe } from './openapi.ts'

/** `/openapi.json`, and Swagger UI at `/docs`. Call it after every feature has registered its operations. */
export async function serveDocs(app: FastifyInstance, shapes: readonly TSchema[], version: string): Promise<void> {
  const document = describe(app.operations, shapes, version)
  app.get('/openapi.json', async (_request, reply) => reply.header('cache-control', 'no-cache').send(document))
  await app.register(swagger, { mode: 'static', specification: { document: document as never } })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Without the bar of another product at the top.
    uiConfig: { layout: 'BaseLayout', deepLinking: true, persistAuthorization: false, tryItOutEnabled: true },
    theme: { title: 'All is Whale: API' },
    // Swagger UI sets styles in its markup; nothing else of the strict policy is given up.
    staticCSP:
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  })
}
