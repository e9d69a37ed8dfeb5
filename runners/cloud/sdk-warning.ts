/**
 * The AWS SDK warns on Node 20 that versions from 2027 on will not run there. The version here is pinned and runs; the warning is for
 * whoever changes the pin, and not for the users, whose terminals and task logs it would fill.
 */

const SILENCED = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'

/** To be called before the first client is made. */
export function silenceSdkWarning(): void {
  process.env[SILENCED] ??= 'true'
}
