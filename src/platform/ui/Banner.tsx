import CircleAlert from 'lucide-react/icons/circle-alert'
import type { ReactNode } from 'react'
import { Icon, type Glyph } from './Icon.tsx'
import './Banner.css'

/** Across the top of a pane, only when something is asked of somebody or hidden from them. */
export function Banner(props: {
  kind: 'warning' | 'info' | 'success' | 'danger'
  /** `'ring'` while something goes on. */
  icon: Glyph | 'ring'
  children: ReactNode
  /** Links or buttons at the end. */
  actions?: ReactNode
  /** A bar along the foot, from 0 to 1. */
  progress?: number
}) {
  const { kind, icon, children, actions, progress } = props
  return (
    <div className={`banner ${kind}`}>
      {icon === 'ring' ? <span className="ring" aria-hidden="true" /> : <Icon of={icon} />}
      <p>{children}</p>
      {actions && <span className="end">{actions}</span>}
      {progress !== undefined && <ProgressBar value={progress} />}
    </div>
  )
}

/** 3 px high; `value` from 0 to 1. With a `label` it is told to assistive technology, else it only decorates. */
export function ProgressBar({ value, label, paused }: { value: number; label?: string; paused?: boolean }) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100)
  const told = label
    ? { role: 'progressbar', 'aria-label': label, 'aria-valuenow': percent, 'aria-valuemin': 0, 'aria-valuemax': 100 }
    : { 'aria-hidden': true }
  return (
    <span className={paused ? 'progress paused' : 'progress'} {...told}>
      <span style={{ inlineSize: `${percent}%` }} />
    </span>
  )
}

/** A failure of a whole form, above its fields. */
export function Alert({ children, kind = 'danger' }: { children: ReactNode; kind?: 'danger' | 'warning' }) {
  return (
    <div className={`alert ${kind}`} role="alert">
      <Icon of={CircleAlert} />
      <span>{children}</span>
    </div>
  )
}
