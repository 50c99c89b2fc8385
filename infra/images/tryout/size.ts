import { spawn } from 'node:child_process'
import { lstatSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { createGzip } from 'node:zlib'
import type { Image } from './build.ts'

export interface Size {
  /** Bytes of the files that the image has beyond its base. */
  added: number
  /** The same as it is stored and pulled: one gzipped archive. */
  packed: number
  /** The largest folders and their bytes, the largest first. */
  parts: [folder: string, bytes: number][]
}

/** What the image adds to its base. */
export async function weigh(image: Image, base: string): Promise<Size> {
  const before = new Set(readdirSync(base, { recursive: true }) as string[])
  const parts = new Map<string, number>()
  const added: string[] = []
  for (const file of readdirSync(image.folder, { recursive: true }) as string[]) {
    if (before.has(file)) continue
    const stat = lstatSync(path.join(image.folder, file))
    if (stat.isDirectory()) continue
    added.push(file)
    const part = /^app\/(?:node_modules\/(?:@img|[^/@]+|@[^/]+\/[^/]+)|[^/]+)/.exec(file)?.[0] ?? file
    parts.set(part, (parts.get(part) ?? 0) + stat.size)
  }
  const tar = spawn('tar', ['-C', image.folder, '-cf', '-', '--null', '-T', '-'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  tar.stdin.end(added.join('\0'))
  let packed = 0
  for await (const chunk of tar.stdout.pipe(createGzip({ level: 6 }))) packed += (chunk as Buffer).length
  const sum = [...parts.values()].reduce((all, bytes) => all + bytes, 0)
  return { added: sum, packed, parts: [...parts].sort(([, one], [, other]) => other - one) }
}
