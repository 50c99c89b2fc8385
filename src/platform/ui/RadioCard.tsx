import { useId, type ReactNode } from 'react'
import { Icon, type Glyph } from './Icon.tsx'
import './Choice.css'
import './Field.css'

export type RadioCardChoice<T extends string> = { value: T; title: ReactNode; hint?: ReactNode; icon?: Glyph }

/** One of a few choices that each need a sentence. Native radios: arrow keys choose. */
export function RadioCards<T extends string>(props: {
  legend: ReactNode
  value: T
  choices: readonly RadioCardChoice<T>[]
  onChange: (value: T) => void
}) {
  const name = useId()
  return (
    <fieldset className="field">
      <legend className="label" style={{ marginBlockEnd: 'var(--space-3)' }}>
        {props.legend}
      </legend>
      <div className="choices">
        {props.choices.map((choice) => (
          <label key={choice.value} className="choice">
            <input
              type="radio"
              className="radio"
              name={name}
              value={choice.value}
              checked={choice.value === props.value}
              onChange={() => props.onChange(choice.value)}
            />
            <span>
              <b>
                {choice.icon && <Icon of={choice.icon} size="small" />}
                {choice.title}
              </b>
              {choice.hint && <span className="hint">{choice.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
