import CircleAlert from 'lucide-react/icons/circle-alert'
import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import { useId, useState, type ComponentPropsWithRef, type ReactNode } from 'react'
import { Icon, type Glyph } from './Icon.tsx'
import { IconButton } from './IconButton.tsx'
import './Field.css'

export type FieldWords = {
  label: ReactNode
  /** Shown at the end of the label's line, e.g. "Optional" or a link. */
  beside?: ReactNode
  hint?: ReactNode
  /** The hint turns green: what was asked is met. */
  good?: boolean
  /** A sentence that says what to do; shown instead of the hint. Set it on leaving the field, never while typing. */
  error?: ReactNode
}

/** Label, line under the field, and the ids that tie them together; the control comes from `children`. */
export function FieldFrame(
  props: FieldWords & { children: (ids: { id: string; describedBy: string | undefined }) => ReactNode },
) {
  const { label, beside, hint, good, error, children } = props
  const id = useId()
  const note = error ?? hint
  return (
    <div className="field">
      <div className="label-line">
        <label htmlFor={id}>{label}</label>
        {typeof beside === 'string' ? <span className="optional">{beside}</span> : beside}
      </div>
      {children({ id, describedBy: note ? `${id}-note` : undefined })}
      {error ? (
        <span className="hint error" id={`${id}-note`}>
          <Icon of={CircleAlert} size="small" />
          <span>{error}</span>
        </span>
      ) : (
        hint && (
          <span className={good ? 'hint good' : 'hint'} id={`${id}-note`}>
            {hint}
          </span>
        )
      )}
    </div>
  )
}

type FieldProps = FieldWords & ComponentPropsWithRef<'input'> & { icon?: Glyph; end?: ReactNode }

/** One line of text. `type="password"` gets a button that shows what was typed. */
export function Field({ label, beside, hint, good, error, icon, end, type = 'text', ...rest }: FieldProps) {
  const [revealed, reveal] = useState(false)
  const secret = type === 'password'
  return (
    <FieldFrame {...{ label, beside, hint, error }} {...(good ? { good } : {})}>
      {({ id, describedBy }) => (
        <div className={error ? 'input invalid' : 'input'}>
          {icon && <Icon of={icon} />}
          <input
            dir="auto"
            {...rest}
            id={id}
            type={secret && revealed ? 'text' : type}
            aria-invalid={error ? true : undefined}
            aria-describedby={describedBy}
          />
          {secret && (
            <IconButton
              label={revealed ? 'Hide password' : 'Show password'}
              icon={revealed ? EyeOff : Eye}
              onClick={() => reveal(!revealed)}
            />
          )}
          {end}
        </div>
      )}
    </FieldFrame>
  )
}

/** Several lines: grows with what is written, up to 40 % of the window, then scrolls. */
export function TextArea({
  label,
  beside,
  hint,
  good,
  error,
  ...rest
}: FieldWords & ComponentPropsWithRef<'textarea'>) {
  return (
    <FieldFrame {...{ label, beside, hint, error }} {...(good ? { good } : {})}>
      {({ id, describedBy }) => (
        <div className={error ? 'input invalid' : 'input'}>
          <textarea
            dir="auto"
            rows={1}
            {...rest}
            id={id}
            aria-invalid={error ? true : undefined}
            aria-describedby={describedBy}
          />
        </div>
      )}
    </FieldFrame>
  )
}
