/** In a browser nobody judges timestamps: they are told as not checked (see timestamp-judge.ts). */
import type { TimestampJudge } from './timestamp-verdict.ts'

export const timestampJudge: TimestampJudge | null = null
