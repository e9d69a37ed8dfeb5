/** Whether this process is an engine: the word after the capsule's name says so. */

/** The word after the capsule's name that turns it into an engine. */
export const ENGINE = 'reprise-engine'

/** True in a process that was started as an engine; false in a browser or where a capsule is only imported. */
export const isEngine: boolean = typeof process === 'object' && process.argv?.[2] === ENGINE
