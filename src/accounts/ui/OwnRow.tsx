import { useRef, type ReactNode } from 'react'
import type { RenderStatus } from '#delivery/ui/DeliveryStatus.tsx'
import { usePresence } from '#delivery/ui/presence.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import '#platform/ui/List.css'
import { useMe } from './session.ts'

/** At the foot of a list: who one is here, under the name how one's messages are doing, and a button at the end. */
export function OwnRow({ renderStatus, children }: { renderStatus: RenderStatus; children: ReactNode }) {
  const me = useMe()
  const presence = usePresence(me.id)
  const row = useRef<HTMLDivElement>(null)
  return (
    <div className="me" ref={row}>
      <Avatar of={me} size={32} presence={presence === 'active' ? 'online' : presence} />
      <div className="who">
        <strong className="truncate" dir="auto">
          {me.name}
        </strong>
        {renderStatus(row)}
      </div>
      {children}
    </div>
  )
}
