import ArrowLeft from 'lucide-react/icons/arrow-left'
import LogOut from 'lucide-react/icons/log-out'
import { Link } from 'wouter'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { PaneEdge } from '#platform/ui/PaneEdge.tsx'
import { signOut, useMe, usePlace } from '../session.ts'
import { beside, mayOpen, ofThePlace, yours, type Section } from './sections.ts'
import '#platform/ui/List.css'

/** The sections at the place of the conversation list; `back` is where one came from. */
export function SettingsNav({ current, back }: { current: string | undefined; back: string }) {
  const me = useMe()
  const place = usePlace()
  return (
    <nav className="sidebar" aria-label="Settings">
      <div className="place">
        <Link className="place-name" href={back}>
          <Icon of={ArrowLeft} flip />
          <span className="truncate">
            Settings<span className="visually-hidden">, back to the conversations</span>
          </span>
        </Link>
      </div>
      <div className="sidebar-scroll">
        <Group title="You" sections={yours} current={current} />
        <Group
          title={place.name}
          sections={[...ofThePlace, ...beside].filter((each) => mayOpen(each, me.role))}
          current={current}
        />
      </div>
      <div className="me">
        <Avatar of={me} size={32} />
        <div className="who">
          <strong className="truncate">{me.name}</strong>
        </div>
        <IconButton label="Sign out" icon={LogOut} onClick={signOut} />
      </div>
      <PaneEdge />
    </nav>
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
