import { Alert } from '#platform/ui/Banner.tsx'

/** Why a form did not go through; with seconds to wait it counts them down, silently for those who listen. */
export function FormFailure({ failure, wait }: { failure: string | undefined; wait: number }) {
  if (wait > 0) {
    return (
      <Alert kind="warning">
        That was too many tries for now. <span className="visually-hidden">Wait a little, then try again.</span>
        <span className="tabular" aria-hidden="true">
          You can try again in {wait < 60 ? `${wait} s` : `${Math.floor(wait / 60)} min ${wait % 60} s`}.
        </span>
      </Alert>
    )
  }
  return failure ? <Alert>{failure}</Alert> : null
}
