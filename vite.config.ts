import path from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type Rolldown } from 'vite'

/** What the signed-in app may load before its first screen, in bytes of gzipped JavaScript. */
const budget = 150_000

/** Says after each build what the first load weighs: the entry and everything that it imports statically. */
function reportFirstLoad(): Plugin {
  return {
    name: 'report-first-load',
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
      if (size > budget) this.warn(words)
      else this.info(words)
    },
  }
}

/**
 * The contracts describe themselves for the OpenAPI document; the browser never reads those sentences. Only the words
 * go (they become empty), found in the syntax tree of the contracts, so nothing that runs can change.
 */
function dropDescriptions(): Plugin {
  type Node = { type: string; start: number; end: number; [key: string]: unknown }
  const find = (node: unknown, found: Node[]): Node[] => {
    if (Array.isArray(node)) for (const each of node) find(each, found)
    else if (typeof node === 'object' && node !== null) {
      const { type, key, value } = node as Node & { key?: Node; value?: Node }
      const named = type === 'Property' && ['description', 'summary'].includes(String(key?.['name']))
      if (named && value?.type === 'Literal') found.push(value)
      else for (const child of Object.values(node)) find(child, found)
    }
    return found
  }
  return {
    name: 'drop-descriptions',
    apply: 'build',
    enforce: 'post',
    transform: {
      filter: { id: /\/src\/\w+\/(contract|shapes)\.ts$|\/src\/platform\/contract\/shapes\.ts$/ },
      handler(code) {
        const places = find(this.parse(code), []).sort((a, b) => b.start - a.start)
        return places.reduce((text, { start, end }) => `${text.slice(0, start)}''${text.slice(end)}`, code)
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

// With `npx vite` the UI runs on a port of its own; the API needs UI_ORIGIN=http://localhost:5173 then, because a
// WebSocket keeps the page's origin through the proxy.
const api = `http://127.0.0.1:${process.env['API_PORT'] ?? '8080'}`

export default defineConfig({
  root: path.resolve(import.meta.dirname, 'src/web'),
  cacheDir: path.resolve(import.meta.dirname, 'node_modules/.cache/vite'),
  plugins: [react(), dropDescriptions(), reportFirstLoad(), preloadLatin()],
  // The contracts' schemas without TypeBox's engine: 11 kB less on the first load.
  resolve: { alias: [{ find: /^typebox$/, replacement: path.resolve(import.meta.dirname, 'src/web/typebox.ts') }] },
  build: {
    outDir: path.resolve(import.meta.dirname, 'dist/ui'),
    emptyOutDir: true,
    // Browsers from mid-2024: light-dark(), :dir() and popovers stay as they are.
    target: ['chrome125', 'edge125', 'firefox126', 'safari17.5'],
    // The content security policy allows nothing inline: no script, no style, no font as data.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
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
