import { useId, type ReactNode } from 'react'
import './Choice.css'

/** Two to four short choices side by side. Native radios: one tab stop, arrow keys choose. */
export function Segmented<T extends string>(props: {
  label: string
  value: T
  choices: readonly { value: T; title: ReactNode }[]
  onChange: (value: T) => void
}) {
  const name = useId()
  return (
    <div className="segments" role="radiogroup" aria-label={props.label}>
      {props.choices.map((choice) => (
        <label key={choice.value} className="segment">
          <input
            type="radio"
            className="visually-hidden"
            name={name}
            value={choice.value}
            checked={choice.value === props.value}
            onChange={() => props.onChange(choice.value)}
          />
          {choice.title}
        </label>
      ))}
    </div>
  )
}
