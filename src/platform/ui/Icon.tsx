import type { LucideIcon } from 'lucide-react'

/** An icon by its own path, so that only those in use are bundled: `import Hash from 'lucide-react/icons/hash'`. */
export type Glyph = LucideIcon

/** Decoration only: the name belongs to the control around it. `flip` mirrors arrows that mean a direction. */
export function Icon(props: { of: Glyph; size?: 'small' | 'large'; flip?: boolean; className?: string }) {
  const { of: Drawing, size, flip, className } = props
  const classes = ['icon', size, flip && 'flip', className].filter(Boolean).join(' ')
  return <Drawing className={classes} aria-hidden focusable={false} />
}
