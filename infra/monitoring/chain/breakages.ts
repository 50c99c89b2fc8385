import pg from 'pg'
import { userName } from '../../../src/platform/db/embedded/data-folder.ts'
import type { Place } from './place.ts'

export interface Breakage {
  name: string
  /** The one alert that pages, or null: nobody is woken. */
  page: string | null
  /** The alert that tells the cause, if there is one. */
  ticket: string | null
  break(place: Place): Promise<unknown>
  mend(place: Place): Promise<unknown>
}

let holding: pg.Client | undefined

// What was slow or failed is in the long window of its objective for as long as that is. So what makes sends slow comes
// last: a place that has just been restarted would otherwise be called slow once more, and rightly.
export const breakages: Breakage[] = [
  {
    name: 'the database is killed',
    page: 'WhaleSendsFailing',
    ticket: 'WhaleDatabaseUnreachable',
    break: ({ postgres }) => postgres.end('SIGKILL'),
    mend: ({ postgres }) => postgres.start(),
  },
  {
    name: 'commits hang: somebody locks the table of messages',
    page: 'WhaleSendsStalled',
    ticket: null,
    break: async ({ postgres: { port, password } }) => {
      holding = new pg.Client({ host: '127.0.0.1', port, user: userName, password, database: 'postgres' })
      holding.on('error', () => {})
      await holding.connect()
      await holding.query('begin; lock table messages in access exclusive mode')
    },
    mend: async () => holding?.end(),
  },
  {
    name: 'the bus is held: connections stand, nothing gets through',
    page: null,
    ticket: 'WhaleBusDisconnected',
    break: async ({ toBus }) => toBus.become({ kind: 'hang' }),
    mend: async ({ toBus }) => toBus.become({ kind: 'fair' }),
  },
  {
    name: 'one process of three hangs (SIGSTOP), then is killed',
    page: null,
    ticket: 'WhaleApiProcessDown',
    break: async ({ nodes }) => nodes[1]!.hang(),
    mend: async ({ nodes }) => {
      await nodes[1]!.kill()
      await nodes[1]!.start()
    },
  },
  {
    name: 'the database forgets how to keep: fsync is switched off',
    page: 'WhaleNotDurable',
    ticket: null,
    break: async ({ postgres }) => {
      await postgres.run('alter system set fsync = off')
      await postgres.run('select pg_reload_conf()')
    },
    mend: async ({ postgres }) => {
      await postgres.run('alter system reset fsync')
      await postgres.run('select pg_reload_conf()')
    },
  },
  {
    name: 'sign-in fails: its table is gone',
    page: 'WhaleSignInsFailing',
    ticket: null,
    break: ({ postgres }) => postgres.run('alter table credentials rename to credentials_away'),
    mend: ({ postgres }) => postgres.run('alter table credentials_away rename to credentials'),
  },
  {
    name: 'every process is killed',
    page: 'WhaleApiDown',
    ticket: null,
    break: ({ nodes }) => Promise.all(nodes.map((node) => node.kill())),
    mend: async ({ nodes }) => {
      for (const node of nodes) await node.start()
    },
  },
  {
    name: 'commits are slow: the way to the database takes 0.4 s in each direction',
    page: 'WhaleSendsSlow',
    ticket: null,
    break: async ({ toDatabase }) => toDatabase.become({ kind: 'slow', ms: 400 }),
    mend: async ({ toDatabase }) => toDatabase.become({ kind: 'fair' }),
  },
]
