// Takes out of a node_modules folder what no program reads at run time: node infra/images/prune.ts node_modules
// Types, sources and maps go by the ends of their names (Node.js refuses TypeScript in packages, so none of it can be
// what runs), texts too; licences stay. Folders go only where a package keeps its own tests and examples.
import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'

const unread = /\.([cm]?tsx?|map|md|markdown|flow)$/i
const licence = /^(licen[cs]e|copying|notice|authors|patents)/i
const aside = /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/(tests?|__tests__|benchmarks?|examples?|\.github)\//

/** Whether a file, by its path from the folder that holds node_modules, only takes room. */
export const isUnread = (file: string): boolean =>
  (unread.test(file) || aside.test(file)) && !licence.test(path.basename(file))

if (import.meta.main) {
  const folder = path.resolve(process.argv[2] ?? 'node_modules')
  let [files, bytes] = [0, 0]
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (!entry.isFile() || !isUnread(path.relative(path.dirname(folder), file).replaceAll(path.sep, '/'))) continue
    bytes += (await stat(file)).size
    files++
    await rm(file)
  }
  process.stdout.write(`${files} files, ${(bytes / 1e6).toFixed(1)} MB taken out of ${folder}\n`)
}
