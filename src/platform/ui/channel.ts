/** Says something to the other windows of this browser that show this place. */
export type Channel<T> = {
  say: (what: T) => void
  listen: (listener: (what: T) => void) => void
  close: () => void
}

/** Where a browser has no channels between windows, nobody hears and nothing fails. */
export function openChannel<T>(name: string): Channel<T> {
  let channel: BroadcastChannel | undefined
  try {
    channel = new BroadcastChannel(name)
  } catch {
    channel = undefined
  }
  return {
    say(what) {
      try {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no origin to name
        channel?.postMessage(what)
      } catch {
        // Closed: the window is being left.
      }
    },
    listen: (listener) => channel?.addEventListener('message', ({ data }: MessageEvent<T>) => listener(data)),
    close: () => channel?.close(),
  }
}
