// Puts a .br and a .gz beside every file of a folder that gets smaller by it: node infra/images/compress.ts dist/ui
// Done once when the image is built, so with the best and slowest settings; `serveUi` sends what the browser accepts.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** Fonts and pictures are compressed already, and the page itself is filled in before it is sent. */
export const isWorthIt = (file: string): boolean =>
  /\.(js|css|svg|json|webmanifest|txt)$/.test(file) && path.basename(file) !== 'index.html'

if (import.meta.main) {
  const folder = path.resolve(process.argv[2] ?? 'dist/ui')
  let [files, before, after] = [0, 0, 0]
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (!entry.isFile() || !isWorthIt(file)) continue
    const content = await readFile(file)
    const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } })
    const gzip = gzipSync(content, { level: 9 })
    // A browser that accepts both is sent the first it finds: never one without the other.
    if (brotli.length >= content.length || gzip.length >= content.length) continue
    await Promise.all([writeFile(`${file}.br`, brotli), writeFile(`${file}.gz`, gzip)])
    files++
    before += content.length
    after += brotli.length
  }
  process.stdout.write(`${files} files: ${(before / 1e3).toFixed(0)} kB, with Brotli ${(after / 1e3).toFixed(0)} kB\n`)
}
