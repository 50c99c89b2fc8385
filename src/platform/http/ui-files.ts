import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static'
import type { FastifyInstance, RouteOptions } from 'fastify'
import type { Config } from '../config.ts'
import { sendProblem } from './edge.ts'
import { httpProblems } from './problems.ts'

/** Drawings of emoji, below the folder of the UI: `assets/emoji/{edition}/{code points}.svg`. */
const drawings = 'assets/emoji'

/**
 * Serves the built UI from the API's own port: a laptop, or one server. Hashed assets are cached for ever; the
 * page itself is always asked for again. Addresses of the app, such as `/c/{id}`, get the page.
 */
export async function serveUi(app: FastifyInstance, config: Config): Promise<void> {
  const folder = config.uiDir!
  const page = (await readFile(path.join(folder, 'index.html'), 'utf8')).replace(
    /(<meta name="api-origin" content=")[^"]*/,
    (_all, before: string) => `${before}${config.apiOrigin}`,
  )
  const sendPage = (reply: { type(t: string): { header(n: string, v: string): { send(b: string): unknown } } }) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)

  await app.register(async (files) => {
    files.addHook('onRoute', free)
    const each: FastifyStaticOptions = {
      root: folder,
      index: false,
      cacheControl: false,
      // A .br or .gz beside a file, which the `ui` image has, is sent to who accepts it.
      preCompressed: true,
      setHeaders: (reply, file) => {
        const hashed = file.includes(`${path.sep}assets${path.sep}`)
        reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    }
    await files.register(fastifyStatic, { ...each, wildcard: false, globIgnore: ['index.html', `${drawings}/**`] })
    // Thousands of files, of which a page asks for a few: one route for all of them, and none where there are none. Not
    // the plugin's own for any file, which reads the whole folder at each request to compare how a name is spelt.
    if (existsSync(path.join(folder, drawings)))
      files.get<{ Params: { edition: string; file: string } }>(`/${drawings}/:edition/:file`, (request, reply) => {
        const { edition, file } = request.params
        if (!/^[0-9a-z]{1,64}$/.test(edition) || !/^([0-9a-f-]{1,100}\.svg|LICENSE\.txt)$/.test(file))
          return sendProblem(reply, httpProblems['no-such-route'])
        return reply.sendFile(`${drawings}/${edition}/${file}`)
      })
  })
  app.get('/', { config: { isFree: true } }, (_request, reply) => sendPage(reply))
  app.isPage = (request) =>
    request.method === 'GET' &&
    request.headers.accept?.includes('text/html') === true &&
    !/^\/(v1|docs|assets)(\/|$)/.test(request.url)
  app.fallback = (request, reply) =>
    app.isPage(request) ? sendPage(reply) : sendProblem(reply, httpProblems['no-such-route'])
}

/** What the UI is made of has no pace: a first load asks for all of it at once. */
const free = (route: RouteOptions) =>
  void (route.config = { ...route.config, isFree: true } as RouteOptions['config'] & object)
