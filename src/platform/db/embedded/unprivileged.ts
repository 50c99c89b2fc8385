import { spawnSync } from 'node:child_process'
import { stat } from 'node:fs/promises'

/** How to start PostgreSQL's programs, which refuse to run as root. */
export interface Unprivileged {
  /** Put before the program and its arguments. */
  readonly prefix: readonly string[]
  /** The user and group to run as; undefined: this process's own. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined
}

const nobody = { uid: 65534, gid: 65534 }
// In its own user namespace root appears as uid 1: the files stay root's, and no account is made.
const namespace = ['unshare', '--user', '--map-user=1', '--map-group=1', '--']

/**
 * Anybody but root runs PostgreSQL as themselves. Root runs it as the owner of `cluster` when that is somebody else,
 * otherwise in a user namespace, and where those are not allowed (many containers) as `nobody`.
 */
export async function unprivileged(cluster: string, { namespaces = true } = {}): Promise<Unprivileged> {
  if (process.getuid?.() !== 0) return { prefix: [], ids: undefined }
  const owner = await stat(cluster).catch(() => undefined)
  if (owner && owner.uid !== 0) return { prefix: [], ids: { uid: owner.uid, gid: owner.gid } }
  const [command, ...rest] = namespace
  if (namespaces && spawnSync(command!, [...rest, 'true']).status === 0) return { prefix: namespace, ids: undefined }
  return { prefix: [], ids: nobody }
}
