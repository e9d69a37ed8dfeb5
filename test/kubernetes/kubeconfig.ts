/** A kubeconfig file, as clients read it. */

export interface KubeconfigWords {
  readonly server?: string
  /** Certificate of the server's authority, PEM. */
  readonly authority?: string
  readonly token?: string
  readonly namespace?: string
  readonly context?: string
}

export function kubeconfigText({
  server = '',
  authority = '',
  token,
  namespace,
  context = 'tests',
}: KubeconfigWords): string {
  const user = token === undefined ? '{}' : `\n    token: ${token}`
  const lines = [
    'apiVersion: v1',
    'kind: Config',
    `current-context: ${context}`,
    'clusters:',
    '- name: stand-in',
    '  cluster:',
    `    server: ${server}`,
    `    certificate-authority-data: ${Buffer.from(authority).toString('base64')}`,
    'users:',
    '- name: tester',
    `  user: ${user}`,
    'contexts:',
    `- name: ${context}`,
    '  context:',
    '    cluster: stand-in',
    '    user: tester',
    ...(namespace === undefined ? [] : [`    namespace: ${namespace}`]),
    '',
  ]
  return lines.join('\n')
}
