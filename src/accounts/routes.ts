import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Clock } from '#platform/clock.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database } from '#platform/db/database.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { askerOf } from '#platform/http/asker.ts'
import { originOf as origin } from '#platform/http/origin.ts'
import { serve } from '#platform/http/serve.ts'
import { keepUp } from '#platform/http/upkeep.ts'
import { freeBody, readWhole } from '#platform/http/whole-body.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { getMe } from './account.ts'
import { countAttempts, type Limits } from './attempts.ts'
import { EarlierRelease, lookEveryMs } from './earlier-release.ts'
import { readForAdministration } from './authority.ts'
import { getAvatar, putAvatar, removeAvatar } from './avatar.ts'
import { changeMe } from './change-me.ts'
import { changePassword } from './change-password.ts'
import { changeRole } from './change-role.ts'
import * as administration from './administration-contract.ts'
import * as contract from './contract.ts'
import { deactivateAccount, endSessionsOf, restoreAccount } from './deactivate.ts'
import { type Callers, createCallers } from './identify.ts'
import type { WatchSignIn } from './measure.ts'
import { foldEveryMs, foldNames } from './fold-names.ts'
import { createIdentities, type NewSession } from './identities.ts'
import type { Hashing } from './passwords.ts'
import {
  createInvitation,
  listInvitations,
  type MayInviteTo,
  previewInvitation,
  revokeInvitation,
} from './invitations.ts'
import { createKnownDevices, readOwner } from './known-devices.ts'
import { listAccounts } from './people.ts'
import { withRefusals } from './refusals.ts'
import { changePlace, getPlace } from './place.ts'
import { PlaceSecret } from './place-secret.ts'
import { createPasswordReset, previewPasswordReset, resetPassword } from './reset-password.ts'
import { type SeenConversations, withoutUnseen } from './seen-conversations.ts'
import { clearSessionCookie, sealToken, sessionCookie, setSessionCookie } from './session-cookie.ts'
import { endSession, haveEnded, listSessions, signOut } from './sessions.ts'
import { signIn } from './sign-in.ts'
import { type OnJoined, signUp } from './sign-up.ts'
import { sweep, sweepEveryMs } from './sweep.ts'

export interface AccountsOptions {
  readonly db: Database
  readonly delivery: Delivery
  readonly clock: Clock
  /** Given by the composition root, because members/ stands above accounts/. */
  readonly onJoined: OnJoined
  readonly mayInviteTo: MayInviteTo
  readonly seenConversations: SeenConversations
  /** Whoever has one keeps it up to date; without it, it is as it was at the start. */
  readonly secret?: PlaceSecret
  /** Whether a process of the release before has said something of late: see `earlier-release.ts`. */
  readonly earlierReleaseRuns?: () => Promise<boolean>
  readonly limits?: Limits
  readonly watchSignIn?: WatchSignIn
  /** Tests make it cheap. */
  readonly hashing?: Hashing
  /** A test may need many under way at the same instant. */
  readonly hashesAtOnce?: number
}

/**
 * Serves the accounts and sets `app.identify`. Needs the migrated database: it holds the place's secret. Returns how
 * to make it forget callers at once, for what other processes have ended or changed.
 */
