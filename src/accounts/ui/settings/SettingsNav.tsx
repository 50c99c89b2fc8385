import ArrowLeft from 'lucide-react/icons/arrow-left'
import LogOut from 'lucide-react/icons/log-out'
import { Link } from 'wouter'
import type { RenderStatus } from '#delivery/ui/DeliveryStatus.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { PaneEdge } from '#platform/ui/PaneEdge.tsx'
import { useIsPhone } from '#platform/ui/phone.ts'
import { OwnRow } from '../OwnRow.tsx'
import { signOut, useMe, usePlace } from '../session.ts'
import { beside, mayOpen, ofThePlace, yours, type Section } from './sections.ts'

/** The sections at the place of the conversation list, on a phone a page of their own; `back` is where one came from. */
export function SettingsNav(props: { current: string | undefined; back: string; renderStatus: RenderStatus }) {
  const { back, renderStatus } = props
  const me = useMe()
  const place = usePlace()
  const phone = useIsPhone()
  const [Frame, Heading, Sections] = phone ? (['main', 'h1', 'nav'] as const) : (['nav', 'span', 'div'] as const)
  // On a phone nothing is open beside the list.
  const current = phone ? undefined : props.current
  return (
    <Frame className="sidebar" aria-label="Settings">
      <div className="place">
        <Link className="place-name" href={back}>
          <Icon of={ArrowLeft} flip />
          <Heading className="truncate">
            Settings<span className="visually-hidden">, back to the conversations</span>
          </Heading>
        </Link>
      </div>
      <Sections className="sidebar-scroll">
        <Group title="You" sections={yours} current={current} />
        <Group
          title={place.name}
          sections={[...ofThePlace, ...beside].filter((each) => mayOpen(each, me.role))}
          current={current}
        />
      </Sections>
      <OwnRow renderStatus={renderStatus}>
        <IconButton label="Sign out" icon={LogOut} onClick={signOut} />
      </OwnRow>
      <PaneEdge />
    </Frame>
  )
}

type Entry = Omit<Section, 'page'> & { href?: string }

function Group(props: { title: string; sections: readonly Entry[]; current: string | undefined }) {
  const { title, sections, current } = props
  return (
    <section className="section">
      <div className="section-header">
        <h2 className="truncate">{title}</h2>
      </div>
      <ul>
        {sections.map((section) => (
          <li key={section.name}>
            <Link
              className="row"
              href={section.href ?? `/settings/${section.name}`}
              aria-current={section.name === current ? 'page' : undefined}
            >
              <span className="lead">
                <Icon of={section.icon} />
              </span>
              <span className="name truncate">{section.title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
