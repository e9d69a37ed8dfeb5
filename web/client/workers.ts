/** Workers of a page: started from text that came with the page, so that they need no network and work from a file too. */

declare const __WORKERS__: Readonly<Record<string, string>>

/** A worker by the name of its source. It is a classic one: Chromium starts no module worker in a page from a file. */
export function startWorker(name: string): Worker {
  const url = URL.createObjectURL(new Blob([__WORKERS__[name]!], { type: 'text/javascript' }))
  try {
    return new Worker(url)
  } finally {
    setTimeout(() => URL.revokeObjectURL(url), 10_000) // it is read after this returns
  }
}
