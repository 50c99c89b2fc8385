export type Finding = { state: 'asking' | 'ok' | 'later' | 'bad'; words: string }

/** Whether what is written travels encrypted, as far as this browser can tell. */
export function httpsFinding({ protocol, hostname }: Pick<Location, 'protocol' | 'hostname'>): Finding {
  if (protocol === 'https:') return { state: 'ok', words: 'This address is encrypted.' }
  const here = hostname === 'localhost' || hostname.endsWith('.localhost') || /^127\.|^\[::1\]$/.test(hostname)
  return here
    ? { state: 'later', words: 'This address is http:// and reaches this machine only. Fine to try things out.' }
    : {
        state: 'later',
        words: 'This address is http://. Fine to try things out; set up HTTPS before you invite people from outside.',
      }
}
