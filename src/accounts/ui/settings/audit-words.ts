import type { AuditEntry, Kind } from '#audit/shapes.ts'

/** What one chooses from to see one kind alone, in the order of how often it is asked for. */
export const kindTitles: readonly { value: Kind; title: string }[] = [
  { value: 'session.started', title: 'Sign-ins' },
  { value: 'session.refused', title: 'Refused sign-ins' },
  { value: 'session.ended', title: 'Ended sessions' },
  { value: 'account.created', title: 'New accounts' },
  { value: 'account.role-changed', title: 'Changed roles' },
  { value: 'account.deactivated', title: 'Deactivations' },
  { value: 'account.restored', title: 'Restorations' },
  { value: 'password.changed', title: 'Changed passwords' },
  { value: 'password-reset.created', title: 'Reset links made' },
  { value: 'password-reset.used', title: 'Reset links used' },
  { value: 'invitation.created', title: 'Invitations made' },
  { value: 'invitation.used', title: 'Invitations used' },
  { value: 'invitation.ended', title: 'Invitations ended' },
  { value: 'message.deleted', title: 'Deleted messages' },
  { value: 'channel.archived', title: 'Archived channels' },
  { value: 'channel.restored', title: 'Restored channels' },
  { value: 'channel.renamed', title: 'Renamed channels' },
  { value: 'place.renamed', title: 'New names of the place' },
  { value: 'place.sign-up-changed', title: 'Sign-up opened or closed' },
]

/** A sentence about an entry; `{whom}` stands where the name of its account goes. */
export function auditWords({ kind, details, actorId, accountId, times }: AuditEntry): string {
  const own = actorId === accountId
  switch (kind) {
    case 'session.started':
      return 'Signed in'
    case 'session.refused':
      return `${refused(details.reason, accountId)}${times > 1 ? `, ${times} times` : ''}`
    case 'session.ended':
      return ended(details.sessions ?? 1, details.reason, own)
    case 'account.created':
      return `Joined as ${details.role ?? 'somebody'}`
    case 'account.role-changed':
      return `Changed the role of {whom} from ${details.was} to ${details.now}`
    case 'account.deactivated':
      return 'Deactivated {whom}'
    case 'account.restored':
      return 'Restored {whom}'
    case 'password.changed':
      return 'Changed the password'
    case 'password-reset.created':
      return 'Made a reset link for {whom}'
    case 'password-reset.used':
      return 'Set a new password by a reset link'
    case 'invitation.created':
      return details.role === 'guest' ? 'Made an invitation for guests' : 'Made an invitation'
    case 'invitation.used':
      return 'Joined by an invitation of {whom}'
    case 'invitation.ended':
      return own ? 'Took an invitation back' : 'Ended an invitation of {whom}'
    case 'place.renamed':
      return `Renamed the place from \u2068${details.was}\u2069 to \u2068${details.now}\u2069`
    case 'place.sign-up-changed':
      return details.now === 'open' ? 'Opened sign-up to everybody' : 'Closed sign-up to all but invitations'
    case 'message.deleted':
      return 'Deleted a message of {whom}'
    case 'channel.archived':
      return 'Archived a channel'
    case 'channel.restored':
      return 'Restored a channel'
    case 'channel.renamed':
      return 'Renamed a channel'
    default:
      // A server of a later release knows more kinds than this page.
      return kind satisfies never
  }
}

function refused(reason: string | undefined, accountId: string | null): string {
  if (accountId === null) return 'Sign-in refused: nobody here has the address'
  return reason === 'account-deactivated'
    ? 'Sign-in refused: {whom} is deactivated'
    : 'Sign-in as {whom} refused: wrong password'
}

function ended(sessions: number, reason: string | undefined, own: boolean): string {
  const count = sessions === 1 ? 'a session' : `${sessions} sessions`
  if (reason === 'signed-out') return 'Signed out'
  if (reason === 'password-changed') return `Ended ${count} elsewhere by a new password`
  if (reason === 'password-reset') return `Ended ${count} by a reset link`
  if (reason === 'too-many') return `Ended ${count} unused for longest, by signing in once more`
  return own ? `Ended ${count} elsewhere` : `Ended ${count} of {whom}`
}
