import type { ComponentPropsWithRef, ReactNode } from 'react'
import './Choice.css'

export function Checkbox({
  children,
  ...rest
}: Omit<ComponentPropsWithRef<'input'>, 'type'> & { children: ReactNode }) {
  return (
    <label className="check-line">
      <input {...rest} type="checkbox" className="check" />
      <span>{children}</span>
    </label>
  )
}
