/** What a statistical comparison says for people: its verdict, and what that does not prove (law 5). */

/** The verdict in one sentence: what was tested, and what came out. */
export function statisticsStatement(of: {
  readonly verdict: 'consistent' | 'inconsistent' | 'undecided'
  readonly level: number
  readonly paired: boolean
  readonly tests: number
  readonly found: number
  /** Whether more may have been found. */
  readonly foundIsLeast: boolean
  /** Fields in which pairs differ and that cannot be tested. */
  readonly differing: number
  readonly compared: number
  readonly matched: number
  readonly isHere: boolean
  readonly isBlind: boolean
}): string {
  const { verdict, level, paired, tests, found, compared } = of
  const family = `${tests} ${tests === 1 ? 'test' : 'tests'} at ${compared} ${compared === 1 ? 'point' : 'points'}`
  if (verdict === 'inconsistent')
    return `${of.foundIsLeast ? 'at least ' : ''}${found} of ${family} ${found === 1 ? 'finds' : 'find'} a difference at the level ${level}, corrected for all of them`
  if (!of.isHere) return 'the results of both runs are needed, and are neither in this lab nor in a bundle'
  if (of.matched === 0) return 'no point of one run is a point of the other'
  if (of.differing > 0)
    return `${tests === 0 ? '' : `none of ${family} finds a difference, but `}${of.differing} ${of.differing === 1 ? 'field that cannot be tested differs' : 'fields that cannot be tested differ'}`
  if (of.isBlind)
    return `with so few repetitions none of ${family} could have fallen below the level ${level} after correction, whatever came out`
  if (verdict === 'undecided') return 'there is nothing that could be tested'
  if (tests > 0)
    return `none of ${family} finds a difference at the level ${level}, corrected for all of them`
  return paired ? 'no value that can be tested differs' : 'no value that can be tested varies'
}

/** What a comparison takes for granted and what it does not prove; `cut` where so many points were looked at. */
export function statisticsNotes(of: {
  readonly paired: boolean
  readonly tests: number
  readonly shift: number | null
  readonly cut: number | null
}): string[] {
  const { paired, tests, shift, cut } = of
  if (tests === 0) return []
  const rounded = shift === null ? null : Number(shift.toPrecision(2))
  const unit = paired ? 'standard deviations of the differences' : 'standard deviations'
  return [
    ...(rounded === null
      ? []
      : [
          `that no difference is found does not show that there is none: a shift of ${rounded} ${unit} at one point would be found four times of five, a smaller one less often`,
        ]),
    paired
      ? 'both runs have the same seeds, so their jobs were compared in pairs: a difference that leans to one side, or scatters one run more than the other, is found however small it is, and any other is not looked for however large'
      : 'the runs have different seeds, so their jobs were taken as independent samples',
    'repetitions are taken as independent: those that share by chance what setup made for their chunk are not',
    ...(cut === null ? [] : [`only the first ${cut} points of each run were looked at`]),
  ]
}
