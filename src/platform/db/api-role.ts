import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import pg from 'pg'
import { connectToPrimary, openPool } from './connection.ts'
import { migrationLock, MigrationError } from './migrate.ts'

/*
 * Two roles: the owner makes and changes the schema, the API reads and writes rows. With a gap in the API's SQL somebody
 * could then harm rows, but drop no table, make no function, read no file of the server and start no program there, which
 * a superuser can (COPY … PROGRAM).
 */

/** The role of a place's API processes. `password`: null where somebody else sets it. */
export interface ApiRole {
  name: string
  password: string | null
}

/**
 * Gives the API's role what it needs and no more, in the database at `ownerUrl`, whose migrations must have been applied.
 * The role is made if it is not there and the owner may do that; then its password is set too. Any number of processes may
 * call it at the same time. Throws `MigrationError` with a sentence for operators.
 */
export async function admitApi(ownerUrl: string, role: ApiRole): Promise<void> {
  const pool = openPool(ownerUrl, { max: 1, application_name: 'all-is-whale migrate', connectionTimeoutMillis: 10_000 })
  pool.on('error', () => {})
  try {
    const client = await connectToPrimary(pool, ownerUrl)
    try {
      // Grants on one table at the same time fail: "tuple concurrently updated".
      await client.query('select pg_advisory_lock($1)', [migrationLock])
      await admit(client, role)
    } finally {
      client.release(true)
    }
  } finally {
    await pool.end()
  }
}

interface Standing {
  owner: string
  database: string
  may_make: boolean
  may_lend_monitor: boolean
  is_there: boolean
  is_super: boolean | null
}

async function admit(client: pg.PoolClient, { name, password }: ApiRole): Promise<void> {
  const { rows } = await client.query<Standing>(
    `select current_user as owner, current_database() as database, own.rolsuper or own.rolcreaterole as may_make,
       pg_has_role('pg_monitor', 'usage with admin option') as may_lend_monitor,
       api.oid is not null as is_there, api.rolsuper as is_super
     from pg_roles own left join pg_roles api on api.rolname = $1 where own.rolname = current_user`,
    [name],
  )
  const { owner, database, may_make, may_lend_monitor, is_there, is_super } = rows[0]!
  if (name === owner)
    throw new MigrationError(
      `DATABASE_URL and DATABASE_OWNER_URL name the same role, ${owner}. Give the API a role of its own in DATABASE_URL, such as whale_api.`,
    )
  if (is_super)
    throw new MigrationError(
      `The API's role ${name} is a superuser. Take that from it: alter role ${name} nosuperuser.`,
    )
  if (!is_there && !(may_make && password !== null))
    throw new MigrationError(
      `The database has no role ${name}, which DATABASE_URL names, and ${owner} cannot make it. Make it: create role ${name} login password '…'.`,
    )
  const [role, database_] = [pg.escapeIdentifier(name), pg.escapeIdentifier(database)]
  const statements = [
    ...(is_there ? [] : [`create role ${role} login nosuperuser nocreatedb nocreaterole noreplication`]),
    // What the server is told, and may write into its log, is no password.
    ...(may_make && password !== null
      ? [`alter role ${role} password ${pg.escapeLiteral(await scramVerifier(password))}`]
      : []),
    `grant connect on database ${database_} to ${role}`,
    `grant usage on schema public to ${role}`,
    `grant select, insert, update, delete on all tables in schema public to ${role}`,
    `grant usage, select on all sequences in schema public to ${role}`,
    `revoke insert, update, delete on migrations from ${role}`,
    // The health page shows standbys and connections to whoever may see them.
    ...(may_lend_monitor ? [`grant pg_monitor to ${role}`] : []),
    `revoke create on schema public from public, ${role}`,
    `revoke temporary on database ${database_} from public`,
  ]
  try {
    await client.query('begin')
    for (const statement of statements) await client.query(statement)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new MigrationError(
      `The rights of ${name} could not be set: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    )
  }
}

const iterations = 4096

/** What PostgreSQL keeps of a password (RFC 5803, as its own `password_encryption = scram-sha-256` writes it). */
export async function scramVerifier(password: string, salt = randomBytes(16)): Promise<string> {
  const salted = await promisify(pbkdf2)(password.normalize('NFKC'), salt, iterations, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${hmac('Server Key').toString('base64')}`
}

/** The address of a database for another role. */
export function urlFor(url: string, { name, password }: ApiRole): string {
  const own = new URL(url)
  own.username = encodeURIComponent(name)
  own.password = encodeURIComponent(password ?? '')
  return own.href
}

/** The role and the password of an address, as far as it has them. */
export function roleIn(url: string): ApiRole {
  // Not URL: an address may name several servers.
  const [, name = '', password] = /^[a-z]+:\/\/([^:@/?]*)(?::([^@/?]*))?@/.exec(url) ?? []
  return { name: decodeURIComponent(name), password: password ? decodeURIComponent(password) : null }
}
