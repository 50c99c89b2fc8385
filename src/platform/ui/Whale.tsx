/** The mark: swims towards the start edge, one colour. Decoration unless it gets a label. */
export function Whale({ className, label }: { className?: string; label?: string }) {
  return (
    <svg
      className={className ? `whale ${className}` : 'whale'}
      viewBox="0 0 32 32"
      fill="currentColor"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      <path
        fillRule="evenodd"
        d="M2 19.5C2 13.2 6.8 9.6 12.2 9.6c5 0 8 2.4 9.8 5.4.8 1.3 2.3 1.3 2.8-.2.4-1.2.5-2.6.4-4.2-2.6-.2-4.6-1.8-5-4.8 2.5-.5 4.7.3 6 2.2 1-2.1 2.5-3.3 4.8-3.4.3 3-1 5.2-3.2 5.9 1 8.2-.6 17-12 17H10.6C5.2 27.5 2 24.2 2 19.5ZM8.9 21.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z"
      />
    </svg>
  )
}
