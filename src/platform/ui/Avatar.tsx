import { useState } from 'react'
import { apiAddress } from './api.ts'
import { avatarColour, initialsOf } from './initials.ts'
import './Avatar.css'

/** As much of a person as a face needs. */
export type Face = { id: string; name: string; avatar?: string | null | undefined; color?: number | undefined }

/** `undefined` is not known (we are offline): then there is no dot at all. */
export type Presence = 'online' | 'away' | undefined

/**
 * A picture, or initials on a colour of the account's own. Decoration: the name stands beside it, or on the button
 * around it. Without `size` it takes `--avatar`, which follows the density. Fill and ring tell presence without colour.
 */
export function Avatar({ of, size, presence }: { of: Face; size?: number; presence?: Presence }) {
  const [broken, setBroken] = useState<string>()
  const picture = of.avatar && of.avatar !== broken ? of.avatar : undefined
  return (
    <span
      className={size ? `avatar size-${size}` : 'avatar'}
      style={size ? ({ '--size': `${size / 16}rem` } as React.CSSProperties) : undefined}
    >
      {picture ? (
        <img src={apiAddress(picture)} alt="" loading="lazy" decoding="async" onError={() => setBroken(picture)} />
      ) : (
        <span className="initials" style={{ background: avatarColour(of) }} aria-hidden="true">
          {initialsOf(of.name)}
        </span>
      )}
      {presence && <span className={`presence ${presence}`} />}
    </span>
  )
}

/** Overlapping faces, at most `most`; say who they are beside it. */
export function AvatarStack({ of, most = 3, size = 20 }: { of: readonly Face[]; most?: number; size?: number }) {
  return (
    <span className="stack">
      {of.slice(0, most).map((face) => (
        <Avatar key={face.id} of={face} size={size} />
      ))}
    </span>
  )
}
