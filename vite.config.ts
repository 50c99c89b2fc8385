import path from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type Rolldown } from 'vite'
import { emojiNotices, readDrawings } from './src/platform/text/emoji-drawings.ts'
import { drawingsEdition } from './src/platform/ui/emoji-drawn.ts'

/** What the signed-in app may load before its first screen, in bytes of gzipped JavaScript. */
const budget = 150_000

/** Weighs the first load of each build, which is the entry and all that it imports statically; too much is no build. */
function weighFirstLoad(): Plugin {
  return {
    name: 'weigh-first-load',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const first = new Set<Rolldown.OutputChunk>()
      const add = (chunk: Rolldown.OutputChunk | undefined) => {
        if (!chunk || first.has(chunk)) return
        first.add(chunk)
        for (const name of chunk.imports) add(chunks.find((each) => each.fileName === name))
      }
      add(chunks.find((chunk) => chunk.isEntry))
      const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
      const size = [...first].reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0)
      const words = `first load: ${kB(size)} of JavaScript gzipped, of at most ${kB(budget)}`
      if (size > budget) this.error(`${words}: load what the first screen does not show with lazily()`)
      this.info(words)
    },
  }
}

/**
 * Of the contracts the browser uses methods, paths and the kinds of bodies and replies; sentences, schemas and
 * problem tables are for the server and its OpenAPI document. Leaves them out, and marks every call as pure, so
 * that endpoints and shapes which no screen uses go too. Works on the syntax tree of contract files alone.
 */
function slimContracts(): Plugin {
  type Node = { type: string; start: number; end: number; [key: string]: unknown }
  type Edit = { start: number; end: number; text: string }
  const replacement = (key: unknown, value: Node | undefined): string | undefined => {
    if (key === 'problems' && value?.type === 'ArrayExpression') return '[]'
    const written = ['Literal', 'TemplateLiteral', 'CallExpression'].includes(value?.type ?? '')
    if ((key === 'description' || key === 'summary') && written) return "''"
    if (key === 'body' && value?.type === 'CallExpression') return '{}'
    // A status with a schema; what is not JSON is written out as an object and stays.
    if (/^[1-5]\d\d$/.test(String(key)) && /^(CallExpression|Identifier)$/.test(value?.type ?? '')) return 'null'
    if ((key === 'params' || key === 'query') && value?.type !== 'AssignmentPattern') return 'undefined'
    return undefined
  }
  const walk = (node: unknown, edits: Edit[]): Edit[] => {
    if (Array.isArray(node)) for (const each of node) walk(each, edits)
    else if (typeof node === 'object' && node !== null) {
      const { type, start, key, value, shorthand } = node as Node & { key?: Node; value?: Node }
      const text = type === 'Property' && !shorthand ? replacement(key?.['name'] ?? key?.['value'], value) : undefined
      if (text !== undefined && value) edits.push({ start: value.start, end: value.end, text })
      else {
        if (type === 'CallExpression') edits.push({ start, end: start, text: '/* @__PURE__ */ ' })
        for (const child of Object.values(node)) walk(child, edits)
      }
    }
    return edits
  }
  return {
    name: 'slim-contracts',
    apply: 'build',
    enforce: 'post',
    transform: {
      filter: { id: /\/src\/(\w+\/((\w+-)?contract|shapes|problems)|platform\/contract\/\w+)\.ts$/ },
      handler(code) {
        const edits = walk(this.parse(code), []).sort((one, other) => other.start - one.start)
        const slim = edits.reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), code)
        return { code: slim, moduleSideEffects: false }
      },
    },
  }
}

/** Text is drawn in Inter at once instead of after the style sheet has been read; the other scripts load when used. */
function preloadLatin(): Plugin {
  return {
    name: 'preload-latin',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const font = Object.keys(bundle ?? {}).find((name) => /inter-latin-wght-normal.*\.woff2$/.test(name))
        if (!font) return []
        const attrs = { rel: 'preload', href: `/${font}`, as: 'font', type: 'font/woff2', crossorigin: '' }
        return [{ tag: 'link', attrs, injectTo: 'head' }]
      },
    },
  }
}

/** Puts a file for each emoji beside the app: only those that a page shows are ever asked for. */
function emojiDrawings(): Plugin {
  const drawings = () => {
    const { edition, files } = readDrawings()
    if (edition !== drawingsEdition)
      throw new Error(
        `The drawings of emoji are edition ${edition}, the UI asks for ${drawingsEdition}: run bin/emoji.mjs.`,
      )
    return files
  }
  return {
    name: 'emoji-drawings',
    generateBundle() {
      const folder = `assets/emoji/${drawingsEdition}`
      this.emitFile({ type: 'asset', fileName: `${folder}/LICENSE.txt`, source: emojiNotices })
      for (const [name, source] of drawings())
        this.emitFile({ type: 'asset', fileName: `${folder}/${name}.svg`, source })
    },
    configureServer(server) {
      const files = drawings()
      server.middlewares.use(`/assets/emoji/${drawingsEdition}`, (request, response, next) => {
        const source = files.get(/^\/([\da-f-]+)\.svg$/.exec(request.url ?? '')?.[1] ?? '')
        if (source === undefined) return next()
        response.setHeader('content-type', 'image/svg+xml')
        response.end(source)
      })
    },
  }
}

// With `npx vite` the UI runs on a port of its own; the API needs UI_ORIGIN=http://localhost:5173 then, because a
// WebSocket keeps the page's origin through the proxy.
const api = `http://127.0.0.1:${process.env['API_PORT'] ?? '8080'}`

export default defineConfig({
  root: path.resolve(import.meta.dirname, 'src/web'),
  cacheDir: path.resolve(import.meta.dirname, 'node_modules/.cache/vite'),
  plugins: [react(), slimContracts(), weighFirstLoad(), preloadLatin(), emojiDrawings()],
  resolve: {
    alias: [
      // The contracts' schemas without TypeBox's engine: 11 kB less on the first load.
      { find: /^typebox$/, replacement: path.resolve(import.meta.dirname, 'src/web/typebox.ts') },
      // What React has had itself since 18.
      { find: /^use-sync-external-store\/shim(\/index\.js)?$/, replacement: 'react' },
    ],
  },
  build: {
    outDir: path.resolve(import.meta.dirname, 'dist/ui'),
    emptyOutDir: true,
    // Browsers from mid-2024: light-dark(), :dir() and popovers stay as they are.
    target: ['chrome125', 'edge125', 'firefox126', 'safari17.5'],
    // The content security policy allows nothing inline: no script, no style, no font as data.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Reading a property runs nothing: what is read and never used may go.
      treeshake: { propertyReadSideEffects: false },
      // What the first screen needs is one file: twenty small ones compress 4 kB worse.
      output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } },
    },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
  server: {
    proxy: {
      '/v1': { target: api, ws: true },
      '/readyz': api,
      '/openapi.json': api,
      '/docs': api,
    },
  },
})
