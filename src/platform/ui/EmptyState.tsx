import type { ReactNode } from 'react'
import './EmptyState.css'

/** Nothing to show, in the middle of a pane: what it means and the one thing to do. `level` is its heading's. */
export function EmptyState(props: {
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
  scene?: ReactNode
  level?: 1 | 2 | 3
  small?: boolean
}) {
  const { title, children, action, scene, level = 2, small } = props
  const Heading = `h${level}` as const
  return (
    <div className={small ? 'welcome small' : 'welcome'}>
      {scene}
      <Heading>{title}</Heading>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}
