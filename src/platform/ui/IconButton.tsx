import type { ComponentPropsWithRef } from 'react'
import { Icon, type Glyph } from './Icon.tsx'
import { ariaKeys } from './keyboard.ts'
import './Button.css'

type IconButtonProps = Omit<ComponentPropsWithRef<'button'>, 'aria-label' | 'children'> & {
  /** Its accessible name and, unless `tooltip` says otherwise, its tooltip. */
  label: string
  icon: Glyph
  /** Shown in the tooltip and told to assistive technology, e.g. `Ctrl+K`. */
  keys?: string | undefined
  tooltip?: string | false
  count?: string | undefined
  flip?: boolean
}

export function IconButton(props: IconButtonProps) {
  const { label, icon, keys, tooltip, count, flip, className, type = 'button', ...rest } = props
  const shown = tooltip ?? label
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      aria-keyshortcuts={keys && ariaKeys(keys)}
      data-tooltip={shown || undefined}
      data-tooltip-keys={shown ? keys : undefined}
      className={['icon-button', count !== undefined && 'counted', className].filter(Boolean).join(' ')}
    >
      <Icon of={icon} {...(flip ? { flip } : {})} />
      {count}
    </button>
  )
}