export async function serveAccounts(
  app: FastifyInstance,
  options: AccountsOptions,
): Promise<Pick<Callers, 'forgetSession' | 'forgetAccount' | 'forgetAll'>> {
  const { db, clock, limits, hashing, watchSignIn = (attempt) => attempt } = options
  const secret = options.secret ?? (await PlaceSecret.open(db.query))
  const earlier = new EarlierRelease(db.query, clock, options.earlierReleaseRuns ?? (async () => false))
  await earlier.look()
  const identities = createIdentities(clock, hashing, options.hashesAtOnce, earlier.keep)
  const callers = createCallers(db, clock, secret, earlier)
  const attempts = countAttempts(db, limits)
  const devices = createKnownDevices(clock, () => secret.current)
  // What was asked for is done by then: whoever is not remembered is a stranger once more, and that is all.
  const remember = (reply: FastifyReply, accountId: string) =>
    readOwner(db.query, accountId).then(
      (owner) => devices.remember(reply, owner),
      (error: unknown) => app.log.warn({ err: error }, 'a device was not remembered'),
    )
  const notRaised = (error: unknown) => app.log.warn({ err: error }, 'the hash of a password was not raised')
  const parts = { ...options, identities, callers, attempts, devices, notRaised }

  app.identify = callers.identify
  const handOut = (reply: FastifyReply, token: string) =>
    setSessionCookie(reply, sealToken(secret.current, token), earlier.isBeside ? sessionCookie : undefined)
  const begin = (reply: FastifyReply, session: NewSession) => {
    haveEnded(parts, session.ended)
    handOut(reply, session.token)
  }
  const sweeping = setInterval(() => {
    sweep(db.query, clock).catch((error: unknown) => app.log.warn({ err: error }, 'accounts were not swept'))
  }, sweepEveryMs)
  sweeping.unref()
  app.addHook('onClose', async () => clearInterval(sweeping))
  keepUp(app, { everyMs: lookEveryMs, what: 'tokens of the release before' }, () => earlier.look())
  keepUp(app, { everyMs: foldEveryMs, what: 'names of accounts' }, ({ first, goOn }) =>
    foldNames(db.query, { older: first, goOn }),
  )

  serve(app, contract.getPlace, () => getPlace(db.query))
  serve(app, contract.changePlace, ({ caller, body }) => changePlace(db.query, caller, body))

  serve(app, contract.signUp, async ({ body, http: { request, reply } }) => {
    await attempts.signUp(request.ip)
    const { me, session } = await signUp(parts, body, origin(request), askerOf(request))
    begin(reply, session)
    await remember(reply, me.id)
    return me
  })
  serve(app, contract.signIn, async ({ body, http: { request, reply } }) => {
    const from = origin(request)
    const { cookie: cookies } = request.headers
    const { me, session, owner } = await watchSignIn(
      withRefusals(db.query, body.email, from, signIn(parts, body, { ...from, cookies }, askerOf(request))),
    )
    begin(reply, session)
    devices.remember(reply, owner)
    return me
  })
  serve(app, contract.signOut, async ({ caller, http: { reply } }) => {
    await signOut(parts, caller)
    clearSessionCookie(reply)
    return undefined
  })
  serve(app, contract.listSessions, async ({ caller }) => ({ sessions: await listSessions(db.query, clock, caller) }))
  serve(app, contract.endSession, async ({ caller, params, http: { reply } }) => {
    await endSession(parts, caller, params.sessionId)
    if (params.sessionId.toLowerCase() === caller.sessionId) clearSessionCookie(reply)
    return undefined
  })

  serve(app, contract.getMe, ({ caller }) => getMe(db.query, caller))
  serve(app, contract.changeMe, ({ caller, body }) => changeMe(parts, caller, body))
  serve(app, contract.changePassword, async ({ caller, body, http: { request, reply } }) => {
    const token = await changePassword(parts, caller, body, askerOf(request))
    if (token) handOut(reply, token)
    await remember(reply, caller.accountId)
    return undefined
  })
  serve(app, contract.listAccounts, ({ caller, query }) => listAccounts(db.query, caller, query))
  serve(app, administration.changeRole, ({ caller, params, body }) =>
    changeRole(parts, caller, params.accountId, body.role),
  )

  serve(app, administration.deactivateAccount, ({ caller, params }) =>
    deactivateAccount(parts, caller, params.accountId),
  )
  serve(app, administration.restoreAccount, ({ caller, params }) => restoreAccount(parts, caller, params.accountId))
  serve(app, administration.listSessionsOf, async ({ caller, params }) => {
    await readForAdministration(db.query, caller.accountId, params.accountId)
    return { sessions: await listSessions(db.query, clock, caller, params.accountId) }
  })
  serve(app, administration.endSessionsOf, async ({ caller, params }) => {
    await endSessionsOf(parts, caller, params.accountId)
    return undefined
  })
  serve(app, administration.endSessionOf, async ({ caller, params }) => {
    await endSessionsOf(parts, caller, params.accountId, params.sessionId)
    return undefined
  })
  serve(app, administration.createPasswordReset, ({ caller, params }) =>
    createPasswordReset(parts, caller, params.accountId),
  )
  serve(app, administration.previewPasswordReset, async ({ body, http: { request } }) => {
    await attempts.reset(request.ip)
    return previewPasswordReset(db.query, clock, body.token)
  })
  serve(app, administration.resetPassword, async ({ body, http: { request, reply } }) => {
    await attempts.reset(request.ip)
    const { accountId } = await resetPassword(parts, body, origin(request), askerOf(request))
    await remember(reply, accountId)
    return undefined
  })

  // In a scope of its own: no other operation takes the bytes of a picture, and this one takes nothing else.
  await app.register(async (scope) => {
    const { media } = contract.putAvatar.body
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser([...media], readWhole)
    serve(scope, contract.putAvatar, async ({ caller, body, http: { request } }) => {
      if (!Buffer.isBuffer(body)) throw refuse(httpProblems['wrong-media-type'])
      try {
        return await putAvatar(parts, caller, body, askerOf(request))
      } finally {
        freeBody(body)
      }
    })
  })
  serve(app, contract.removeAvatar, ({ caller }) => removeAvatar(parts, caller))
  serve(app, contract.getAvatar, async ({ caller, params, http: { reply } }) => {
    const image = await getAvatar(db.query, caller, params)
    reply.type('image/webp').header('x-content-type-options', 'nosniff')
    // Its address changes with the picture. `private`: guests may not see everybody's.
    reply.header('cache-control', 'private, max-age=31536000, immutable')
    return image
  })

  serve(app, administration.createInvitation, async ({ caller, body }) => {
    await attempts.invitation(caller.accountId)
    const { mayInviteTo } = options
    return createInvitation({ db: db.query, clock, mayInviteTo, keepToken: earlier.keep }, caller, body)
  })
  serve(app, administration.listInvitations, async ({ caller }) => ({
    invitations: await withoutUnseen(
      db.query,
      caller,
      await listInvitations(db.query, clock, caller),
      options.seenConversations,
    ),
  }))
  serve(app, administration.revokeInvitation, async ({ caller, params }) => {
    await revokeInvitation(db.query, clock, caller, params.invitationId)
    return undefined
  })
  serve(app, administration.previewInvitation, async ({ params, http: { request } }) => {
    await attempts.invitationLookUp(request.ip)
    return previewInvitation(db.query, clock, params.token)
  })
  return callers
}
