import type { ComponentPropsWithRef, MouseEvent, ReactNode } from 'react'
import { Icon, type Glyph } from './Icon.tsx'
import './Button.css'

type ButtonProps = Omit<ComponentPropsWithRef<'button'>, 'disabled'> & {
  kind?: 'primary' | 'danger' | 'quiet'
  small?: boolean
  wide?: boolean
  icon?: Glyph
  /** The label stays, a ring joins it, the width does not change; a second press does nothing. */
  loading?: boolean
  /** Why it cannot be pressed now: shown as its tooltip, and it stays reachable so that everybody can read that. */
  disabledReason?: string | undefined
  children: ReactNode
}

export function Button(props: ButtonProps) {
  const {
    kind,
    small,
    wide,
    icon,
    loading,
    disabledReason,
    className,
    children,
    onClick,
    type = 'button',
    ...rest
  } = props
  const classes = ['button', kind, small && 'small', wide && 'wide', loading && 'is-loading', className]
  const blocked = Boolean(loading || disabledReason)
  const press = (event: MouseEvent<HTMLButtonElement>) => (blocked ? event.preventDefault() : onClick?.(event))
  return (
    <button
      data-tooltip={disabledReason}
      {...rest}
      type={type}
      className={classes.filter(Boolean).join(' ')}
      aria-disabled={blocked || undefined}
      aria-busy={loading || undefined}
      onClick={press}
    >
      {loading ? <span className="ring" aria-hidden="true" /> : icon && <Icon of={icon} />}
      {children}
    </button>
  )
}

/** An action inside a sentence or at the end of a row: looks like a link, is a button. */
export function LinkButton({ className, type = 'button', ...rest }: ComponentPropsWithRef<'button'>) {
  return <button {...rest} type={type} className={['link-button', className].filter(Boolean).join(' ')} />
}
